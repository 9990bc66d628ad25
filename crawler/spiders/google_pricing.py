from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, RawRow
from cardwatch.crawler.formats.html_table import find_grids, grid_to_table, visible_text
from cardwatch.crawler.formats.reading import lookup
from cardwatch.crawler.formats.table import PageTable, fold_heading
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

TOKENS = "paid tier, per 1m tokens in usd"
HEADINGS = ("", "free tier", TOKENS)
OTHER_UNITS = {*(f"paid tier, per {unit} in usd" for unit in ("image", "second", "request")), "price"}
"""Tables for pictures, films and songs: their lines name several models and sizes."""
PARTS = {"Pricing for tools", "Pricing for agents"}
TIERS = {"Standard": "standard", "Batch": "batch", "Flex": "flex", "Priority": "priority"}
LABELS: Mapping[str, tuple[str, str, str]] = {
    **dict.fromkeys(("input price", "text input price"), ("input_price", "input_audio_price", "")),
    "output price": ("output_price", "output_audio_price", "output_image_price"),
    "output price (including thinking tokens)": ("output_price", "output_audio_price", "output_image_price"),
    "context caching price": ("cache_read_price", "", ""),
    "audio input price": ("input_audio_price", "", ""),
    "image input price": ("input_image_price", "", ""),
    **dict.fromkeys(("video input price", "context caching (storage)", "tuning price"), ("", "", "")),
    **dict.fromkeys(("image generation pricing", "used to improve our products"), ("", "", "")),
    **dict.fromkeys(("grounding with google search", "grounding with google maps"), ("", "", "")),
}
"""The meters of a line: for text, audio and pictures."""
PIECE = re.compile(
    r"(?P<amount>\$[\d.,]*\d)(?: / 1,000,000 tokens)?(?P<stored> per hour)?(?: \((?P<kind>[^()]*)\))?"
    r"(?:, prompts (?P<op><=|>) (?P<bound>\d+k)(?: tokens?)?)?"
    r"(?: through (?P<until>\w+ \d+, \d{4})\.?)?(?: starting (?P<since>\w+ \d+, \d{4})\.?)?,?"
)
SAME_AGAIN = re.compile(r"(?:equivalent to|and|equivalent to \$.*|\$[\d.]+ per .*image)", re.IGNORECASE)
"""A price restated for a picture of some size."""
KINDS = {"": 0, "text": 0, "thinking": 0, "audio": 1, "images": 2, "image": 3, "video": 3, "storage price": 3}
"""Which of a line's meters a word in brackets names; 3 is none: stored tokens, and prices for one picture."""
NOTHING = "not available"
FREE = "Free of charge"
UNIT = "usd/1M tokens"
Groups = dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, Cell]]


class PricePiece(NamedTuple):
    """One price of a cell, the words in brackets after it, and when it holds."""

    amount: str
    kind: str
    condition: tuple[tuple[str, str], ...]


class GooglePricing(Source):
    """Google's prices of the Gemini API: tabs are tiers, the free tier a column, promotions have dates."""

    name = "google_pricing"
    title = "Gemini API price list"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://ai.google.dev/gemini-api/docs/pricing"
    max_age = timedelta(days=1)
    expected_rows = range(10, 600)
    providers = ("google-gemini",)
    developers = ("google",)
    price_words: ClassVar[Mapping[str, str]] = {FREE: "free"}
    terms = "CC BY 4.0 with attribution to Google."

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        ids = {
            visible_text(h.root): (h.xpath("..//code/text()").get(""))
            for h in response.selector.xpath("//h2")
        }
        found = [grid_to_table(grid) for grid in find_grids(response.selector)]
        prices = [each for each in found if fold_heading(each.headings[0]) == "" and not PARTS & {*each.path}]
        if not prices:
            raise PageChangedError("price tables", wanted=HEADINGS, found=len(found), where=response.url)
        for each in prices:
            if fold_heading(each.headings[-1]) not in OTHER_UNITS:
                yield from _model(each, ids)


def _model(prices: PageTable, ids: Mapping[str, str]) -> Iterator[RawRow]:
    if tuple(map(fold_heading, prices.headings)) != HEADINGS:
        raise PageChangedError("headings", wanted=HEADINGS, found=prices.headings, where=prices.where)
    title = next((heading for heading in reversed(prices.path) if heading in ids), "")
    tab = "Standard" if prices.section == title else prices.section
    tier = lookup(TIERS, tab, what="tab", where=prices.where)
    groups: Groups = defaultdict(dict)
    for row in prices.rows:
        meters = lookup(LABELS, fold_heading(row.cells[0]), what="line of a price table", where=row.locator)
        at = row.locator.removeprefix(prices.locator)
        if meters[0] and row.cells[1] == FREE and tier == "standard":
            groups["free", ()][meters[0]] = Cell(FREE, UNIT, at + prices.at(1))
        for piece in _pieces(row.cells[2], row.locator) if meters[0] else ():
            if meter := _meter(piece.kind, meters, row.locator):
                cell = Cell(piece.amount, UNIT, at + prices.at(2))
                groups[tier, piece.condition].setdefault(meter, cell)
    for (offered, condition), cells in groups.items():
        yield RawRow(
            "offer",
            ids.get(title) or title,
            prices.locator,
            cells,
            provider="Google Gemini API",
            variant={"tier": offered},
            qualifier=dict(condition),
        )


def _pieces(text: str, where: str) -> Iterator[PricePiece]:
    """Take a cell apart: "$0.75 through December 31, 2026. $1.50" is two prices, one after the other."""
    after = ""
    for part in re.split(r"\n|\s+(?=\$)", text):
        if fold_heading(part).startswith(NOTHING) or SAME_AGAIN.fullmatch(part):
            continue
        found = PIECE.fullmatch(part)
        if not found:
            raise PageChangedError("price", wanted=PIECE.pattern, found=repr(part), where=where)
        ends = _day(found["until"], 1, where) if found["until"] else ""
        starts = _day(found["since"], 0, where) if found["since"] else after
        above = found["bound"] if found["op"] == ">" else ""
        condition = {"context_above": above, "from": starts, "to": ends}
        kind = "storage price" if found["stored"] else found["kind"] or ""
        yield PricePiece(
            found["amount"], kind, tuple((key, value) for key, value in condition.items() if value)
        )
        after = ends


def _day(text: str, later: int, where: str) -> str:
    try:
        day = datetime.strptime(f"{text} +0000", "%B %d, %Y %z").date()
    except ValueError as error:
        raise PageChangedError("date", wanted="December 31, 2026", found=repr(text), where=where) from error
    return (day + timedelta(days=later)).isoformat()


def _meter(kind: str, meters: tuple[str, str, str], where: str) -> str:
    """Return the meter that a price in brackets names: text comes before the rest, storage is no meter."""
    if re.fullmatch(r"\$[\d.]+ per \w+", kind):
        return meters[0]
    places = [
        lookup(KINDS, word.strip(), what="kind of a price", where=where)
        for word in re.split(r"/| and ", kind)
    ]
    return (*meters, "")[min(places)]
