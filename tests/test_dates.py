"""Dates keep the precision of their source; days that no calendar has are refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parse_attempts import parse_or_error

from cardwatch.normalize.dates import parse_date, parse_day
from cardwatch.normalize.text import ParseError

READ = [
    # printed                     unit            ours          seen in
    ("2024", "iso date", "2024", "a year only"),
    ("2024-04", "iso date", "2024-04", "models.dev, gpt-4.1's cutoff"),
    ("2025-04-14", "iso date", "2025-04-14", "a day"),
    ("2025-12-05T00:00:00Z", "iso date", "2025-12-05", "Azure's effective date"),
    ("2025-12-05 13:00:00", "iso date", "2025-12-05", "a time without a zone is UTC"),
    ("2026-05-12T23:30:00.123456-05:00", "iso date", "2026-05-13", "already the next day in UTC"),
    ("1764594642", "unix seconds", "2025-12-01", "OpenRouter's created"),
    ("1763510400", "unix seconds", "2025-11-19", "Vercel's released"),
    ("Aug 31, 2025", "us date", "2025-08-31", "OpenAI's knowledge cutoff"),
    ("August 31, 2025", "us date", "2025-08-31", "the month written out"),
    ("Aug. 31st, 2025", "us date", "2025-08-31", "with ornaments"),
    ("31 August 2025", "us date", "2025-08-31", "day first, still unambiguous"),
    ("June 2024", "us date", "2024-06", "a month only"),
    ("Sept 2025", "us date", "2025-09", "four letters"),
    ("2025-04-14", "us date", "2025-04-14", "a page that changes its mind"),
    ("09/21/26", "us numeric date", "2026-09-21", "Groq's shutdown date"),
    ("3/7/2025", "us numeric date", "2025-03-07", "the year written out"),
    ("2025-03-31", "us numeric date", "2025-03-31", "Cohere's history beside its numeric table"),
    ("2026年7月5日", "chinese date", "2026-07-05", "Qwen's release notes"),
    ("2026 年 7 月 31 日", "chinese date", "2026-07-31", "MiniMax sets it with spaces"),
    ("2026 年 2 月", "chinese date", "2026-02", "MiniMax names only the month of some"),
    ("2025.10.4", "year first date", "2025-10-04", "Qwen's news"),
    ("2025-04-14", "", "2025-04-14", "no unit means ISO"),
    ("—", "iso date", None, "Azure's table: no date"),
    ("", "us date", None, "blank"),
]


@pytest.mark.parametrize(("text", "unit", "wanted", "seen_in"), READ)
def test_a_date(text: str, unit: str, wanted: str | None, seen_in: str) -> None:
    assert parse_date(text, unit) == wanted, seen_in


REFUSED = [
    ("2025-02-31", "iso date", "models.dev has it, twice"),
    ("2025-25-11", "iso date", "and this"),
    ("2025-13", "iso date", "no such month"),
    ("1970-01-01", "iso date", "a default, not a date"),
    ("0", "unix seconds", "likewise"),
    ("1764594642000", "unix seconds", "milliseconds"),
    ("1764594642", "iso date", "seconds where a date was stated"),
    ("08/31/2025", "us date", "which is the month?"),
    ("31/08/25", "us numeric date", "the month comes first"),
    ("2026年13月5日", "chinese date", "a month that no year has"),
    ("Feb 30, 2025", "us date", "no such day"),
    ("Octember 3, 2025", "us date", "no such month"),
    ("Q1 2025", "us date", "a quarter"),
    ("No earlier than 2026-03-01", "us date", "a bound, not a date"),
    ("2025-12-05T25:00:00Z", "iso date", "no such hour"),
    ("date when the model becomes deprecated in the format YYYY-MM-DD", "iso date", "LiteLLM's sample"),
    ("2025-04-14", "stardate", "an unknown unit"),
]


@pytest.mark.parametrize(("text", "unit", "why"), REFUSED)
def test_what_is_no_date_is_refused(text: str, unit: str, why: str) -> None:
    with pytest.raises(ParseError):
        parse_date(text, unit)


@pytest.mark.parametrize("text", ["2025-04", "2025", "", "yesterday"])
def test_a_review_date_names_its_day(text: str) -> None:
    assert parse_day("2026-05-22") == "2026-05-22"
    with pytest.raises(ParseError):
        parse_day(text)


days = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))


@given(days)
def test_a_day_reads_back_in_every_spelling(when: date) -> None:
    spellings = [
        (f"{when:%B} {when.day}, {when.year}", "us date"),
        (f"{when.day} {when:%b} {when.year}", "us date"),
    ]
    for text, unit in [(when.isoformat(), "iso date"), *spellings]:
        assert parse_date(text, unit) == when.isoformat()


@given(days)
def test_precision_is_never_added(when: date) -> None:
    for length in (4, 7, 10):
        assert parse_date(when.isoformat()[:length]) == when.isoformat()[:length]


@given(
    st.text(max_size=40) | st.from_regex(r"[0-9TZ:+ -]{1,30}|[A-Z][a-z]{2,8} \d{1,2}, \d{4}", fullmatch=True)
)
def test_any_text_is_a_date_or_nothing_or_a_parse_error(text: str) -> None:
    for unit in ("iso date", "us date", "unix seconds"):
        found = parse_or_error(parse_date, text, unit)
        assert found is None or isinstance(found, ParseError) or parse_date(found) == found
