from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    cells,
    is_zero,
    last_step,
    load_response,
    read_members,
    require_list,
    require_object,
    require_objects,
    require_text,
    split_names,
    unknown_cell,
    unknown_keys,
)
from cardwatch.crawler.formats.litellm_keys import (
    LIMITS,
    MODEL_KEYS,
    PRICES,
    SEARCH,
    PriceMarks,
    is_known_key,
    parse_price_key,
)
from cardwatch.crawler.formats.time_windows import DAYS, TimeWindow, parse_window
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

NO_MODELS = split_names("sample_spec fallback_generalizations")
"""Entries that describe the file: documentation with prices of "0.0", and naming rules."""

REGION = re.compile(
    r"(?:azure|azure_ai|bedrock)/(us|eu|apac|global|global-standard|[a-z]{2}(?:-[a-z]+)+-\d)/"
)
IMAGE = re.compile(
    r"(?:^|/)((?:(?:hd|high|medium|low|standard)/)?(?:\d+|max)-x-(?:\d+|max)(?:/(?:\d+|max)-steps)?)/"
)
TERM = re.compile(r"/(\d+-month-commitment)/")

ZEROS: Mapping[str, str] = {"0": "not_published", "0.0": "not_published"}


class LitellmPrices(Source):
    """LiteLLM's price map: one object per model and provider, prices in US dollars per token.

    A zero is no claim here: LiteLLM prints 0 for free models and for prices that nobody looked up alike
    (Codestral 0/0 beside 0.3/0.9), so a zero counts as not published.
    """

    name = "litellm_prices"
    title = "LiteLLM price map"
    kind = "price map"
    authority = Authority.AGGREGATOR
    url = "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json"
    max_age = timedelta(days=2)
    expected_rows = range(2_000, 40_000)
    fewest_rows = 2
    complete = True
    price_words = ZEROS
    derived_from = ("openrouter_models", "vercel_models", "azure_retail_prices")
    terms = "MIT (outside LiteLLM's enterprise folder)."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        page = {name: item for name, item in load_response(response).items() if name not in NO_MODELS}
        yield from read_members(page, "model", "", lambda item, where: _rows(item, where, page))


def _rows(item: dict[str, Any], where: str, page: Mapping[str, Any]) -> Iterator[RawRow]:
    name = last_step(where)
    if "alias_of" in item:
        yield _alias(item, name, where, page)
        return
    provider, variant = require_text(item, "litellm_provider", where), _variant(name)
    new = unknown_keys(item, {key for key in item if is_known_key(key)})
    yield RawRow("model", name.strip(), where, cells(item, MODEL_KEYS) | new, provider, variant)
    for marks, prices in _offers(item).items():
        own = {key: text for key, text in marks if key in {"tier", "mode"}}
        shared = {key: text for key, text in marks if key not in own}
        found = prices | ({} if marks else cells(item, LIMITS))
        if found:
            yield RawRow("offer", name.strip(), where, found, provider, variant | own, shared)


def _alias(item: dict[str, Any], name: str, where: str, page: Mapping[str, Any]) -> RawRow:
    """Return a row that says which model a name stands for; it is priced under the name it stands for."""
    target = require_text(item, "alias_of", where)
    meant = page.get(target)
    provider = item.get("litellm_provider") or (
        meant.get("litellm_provider") if isinstance(meant, dict) else ""
    )
    odd = unknown_keys(item, {"alias_of", "litellm_provider", "source", "comment"})
    return RawRow("model", name.strip(), where, odd, str(provider or ""), alias_of=target)


def _variant(name: str) -> dict[str, str]:
    """Read what LiteLLM writes in front of a model's name: a region, an image size, a commitment."""
    region = REGION.match(name)
    mode = IMAGE.search(name) or TERM.search(name)
    found = {"region": region[1].removesuffix("-standard")} if region else {}
    return found | ({"mode": mode[1].replace("/", " ")} if mode else {})


def _offers(item: dict[str, Any]) -> dict[PriceMarks, dict[str, Cell]]:
    """Group the prices of one entry by what they hold for; () is the plain price.

    Of two keys that name one price, the one that is not nought counts, and of pictures what is made, not what is
    put in. A block of prices whose condition is not understood is named and costs no other price.
    """
    found: dict[PriceMarks, dict[str, Cell]] = {(): {}}
    for key in sorted(item, key=lambda key: (is_zero(item[key]), key != "output_cost_per_image")):
        if parsed := parse_price_key(key):
            marks, base = parsed
            _add(found, marks, cells({key: item[key]}, {key: PRICES[base]}))
    for key, read in BLOCKS.items():
        if item.get(key) is None:
            continue
        try:
            for marks, prices in tuple(read(item[key], f"/{key}")):
                _add(found, marks, prices)
        except PageChangedError:
            _add(found, (), unknown_cell(f"/{key}", item[key]))
    return found


def _add(found: dict[PriceMarks, dict[str, Cell]], marks: PriceMarks, prices: Mapping[str, Cell]) -> None:
    group = found.setdefault(marks, {})
    for attribute, cell in prices.items():
        group.setdefault(attribute, cell)


def _search(value: object, at: str) -> Iterator[tuple[PriceMarks, dict[str, Cell]]]:
    yield (), cells(require_object(value, "search prices", at), SEARCH, at)


def _tiers(value: object, at: str) -> Iterator[tuple[PriceMarks, dict[str, Cell]]]:
    """Read context tiers; those of search engines count results and are left out."""
    for where, tier in require_objects(value, "tiers", at):
        if "range" in tier:
            start = _start(require_list(tier["range"], "range", where), where)
            yield (("context_above", start),) if start != "0" else (), cells(tier, PRICES, where)


def _start(limits: list[Any], where: str) -> str:
    start = str(limits[0] if limits else None).removesuffix(".0")
    if not (start.isascii() and start.isdigit()):
        raise PageChangedError("range", wanted="a count of tokens", found=limits, where=where)
    return start


def _off_peak(value: object, at: str) -> Iterator[tuple[PriceMarks, dict[str, Cell]]]:
    """Read the prices of the cheap hours, one group per stretch of hours; the plain price is the dear one."""
    block = require_object(value, "off-peak prices", at)
    zone = f" by {block['weekday_timezone']} days" if "weekday_timezone" in block else ""
    for spot, hours in require_objects(block.get("windows", [block]), "windows", at):
        for stretch in _windows(hours, spot):
            yield (("window", f"{stretch}{zone}"),), cells(block, PRICES, at)


def _windows(block: dict[str, Any], where: str) -> Iterator[TimeWindow]:
    hours, days = block.get("hours_utc"), require_list(block.get("weekdays", []), "weekdays", where)
    names_ = [DAYS[int(day) - 1] if day in set("1234567") else day for day in map(str, days)]
    for text in [hours] if isinstance(hours, str) else require_list(hours, "hours_utc", where):
        start, _, end = str(text).replace(":", "").partition("-")
        if (found := parse_window(start, end, names_)) is None:
            raise PageChangedError("hours_utc", wanted="hours and weekdays", found=block, where=where)
        yield found


BLOCKS: Mapping[str, Callable[[object, str], Iterator[tuple[PriceMarks, dict[str, Cell]]]]] = {
    "search_context_cost_per_query": _search,
    "tiered_pricing": _tiers,
    "off_peak_pricing": _off_peak,
}
