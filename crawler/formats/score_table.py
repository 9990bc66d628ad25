"""Tables of benchmark scores on a model card, where one column is the card's own model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

from parsel import Selector

from cardwatch.crawler.documents import Cell, PagePart, RawRow, UnreadPart
from cardwatch.crawler.formats.benchmark_names import benchmark_unit, parse_benchmark_name, stated_unit
from cardwatch.crawler.formats.html_table import find_grids, grid_to_table
from cardwatch.crawler.formats.markdown import MarkdownSection, plain_text, section_tables
from cardwatch.crawler.formats.reading import is_blank, read_each
from cardwatch.crawler.formats.table import PageTable, TableRow

SECTION = re.compile(r"benchmark|evaluation|performance", re.IGNORECASE)
NAME_HEADINGS = {"", "benchmark", "benchmarks", "benchmark (metric)", "dataset", "task", "eval", "evaluation"}
"""How the column with the benchmarks' names may be headed."""


class ScoreOwner(NamedTuple):
    """Whose scores: the repository's id, the name its column bears, and who reports them."""

    model: str
    column_name: str
    reporter: str


def score_rows(page: Iterable[MarkdownSection], scores: ScoreOwner) -> Iterator[PagePart]:
    """Yield the scores of the card's own model, found by its column's name; other columns are others' scores.

    Score tables of which none has the model's column are an unread section.
    """
    found = [table for section in page if _holds_scores(section) for table in _tables(section)]
    parts = [*read_each(found, partial(_table_scores, scores), kind="table")]
    if found and not parts:
        headings = [list(table.headings) for table in found]
        wanted, text = f"a column {scores.column_name!r}", "\n".join(table.text for table in found)
        yield UnreadPart("section", "score tables", wanted, str(headings), found[0].locator, text)
    yield from parts


def _table_scores(scores: ScoreOwner, table: PageTable) -> Iterator[PagePart]:
    if table.problem is not None:
        raise table.problem
    for column, stated in _own_columns(table, scores.column_name):
        yield from read_each(table.rows, partial(_score, scores, table, column, stated))
        yield from table.unread


def _holds_scores(section: MarkdownSection) -> bool:
    return any(SECTION.search(title) for title in section.path[1:])


def _tables(section: MarkdownSection) -> Iterator[PageTable]:
    yield from section_tables(section)
    text = "\n".join(line.text for line in section.lines)
    for grid in find_grids(Selector(text)) if "<table" in text else ():
        locator = f"/line[{section.number}]{grid.locator}"
        yield grid_to_table(grid._replace(path=section.path, locator=locator))


def _own_columns(found: PageTable, own: str) -> Iterator[tuple[int, str]]:
    """Yield the model's own columns, each with what its heading says in brackets: a mode, a unit."""
    if _folded(found.headings[0]) not in NAME_HEADINGS:
        return
    for column, heading in enumerate(found.headings[1:], start=1):
        name, _, stated = _folded(heading).partition("(")
        if name.strip() == _folded(own):
            yield column, f"({stated}"


def _folded(heading: str) -> str:
    return " ".join(plain_text(heading).split()).casefold()


def _score(scores: ScoreOwner, found: PageTable, column: int, stated: str, row: TableRow) -> Iterator[RawRow]:
    printed = f"{plain_text(row.cells[0])} {stated}".replace("\n", " ").removesuffix(" (")
    text, name = plain_text(row.cells[column]), parse_benchmark_name(printed)
    if name is None or is_blank(text):
        return
    unit = stated_unit(printed) or benchmark_unit(name.attribute)
    qualifier = {**name.qualifier, "reporter": scores.reporter}
    cell = Cell(text, unit, found.at(column))
    yield RawRow("benchmark", scores.model, row.locator, {name.attribute: cell}, qualifier=qualifier)
