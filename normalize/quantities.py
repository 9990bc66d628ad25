"""Token counts, parameter counts and benchmark scores: one exact number each, or a refusal."""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from cardwatch.crawler.blank_text import is_blank
from cardwatch.normalize.text import LONGEST, TWELVE_DIGITS, ParseError, parse_number

_SUFFIX = MappingProxyType({"": 0, "k": 3, "m": 6, "b": 9, "t": 12})
_COUNT = re.compile(
    r"(?P<number>[\d.,]+(?:e[+-]?\d+)?)\s*(?P<suffix>[kmbt]?)"
    r"(?:\s+(?:tokens?|active|activated|total|params?|parameters))*",
    re.IGNORECASE | re.ASCII,
)
_DIGITS_ONLY = re.compile(r"\d+(?:\.0)?", re.ASCII)
_LARGEST_COUNT = 10**15

SCORE_UNITS = MappingProxyType({"percent": 100, "fraction": 1, "elo": 10_000, "score": None})
"""What a score may be, and the largest size it can have; `score` is a benchmark's own scale."""


def parse_count(text: str, unit: str = "") -> int | None:
    """Read a count: "128K", "1.05M", "262,144", "22B active"; K, M, B and T are powers of 1,000.

    None when the source declines to say ("--"). Raises ParseError for ranges, products ("8x7B"), a
    fraction of a unit, and for points that may be European thousands ("204.800").
    """
    if is_blank(text):
        return None
    if unit not in {"", "tokens", "parameters"}:
        raise ParseError("unit of a count", wanted="tokens or parameters", found=unit)
    parts = _COUNT.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if parts is None:
        raise ParseError("count", wanted='one number, such as "128K" or "262,144"', found=text)
    value = parse_number(parts["number"], "count").scaleb(_SUFFIX[parts["suffix"].lower()])
    _refuse_doubtful(text, parts, value)
    return int(value)


_EXPERTS = re.compile(r"(\d{1,6})\s*[x×]\s*(\d{1,6}(?:\.\d{1,6})?)\s*B\b", re.IGNORECASE | re.ASCII)
_TOTAL = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*([TB])\b", re.IGNORECASE | re.ASCII)


def parse_parameters_note(line: str) -> str:
    """Return what is said beside a parameter count, without a star that leads to no footnote.

    Raises ParseError when the experts it counts do not make the total it states, within half a percent.
    """
    build, total = _EXPERTS.search(line), _TOTAL.search(_EXPERTS.sub("", line))
    if build and total:
        made = int(build[1]) * Decimal(build[2])
        stated = Decimal(total[1]) * (1000 if total[2].upper() == "T" else 1)
        if abs(made - stated) > stated / 200:
            raise ParseError("experts", wanted=f"experts that make {stated:.0f}B", found=f"{made:f}B: {line}")
    bare = line.rstrip("*")
    return (bare.rstrip() if bare != line else line) or line


def parse_score(text: str, unit: str) -> Decimal | None:
    """Read one benchmark result in the unit its source states; None when the cell is "--" or blank.

    Raises ParseError for two numbers in one cell, a sign "%" under another unit, a missing unit,
    for values no such unit can have (81.8 as a fraction), and for a bare one up to 1 as percent: it may be
    a fraction, and 0.825 is printed where 82.5 is meant.
    """
    if is_blank(text):
        return None
    bare, doubtful = text.strip(), unit == "percent"
    if bare.endswith("%"):
        bare, unit, doubtful = bare[:-1].rstrip(), unit or "percent", False
        if unit != "percent":
            raise ParseError("score", wanted=unit, found=text)
    if unit not in SCORE_UNITS:
        raise ParseError("unit of a score", wanted=", ".join(SCORE_UNITS), found=unit)
    value = TWELVE_DIGITS.plus(parse_number(bare, "score"))
    if doubtful and 0 < value <= 1:
        raise ParseError("score", wanted="percent, not what may be a fraction", found=text)
    largest = SCORE_UNITS[unit]
    if largest is not None and value > largest:
        raise ParseError("score", wanted=f"{unit} up to {largest}", found=text)
    return value


def _refuse_doubtful(text: str, parts: re.Match[str], value: Decimal) -> None:
    plain = not parts["suffix"] and "," not in parts["number"] and "e" not in parts["number"].lower()
    if plain and not _DIGITS_ONLY.fullmatch(parts["number"]):
        raise ParseError("count", wanted="no decimals without K, M, B or T", found=text)
    if value != value.to_integral_value() or value > _LARGEST_COUNT:
        raise ParseError("count", wanted=f"a whole number up to {_LARGEST_COUNT:,}", found=text)
