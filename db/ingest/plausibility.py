"""Rules that stop a value on its way to publication; each returns its name and its reason in words.

Two kinds of doubt: what is *surprising* may be true, and a second look settles it; what is *impossible* stays
so however often its source repeats it, until a person or an independent source says the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from statistics import median
from typing import NamedTuple

from cardwatch.db.store.hold_rules import IMPOSSIBLE_RULES
from cardwatch.normalize.attributes import get_attribute

FACTOR = Decimal(10)
PEER_FACTOR = Decimal(100)
UNIT_FACTOR = Decimal(1000)
"""The least that a price in the wrong unit is off."""
UNIT_SLIPS = (Decimal(1000), Decimal(10**6))
"""By how much a price per token, per thousand or per million tokens is off when read as another of them."""
SWAPPED = Decimal(2)
ALIKE = Decimal(2)
"""Two prices within this factor tell the same story."""
NEARLY = Decimal("1.1")
"""Two prices within this factor are the same one, a discount or a rounding apart."""
BEYOND = Decimal(1_000)
"""USD per million tokens; what asks more asks it for a search, a page or a minute."""
SHRINKS = 4
"""A limit that falls below this part of what it was waits; what shrinks less is news."""
LARGEST_CONTEXT = 100_000_000
"""Tokens; nobody offers a window as large."""
LONG_PAUSE = timedelta(days=7)
"""A source not looked at for so long may have moved its prices more than once."""
AFTER_PAUSE = FACTOR**2
"""How far a price may have moved after a long pause without a surprise."""
IN_PART = "free_in_part"
"""The rule about an offer that is given away in part."""
SEVERAL = 2
"""The fewest other offers whose common price bears a move out."""
DIGITS = 9
"""Significant digits to which two prices must agree to be the same; the rest is noise of binary fractions."""


UNIT_SLIP = (Decimal(50), Decimal(200))
"""How far apart the same score is as a fraction and in percent, give or take a better or worse run."""


class HoldReason(NamedTuple):
    """Why a value waits."""

    rule: str
    reason: str

    @property
    def impossible(self) -> bool:
        return self.rule in IMPOSSIBLE_RULES


def parse_number(text: str | None) -> Decimal | None:
    """Return text as a finite number, None if it is not one."""
    try:
        found = Decimal(text or "")
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def same_price(a: str | None, b: str | None) -> bool:
    """Say whether two texts are one price but for the noise of binary fractions."""
    first, second = parse_number(a), parse_number(b)
    if first is None or second is None:
        return a == b
    return f"{first:.{DIGITS - 1}e}" == f"{second:.{DIGITS - 1}e}"


def _within(a: Decimal, b: Decimal, factor: Decimal) -> bool:
    """Say whether two numbers are at most a factor apart; nothing but 0 is near 0."""
    return a == b if 0 in (a, b) else _ratio(a, b) <= factor


def surprising_change(
    name: str, old: str | None, new: str | None, *, long_pause: bool = False
) -> HoldReason | None:
    """Return what is surprising about a value beside the one it would replace, None if nothing is.

    `long_pause` says that the page was not visited for a long time.
    """
    kind = get_attribute(name)
    before, after = parse_number(old), parse_number(new)
    if before is None or after is None:
        return None
    if kind.type == "price":
        return _price_jump(before, after, AFTER_PAUSE if long_pause else FACTOR)
    if kind.group == "limit" and before > 0 and after * SHRINKS < before:
        return HoldReason("limit_shrinks", f"{name} shrinks from {old} to {new}, below a quarter")
    if kind.group == "benchmark":
        return _unit_slip(before, after)
    return None


def _unit_slip(before: Decimal, after: Decimal) -> HoldReason | None:
    low, high = sorted((before, after))
    if low > 0 and UNIT_SLIP[0] <= high / low <= UNIT_SLIP[1]:
        return HoldReason("unit_slip", f"from {before} to {after}: a fraction for percent, or the reverse?")
    return None


def _price_jump(before: Decimal, after: Decimal, factor: Decimal) -> HoldReason | None:
    if (before == 0) != (after == 0):
        return HoldReason(
            "crosses_zero", f"from {before} to {after}: {'no longer' if after else 'suddenly'} free"
        )
    if before and not _within(before, after, factor):
        ratio = max(after / before, before / after)
        word = "more" if after > before else "less"
        return HoldReason("jumps", f"from {before} to {after}: {float(ratio):.3g} times {word}")
    return None


def like_others(value: str | None, old: str | None, others: Sequence[Decimal]) -> bool:
    """Say whether a price moves to what others ask for the same model, which is no surprise.

    It does when it becomes what another asks to the cent, or comes nearer to what several usually ask.
    """
    price, before = parse_number(value), parse_number(old)
    if not price or price in others:
        return bool(price)
    if len(others) < SEVERAL:
        return False
    usual = Decimal(median(others))
    return _within(price, usual, ALIKE) and (not before or _ratio(price, usual) < _ratio(before, usual))


def _ratio(a: Decimal, b: Decimal) -> Decimal:
    return max(a / b, b / a)


def is_far_from_all(name: str, value: str | None, others: Sequence[str]) -> bool:
    """Say whether a number is more than ten times off whatever anybody says, or free where nobody says so."""
    number = parse_number(value)
    known = [other for text in others if (other := parse_number(text)) is not None]
    if impossible_value(name, value):
        return True
    return number is not None and bool(known) and all(not _within(number, x, FACTOR) for x in known)


def starts_charging(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> bool:
    """Say whether a free offer got a whole price list at once, whose prices fit one another."""
    old = [parse_number(before.get(name)) for name in ("input_price", "output_price")]
    new = [parse_number(after.get(name)) for name in ("input_price", "output_price")]
    return old == [0, 0] and all(price is not None and price > 0 for price in new) and not _misfits(after)


def is_ordinary(name: str, old: str | None, new: str | None) -> bool:
    """Say whether a change is of the everyday kind: anything but a price that doubles, halves or moves further."""
    before, after = parse_number(old), parse_number(new)
    if get_attribute(name).type != "price" or before is None or after is None:
        return True
    return _within(before, after, ALIKE) and max(before, after) != ALIKE * min(before, after)


def moves_alike(old: str | None, first: str | None, second: str | None) -> bool:
    """Say whether two looks agree against the old value: the same direction, within a factor of two."""
    before, a, b = (parse_number(text) for text in (old, first, second))
    if a is None or b is None:
        return first == second
    same_way = before is None or (a > before) == (b > before)
    return same_way and _within(a, b, ALIKE)


def impossible_value(name: str, value: str | None) -> HoldReason | None:
    """Judge one value by itself."""
    kind = get_attribute(name)
    if kind.type == "price" and value is not None:
        return _impossible_price(name, value, kind.unit)
    if name == "context_window" and (parse_number(value) or 0) > LARGEST_CONTEXT:
        return HoldReason("window", f"{name} {value} is more than {LARGEST_CONTEXT:,} tokens")
    return None


def _impossible_price(name: str, value: str, unit: str) -> HoldReason | None:
    price = parse_number(value)
    if price is None or price < 0:
        return HoldReason("not_a_price", f"{name} {value} is no price")
    if price >= BEYOND and unit == "usd_per_mtok":
        return HoldReason("beyond", f"{name} {value} is beyond any price of a million tokens")
    return None


def wrong_unit(name: str, old: str | None, new: str | None, others: Sequence[Decimal]) -> HoldReason | None:
    """Judge a number against all that others say of it: a thousand times off is another unit.

    It is also where some come near it, if it is far from the usual price and exactly 1,000 or 1,000,000 times off the
    price of one of them, or off `old`, which was said of the same offer. With nobody else to ask, only that tells so.
    """
    value, before = parse_number(new), parse_number(old)
    known = [other for other in others if other]
    if not value:
        return None
    if known:
        usual = Decimal(median(known))
        told = [*known, before] if before else known
        off = all(not _within(value, other, UNIT_FACTOR / NEARLY) for other in told)
        if off or _slipped(name, value, usual, told):
            return HoldReason("wrong_unit", f"{name} {value} where others say {usual}: wrong unit?")
        return None
    if before and value > before and _is_unit_slip(before, value):
        return HoldReason(
            "wrong_unit", f"{name} from {before} to {value}: {value / before:f} times, another unit?"
        )
    return None


def _slipped(name: str, value: Decimal, usual: Decimal, told: Sequence[Decimal]) -> bool:
    """Say whether a price is far from the usual one and some other price in another unit."""
    far = get_attribute(name).type == "price" and not _within(value, usual, PEER_FACTOR)
    return far and any(_is_unit_slip(*sorted((value, other))) for other in told)


def _is_unit_slip(low: Decimal, high: Decimal) -> bool:
    return any(same_price(str(low * slip), str(high)) for slip in UNIT_SLIPS)


def swapped_prices(
    before: Mapping[str, str | None], after: Mapping[str, str | None], peers: Mapping[str, Sequence[Decimal]]
) -> Mapping[str, HoldReason]:
    """Judge the plain prices of one offer together for two that took each other's place; returns those in doubt."""
    doubts: dict[str, HoldReason] = {}
    for first, second in (("input_price", "output_price"), ("cache_read_price", "input_price")):
        low, high = parse_number(after.get(first)), parse_number(after.get(second))
        if not low or not high or low <= high:
            continue
        ways = (
            (parse_number(before.get(first)), parse_number(before.get(second))),
            (_usual(peers.get(first, ())), _usual(peers.get(second, ()))),
        )
        if any(_changed_places((low, high), way) for way in ways):
            reason = f"{first} {low} and {second} {high} have changed places"
            doubts[first] = doubts[second] = HoldReason("swapped", reason)
    return doubts


def free_in_part(
    before: Mapping[str, str | None], after: Mapping[str, str | None], peers: Mapping[str, Sequence[Decimal]]
) -> Mapping[str, HoldReason]:
    """Judge an offer that gives its input away and still asks for its output, or the reverse, where others ask for both.

    Who makes a model free makes the whole of it free.
    """
    doubts: dict[str, HoldReason] = {}
    for name, rest in (("input_price", "output_price"), ("output_price", "input_price")):
        old, new, asked = (
            parse_number(text) for text in (before.get(name), after.get(name), after.get(rest))
        )
        if old and new == 0 and asked and (usual := _usual(peers.get(name, ()))):
            reason = f"from {old} to 0: suddenly free, with {rest} still {asked}, and others ask {usual}"
            doubts[name] = HoldReason(IN_PART, reason)
    return doubts


def misplaced_cache_price(
    before: Mapping[str, str | None],
    after: Mapping[str, str | None],
    others: Sequence[Mapping[str, str | None]],
) -> Mapping[str, HoldReason]:
    """Judge a cache price above the input price by what it was, and by what others ask: another price in its place?

    One that is like what another asks for a cached read stands beside an input price that fell.
    """
    if "cache_read_price" not in _misfits(after):
        return {}
    fitting = [prices for prices in (before, *others) if not _misfits(prices)]
    told = [price for prices in fitting if (price := parse_number(prices.get("cache_read_price")))]
    cached = parse_number(after["cache_read_price"])
    if not cached or not told or any(_within(cached, price, ALIKE) for price in told):
        return {}
    reason = f"cache read {cached} is above input {after['input_price']}, where {median(told)} is usual"
    return {"cache_read_price": HoldReason("swapped", f"{reason}: another price in its place")}


def _usual(prices: Sequence[Decimal]) -> Decimal | None:
    return Decimal(median(prices)) if prices else None


def _changed_places(now: tuple[Decimal, Decimal], usual: tuple[Decimal | None, Decimal | None]) -> bool:
    first, second = usual
    if not first or not second or _within(first, second, NEARLY):
        return False
    return _within(now[0], second, NEARLY) and _within(now[1], first, NEARLY)


def inconsistent_prices(
    before: Mapping[str, str | None],
    after: Mapping[str, str | None],
    others: Sequence[Mapping[str, str | None]],
) -> Mapping[str, HoldReason]:
    """Judge the plain prices of one offer together; returns those that do not fit and did before.

    What does not fit in another offer of the model either is how this model is priced.
    """
    usual = {name for prices in (before, *others) for name in _misfits(prices)}
    return {name: doubt for name, doubt in _misfits(after).items() if name not in usual}


def _misfits(prices: Mapping[str, str | None]) -> dict[str, HoldReason]:
    doubts: dict[str, HoldReason] = {}
    given, made, cached = (
        parse_number(prices.get(n)) for n in ("input_price", "output_price", "cache_read_price")
    )
    if given and made and given > made * SWAPPED:
        reason = f"input {given} is more than twice output {made}"
        doubts["input_price"] = doubts["output_price"] = HoldReason("input_above_output", reason)
    if given is not None and cached is not None and cached > given:
        doubts["cache_read_price"] = HoldReason(
            "cache_above_input", f"cache read {cached} is above input {given}"
        )
    return doubts


def unlike_peers(name: str, value: str | None, peers: Sequence[Decimal]) -> HoldReason | None:
    """Judge a price that has no earlier one to be held against by what others ask for the same model."""
    price = parse_number(value)
    if not price or not peers:
        return None
    usual = Decimal(median(peers))
    if not _within(price, usual, PEER_FACTOR):
        return HoldReason("unlike_peers", f"{name} {price} where others ask {usual}: wrong unit?")
    return None
