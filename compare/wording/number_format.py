"""Numbers as people read them. Decimal in, text out; rounding is half up and only for show."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

HUNDRED = Decimal(100)
CENT, TEN_CENTS = Decimal("0.01"), Decimal("0.1")
THOUSANDS = (("K", 3), ("M", 6), ("B", 9), ("T", 12))


def plain_decimal(value: Decimal) -> str:
    """Return the canonical decimal string: no exponent, no trailing zeros ("2", "0.125")."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def round_half_up(value: Decimal, unit: Decimal) -> Decimal:
    """Return `value` to the nearest `unit`, half up."""
    return value.quantize(unit, ROUND_HALF_UP)


def round_to_three_digits(value: Decimal) -> Decimal:
    """Return `value` to three significant digits, half up."""
    return round_half_up(value, Decimal(1).scaleb(value.adjusted() - 2))


@lru_cache(maxsize=4096)
def format_score(score: str) -> str:
    """Return a score to four decimals below one and to two from there on, half up: "0.0968", "137.32", "81.8"."""
    value = Decimal(score)
    rounded = round_half_up(value, Decimal("0.0001") if abs(value) < 1 else CENT)
    return plain_decimal(rounded) if rounded else "0"


def format_count(count: int, largest: str = "T") -> str:
    """Return a count in decimal K, M, B, T up to `largest`, three significant digits: 262144 is 262K."""
    if count < 1000:
        return str(count)
    for suffix, power in THOUSANDS:
        scaled = round_to_three_digits(Decimal(count).scaleb(-power))
        if scaled < 1000 or suffix == largest:
            return f"{plain_decimal(scaled)}{suffix}"
    raise ValueError(f"largest: wanted one of K, M, B, T, found {largest!r}")


def format_token_limit(count: int) -> str:
    """Return a token limit in K or M: 1047576 is 1.05M, 999999 is 1M."""
    return format_count(count, "M")


@lru_cache(maxsize=4096)
def format_unit_price(usd: str) -> str:
    """Return a price unrounded, with cents from ten cents up: "$1.25", "$0.40", "$2"; "free" for zero."""
    value = Decimal(usd)
    return f"${_with_cents(f'{value:,f}', value)}" if value else "free"


def price_digits(usd: Decimal) -> str:
    """Return an amount unrounded, with cents from ten cents up: "1.25", "0.40", "2", "0.04"."""
    return _with_cents(plain_decimal(usd), usd)


def _with_cents(text: str, usd: Decimal) -> str:
    whole, _, cents = text.partition(".")
    return f"{whole}.{cents:0<2}" if cents and usd >= TEN_CENTS else text


def format_monthly_cost(usd: Decimal) -> str:
    """Return a monthly cost: whole dollars from $100 (judged unrounded), cents below, "free" for zero."""
    if not usd:
        return "free"
    if usd >= HUNDRED:
        return f"${round_half_up(usd, Decimal(1)):,}"
    return f"${round_half_up(usd, CENT)}" if usd >= CENT / 2 else "under $0.01"


def format_exact_amount(usd: Decimal) -> str:
    """Return an amount unrounded, with cents at least: "$187.20", "$0.125"."""
    places = max(2, len(plain_decimal(usd).partition(".")[2]))
    return f"${usd:,.{places}f}"


def format_move(percent: Decimal | None) -> str:
    """Return how far a price moved, one decimal, half up: "+20.0 %"; None, from or to free and for all else, is "".

    >>> format_move(Decimal("20")), format_move(Decimal("-0.000002"))
    ('+20.0 %', 'under 0.1 %')
    """
    if percent is None:
        return ""
    rounded = round_half_up(percent, Decimal("0.1"))
    return f"{rounded:+f} %" if rounded else "under 0.1 %"


def percent_less(low: Decimal, high: Decimal) -> str:
    """Return 1 − low/high in percent with one decimal, half up: (3600, 4900) is "26.5"."""
    return str(round_half_up((1 - low / high) * 100, Decimal("0.1")))
