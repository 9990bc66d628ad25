"""How OpenRouter writes prices and abilities; Vercel's endpoints follow it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cardwatch.crawler.documents import Cell, RawRow
from cardwatch.crawler.formats.json_listing import (
    Json,
    WordMeanings,
    cells,
    discounted_cells,
    drop_zero_surcharges,
    has_discount,
    optional_objects,
    optional_words,
    parse_key_meanings,
    split_names,
    unknown_cell,
    unknown_keys,
)
from cardwatch.crawler.formats.time_windows import TimeWindow, fill_the_week, parse_window

PRICES = parse_key_meanings("""
    prompt              input_price         usd/token
    completion          output_price        usd/token
    request             request_price       usd/request
    web_search          web_search_price    usd/search
    internal_reasoning  reasoning_price     usd/token
    input_cache_read    cache_read_price    usd/token
    input_cache_write   cache_write_price   usd/token
    audio               input_audio_price   usd/token
    audio_output        output_audio_price  usd/token
    image_token         input_image_price   usd/token
    image_output        output_image_price  usd/token
""")
ONE_HOUR_CACHE = parse_key_meanings("input_cache_write_1h cache_write_price usd/token")
CONDITIONS = split_names("min_prompt_tokens utc_start utc_end utc_days")
NOT_KEPT = split_names("image input_audio_cache overrides")
"""`image` is documented per image, yet most models print their price per token there: no unit to trust.
Cached audio has no attribute."""
PARAMETERS: WordMeanings = {
    **dict.fromkeys(
        split_names("""max_tokens max_completion_tokens temperature top_p top_k top_a min_p seed stop
            response_format presence_penalty frequency_penalty repetition_penalty logit_bias logprobs
            top_logprobs tool_choice parallel_tool_calls web_search_options reasoning_effort verbosity
            prediction"""),
        (),
    ),
    "tools": ("capability.function_calling", "capability.tool_use"),
    "structured_outputs": ("capability.structured_outputs",),
    "reasoning": ("capability.reasoning",),
    "include_reasoning": ("capability.reasoning",),
}
"""What a request may carry. `response_format` alone is JSON mode, not a schema."""


@dataclass(slots=True)
class PriceCondition:
    """When other prices hold, and which; `window` is the hours of the day among its terms."""

    qualifier: dict[str, str]
    window: TimeWindow | None
    cells: dict[str, Cell]


def price_rows(offer: RawRow, pricing: Json, at: str) -> Iterator[RawRow]:
    """Yield an offer with its default prices, then a row for each condition under which others hold.

    Where windows fill the week, the price beside them is only the one of the hour of the fetch: the default
    is then the price of the window that holds longest, so that it stays the same all day.
    """
    conditions, odd = _conditions(list(optional_objects(pricing, "overrides", at)))
    as_stated: Callable[[Mapping[str, Cell]], dict[str, Cell]] = (
        discounted_cells if has_discount(pricing) else dict
    )
    default = drop_zero_surcharges(cells(pricing, PRICES, at)) | _longest_window(conditions)
    odd |= unknown_keys(pricing, _KNOWN, at)
    yield replace(offer, cells={**offer.cells, **as_stated(default), **odd})
    if hour := cells(pricing, ONE_HOUR_CACHE, at):
        yield replace(offer, cells=as_stated(hour), qualifier={**offer.qualifier, "ttl": "1h"})
    for condition in conditions:
        qualifier = {**offer.qualifier, **condition.qualifier}
        yield replace(offer, cells=as_stated(condition.cells), qualifier=qualifier)


def _conditions(overrides: list[tuple[str, dict[str, Any]]]) -> tuple[list[PriceCondition], dict[str, Cell]]:
    """Read overrides; of two under the same terms the later wins per key. Odd ones come back as refusals."""
    found: dict[tuple[tuple[str, str], ...], PriceCondition] = {}
    odd: dict[str, Cell] = {}
    for at, entry in overrides:
        terms = _override_terms(entry)
        if terms is None or unknown_keys(entry, _KNOWN | CONDITIONS):
            odd |= unknown_cell(at, entry)
            continue
        for more, meanings in (({}, PRICES), ({"ttl": "1h"}, ONE_HOUR_CACHE)):
            qualifier = {**terms[0], **more}
            if prices := cells(entry, meanings, at):
                key = tuple(qualifier.items())
                found.setdefault(key, PriceCondition(qualifier, terms[1], {})).cells.update(prices)
    return list(found.values()), odd


def _override_terms(entry: Json) -> tuple[dict[str, str], TimeWindow | None] | None:
    """Return what an override depends on; None when that cannot be read."""
    qualifier: dict[str, str] = {}
    hours = None
    if "min_prompt_tokens" in entry:
        qualifier["context_above"] = str(entry["min_prompt_tokens"]).removesuffix(".0")
        if not qualifier["context_above"].isdecimal():
            return None
    if "utc_start" in entry or "utc_end" in entry:
        start, end = (str(entry.get(key)) for key in ("utc_start", "utc_end"))
        hours = parse_window(start, end, optional_words(entry, "utc_days", ""))
        if hours is None:
            return None
        qualifier["window"] = str(hours)
    return (qualifier, hours) if qualifier else None


def _longest_window(conditions: list[PriceCondition]) -> dict[str, Cell]:
    timed = [c for c in conditions if c.window and c.qualifier.keys() == {"window"}]
    if not timed or not fill_the_week(c.window for c in timed if c.window):
        return {}
    return max(timed, key=lambda c: c.window.minutes if c.window else 0).cells


_KNOWN = PRICES.keys() | ONE_HOUR_CACHE.keys() | NOT_KEPT | {"discount"}
