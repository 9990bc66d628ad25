"""One table of a page, whatever markup it came in: headings, rows of text, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from cardwatch.crawler.documents import PageChangedError, PagePart, RawRow, UnreadPart
from cardwatch.crawler.formats.reading import read_each

T = TypeVar("T")


class TableRow(NamedTuple):
    """The cells of one row as text, the way to it in the document, and the headings above its table."""

    cells: tuple[str, ...]
    locator: str
    under: str = ""

    @property
    def text(self) -> str:
        """Return the row as printed."""
        return " | ".join(self.cells)

    @property
    def row_count(self) -> int:
        return 1


class TableRecord(NamedTuple):
    """One row: the texts by what their columns mean, and the way from `locator` to each of them."""

    locator: str
    texts: Mapping[str, str]
    at: Mapping[str, str]
    text: str = ""
    under: str = ""

    @property
    def row_count(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class PageTable:
    """`path` holds the headings above the table, outermost first; every row is as wide as `headings`.

    `unread` are rows of another width; `problem` is why nothing of the table can be read.
    """

    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]
    path: tuple[str, ...]
    locator: str
    cell: str = "/cell"
    unread: tuple[UnreadPart, ...] = ()
    problem: PageChangedError | None = None

    @property
    def where(self) -> str:
        return f"{self.locator} under {self.under or 'no heading'}"

    @property
    def under(self) -> str:
        """Return all headings above, outermost first."""
        return " / ".join(self.path)

    @property
    def text(self) -> str:
        """Return the table as printed, a line a row."""
        return "\n".join([" | ".join(self.headings), *(row.text for row in self.rows)])

    @property
    def row_count(self) -> int:
        return len(self.rows)

    @property
    def section(self) -> str:
        """Return the nearest heading above, or ""."""
        return self.path[-1] if self.path else ""

    def at(self, column: int) -> str:
        """Return the way from a row's locator to its cell in this column, counted from 0."""
        return f"{self.cell}[{column + 1}]"

    def column(self, heading: str) -> int:
        """Return the place of the one column so headed, folded. Raises PageChangedError otherwise."""
        places = [n for n, each in enumerate(self.headings) if fold_heading(each) == heading]
        if len(places) != 1:
            raise PageChangedError(
                "table headings", wanted=f"one {heading!r}", found=list(self.headings), where=self.where
            )
        return places[0]

    def columns(self, known: Mapping[str, T]) -> list[T]:
        """Return what each column means; `known` is keyed by `folded` headings.

        Raises PageChangedError for a heading that is not known: decide what it means, or ignore it by name.
        """
        for heading in self.headings:
            if fold_heading(heading) not in known:
                raise PageChangedError(
                    "table headings", wanted=sorted(known), found=repr(heading), where=self.where
                )
        return [known[fold_heading(heading)] for heading in self.headings]

    def records(self, known: Mapping[str, str], *, need: Iterable[str]) -> Iterator[TableRecord]:
        """Yield each row as texts by what their columns mean; a column that means "" is left out.

        Raises PageChangedError for an unknown heading, for two columns that mean the same and for a
        meaning in `need` that no column has.
        """
        meanings = self.columns(known)
        said = [meaning for meaning in meanings if meaning]
        if len({*said}) != len(said) or not {*need} <= {*said}:
            raise PageChangedError(
                "table headings", wanted=f"one each of {[*need]}", found=said, where=self.where
            )
        for row in self.rows:
            texts = {meaning: text for meaning, text in zip(meanings, row.cells, strict=True) if meaning}
            at = {m: self.at(n) for n, m in enumerate(meanings) if m}
            yield TableRecord(row.locator, texts, at, row.text, self.under)

    def named(self, *headings: str) -> Iterator[TableRecord]:
        """Yield each row with its texts by heading, the headings being exactly these, case aside.

        Raises PageChangedError when they are others.
        """
        if tuple(map(fold_heading, self.headings)) != tuple(map(fold_heading, headings)):
            raise PageChangedError(
                "table headings", wanted=list(headings), found=list(self.headings), where=self.where
            )
        at = {heading: self.at(number) for number, heading in enumerate(headings)}
        for row in self.rows:
            yield TableRecord(
                row.locator, dict(zip(headings, row.cells, strict=True)), at, row.text, self.under
            )


def fit_table(table: PageTable) -> PageTable:
    """Return a table with the rows that are not as wide as its headings set apart as unread parts."""
    width = len(table.headings)
    odd = tuple(
        UnreadPart(
            "row", "table row", f"{width} cells", str(list(row.cells)), row.locator, row.text, row.under
        )
        for row in table.rows
        if len(row.cells) != width
    )
    if not odd:
        return table
    return replace(
        table, rows=tuple(row for row in table.rows if len(row.cells) == width), unread=table.unread + odd
    )


def read_tables(
    tables: Iterable[PageTable], read_table: Callable[[PageTable], Iterable[PagePart]], *, where: str
) -> Iterator[PagePart]:
    """Yield what `read_table` reads of each table; one on which it raises is an unread table.

    A table that is none of the source's business gives nothing. Raises PageChangedError when no table at all
    gives a row: then nobody knows whether this is the page.
    """
    rows, lost = 0, list[str]()
    for table in tables:
        parts = tuple(read_each((table,), lambda each: _read_whole(each, read_table), kind="table"))
        rows += sum(isinstance(part, RawRow) for part in parts)
        lost += [
            f"{part.what}: {part.found}, at {part.locator}" for part in parts if isinstance(part, UnreadPart)
        ]
        yield from parts
    if not rows:
        raise PageChangedError("tables", wanted="one with rows that are known", found=lost[:5], where=where)


def _read_whole(
    table: PageTable, read_table: Callable[[PageTable], Iterable[PagePart]]
) -> Iterator[PagePart]:
    if table.problem is not None:
        raise table.problem
    found = tuple(read_table(table))
    yield from found
    if found:
        yield from table.unread


def fold_heading(text: str) -> str:
    """Return a heading without case and spacing: pages change both without a word."""
    return " ".join(text.casefold().split())
