"""Rules that stop a value on its way to publication; each returns its name and its reason in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from statistics import median
from typing import NamedTuple

from cardwatch.normalize.attributes import get_attribute

FACTOR = Decimal(10)
PEER_FACTOR = Decimal(100)
SWAPPED = Decimal(2)
UNIT_SLIP = (Decimal(50), Decimal(200))
"""How far apart the same score is as a fraction and in percent, give or take a better or worse run."""
BEYOND = Decimal(1_000)
"""USD per million tokens; what asks more asks it for a search, a page or a minute."""


class HoldReason(NamedTuple):
    """Why a value waits."""

    rule: str
    reason: str


def parse_number(text: str | None) -> Decimal | None:
    """Return text as a finite number, None if it is not one."""
    try:
        found = Decimal(text or "")
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def surprising_change(name: str, old: str | None, new: str | None) -> HoldReason | None:
    """Judge one value against the one it would replace."""
    kind = get_attribute(name)
    before, after = parse_number(old), parse_number(new)
    if before is None or after is None:
        return None
    if kind.type == "price":
        return _price_jump(before, after)
    if kind.group == "limit" and after * 2 <= before:
        return HoldReason("limit_shrinks", f"{name} shrinks from {old} to {new}, by half or more")
    if kind.group == "benchmark":
        return _unit_slip(before, after)
    return None


def _unit_slip(before: Decimal, after: Decimal) -> HoldReason | None:
    low, high = sorted((before, after))
    if low and UNIT_SLIP[0] <= high / low <= UNIT_SLIP[1]:
        return HoldReason("unit_slip", f"from {before} to {after}: a fraction for percent, or the reverse?")
    return None


def _price_jump(before: Decimal, after: Decimal) -> HoldReason | None:
    if (before == 0) != (after == 0):
        return HoldReason(
            "crosses_zero", f"from {before} to {after}: {'no longer' if after else 'suddenly'} free"
        )
    if before and (after > before * FACTOR or after * FACTOR < before):
        ratio = max(after / before, before / after)
        word = "more" if after > before else "less"
        return HoldReason("jumps", f"from {before} to {after}: {float(ratio):.3g} times {word}")
    return None


def impossible_price(name: str, value: str | None) -> HoldReason | None:
    """Judge one value by itself."""
    if get_attribute(name).type != "price" or value is None:
        return None
    price = parse_number(value)
    if price is None or price < 0:
        return HoldReason("not_a_price", f"{name} {value} is no price")
    if price >= BEYOND and get_attribute(name).unit == "usd_per_mtok":
        return HoldReason("beyond", f"{name} {value} is beyond any price of a million tokens")
    return None


def inconsistent_prices(prices: Mapping[str, str | None]) -> Mapping[str, HoldReason]:
    """Judge the plain prices of one offer together; returns the attributes in doubt."""
    doubts: dict[str, HoldReason] = {}
    given, made, cached = (
        parse_number(prices.get(n)) for n in ("input_price", "output_price", "cache_read_price")
    )
    if given and made and given > made * SWAPPED:
        reason = f"input {given} is more than twice output {made}: swapped?"
        doubts["input_price"] = doubts["output_price"] = HoldReason("swapped", reason)
    if given is not None and cached is not None and cached > given:
        doubts["cache_read_price"] = HoldReason(
            "cache_above_input", f"cache read {cached} is above input {given}"
        )
    return doubts


def unlike_peers(name: str, value: str | None, peers: Sequence[Decimal]) -> HoldReason | None:
    """Judge a price seen for the first time against what others ask for the same model."""
    price = parse_number(value)
    if not price or not peers:
        return None
    usual = Decimal(median(peers))
    if price > usual * PEER_FACTOR or price * PEER_FACTOR < usual:
        return HoldReason("unlike_peers", f"{name} {price} where others ask {usual}: wrong unit?")
    return None
