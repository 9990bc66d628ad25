from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.object_literal import LiteralValue, read_default_export
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

FOLDER = "https://raw.githubusercontent.com/mistralai/platform-docs-public/main/src/schema/models/models"
FACTS = {
    "name": ("name", ""),
    "releaseDate": ("release_date", "us date"),
    "status": ("lifecycle", ""),
    "contextLength": ("context_window", "tokens"),
    "metadata/deprecationDate": ("deprecation_date", "us date"),
    "metadata/retirementDate": ("shutdown_date", "us date"),
    "metadata/replacement": ("replacement", ""),
}
STAYS = frozenset({"name", "release_date", "context_window"})
"""What stays true of a model that Mistral serves no longer."""
METERS = {"pricing/input/": "input_price", "pricing/output/": "output_price"}
TOKENS = "/M Tokens"
SNAPSHOT = re.compile(r".*-\d{4}")
IMPORT = re.compile(r"from '\./([a-z0-9-]+)'")

NUMBERED = re.compile(r"\S.* \d+(?:\.\d+)?B?(?: \d+B)?")
"""A name that says which one of its line a model is, or its size: "Mistral Small 3.1", not "Codestral"."""


class MistralModels(Source):
    """What Mistral's documentation says of each of its models: the modules its pages are made of.

    A module is about one version; that a dated one is retired says nothing of the model that goes on under the
    same name. Prices that are not for a million tokens are left to the price page.
    """

    name = "mistral_models"
    title = "Mistral model cards"
    kind = "model pages"
    authority = Authority.FIRST_PARTY
    url = FOLDER
    page_urls = rf"{re.escape(FOLDER)}/(?!index\.ts)[a-z0-9-]+\.ts"
    page_kind = "model page"
    index = (f"{FOLDER}/index.ts",)
    max_age = timedelta(days=7)
    expected_rows = range(1, 3)
    providers = ("mistral",)
    developers = ("mistral",)
    terms = "Public repository of the documentation: facts are passed on, wording is not."

    def pages(self) -> list[PageRequest]:
        return []

    def discover(self, response: TextResponse) -> list[PageRequest]:
        """List the modules that the index of models imports."""
        found = IMPORT.findall(response.text) if response.url in self.index else []
        return [PageRequest(f"{FOLDER}/{name}.ts", self.page_kind) for name in dict.fromkeys(found)]

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        export = read_default_export(response.text, where=response.url)
        if "name" not in export or "slug" not in export:
            wanted, found = "name and slug", sorted(export)[:12]
            raise PageChangedError("model", wanted=wanted, found=found, where=response.url)
        name, at = export.get("identifiers/apiNames/0", export["name"]).text, export["name"].locator
        facts = {
            attribute: _copy(export[key], unit)
            for key, (attribute, unit) in FACTS.items()
            if _is_said(export, key)
        }
        if _is_said(export, "legacy", "true"):
            yield from _ended(name, at, facts, export)
            return
        if SNAPSHOT.fullmatch(name) and not NUMBERED.fullmatch(export["name"].text):
            facts.pop("release_date", None)  # that of a version, not of the line that it continues
        yield RawRow("model", name, at, facts)
        if prices := _prices(export):
            yield RawRow("offer", name, at, prices, provider="Mistral AI")


def _ended(
    name: str, at: str, facts: Mapping[str, Cell], entry: Mapping[str, LiteralValue]
) -> Iterator[RawRow]:
    """Yield what a module says of a version that Mistral serves no longer: that ends its offer.

    It ends the model where nobody has the weights; a dated version says nothing of the model it belongs to, but for
    a name with a number, which is a model of its own.
    """
    dated, open_weights = SNAPSHOT.fullmatch(name), any(key.startswith("weights/") for key in entry)
    stays = {key: cell for key, cell in facts.items() if key in STAYS or not open_weights}
    if not dated:
        yield RawRow("model", name, at, stays)
    elif NUMBERED.fullmatch(entry["name"].text):
        yield RawRow("model", entry["name"].text, at, {key: facts[key] for key in facts if key in STAYS})
    ended = {key: cell for key, cell in facts.items() if key not in STAYS}
    if dated or open_weights:
        yield RawRow("offer", name, at, ended, provider="Mistral AI")


def _copy(value: LiteralValue, unit: str) -> Cell:
    return Cell(value.text, unit, value.locator)


def _is_said(entry: Mapping[str, LiteralValue], key: str, word: str = "") -> bool:
    """Say whether a key has a text, or the word where one is asked for."""
    value = entry.get(key)
    return value is not None and (value.text == word if word else value.quoted and bool(value.text.strip()))


def _prices(entry: Mapping[str, LiteralValue]) -> dict[str, Cell]:
    """Return the prices for a million tokens; of several for one meter nobody says which holds when."""
    found: dict[str, Cell] = {}
    for start, meter in METERS.items():
        amounts = [key for key in entry if key.startswith(start) and key.endswith("/price")]
        per = [entry.get(key.removesuffix("price") + "denominator") for key in amounts]
        if len(amounts) == 1 and per[0] and per[0].text == TOKENS:
            found[meter] = _copy(entry[amounts[0]], "usd/1M tokens")
    return found
