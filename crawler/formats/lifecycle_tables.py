"""Tables of models with the days on which they began, were deprecated and stop answering."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from scrapy.http import TextResponse

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow, UnreadPart
from cardwatch.crawler.formats.conditions import (
    NamedConditions,
    StatedConditions,
    is_unsettled_day,
    split_name,
)
from cardwatch.crawler.formats.page_tables import read_page_tables
from cardwatch.crawler.formats.table import PageTable, TableRecord, fold_heading, read_records, read_tables

MODEL, LABEL, UNREAD = "model", "label", ""
STATUS, RELEASED, DEPRECATED, SHUTDOWN, REPLACEMENT = (
    *("lifecycle", "release_date", "deprecation_date", "shutdown_date"),
    "replacement",
)
COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(("model id", "api model name", "model slug", "slug", "deprecated model"), MODEL),
    **dict.fromkeys(("model being retired", "retired model", "deprecated model id"), MODEL),
    **dict.fromkeys(("model", "model name"), LABEL),
    **dict.fromkeys(("status", "current status", "current state", "state"), STATUS),
    **dict.fromkeys(("release date", "released", "launch date"), RELEASED),
    **dict.fromkeys(("deprecated", "deprecation date", "deprecated on"), DEPRECATED),
    **dict.fromkeys(("shutdown date", "shutdown", "removal date", "retirement date"), SHUTDOWN),
    **dict.fromkeys(("tentative retirement date", "end of life", "retired on"), SHUTDOWN),
    **dict.fromkeys(("recommended replacement", "replacement", "recommended alternative"), REPLACEMENT),
    **dict.fromkeys(("replacement model", "replacement model id"), REPLACEMENT),
    **dict.fromkeys(("recommended model replacement", "recommended replacement model id"), REPLACEMENT),
    **dict.fromkeys(("deprecated model price", "type of model"), UNREAD),
}
"""What a folded heading means; a "label" is the name where no column of ids stands beside it."""
DAYS = frozenset({RELEASED, DEPRECATED, SHUTDOWN, REPLACEMENT})
"""A table with none of these tells of something else."""
OTHER_THINGS = frozenset({"agent", "agent id"})
"""What a table of days may list instead of models."""
ANNOUNCED = re.compile(r"(\d{4}-\d{2}-\d{2}): ")
ID = re.compile(r"(?=.*[A-Za-z])[\w@.]+(?:[-/:][\w@.]+)+")
WORD = re.compile(r"\w[\w.-]*")
SNAPSHOT = re.compile(r"(?P<model>.*?)-(?:\d{4}-?\d{2}-?\d{2}|\d{2}-\d{4}|0\d{2}|latest)")


@dataclass(frozen=True, slots=True)
class LifecyclePage:
    """How one provider writes its tables.

    `provider` stops serving; `makes_models` says that it also makes them, so that the rows are about models and
    not only about its offers. `columns` are headings it means otherwise than others do. `status` is what a table
    without a column for it says of the models it lists. `announced_above` says that headings begin with the day
    of the announcement. `names_all` says that the page names every model that its maker has sold.
    """

    provider: str
    makes_models: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    date_unit: str = "us date"
    status: str = ""
    announced_above: bool = False
    names_all: bool = False


def read_lifecycle_page(response: TextResponse, page: LifecyclePage) -> Iterator[PagePart]:
    """Yield a row a model. Raises PageChangedError when no table tells of one.

    Of what a page says twice of a model its first word counts: the table of the present stands above history,
    and later announcements above earlier ones. A dated snapshot beside other names of its model is an offer.
    """
    tables = read_page_tables(response)
    parts = tuple(read_tables(tables, partial(read_lifecycle_table, page=page), where=response.url))
    yield from first_said(_as_offers(parts, page) if page.makes_models else parts)


def read_lifecycle_table(
    table: PageTable, page: LifecyclePage, shared: Mapping[str, Cell] | None = None
) -> Iterator[PagePart]:
    """Yield the rows of one table, each with the cells of `shared` added; nothing for a table about something else."""
    known = {**COLUMNS, **page.columns}
    meanings = {known.get(fold_heading(heading)) for heading in table.headings}
    if not meanings & DAYS or OTHER_THINGS & {*map(fold_heading, table.headings)}:
        return
    label = UNREAD if MODEL in meanings else MODEL
    if label == MODEL:
        _check_ids(table, known)
    columns = {heading: label if meaning == LABEL else meaning for heading, meaning in known.items()}
    page_cells = {STATUS: Cell(page.status)} if page.status and STATUS not in meanings else {}
    if page.announced_above and (announced := ANNOUNCED.match(table.section)):
        page_cells[DEPRECATED] = Cell(announced[1], "iso date")
    shared_cells = {**page_cells, **(shared or {})}
    yield from read_records(table, columns, lambda row: _read_row(row, page, shared_cells), need=(MODEL,))


def _check_ids(table: PageTable, known: Mapping[str, str]) -> None:
    """Raise PageChangedError when a column that nobody knows has ids: a label beside them names another model."""
    for number, heading in enumerate(table.headings):
        if fold_heading(heading) not in known and any(ID.fullmatch(row.cells[number]) for row in table.rows):
            wanted = sorted(name for name, meaning in known.items() if meaning == MODEL)
            raise PageChangedError("column of ids", wanted=wanted, found=repr(heading), where=table.where)


def _read_row(row: TableRecord, page: LifecyclePage, page_cells: Mapping[str, Cell]) -> Iterator[RawRow]:
    """Yield what a row says of a model; one with a first cell alone heads the rows below it ("Preview models")."""
    name, *others = (row.texts[MODEL], *(text for meaning, text in row.texts.items() if meaning != MODEL))
    if others and all(map(is_blank, others)):
        return
    if is_blank(name) or split_name(name, where=row.locator) != NamedConditions(name, StatedConditions()):
        raise PageChangedError("model", wanted="a name without a note", found=repr(name), where=row.locator)
    cells = dict(page_cells)
    for attribute in (STATUS, RELEASED, DEPRECATED, SHUTDOWN, REPLACEMENT):
        text = row.texts.get(attribute, "")
        if not is_blank(text) and not is_unsettled_day(text):
            unit = "" if attribute in (STATUS, REPLACEMENT) else page.date_unit
            cells[attribute] = Cell(text, unit, row.at[attribute])
    if page.makes_models:
        yield RawRow("model", name, row.locator, cells)
    else:
        yield RawRow("offer", name, row.locator, cells, provider=page.provider)


def _as_offers(parts: Iterable[PagePart], page: LifecyclePage) -> Iterator[PagePart]:
    """Make offers of snapshots whose model the page has other names of: one going says nothing of the model.

    Where the page names all that its maker sells, snapshots that go on one day take their model with them.
    What stands in a part that is not understood is a name, too.
    """
    parts = tuple(parts)
    names = set[str]().union(*map(names_in, parts))
    shut_down = {part.name: part.cells[SHUTDOWN].text for part in _rows(parts) if SHUTDOWN in part.cells}
    for part in parts:
        found = SNAPSHOT.fullmatch(part.name) if isinstance(part, RawRow) else None
        if isinstance(part, RawRow) and found:
            alike = {name for name in names if _is_of(found["model"], name)}
            days = {shut_down.get(name, "") for name in alike}
            if len(alike) > 1:
                cells = {name: cell for name, cell in part.cells.items() if name != RELEASED}
                part = replace(part, cells=cells)
                if not page.names_all or "" in days or len(days) > 1:
                    part = replace(part, kind="offer", provider=page.provider)
        yield part


def _rows(parts: Iterable[PagePart]) -> Iterator[RawRow]:
    return (part for part in parts if isinstance(part, RawRow))


def names_in(part: PagePart) -> set[str]:
    """Return the name of a row; of a part that is not understood, every word that may be one."""
    return {part.name} if isinstance(part, RawRow) else {*WORD.findall(part.text)}


def _is_of(model: str, name: str) -> bool:
    found = SNAPSHOT.fullmatch(name)
    return name == model or (found is not None and found["model"] == model)


def first_said(parts: Iterable[PagePart]) -> Iterator[PagePart]:
    """Leave out what an earlier row said: the present before history, later announcements before earlier ones.

    Of a model in an unread part nobody knows what was said of it first.
    """
    seen, hidden = set[tuple[str, str]](), set[str]()
    for part in parts:
        if isinstance(part, UnreadPart):
            hidden |= names_in(part)
        elif part.name in hidden:
            continue
        else:
            new = {name: cell for name, cell in part.cells.items() if (part.name, name) not in seen}
            seen |= {(part.name, name) for name in new}
            if part.cells and not new:
                continue
            part = replace(part, cells=new)
        yield part
