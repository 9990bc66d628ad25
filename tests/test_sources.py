"""One row per recorded page, its values read off the page by a person.

To add a source: put its page into tests/pages/<source id>/ and one Case here. `values` maps
(kind, name, hint…) to what the page prints: a text, (text, unit), or None for a cell that must not be
there. A hint is the provider or one "key=value" of the variant or qualifier; without hints the plainest
row of that name is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from crawler.documents import RawRow
from recorded import find, page, spider, texts

Printed = str | tuple[str, str] | None


@dataclass(frozen=True)
class Case:
    source: str
    page: str
    url: str
    rows: int
    values: Mapping[tuple[str, ...], Mapping[str, Printed]] = field(default_factory=dict)


TABLE: list[Case] = []


def read(case: Case) -> list[RawRow]:
    return list(spider(case.source).rows(page(case.source, case.page, case.url)))


def said(row: RawRow, attribute: str, wanted: Printed) -> Printed:
    text = texts(row).get(attribute)
    return (text, row.cells[attribute].unit) if isinstance(wanted, tuple) and text is not None else text


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case.source}/{case.page}")
def test_the_page_reads_as_a_person_reads_it(case: Case) -> None:
    rows = read(case)
    assert len(rows) == case.rows
    for (kind, name, *hints), wanted in case.values.items():
        row = find(rows, kind, name, *hints)
        assert {a: said(row, a, text) for a, text in wanted.items()} == wanted, f"{kind} {name} {hints}"


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case.source}/{case.page}")
def test_every_cell_can_be_found_again_on_the_page(case: Case) -> None:
    response = page(case.source, case.page, case.url)
    for row in spider(case.source).rows(response):
        assert row.locator, row
        assert row.name == row.name.strip(), row
