"""The pages that name a gateway's routes of one model: who serves behind it, at which price and limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    Json,
    cells,
    drop_zero_limits,
    load_response,
    optional_object,
    parse_key_meanings,
    read_entries,
    require_text,
    split_names,
    unknown_keys,
)

ROUTE_KEYS = parse_key_meanings("""
    context_length         context_window     tokens
    max_prompt_tokens      max_input_tokens   tokens
    max_completion_tokens  max_output_tokens  tokens
    quantization           quantization
    status                 availability
""")
READ_KEYS = split_names("tag provider_name pricing")
NOT_KEPT = split_names("""name model_id model_name supported_parameters supports_implicit_caching tags
    uptime_last_5m uptime_last_15m uptime_last_30m uptime_last_1h uptime_last_1d
    latency_last_30m latency_last_1h throughput_last_30m throughput_last_1h
    has_zdr has_no_training inference_regions""")
"""Speeds and shares of up time are of the last minutes, and latency changed its type in 2026."""

PriceRows = Callable[[RawRow, Json, str], Iterator[RawRow]]


def route_rows(response: TextResponse, provider: str, price_rows: PriceRows) -> Iterator[PagePart]:
    """Yield each route as facts of the gateway's offer, told apart by the qualifier "route": its tag.

    The gateway bills, so the offer is its own, and its default price stays the one of its listing. A route
    that stands twice with the same facts counts once; with other facts it gets a number.
    """
    model = optional_object(load_response(response), "data", "")
    name = require_text(model, "id", "/data")
    tags: Counter[str] = Counter()
    seen: set[tuple[str, ...]] = set()

    def read(route: Json, locator: str) -> Iterator[RawRow]:
        tag = require_text(route, "tag" if route.get("tag") else "provider_name", locator)
        offer = RawRow("offer", name, locator, _route_cells(route), provider, qualifier={"route": tag})
        rows = list(price_rows(offer, optional_object(route, "pricing", locator), "/pricing"))
        facts = (tag, *(f"{row.qualifier} {_texts(row)}" for row in rows))
        if facts in seen:
            return
        seen.add(facts)
        tags[tag] += 1
        label = tag if tags[tag] == 1 else f"{tag} #{tags[tag]}"
        yield from (replace(row, qualifier={**row.qualifier, "route": label}) for row in rows)

    if "endpoints" not in model:
        raise PageChangedError("listing", wanted="endpoints", found=sorted(model)[:12], where=response.url)
    yield from read_entries(model["endpoints"], "route", "/data/endpoints", read)


def _route_cells(route: Json) -> dict[str, Cell]:
    return (
        drop_zero_limits(cells(route, ROUTE_KEYS))
        | _status_cell(route)
        | unknown_keys(route, ROUTE_KEYS.keys() | READ_KEYS | NOT_KEPT)
    )


def _status_cell(route: Json) -> dict[str, Cell]:
    """Copy the status: 0 is healthy there, and no limit."""
    return cells(route, {"status": ROUTE_KEYS["status"]})


def _texts(row: RawRow) -> dict[str, str]:
    return {name: cell.text for name, cell in row.cells.items()}
