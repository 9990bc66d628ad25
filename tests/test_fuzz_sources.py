"""Whatever arrives, a source yields rows or says that the page has changed: nothing else comes of it, up to the catalog."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.page_mutations import mutate_page
from support.read_visits import visit_of
from support.recorded_cases import Case
from support.recorded_pages import spider
from support.soak_notes import print_row
from test_sources import CASES

from cardwatch.crawler.documents import (
    Cell,
    PageChangedError,
    PagePart,
    RawRow,
    UnreadPart,
)
from cardwatch.crawler.source import Source
from cardwatch.db.catalog import CatalogStore
from cardwatch.normalize.visit_reader import read_visit

QUICK, SOAK = 12, 102_000
INGESTED = 10
"""One of so many mutated pages also goes into a catalog."""
START = datetime(2026, 3, 10, 12, tzinfo=UTC)


def spoiled(source: Source, case: Case, seed: int) -> list[PagePart]:
    body = mutate_page(case.path.read_bytes(), seed)
    try:
        return list(source.rows(case.answer(body)))
    except PageChangedError:
        return []


def check_rows(parts: list[PagePart], seed: int) -> tuple[RawRow, ...]:
    for part in parts:
        assert isinstance(part, RawRow | UnreadPart), f"seed {seed}"
    rows = tuple(part for part in parts if isinstance(part, RawRow))
    for row in rows:
        assert all(isinstance(cell, Cell) and isinstance(cell.text, str) for cell in row.cells.values())
    return rows


def check(case: Case, seeds: range, folder: Path) -> int:
    """Read mutated pages up to their records, and some up to the catalog; return how many went there."""
    source, card, now = spider(case.source), spider(case.source).card(), [START]
    ingested = 0
    with CatalogStore.open(folder / "catalog.db", now=lambda: now[0]) as catalog:
        for seed in seeds:
            rows = check_rows(spoiled(source, case, seed), seed)
            if not rows:
                continue
            made = visit_of(source, rows, START + timedelta(hours=seed), url=case.url)
            read_visit(made, card)
            if seed % INGESTED == 0:
                now[0] = made.started
                catalog.ingest(card, [made], lambda visit: read_visit(visit, card), rules="rules 1")
                ingested += 1
        assert catalog.conn.execute("PRAGMA foreign_key_check").fetchall() == []
    return ingested


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_spoiled_page_yields_rows_or_one_named_error(case: Case, tmp_path: Path) -> None:
    check(case, range(QUICK), tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_hundred_thousand_spoiled_pages(case: Case, tmp_path: Path) -> None:
    """Read this page's share of them."""
    each = -(-SOAK // len(CASES))
    ingested = check(case, range(QUICK, QUICK + each), tmp_path)
    print_row(
        f"{case.source}/{case.page}", f"{each} mutations, {ingested} ingested", "a row, a part or an error"
    )
