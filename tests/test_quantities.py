"""Token counts, parameter counts and scores: exactly what the page says, never a guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parse_attempts import parse_or_error

from cardwatch.normalize.quantities import (
    SCORE_UNITS,
    parse_count,
    parse_parameters_note,
    parse_score,
)
from cardwatch.normalize.text import ParseError, canonical_number

COUNTS = [
    # on the page   counted            why this row is here
    ("128K", 128_000, "K is a thousand, not 1,024"),
    ("192k", 192_000, "lower case"),
    ("1M", 1_000_000, "the other shorthand"),
    ("1.05M", 1_050_000, "two decimals of a million"),
    ("262,144", 262_144, "thousands separator"),
    ("400,000", 400_000, "a round one"),
    ("1047576", 1_047_576, "no separator at all"),
    ("8192.0", 8_192, "a JSON number that went through a float"),
    ("400,000 tokens", 400_000, "the unit said again"),
    ("4B", 4_000_000_000, "parameters"),
    ("235B", 235_000_000_000, "parameters"),
    ("22B active", 22_000_000_000, "of a mixture of experts"),
    ("1.76T", 1_760_000_000_000, "parameters, trillions"),
    ("--", None, "the page declines to say"),
    ("—", None, "in another way"),
    ("", None, "and in a third"),
]


@pytest.mark.parametrize(("text", "wanted", "why"), COUNTS)
def test_a_count(text: str, wanted: int | None, why: str) -> None:
    assert parse_count(text) == wanted, why


NO_COUNTS = [
    "28.6/25.8",
    "8x7B",
    "1.76T (8x222B MoE)*",
    "204.800",
    "1.5",
    "1.0001K",
    "262,144 natively and extensible up to 1,010,000",
    "MAXIMUM: 384K",
    "-1",
    "26,2144",
    "1,000,000,000T",
    "∞",
]


def test_a_note_on_parameters_loses_its_star_and_has_to_add_up() -> None:
    assert parse_parameters_note("1.76T (8x220B MoE)*") == "1.76T (8x220B MoE)"
    assert parse_parameters_note("141B, 39B active") == "141B, 39B active"
    with pytest.raises(ParseError, match=r"wanted experts that make 1760B, found '1776B: 1\.76T"):
        parse_parameters_note("1.76T (8x222B MoE)*")


@pytest.mark.parametrize("text", NO_COUNTS)
def test_what_is_not_one_count_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse_count(text, "tokens")


def test_a_count_of_something_else_is_refused() -> None:
    with pytest.raises(ParseError, match="tokens or parameters"):
        parse_count("128", "percent")


@given(st.integers(min_value=0, max_value=10**15))
def test_a_count_reads_back(number: int) -> None:
    assert parse_count(f"{number:,}") == parse_count(str(number)) == number


@given(st.integers(min_value=1, max_value=999), st.sampled_from("KkMmBbTt"))
def test_a_suffix_is_a_power_of_a_thousand(number: int, suffix: str) -> None:
    assert parse_count(f"{number}{suffix}") == number * 1000 ** ("kmbt".index(suffix.lower()) + 1)


SCORES = [
    ("81.8", "percent", "81.8", "MMLU-Pro on a seed page"),
    ("0.7711", "fraction", "0.7711", "a board of fractions"),
    ("0.7599999999999999", "fraction", "0.76", "a binary float's noise"),
    ("76.2%", "percent", "76.2", "the sign agrees with the unit"),
    ("76.2%", "", "76.2", "the sign is the unit"),
    ("1287", "elo", "1287", "an arena"),
    ("5478.16", "score", "5478.16", "a scale of its own"),
    ("0", "percent", "0", "nothing solved is a score"),
    ("--", "percent", None, "not run"),
]


@pytest.mark.parametrize(("text", "unit", "wanted", "why"), SCORES)
def test_a_score(text: str, unit: str, wanted: str | None, why: str) -> None:
    found = parse_score(text, unit)
    assert (None if found is None else canonical_number(found)) == wanted, why


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("28.6/25.8", "percent"),
        ("76.2%", "fraction"),
        ("81.8", "fraction"),
        ("101", "percent"),
        ("81.8", ""),
        ("81.8", "points"),
        ("-5", "percent"),
        ("nan", "score"),
        ("77.2 ± 0.5", "percent"),
    ],
)
def test_what_is_not_one_score_is_refused(text: str, unit: str) -> None:
    with pytest.raises(ParseError):
        parse_score(text, unit)


@given(st.text(max_size=30) | st.from_regex(r"[0-9.,kKmMbBT%/-]{1,15}", fullmatch=True))
def test_any_text_is_a_quantity_or_nothing_or_a_parse_error(text: str) -> None:
    for unit in ("", "tokens", *SCORE_UNITS):
        for read in (parse_count, parse_score):
            found = parse_or_error(read, text, unit)
            assert found is None or isinstance(found, ParseError) or found >= 0
