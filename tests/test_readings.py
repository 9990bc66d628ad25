"""Spiders and parsers agree: every recorded page is understood, down to units, providers and attributes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support.read_visits import read_rows
from support.recorded_cases import Case
from support.recorded_pages import spider
from test_sources import CASES

from cardwatch.normalize.records import Reading

NOW = datetime(2026, 5, 15, tzinfo=UTC)
DISAGREEMENTS = (
    "attribute",
    "unit of",
    "price unit",
    "price without",
    "price word",
    "provider",
    "variant",
    "qualifier",
)


def reading(case: Case) -> Reading:
    return read_rows(spider(case.source), case.parts(), url=case.url)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_a_source_states_is_what_the_parsers_know(case: Case) -> None:
    found = reading(case)
    known = [r for r in found.rejected if not r.attribute.startswith("unknown.")]
    assert [r for r in known if r.reason.startswith(DISAGREEMENTS)] == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_value_keeps_its_text_and_its_place(case: Case) -> None:
    for record in reading(case).records:
        for value in record.values:
            assert value.raw or value.state != "known", value
            assert value.locator.startswith(record.evidence.locator), value
