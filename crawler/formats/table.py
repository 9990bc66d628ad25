"""One table of a page, whatever markup it came in: headings, rows of text, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from cardwatch.crawler.documents import PageChangedError

T = TypeVar("T")


class TableRow(NamedTuple):
    """The cells of one row as text, and the way to it in the document."""

    cells: tuple[str, ...]
    locator: str


class TableRecord(NamedTuple):
    """One row: the texts by what their columns mean, and the way from `locator` to each of them."""

    locator: str
    texts: Mapping[str, str]
    at: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PageTable:
    """`path` holds the headings above the table, outermost first; every row is as wide as `headings`."""

    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]
    path: tuple[str, ...]
    locator: str
    cell: str = "/cell"

    @property
    def where(self) -> str:
        return f"{self.locator} under {' / '.join(self.path) or 'no heading'}"

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
            yield TableRecord(row.locator, texts, {m: self.at(n) for n, m in enumerate(meanings) if m})

    def named(self, *headings: str) -> Iterator[tuple[TableRow, dict[str, str]]]:
        """Yield each row with its cells by heading, the headings being exactly these, case aside.

        Raises PageChangedError when they are others.
        """
        if tuple(map(fold_heading, self.headings)) != tuple(map(fold_heading, headings)):
            raise PageChangedError(
                "table headings", wanted=list(headings), found=list(self.headings), where=self.where
            )
        for row in self.rows:
            yield row, dict(zip(headings, row.cells, strict=True))


def fold_heading(text: str) -> str:
    """Return a heading without case and spacing: pages change both without a word."""
    return " ".join(text.casefold().split())
