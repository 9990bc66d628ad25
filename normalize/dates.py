"""Dates at the precision their source gives: "2024", "2024-04" and "2025-04-14" say different things."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import MappingProxyType

from cardwatch.crawler.blank_text import is_blank
from cardwatch.normalize.text import LONGEST, ParseError

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII
)
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?,?)?\s+(\d{4})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})", re.ASCII)
_CHINESE = re.compile(r"(\d{4}) ?年 ?(\d{1,2}) ?月(?: ?(\d{1,2}) ?日)?", re.ASCII)
_US_NUMERIC = re.compile(r"(\d{1,2})/(\d{1,2})/((?:20)?\d{2})", re.ASCII)
_MONTHS = MappingProxyType(
    {
        "january": "01",
        "february": "02",
        "march": "03",
        "april": "04",
        "may": "05",
        "june": "06",
        "july": "07",
        "august": "08",
        "september": "09",
        "october": "10",
        "november": "11",
        "december": "12",
    }
)
_YEARS = range(2000, 2100)


def parse_date(text: str, unit: str = "iso date") -> str | None:
    """Return YYYY, YYYY-MM or YYYY-MM-DD, never more precise than the source; times become their UTC day.

    `unit` is "iso date", "us date" (month by name), "us numeric date" (09/21/26), "chinese date" (2026年7月25日),
    "year first date" (2025.10.4),
    "unix seconds" or "unix milliseconds"; ISO is read in the place of another written date, too. None when the
    source declines to say. Raises ParseError for days that no calendar has and years outside 2000–2099.
    """
    if is_blank(text):
        return None
    reader = _READERS.get(unit or "iso date")
    if reader is None:
        raise ParseError("unit of a date", wanted=", ".join(_READERS), found=unit)
    found = reader(text.strip()) if len(text) <= LONGEST else None
    if found is None:
        raise ParseError("date", wanted=f"a date given as {unit or 'iso date'}", found=text)
    return found


def parse_day(text: str) -> str:
    """Read a date that must name its day. Raises ParseError for "2025-04" and whatever is no date."""
    found = parse_date(text)
    if found is None or len(found) != len("2025-04-14"):
        raise ParseError("date", wanted="YYYY-MM-DD", found=text)
    return found


def _iso(text: str) -> str | None:
    if parts := _ISO.fullmatch(text):
        year, month, day_ = parts.groups()
        return _checked(text, year, month, day_)
    return _time(text) if _TIME.fullmatch(text) else None


def _time(text: str) -> str:
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise ParseError("date", wanted="a time that exists", found=text) from error
    return _utc_day(when if when.tzinfo else when.replace(tzinfo=UTC), text)


def _unix(text: str) -> str | None:
    if not re.fullmatch(r"\d{1,10}(?:\.0)?", text, re.ASCII):
        return None
    return _utc_day(datetime.fromtimestamp(float(text), tz=UTC), text)


def _named(text: str) -> str | None:
    if parts := _MONTH_FIRST.fullmatch(text):
        name, day_, year = parts.groups()
    elif parts := _DAY_FIRST.fullmatch(text):
        day_, name, year = parts.groups()
    else:
        return _iso(text)
    month = _month(name.casefold())
    return _checked(text, year, month, day_ and f"{int(day_):02}") if month else None


def _us_numeric(text: str) -> str | None:
    parts = _US_NUMERIC.fullmatch(text)
    if parts is None:
        return _iso(text)
    month, day_, year = parts.groups()
    return _checked(text, f"20{year[-2:]}", f"{int(month):02}", f"{int(day_):02}")


def _year_first(text: str) -> str | None:
    parts = _YEAR_FIRST.fullmatch(text)
    if parts is None:
        return _iso(text)
    year, month, day_ = parts.groups()
    return _checked(text, year, f"{int(month):02}", f"{int(day_):02}")


def _chinese(text: str) -> str | None:
    parts = _CHINESE.fullmatch(text)
    if parts is None:
        return _iso(text)
    year, month, day_ = parts.groups()
    return _checked(text, year, f"{int(month):02}", day_ and f"{int(day_):02}")


def _month(word: str) -> str | None:
    """Read a month's name, whole or cut to three letters ("sept" is one more habit)."""
    return next(
        (n for name, n in _MONTHS.items() if word in {name, name[:3]}), "09" if word == "sept" else None
    )


def _utc_day(when: datetime, text: str) -> str:
    if when.year not in _YEARS:
        raise _wrong_year(text)
    year, month, day_ = when.astimezone(UTC).date().isoformat().split("-")
    return _checked(text, year, month, day_)


def _wrong_year(text: str) -> ParseError:
    return ParseError("date", wanted=f"a year from {_YEARS.start} to {_YEARS.stop - 1}", found=text)


def _checked(text: str, year: str, month: str | None, day_: str | None) -> str:
    try:
        date(int(year), int(month or 1), int(day_ or 1))
    except ValueError as error:
        raise ParseError("date", wanted="a day that exists", found=text) from error
    if int(year) not in _YEARS:
        raise _wrong_year(text)
    return "-".join(part for part in (year, month, day_) if part)


_READERS: MappingProxyType[str, Callable[[str], str | None]] = MappingProxyType(
    {
        "iso date": _iso,
        "us date": _named,
        "us numeric date": _us_numeric,
        "chinese date": _chinese,
        "year first date": _year_first,
        "unix seconds": _unix,
        "unix milliseconds": lambda text: _unix(text[:-3]),
    }
)
