"""Tables of benchmark scores on a model card, where one column, or one row, is the card's own model."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from parsel import Selector

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PagePart, RawRow, UnreadPart
from cardwatch.crawler.formats.benchmark_names import (
    benchmark_unit,
    fold_benchmark,
    parse_benchmark_name,
    stated_unit,
)
from cardwatch.crawler.formats.html_table import find_grids, grid_to_table
from cardwatch.crawler.formats.markdown import MarkdownSection, plain_text, section_tables
from cardwatch.crawler.formats.reading import read_each
from cardwatch.crawler.formats.table import PageTable, TableRow

SECTION = re.compile(r"benchmark|evaluation|performance", re.IGNORECASE)
NAME_HEADINGS = {"", "benchmark", "benchmarks", "benchmark (metric)", "dataset", "task", "eval", "evaluation"}
"""How the column with the benchmarks' names may be headed."""
MODEL_HEADINGS = {"model", "models", "model name"}
"""How the first column of a table is headed that has a row for each model and a column for each benchmark."""
SAYS_NO_SCORE = re.compile(
    r"\b(?:params?|parameters?|size|context|length|shots?|tokens?|layers?|licen[cs]e|date)\b"
)
"""Words of columns that such a table has beside its benchmarks."""
RUN_HEADINGS = {"metric", "metrics", "measure", "# shots", "#shots", "shots", "setting", "settings"}
"""How a column may be headed that says how the scores of its row were made."""
BRACKETS, DIGIT = re.compile(r"[()]"), re.compile(r"\d")
BASE = re.compile(r"\bbase\b", re.IGNORECASE)


class ScoreOwner(NamedTuple):
    """Whose scores: the repository's id, the name its column bears, and who reports them."""

    model: str
    column_name: str
    reporter: str


def score_rows(page: Iterable[MarkdownSection], scores: ScoreOwner) -> Iterator[PagePart]:
    """Yield the scores of the card's own model, found by its column's name; other columns are others' scores.

    Score tables of which none has the model's column are an unread section.
    """
    sections = tuple(page)
    titles = {section.title for section in sections if section.level == 1}
    found = [table for section in sections if _holds_scores(section, titles) for table in _tables(section)]
    parts = [*read_each(found, partial(_table_scores, scores), kind="table")]
    if found and not parts:
        headings = [list(table.headings) for table in found]
        wanted, text = f"a column {scores.column_name!r}", "\n".join(table.text for table in found)
        yield UnreadPart("section", "score tables", wanted, str(headings), found[0].locator, text)
    yield from parts


def _table_scores(scores: ScoreOwner, table: PageTable) -> Iterator[PagePart]:
    if table.problem is not None:
        raise table.problem
    if table.headings and _folded(table.headings[0]) in MODEL_HEADINGS:
        own = fold_benchmark(scores.column_name)
        rows = [row for row in table.rows if fold_benchmark(plain_text(row.cells[0])) == own]
        yield from read_each(rows, partial(_scores_across, scores, table))
        return
    if (names := _name_column(table)) is None:
        return
    for column, stated in _own_columns(table, scores.column_name):
        yield from read_each(table.rows, partial(_score, scores, table, (names, column), stated))
        yield from table.unread


def _holds_scores(section: MarkdownSection, titles: Collection[str]) -> bool:
    return any(SECTION.search(heading) for heading in section.path if heading not in titles)


def _tables(section: MarkdownSection) -> Iterator[PageTable]:
    yield from section_tables(section)
    text = "\n".join(line.text for line in section.lines)
    for grid in find_grids(Selector(text)) if "<table" in text else ():
        locator = f"/line[{section.number}]{grid.locator}"
        yield grid_to_table(grid._replace(path=section.path, locator=locator))


def _name_column(found: PageTable) -> int | None:
    """Return the column of the benchmarks' names: the one so headed, else the first where nothing heads it.

    Before the names may stand what groups them, such as "English" and "Math", below no heading either.
    """
    headings = [_folded(heading) for heading in found.headings]
    named = [number for number, heading in enumerate(headings) if heading and heading in NAME_HEADINGS]
    return named[0] if named else 0 if not headings[0] else None


def _own_columns(found: PageTable, own: str) -> Iterator[tuple[int, str]]:
    """Yield the model's own columns, each with what its heading says in brackets: a mode, a unit.

    A table about base models is about the own model only if that is one.
    """
    if any(map(BASE.search, found.path)) and not BASE.search(own):
        return
    for column, heading in enumerate(found.headings[1:], start=1):
        name, _, stated = _folded(heading).partition("(")
        if fold_benchmark(name) == fold_benchmark(own):
            yield column, f"({stated}"


def _folded(heading: str) -> str:
    return " ".join(plain_text(heading).split()).casefold()


def _score(
    scores: ScoreOwner, found: PageTable, columns: tuple[int, int], stated: str, row: TableRow
) -> Iterator[RawRow]:
    names, column = columns
    ways = [
        f" ({BRACKETS.sub(' ', text)})"
        for heading, cell in zip(found.headings, row.cells, strict=True)
        if _folded(heading) in RUN_HEADINGS and not is_blank(text := plain_text(cell))
    ]
    printed = f"{plain_text(row.cells[names])}{''.join(ways)} {stated}".replace("\n", " ").removesuffix(" (")
    yield from _score_row(
        scores, printed, Cell(plain_text(row.cells[column]), at=found.at(column)), row.locator
    )


def _scores_across(scores: ScoreOwner, found: PageTable, row: TableRow) -> Iterator[RawRow]:
    for column, heading in enumerate(found.headings[1:], start=1):
        if not SAYS_NO_SCORE.search(_folded(heading)):
            cell = Cell(plain_text(row.cells[column]), at=found.at(column))
            yield from _score_row(scores, plain_text(heading), cell, row.locator)


def _score_row(scores: ScoreOwner, printed: str, cell: Cell, locator: str) -> Iterator[RawRow]:
    name = parse_benchmark_name(printed)
    if name is None or is_blank(cell.text) or not DIGIT.search(cell.text):
        return
    unit = stated_unit(printed) or benchmark_unit(name.attribute)
    qualifier = {**name.qualifier, "reporter": scores.reporter}
    cells = {name.attribute: cell._replace(unit=unit)}
    yield RawRow("benchmark", scores.model, locator, cells, qualifier=qualifier)
