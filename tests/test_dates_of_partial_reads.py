"""No fact that was not read gets a new date: every recorded page, day after day with something odd in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from support.read_visits import visit_of
from support.recorded_cases import Case
from support.recorded_pages import spider
from support.unknown_parts import insertions
from test_sources import CASES

from cardwatch.crawler.documents import (
    PageChangedError,
    SourceUnreadPart,
    UnreadPart,
    Visit,
)
from cardwatch.crawler.formats.page_tables import other_tables
from cardwatch.db.catalog import CatalogStore
from cardwatch.db.store.values import encode_value
from cardwatch.normalize import read
from cardwatch.normalize.records import Reading

FIRST = datetime(2026, 11, 1, tzinfo=UTC)
ONE_OF_EACH = [case for case in CASES if case == next(each for each in CASES if each.source == case.source)]
QUICK = ONE_OF_EACH[::7]
Fact = tuple[str | None, str, str | None]


def visit(case: Case, body: str, at: datetime) -> Visit:
    """Return the visit that brought this body; raises PageChangedError for a page that cannot be read."""
    parts = case.parts(body)
    made = visit_of(spider(case.source), parts, at, url=case.url, body=body.encode())
    [document] = made.documents
    unread, others = (
        tuple(SourceUnreadPart(document, part) for part in found if isinstance(part, UnreadPart))
        for found in (parts, other_tables(case.answer(body), {part.locator for part in parts}))
    )
    return replace(made, unread=unread, others=others, warc=f"{at:%d}.warc.gz")


def days(case: Case) -> Iterator[str]:
    """Yield the page as recorded, then with one odd thing after the other."""
    page = case.text
    yield page
    for seed, insert in enumerate(insertions(case.path.suffix).values()):
        if (body := insert(page, Random(seed))) is not None:
            yield body


def facts_of(reading: Reading) -> set[Fact]:
    return {
        (record.model, value.attribute, encode_value(value.value))
        for record in reading.records
        for value in record.values
    }


def check(case: Case, folder: Path) -> None:
    card, facts_by_day = spider(case.source).card(), dict[str, set[Fact]]()
    now = FIRST
    with CatalogStore.open(folder / "catalog.db", now=lambda: now) as catalog:
        for body in days(case):
            now += timedelta(days=1)
            try:
                made = visit(case, body, now)
            except PageChangedError:
                continue
            reading = read(made, card)
            facts_by_day[f"{now:%Y-%m-%d}"] = facts_of(reading)
            catalog.ingest(card, [made], lambda _, made_reading=reading: made_reading, rules="1")
        dated = catalog.conn.execute(
            "SELECT l.said_model, c.attribute, c.value,"
            " substr(coalesce(a.last_verified, c.last_verified, p.last_verified), 1, 10)"
            " FROM claims c JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id"
            " LEFT JOIN absences a ON a.listing_id = l.id AND a.until IS NULL"
            " WHERE c.until IS NULL AND c.value IS NOT NULL"
        ).fetchall()
        assert catalog.check() == []
    assert dated or not any(model for facts in facts_by_day.values() for model, *_ in facts)
    wrong = [fact for *fact, day in map(tuple, dated) if tuple(fact) not in facts_by_day[day]]
    assert wrong == []


@pytest.mark.parametrize("case", QUICK, ids=str)
def test_no_fact_that_was_not_read_gets_a_new_date(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_fact_of_any_page_that_was_not_read_gets_a_new_date(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
