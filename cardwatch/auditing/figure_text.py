"""Figures in words as a page must print them, worked out from the rules of docs/design/comparisons.md alone."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

SUFFIXES = "KMBT"
LONGEST_NAME, LONGEST_VALUE = 120, 300
HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
FIGURE = re.compile(r"\$?\d[\d,]*(?:\.\d+)?(?:%|[KMBT]\b)?")


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Round to `places` decimals; a half goes away from zero."""
    return value.quantize(Decimal(10) ** -places, rounding=ROUND_HALF_UP)


def canonical_decimal(value: Decimal) -> str:
    """Return "2", "0.125": neither exponent nor trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def count_text(count: int, units: str = SUFFIXES) -> str:
    """Return 1047576 as 1.05M and 999999 as 1M; below a thousand the number itself."""
    if count < 1000:
        return str(count)
    last = len(units)
    for power, unit in enumerate(units, 1):
        thousands = Decimal(count) / 1000**power
        kept = round_half_up(thousands, 2 - thousands.adjusted())
        if kept < 1000 or power == last:
            return f"{kept.normalize():f}{unit}"
    raise ValueError(f"units: wanted at least one, found {units!r}")


def price_text(usd: Decimal) -> str:
    """Return a price per million tokens with every digit it has, and with cents from ten cents up."""
    if not usd:
        return "free"
    places = -int(usd.normalize().as_tuple().exponent)
    return f"${usd:,.2f}" if places == 1 and usd >= Decimal("0.1") else f"${usd:,f}"


def score_text(score: str) -> str:
    """Return a score with four decimals at most below one, with two from there on."""
    value = Decimal(score)
    shown = round_half_up(value, 2 if abs(value) >= 1 else 4)
    return canonical_decimal(shown or abs(shown))


def month_text(usd: Decimal) -> str:
    """Return whole dollars from $100 on, dollars and cents below; the amount before rounding decides which."""
    if usd == 0:
        return "free"
    if usd >= 100:
        return f"${round_half_up(usd, 0):,}"
    return f"${round_half_up(usd, 2)}" if round_half_up(usd, 2) else "under $0.01"


def full_cost_text(usd: Decimal) -> str:
    """Return a cost with every digit, and cents at least."""
    digits = canonical_decimal(usd).partition(".")[2]
    return f"${usd:,.2f}" if len(digits) < 2 else f"${usd:,.{len(digits)}f}"


def percent_text(low: Decimal, high: Decimal) -> str:
    """Return by how many percent `low` is below `high`, one decimal."""
    return str(round_half_up(100 - 100 * low / high, 1))


def date_text(day: str) -> str:
    """Return a date in words at its own precision: "2025", "April 2025", "14 April 2025"."""
    parts = day.split("-")
    words = [parts[0]]
    if len(parts) > 1:
        words.insert(0, MONTHS[int(parts[1]) - 1])
    if len(parts) > 2:
        words.insert(0, str(int(parts[2])))
    return " ".join(words)


def visible_text(text: str, longest: int = LONGEST_NAME) -> str:
    """Return text from outside as a page shows it: one line, nothing hidden, an ellipsis if cut."""
    shown = [
        " " if c in "\t\r\n" else c
        for c in text
        if c in "\t\r\n" or unicodedata.category(c) not in HIDDEN_CATEGORIES
    ]
    line = " ".join("".join(shown).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def find_figures(text: str) -> list[str]:
    """Return the figures of a sentence in order; names in it must be out of the way."""
    return [figure.rstrip(",") for figure in FIGURE.findall(text)]
