"""Rules that stop a value on its way to publication; each returns its name and its reason in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from statistics import median
from typing import NamedTuple

from cardwatch.normalize.attributes import attribute

FACTOR = Decimal(10)
PEER_FACTOR = Decimal(100)
SWAPPED = Decimal(2)
BEYOND = Decimal(1_000)
"""USD per million tokens; what asks more asks it for a search, a page or a minute."""


class Doubt(NamedTuple):
    """Why a value waits."""

    rule: str
    reason: str


def number(text: str | None) -> Decimal | None:
    """Return text as a finite number, None if it is not one."""
    try:
        found = Decimal(text or "")
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def surprising_change(name: str, old: str | None, new: str | None) -> Doubt | None:
    """Judge one value against the one it would replace."""
    kind = attribute(name)
    before, after = number(old), number(new)
    if before is None or after is None:
        return None
    if kind.type == "price":
        return _price_jump(before, after)
    if kind.group == "limit" and after * 2 <= before:
        return Doubt("limit_shrinks", f"{name} shrinks from {old} to {new}, by half or more")
    return None


def _price_jump(before: Decimal, after: Decimal) -> Doubt | None:
    if (before == 0) != (after == 0):
        return Doubt("crosses_zero", f"from {before} to {after}: {'no longer' if after else 'suddenly'} free")
    if before and (after > before * FACTOR or after * FACTOR < before):
        ratio = max(after / before, before / after)
        word = "more" if after > before else "less"
        return Doubt("jumps", f"from {before} to {after}: {float(ratio):.3g} times {word}")
    return None


def impossible(name: str, value: str | None) -> Doubt | None:
    """Judge one value by itself."""
    if attribute(name).type != "price" or value is None:
        return None
    price = number(value)
    if price is None or price < 0:
        return Doubt("not_a_price", f"{name} {value} is no price")
    if price >= BEYOND and attribute(name).unit == "usd_per_mtok":
        return Doubt("beyond", f"{name} {value} is beyond any price of a million tokens")
    return None


def inconsistent(prices: Mapping[str, str | None]) -> Mapping[str, Doubt]:
    """Judge the plain prices of one offer together; returns the attributes in doubt."""
    doubts: dict[str, Doubt] = {}
    given, made, cached = (number(prices.get(n)) for n in ("input_price", "output_price", "cache_read_price"))
    if given and made and given > made * SWAPPED:
        reason = f"input {given} is more than twice output {made}: swapped?"
        doubts["input_price"] = doubts["output_price"] = Doubt("swapped", reason)
    if given is not None and cached is not None and cached > given:
        doubts["cache_read_price"] = Doubt("cache_above_input", f"cache read {cached} is above input {given}")
    return doubts


def unlike_peers(name: str, value: str | None, peers: Sequence[Decimal]) -> Doubt | None:
    """Judge a price seen for the first time against what others ask for the same model."""
    price = number(value)
    if not price or not peers:
        return None
    usual = Decimal(median(peers))
    if price > usual * PEER_FACTOR or price * PEER_FACTOR < usual:
        return Doubt("unlike_peers", f"{name} {price} where others ask {usual}: wrong unit?")
    return None
