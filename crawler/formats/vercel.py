"""How Vercel's gateway writes prices: bands by prompt length, and groups for faster tiers and regions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from cardwatch.crawler.documents import Cell, RawRow
from cardwatch.crawler.formats.json_listing import (
    Json,
    cells,
    discounted_cells,
    drop_zero_surcharges,
    has_discount,
    optional_object,
    optional_objects,
    parse_key_meanings,
    pointer_step,
    split_names,
    unknown_cell,
    unknown_keys,
)

PRICES = parse_key_meanings("""
    input                                   input_price         usd/token
    prompt                                  input_price         usd/token
    output                                  output_price        usd/token
    completion                              output_price        usd/token
    input_cache_read                        cache_read_price    usd/token
    input_cache_write                       cache_write_price   usd/token
    internal_reasoning                      reasoning_price     usd/token
    audio_input_token_cost                  input_audio_price   usd/token
    audio_output_token_cost                 output_audio_price  usd/token
    image                                   image_price         usd/image
    request                                 request_price       usd/request
    web_search                              web_search_price    usd/1K searches
    speech_input_character_cost             character_price     usd/character
    transcription_duration_cost_per_second  second_price        usd/second
""")
GROUPS = split_names("fast service_tiers regional long_context threshold discount")
NOT_KEPT = split_names("""image_dimension_quality_pricing video_duration_pricing video_token_pricing image_output
    realtime_client_message_cost realtime_session_duration_cost_per_second maps_search varies_by_provider""")
"""Prices by size, quality or resolution of a picture have no attribute, save the size called default."""


def price_rows(offer: RawRow, pricing: Json, at: str) -> Iterator[RawRow]:
    """Yield an offer with its default prices, then its price bands, faster tiers and regions.

    A discount makes the prices of its group and of the groups inside it unread.
    """
    todo = [(offer, pricing, at, has_discount(pricing))]
    for row, prices, where, cut in todo:
        yield from _group_rows(row, prices, where, discounted_cells if cut else dict)
        todo += [
            (inner, group, way, cut or has_discount(group))
            for inner, group, way in _groups(replace(row, cells={}), prices, where)
        ]


def _group_rows(
    offer: RawRow, prices: Json, at: str, as_stated: Callable[[Mapping[str, Cell]], dict[str, Cell]]
) -> Iterator[RawRow]:
    bands, odd = _bands(prices, at)
    default = bands.pop("", {}) | drop_zero_surcharges(cells(prices, PRICES, at)) | _default_image(prices, at)
    odd |= unknown_keys(prices, _KNOWN, at)
    yield replace(offer, cells={**offer.cells, **as_stated(default), **odd})
    for above, band in bands.items():
        yield replace(offer, cells=as_stated(band), qualifier={**offer.qualifier, "context_above": above})


def _groups(offer: RawRow, prices: Json, at: str) -> Iterator[tuple[RawRow, Json, str]]:
    """Yield each group of prices inside another, with the offer it belongs to and the way to it."""
    if fast := optional_object(prices, "fast", at):
        yield _with_variant(offer, tier="fast"), fast, f"{at}/fast"
    tiers, regions = optional_object(prices, "service_tiers", at), optional_object(prices, "regional", at)
    for name in tiers:
        yield (
            _with_variant(offer, tier=name),
            optional_object(tiers, name, at),
            f"{at}/service_tiers/{pointer_step(name)}",
        )
    for name in regions:
        yield (
            _with_variant(offer, region=name),
            optional_object(regions, name, at),
            f"{at}/regional/{pointer_step(name)}",
        )
    if longer := optional_object(prices, "long_context", at):
        above = {"context_above": str(longer.get("threshold"))}
        yield replace(offer, qualifier={**offer.qualifier, **above}), longer, f"{at}/long_context"


def _with_variant(offer: RawRow, **variant: str) -> RawRow:
    return replace(offer, variant={**offer.variant, **variant})


def _bands(prices: Json, at: str) -> tuple[dict[str, dict[str, Cell]], dict[str, Cell]]:
    """Return prices by the prompt length above which they hold ("": any); what cannot be read is refused.

    A band holds from `min` to below `max`. Where two overlap, which Vercel does by one token, the earlier
    band keeps the overlap; nobody knows where one begins that follows bounds which cannot be read.
    """
    bands: dict[str, dict[str, Cell]] = {}
    odd: dict[str, Cell] = {}
    for key, meaning in PRICES.items():
        reached: int | None = 0
        for where, band in optional_objects(prices, f"{key}_tiers", at):
            bounds = [str(band.get(name, "0")).removesuffix(".0") for name in ("min", "max")]
            before, reached = reached, int(bounds[1]) if all(map(str.isdecimal, bounds)) else None
            if before is None or reached is None or unknown_keys(band, {"cost", "min", "max"}):
                odd |= unknown_cell(where, band)
                continue
            first = max(int(bounds[0]), before)
            for column in meaning:
                cell = cells(band, {"cost": (column,)}, where)
                bands.setdefault(str(first - 1) if first else "", {}).update(cell)
    return bands, odd


def _default_image(prices: Json, at: str) -> dict[str, Cell]:
    for where, size in optional_objects(prices, "image_dimension_quality_pricing", at):
        if size.get("size") == "default" and not size.keys() - {"size", "cost"}:
            return cells(size, parse_key_meanings("cost image_price usd/image"), where)
    return {}


_KNOWN = {*PRICES, *GROUPS, *NOT_KEPT, *(f"{key}_tiers" for key in PRICES)}
