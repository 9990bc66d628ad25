"""One table of a page, whatever markup it came in: headings, rows of text, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import NamedTuple, TypeVar

from cardwatch.crawler.documents import PageChangedError, PagePart, RawRow, UnreadPart
from cardwatch.crawler.formats.conditions import read_conditions
from cardwatch.crawler.formats.reading import read_each, unread_part
from cardwatch.crawler.page_checks import READING_ERRORS

T = TypeVar("T")
FOOTNOTES = re.compile(r"(?: ?(?:[*†‡§:⁰¹²³⁴-⁹]|\]\d{1,2}\[))+ ?")
"""A footnote's marks and a colon at the end of a heading, backwards."""
CONDITION = re.compile(
    r"[$€£¥元%]|\b(?:tiers?|regions?|where|locations?|zones?|scopes?|platforms?|clouds?|deployments?|plans?|units?|per"
    r"|currency|discount(?:ed)?|off|sale|promo\w*|offers?|modes?|thinking|contexts?|lengths?|tokens?|prompts?|ranges?"
    r"|size|resolution|quality|duration|batch|flex|priority|cach\w+|peak|hours?|valid|until|from|effective|periods?"
    r"|types?|variants?|versions?|pric(?:e|es|ing)|costs?|rates?|fees?|notes?|remarks?|comments?|conditions?|only)\b"
    r"|优惠|折|地域|部署|模式|单价|价格|备注|上下文|范围",
    re.IGNORECASE,
)
"""Words of conditions and prices: an unknown column with one of them may change what its neighbours say."""


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

    def read_columns(
        self, read_heading: Callable[[str], T], *, apart: Iterable[int] = (0,)
    ) -> tuple[dict[int, T], tuple[UnreadPart, ...]]:
        """Return what each column means by its place, and those that `read_heading` raises on as unread parts.

        Raises PageChangedError for such a column when it may be a condition of what stands beside it: its heading
        or a cell says so, or rows are alike in the columns that set them apart. Such a part has the text of the whole
        table: what the page said of any of its rows may stand in that column.
        """
        found, spare = dict[int, T](), list[UnreadPart]()
        for number, heading in enumerate(self.headings):
            try:
                found[number] = read_heading(heading)
            except PageChangedError as error:
                spare.append(self._spare_column(number, tuple(apart), error))
        return found, tuple(spare)

    def _spare_column(self, number: int, apart: tuple[int, ...], error: PageChangedError) -> UnreadPart:
        heading, texts = self.headings[number], [row.cells[number] for row in self.rows]
        subjects = [tuple(row.cells[column] for column in apart) for row in self.rows]
        if (
            number in apart
            or len({*subjects}) < len(subjects)
            or any(map(may_be_condition, (heading, *texts)))
        ):
            raise error
        at = self.locator + self.at(number)
        return UnreadPart("cell", error.what, error.wanted, heading, at, self.text, self.under, rows=0)

    def lookup_heading(self, known: Mapping[str, T], heading: str) -> T:
        """Return what a heading means. Raises PageChangedError for one that nobody has decided about."""
        if fold_heading(heading) not in known:
            raise PageChangedError(
                "table headings", wanted=sorted(known), found=repr(heading), where=self.where
            )
        return known[fold_heading(heading)]

    def records(
        self, known: Mapping[str, str], *, need: Sequence[str], apart: Sequence[str] = ()
    ) -> tuple[list[TableRecord], tuple[UnreadPart, ...]]:
        """Return each row as texts by what their columns mean, and the columns nobody knows as unread parts.

        A column that means "" is left out. Rows are set apart by the meanings in `apart`, or else by the first in
        `need`. Raises PageChangedError for an unknown column that may be a condition, for two columns that mean
        the same and for a meaning in `need` that no column has.
        """
        places = {known.get(fold_heading(heading)): number for number, heading in enumerate(self.headings)}
        subjects = [places[meaning] for meaning in apart or need[:1] if meaning in places]
        meanings, spare = self.read_columns(partial(self.lookup_heading, known), apart=subjects)
        read_columns = [meaning for meaning in meanings.values() if meaning]
        if len({*read_columns}) != len(read_columns) or not {*need} <= {*read_columns}:
            raise PageChangedError(
                "table headings",
                wanted=f"one each of {[*need]}",
                found=read_columns + [part.found for part in spare],
                where=self.where,
            )
        named = {meaning: number for number, meaning in meanings.items() if meaning}
        at = {meaning: self.at(number) for meaning, number in named.items()}
        found = [
            TableRecord(
                row.locator,
                {meaning: row.cells[number] for meaning, number in named.items()},
                at,
                row.text,
                self.under,
            )
            for row in self.rows
        ]
        return found, spare


def read_records(
    table: PageTable,
    known: Mapping[str, str],
    read_row: Callable[[TableRecord], Iterable[PagePart]],
    *,
    need: Sequence[str],
    apart: Sequence[str] = (),
) -> Iterator[PagePart]:
    """Yield what `read_row` reads of each row, its columns named by `known`; see PageTable.records."""
    rows, spare = table.records(known, need=need, apart=apart)
    yield from read_each(rows, read_row)
    yield from spare


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
        parts: tuple[PagePart, ...]
        try:
            parts = tuple(_read_whole(table, read_table))
        except READING_ERRORS as error:
            parts = (unread_part(error, table, "table"),)
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


@lru_cache(maxsize=1024)
def fold_heading(text: str) -> str:
    """Return a heading without case, spacing, a colon and footnote marks: pages change them without a word."""
    folded = " ".join(text.casefold().split())
    marks = FOOTNOTES.match(folded[::-1])
    return folded[: -marks.end()] or folded if marks else folded


def may_be_condition(text: str) -> bool:
    """Say whether a heading or a cell that nobody knows may say when, where or for whom what is beside it holds."""
    return bool(CONDITION.search(text)) or (bool(text.strip()) and read_conditions(text) is not None)
