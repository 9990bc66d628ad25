"""How DeepInfra writes prices: cents per token, multiplied by a discount, by rates for caches and for tiers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from cardwatch.crawler.documents import Cell, PageChangedError, RawRow
from cardwatch.crawler.formats.json_listing import Json, cells, optional_object, parse_key_meanings
from cardwatch.crawler.formats.reading import unread_cell

PRICES = parse_key_meanings("""
cents_per_input_token  input_price  cents/token
cents_per_output_token output_price cents/token
""")
CACHES = {
    "rate_per_input_token_cached": "cache_read_price",
    "rate_per_input_token_cache_write": "cache_write_price",
}
EXPLICIT_WRITES = "rate_per_explicit_cache_write_token"
TIERS = {"rate_per_service_tier_priority": "priority", "rate_per_service_tier_flex": "flex"}
READ_KEYS = {"discount", "discount_ends_at", "full", "table", EXPLICIT_WRITES, *PRICES, *CACHES, *TIERS}
BAND = re.compile(
    r"\$(?P<input_price>[\d.]+) in \$(?P<output_price>[\d.]+) out(?: \$(?P<cache_read_price>[\d.]+) cached)?"
    r"(?: (?P<op><=|>) ?(?P<bound>[\d.]+[KM]))?",
    re.IGNORECASE,
)
HAS_BANDS = re.compile(r"(?:<=?|>=?|≤|≥)\s*[\d.]+\s*[KM]\b", re.IGNORECASE)


def price_rows(offer: RawRow, pricing: Json, at: str) -> Iterator[RawRow]:
    """Yield an offer with its prices, then those of its other bands, cache lifetimes, tiers and of the time after
    a discount. Where the text of a condition is not understood, no price under it is read.
    """
    try:
        yield from tuple(_all_rows(offer, pricing, at))
    except PageChangedError as error:
        odd = {
            name: unread_cell(f"{cell.text} {error.found}", wanted=error.wanted, at=cell.at)
            for name, cell in cells(pricing, PRICES, at).items()
        }
        yield replace(offer, cells={**offer.cells, **odd})


def _all_rows(offer: RawRow, pricing: Json, at: str) -> Iterator[RawRow]:
    bands = _bands(pricing, at)
    discount = _number(pricing, "discount", at) or Decimal(0)
    if not 0 <= discount < 1 or (discount and bands):
        found = f"discount {discount}"
        raise PageChangedError("discount", wanted="a share of a flat price", found=found, where=at)
    if bands:
        for above, prices in bands:
            qualifier = {"context_above": above} if above else {}
            limits = {} if above else offer.cells
            yield replace(offer, cells={**limits, **prices}, qualifier={**offer.qualifier, **qualifier})
        return
    end = _end(pricing, at) if discount else ""
    yield from _flat_rows(offer, pricing, at, 1 - discount, {"to": end} if end else {})
    if end:
        yield from _flat_rows(replace(offer, cells={}), pricing, at, Decimal(1), {"from": end})


def _flat_rows(
    offer: RawRow, pricing: Json, at: str, share: Decimal, period: Mapping[str, str]
) -> Iterator[RawRow]:
    """Yield the prices of one period; limits have none and stand apart from those that have."""
    base = {name: _share_of(cell, share) for name, cell in cells(pricing, PRICES, at).items()}
    dated = replace(offer, cells={}, qualifier={**offer.qualifier, **period})
    caches = {
        name: _share_of(base["input_price"], rate)
        for key, name in CACHES.items()
        if (rate := _number(pricing, key, at)) is not None and "input_price" in base
    }
    if period and offer.cells:
        yield offer
    yield replace(dated, cells={**({} if period else offer.cells), **base, **caches})
    for ttl in optional_object(pricing, EXPLICIT_WRITES, at) if "input_price" in base else ():
        writes = optional_object(pricing, EXPLICIT_WRITES, at)
        if (rate := _number(writes, ttl, f"{at}/{EXPLICIT_WRITES}")) is not None:
            write = _share_of(base["input_price"], rate)
            yield replace(
                dated, cells={"cache_write_price": write}, qualifier={**dated.qualifier, "ttl": ttl}
            )
    for key, tier in TIERS.items():
        if (rate := _number(pricing, key, at)) is not None:
            prices = {name: _share_of(cell, rate) for name, cell in base.items()}
            yield replace(dated, cells=prices, variant={**dated.variant, "tier": tier})


def _bands(pricing: Json, at: str) -> list[tuple[str, dict[str, Cell]]]:
    """Return the prices by the prompt length above which they hold, from the text that lists them.

    Empty where one price holds for all lengths.
    """
    text = pricing.get("full")
    if not isinstance(text, str) or not HAS_BANDS.search(text):
        if pricing.get("table"):
            raise PageChangedError("table", wanted="prices as text", found=pricing["table"], where=at)
        return []
    parts = [BAND.fullmatch(" ".join(part.split())) for part in text.split(",")]
    found: list[tuple[str, dict[str, Cell]]] = []
    above = ""
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if (
            part is None
            or (part["op"] != "<=" and not last)
            or (last and part["op"] == ">" and part["bound"] != above)
        ):
            raise PageChangedError("bands", wanted="$1.2 in $6 out <= 32K, …", found=text, where=at)
        prices = {meter: part[meter] for meter in ("input_price", "output_price", "cache_read_price")}
        found.append((above, {m: Cell(p, "usd/1M tokens", f"{at}/full") for m, p in prices.items() if p}))
        above = part["bound"]
    return found


def _end(pricing: Json, at: str) -> str:
    """Return the first day without the discount, "" where its end is open."""
    text = pricing.get("discount_ends_at")
    if text is None:
        return ""
    try:
        when = datetime.fromtimestamp(int(text), UTC) if text.isdecimal() else datetime.fromisoformat(text)
    except (ValueError, OverflowError, AttributeError) as error:
        raise PageChangedError("discount_ends_at", wanted="a time", found=text, where=at) from error
    whole = (when.hour, when.minute, when.second) == (0, 0, 0)
    return (when.date() if whole else when.date() + timedelta(days=1)).isoformat()


def _number(item: Json, key: str, at: str) -> Decimal | None:
    value = item.get(key)
    if value is None:
        return None
    try:
        number = Decimal(value)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise PageChangedError(key, wanted="a number", found=repr(value), where=f"{at}/{key}") from error
    if not number.is_finite() or number < 0:
        raise PageChangedError(key, wanted="a number of 0 or more", found=value, where=f"{at}/{key}")
    return number


def _share_of(cell: Cell, rate: Decimal) -> Cell:
    """Return a price whose unit says that only a share of it is charged; the amount stays as printed."""
    if rate == 1:
        return cell
    scale, _, unit = cell.unit.rpartition(" ")
    share = (Decimal(scale) if scale else Decimal(1)) * rate
    return cell._replace(unit=f"{share.normalize():f} {unit}")
