"""The words beside a price that say when it holds: understood whole, or not at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwatch.crawler.documents import PageChangedError
from cardwatch.crawler.formats.conditions import read_conditions, split_name

DAYS = st.dates(date(2024, 1, 1), date(2031, 12, 31))


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("through August 31, 2026", {"to": "2026-09-01"}),
        ("until 31 August 2026", {"to": "2026-09-01"}),
        ("until 2026/05/31 15:59 UTC", {"to": "2026-06-01"}),
        ("through the end of August 2026", {"to": "2026-09-01"}),
        ("before Sept. 1, 2026", {"to": "2026-09-01"}),
        ("starting September 1st, 2026.", {"from": "2026-09-01"}),
        ("effective as of 2026-09-01", {"from": "2026-09-01"}),
        ("after August 2026", {"from": "2026-09-01"}),
        ("at 16:00 UTC on August 16, 2026", None),
        ("from 16:00 UTC on August 16, 2026", {"from": "2026-08-16"}),
        ("from June 1, 2026 through August 31, 2026", {"from": "2026-06-01", "to": "2026-09-01"}),
        ("June 1, 2026 – August 31, 2026", {"from": "2026-06-01", "to": "2026-09-01"}),
        ("through August 31", None),
        ("until February 31, 2026", None),
        ("until further notice", None),
        ("for prompts up to 100,000 tokens", {}),
        ("for prompts over 100,000 tokens", {"context_above": "100,000"}),
        (", prompts <= 200k tokens", {}),
        (", prompts > 200k", {"context_above": "200k"}),
        ("<272K context length", {}),
        (">272K context length", {"context_above": "272K"}),
        ("for inputs of at least 200K tokens", {"context_above": "199999"}),
        ("128K < tokens ≤ 256K", {"context_above": "128K"}),
        ("0<Tokens≤128K", {}),
        ("32-128K tokens", {"context_above": "32K"}),
        ("over 10 images", None),
        ("over 100", None),
        ("over 200k images", None),
        (
            "for prompts over 200K tokens through August 31, 2026",
            {"context_above": "200K", "to": "2026-09-01"},
        ),
        ("introductory pricing through August 31, 2026", {"to": "2026-09-01"}),
        ("through August 31, 2026, through May 31, 2026", None),
        ("on Tuesdays", None),
        ("", {}),
    ],
)
def test_a_phrase_is_understood_whole_or_not_at_all(text: str, qualifier: dict[str, str] | None) -> None:
    found = read_conditions(text)
    assert (None if found is None else dict(found.qualifier)) == qualifier


@given(DAYS, st.sampled_from(["%B %-d, %Y", "%b %-d %Y", "%-d %B %Y", "%Y-%m-%d", "%Y/%m/%d"]))
def test_a_day_reads_the_same_in_every_spelling(day: date, form: str) -> None:
    found = read_conditions(f"through {day.strftime(form)}; starting {day.strftime('%B %-d, %Y')}")
    assert found is not None
    assert found.qualifier == {"from": day.isoformat(), "to": (day + timedelta(days=1)).isoformat()}


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = read_conditions(text)
    assert found is None or found.qualifier.keys() <= {"from", "to", "context_above"}


@pytest.mark.parametrize(
    ("printed", "name", "status", "notes"),
    [
        ("Claude Opus 4 (retired, except on Google Cloud)", "Claude Opus 4", "retired", ()),
        ("Claude Opus 4.1 (retired, except on Bedrock and Google Cloud)", "Claude Opus 4.1", "retired", ()),
        ("Claude Mythos 5 (limited availability)", "Claude Mythos 5", "", ()),
        ("Mistral Large\n(Preview)", "Mistral Large", "preview", ()),
        ("DeepSeek V4 Flash (0731)", "DeepSeek V4 Flash", "", ("0731",)),
        ("Claude Opus 5 (on holiday)", "Claude Opus 5", "", ("on holiday",)),
    ],
)
def test_what_stands_beside_a_name_is_no_part_of_it(
    printed: str, name: str, status: str, notes: tuple[str, ...]
) -> None:
    found = split_name(printed, where="")
    assert (found.name, found.conditions.status, found.notes) == (name, status, notes)


def test_a_status_may_have_its_day() -> None:
    found = split_name("Claude Haiku 4 (deprecated, retires October 1, 2026)", where="").conditions
    assert (found.status, found.dates) == ("deprecated", {"shutdown_date": "2026-10-01"})


def test_a_discount_is_said_and_not_applied() -> None:
    found = split_name("GLM 5.2 (Limited-time 20% off) until 2026-12-31", where="").conditions
    assert (found.percent_off, found.qualifier) == ("20", {"to": "2027-01-01"})


@pytest.mark.parametrize("tail", ["for night owls", "through summer", "during Ramadan", "≤ many"])
def test_a_condition_nobody_understands_costs_the_price(tail: str) -> None:
    with pytest.raises(PageChangedError, match="name"):
        split_name(f"Claude Sonnet 5 {tail}", where="/line[3]")
