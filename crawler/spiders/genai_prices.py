from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    cells,
    load_json,
    parse_key_meanings,
    printed_text,
    read_entries,
    require_known_keys,
    require_object,
    require_objects,
    require_text,
    split_names,
    unknown_keys,
    unread_keys,
)
from cardwatch.crawler.formats.time_windows import parse_window
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

PROVIDER = split_names("""id name models api_pattern description extractors fallback_model_providers model_match
    price_comments pricing_urls provider_match""")
MODEL_KEYS = parse_key_meanings("""
context_window context_window tokens
""")
LIMITS = parse_key_meanings("context_window context_window tokens")
OTHER_MODEL_KEYS = split_names("id name match prices description price_comments deprecated")
"""`name` labels whatever `match` covers: "o4 Mini High" stands for o4-mini, "text embedding 3" for two models."""
PRICES = parse_key_meanings("""
input_mtok            input_price        usd/1M tokens
input_text_mtok       input_price        usd/1M tokens
output_mtok           output_price       usd/1M tokens
output_text_mtok      output_price       usd/1M tokens
cache_read_mtok       cache_read_price   usd/1M tokens
cache_write_mtok      cache_write_price  usd/1M tokens
cache_write_5m_mtok   cache_write_price  usd/1M tokens
cache_write_1h_mtok   cache_write_price  usd/1M tokens
output_reasoning_mtok reasoning_price    usd/1M tokens
input_audio_mtok      input_audio_price  usd/1M tokens
output_audio_mtok     output_audio_price usd/1M tokens
input_image_mtok      input_image_price  usd/1M tokens
output_image_mtok     output_image_price usd/1M tokens
requests_kcount       request_price      usd/1K requests
web_searches_kcount   web_search_price   usd/1K searches
input_mchars          character_price    usd/1M characters
audio_hours           hour_price         usd/hour
""")
TTL = {"cache_write_5m_mtok": "5m", "cache_write_1h_mtok": "1h"}
NOT_KEPT = split_names("""cache_audio_read_mtok cache_audio_write_1h_mtok cache_audio_write_5m_mtok
    cache_audio_write_mtok cache_image_read_mtok cache_image_write_1h_mtok cache_image_write_5m_mtok
    cache_image_write_mtok cache_text_read_mtok cache_text_write_1h_mtok cache_text_write_5m_mtok
    cache_text_write_mtok cache_video_read_mtok cache_video_write_1h_mtok cache_video_write_5m_mtok
    cache_video_write_mtok code_executions_kcount input_annotated_document_kpages input_audio_hours
    input_audio_tool_mtok input_document_kpages input_gpixels input_image_tool_mtok input_text_messages_kcount
    input_text_tool_mtok input_tool_mtok input_video_mtok input_video_tool_mtok output_audio_citation_mtok
    output_audio_hours output_audio_reasoning_mtok output_citation_mtok output_image_citation_mtok
    output_image_reasoning_mtok output_text_citation_mtok output_text_reasoning_mtok
    output_video_citation_mtok output_video_mtok output_video_reasoning_mtok rerank_searches_kcount
    social_searches_kcount storage_searches_kcount cache_audio_read_mtok""")

Groups = dict[tuple[tuple[str, str], ...], dict[str, Cell]]


class GenaiPrices(Source):
    """pydantic/genai-prices: hand-kept prices per million tokens with their dated history.

    The first published file, prices/data.json, is frozen and still served: read the second. In a list of
    prices the last entry whose date has come holds, never the first.
    """

    name = "genai_prices"
    parser_version = 2
    title = "genai-prices"
    kind = "price map"
    authority = Authority.AGGREGATOR
    url = "https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json"
    max_age = timedelta(days=3)
    expected_rows = range(1_500, 15_000)
    fewest_rows = 2
    complete = True
    derived_from = ("litellm_prices", "llm_prices", "openrouter_models")
    terms = "MIT."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        listing = load_json(response.text, where=response.url)
        yield from read_entries(listing, "providers", "", _provider)


def _provider(provider: dict[str, Any], where: str) -> Iterator[PagePart]:
    yield from unread_keys(provider, PROVIDER, where)
    serves = partial(_model, require_text(provider, "id", where))
    yield from read_entries(provider.get("models"), "models", f"{where}/models", serves)


def _model(provider: str, model: dict[str, Any], locator: str) -> Iterator[RawRow]:
    name = require_text(model, "id", locator)
    model_cells = cells(model, MODEL_KEYS) | unknown_keys(model, MODEL_KEYS.keys() | OTHER_MODEL_KEYS)
    yield RawRow("model", name, locator, model_cells, provider)
    plain = cells(model, LIMITS)
    if model.get("deprecated") is True:
        plain["lifecycle"] = Cell("deprecated", at="/deprecated")
    groups: Groups = {(): plain} if plain else {}
    for at, period, prices in _dated_prices(model.get("prices"), locator):
        _group_prices(groups, prices, at, period)
    for key, found in groups.items():
        yield RawRow("offer", name, locator, found, provider, qualifier=dict(key))


def _dated_prices(prices: object, locator: str) -> Iterator[tuple[str, dict[str, str], dict[str, Any]]]:
    """Yield each set of prices with what it holds for: its dates, told by the source, or hours of the day."""
    if not isinstance(prices, list):
        yield "/prices", {}, require_object(prices, "prices", locator)
        return
    entries = [entry for _, entry in require_objects(prices, "prices", f"{locator}/prices")]
    limits = [_constraint(entry.get("constraint", {}), locator) for entry in entries]
    for number, entry in enumerate(entries):
        later = [limit["from"] for limit in limits[number + 1 :] if "from" in limit]
        period = limits[number] | ({"to": later[0]} if later else {})
        at = f"/prices/{number}/prices"
        yield at, period, require_object(entry.get("prices"), "prices", f"{locator}{at}")


def _constraint(constraint: object, where: str) -> dict[str, str]:
    limit = require_object(constraint, "constraint", where)
    if "start_time" in limit or "end_time" in limit:
        times = [require_text(limit, key, where).replace(":", "")[:4] for key in ("start_time", "end_time")]
        if (hours := parse_window(*times)) is None:
            raise PageChangedError("constraint", wanted="times of day", found=limit, where=where)
        return {"window": str(hours)}
    require_known_keys(limit, {"start_date"}, where)
    return {"from": require_text(limit, "start_date", where)} if limit else {}


def _group_prices(groups: Groups, prices: dict[str, Any], at: str, period: dict[str, str]) -> None:
    """Sort prices into groups: the plain ones, those above a context size, those for one cache lifetime."""
    for key, value in prices.items():
        kept = period | ({"ttl": TTL[key]} if key in TTL else {})
        for where, above, price in _tiers(value, f"{at}/{key}"):
            found = _cells(key, price, where)
            group = groups.setdefault(tuple((kept | above).items()), {})
            group |= {name: cell for name, cell in found.items() if name not in group}


def _cells(key: str, price: object, where: str) -> dict[str, Cell]:
    if key not in PRICES:
        return unknown_keys({key: price}, NOT_KEPT, where.rpartition("/")[0])
    copied = cells({key: price}, {key: PRICES[key]})
    return {name: cell._replace(at=where) for name, cell in copied.items()}


def _tiers(value: object, at: str) -> Iterator[tuple[str, dict[str, str], object]]:
    if not isinstance(value, dict):
        yield at, {}, value
        return
    require_known_keys(value, {"base", "tiers"}, at)
    yield f"{at}/base", {}, value.get("base")
    for where, tier in require_objects(value.get("tiers"), "tiers", f"{at}/tiers"):
        require_known_keys(tier, {"start", "price"}, where)
        yield f"{where}/price", {"context_above": _start(tier, where)}, tier.get("price")


def _start(tier: Mapping[str, Any], where: str) -> str:
    start = printed_text(tier.get("start"), where)
    if not start:
        raise PageChangedError("start", wanted="a number of tokens", found=repr(start), where=where)
    return start
