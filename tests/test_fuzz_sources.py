"""Whatever arrives, a source yields rows or says that the page has changed: nothing else comes out of it."""

from __future__ import annotations

import pytest
from support.page_mutations import mutate_page
from support.recorded_pages import PAGES, spider, text_answer
from test_sources import TABLE, Case

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow, UnreadPart

QUICK, SOAK = 12, 100_000


def spoiled(case: Case, seed: int) -> list[PagePart]:
    path = PAGES / case.source / case.page
    body = mutate_page(path.read_bytes(), seed)
    try:
        return list(spider(case.source).rows(text_answer(body, case.url, path.suffix)))
    except PageChangedError:
        return []


def check(case: Case, seeds: range) -> None:
    for seed in seeds:
        for row in spoiled(case, seed):
            assert isinstance(row, RawRow | UnreadPart), f"seed {seed}"
            assert all(isinstance(cell, Cell) and isinstance(cell.text, str) for cell in row.cells.values())


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case.source}/{case.page}")
def test_a_spoiled_page_yields_rows_or_one_named_error(case: Case) -> None:
    check(case, range(QUICK))


@pytest.mark.soak
@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case.source}/{case.page}")
def test_a_hundred_thousand_spoiled_pages(case: Case) -> None:
    check(case, range(QUICK, QUICK + SOAK // len(TABLE)))
