"""Cells and rows. Each renders itself as Markdown and as HTML from the same values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Protocol

from msgspec import Struct

from cardwatch.compare.display_facts import SideId
from cardwatch.compare.wording import escaping


class TableBody(Protocol):
    """The rows of a table, or a part of them; "" for none."""

    @property
    def md(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def plain_rows(self) -> Sequence[Sequence[str]]: ...


class TableCell(Protocol):
    """What stands in a table cell."""

    @property
    def md(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def plain(self) -> str: ...


CellText = str | TableCell
"""A plain string is escaped when it is rendered."""


def md_of(text: CellText) -> str:
    return escaping.escape_markdown(text) if isinstance(text, str) else text.md


def plain_of(text: CellText) -> str:
    return text if isinstance(text, str) else text.plain


def html_of(text: CellText) -> str:
    return escaping.escape_html(text) if isinstance(text, str) else text.html


class ExternalLink(Struct, eq=False):
    """Text with an address outside; not a link unless the address is http or https."""

    text: str
    url: str

    @property
    def plain(self) -> str:
        return self.text

    @property
    def md(self) -> str:
        return escaping.markdown_link(self.text, self.url)

    @property
    def html(self) -> str:
        return escaping.html_link(self.text, self.url)


class InternalLink(Struct, eq=False):
    """Text with the address of another page of ours; only the text when there is none."""

    text: str
    href: str = ""

    @property
    def plain(self) -> str:
        return self.text

    @property
    def md(self) -> str:
        return (
            f"[{escaping.escape_markdown(self.text)}]({self.href})"
            if self.href
            else escaping.escape_markdown(self.text)
        )

    @property
    def html(self) -> str:
        text = escaping.escape_html(self.text)
        return f'<a href="{escaping.escape_html(self.href)}">{text}</a>' if self.href else text


class Joined(Struct, frozen=True, eq=False, dict=True):
    """Several texts in one cell, rendered at most once: many pages show the cell of a score."""

    parts: Sequence[CellText]
    between: str = ", "

    @property
    def plain(self) -> str:
        return self.between.join(plain_of(part) for part in self.parts)

    @cached_property
    def md(self) -> str:
        return self.between.join(md_of(part) for part in self.parts)

    @cached_property
    def html(self) -> str:
        return self.between.join(html_of(part) for part in self.parts)


class TableRows(Struct, frozen=True, eq=False, dict=True):
    """Rows of cells, rendered at most once: many pages show those of one model."""

    rows: Sequence[Sequence[CellText]]

    @cached_property
    def md(self) -> str:
        return "".join([f"\n| {' | '.join([md_of(cell) for cell in row])} |" for row in self.rows])

    @cached_property
    def html(self) -> str:
        return "".join([_html_row(row) for row in self.rows])

    @property
    def plain_rows(self) -> Sequence[Sequence[str]]:
        return [[plain_of(cell) for cell in row] for row in self.rows]


def _html_row(row: Sequence[CellText]) -> str:
    first, *rest = row
    cells = "".join([f"<td>{html_of(cell)}</td>" for cell in rest])
    return f'<tr><th scope="row">{html_of(first)}</th>{cells}</tr>'


class ModelColumn(Struct, frozen=True, eq=False, dict=True):
    """The cells of one model in a table of two, by row key, with its half of each row; rendered at most once.

    The half of side a is headed by the label of the row.
    """

    side_id: SideId
    labels: Mapping[str, str]
    cells: Mapping[str, CellText]

    @cached_property
    def plain(self) -> Mapping[str, str]:
        return {key: plain_of(cell) for key, cell in self.cells.items()}

    @cached_property
    def md(self) -> Mapping[str, str]:
        cells = {key: md_of(cell) for key, cell in self.cells.items()}
        if self.side_id == "b":
            return {key: f" {cell} |" for key, cell in cells.items()}
        return {key: f"\n| {self.labels[key]} | {cell} |" for key, cell in cells.items()}

    @cached_property
    def html(self) -> Mapping[str, str]:
        cells = {key: f"<td>{html_of(cell)}</td>" for key, cell in self.cells.items()}
        if self.side_id == "b":
            return {key: f"{cell}</tr>" for key, cell in cells.items()}
        heads = {key: escaping.escape_html(self.labels[key]) for key in cells}
        return {key: f'<tr><th scope="row">{heads[key]}</th>{cell}' for key, cell in cells.items()}


class TwoColumns(Struct, eq=False):
    """The rows of two models side by side: both halves of every row of these keys."""

    keys: Collection[str]
    a: ModelColumn
    b: ModelColumn

    @property
    def md(self) -> str:
        return self._rows(self.a.md, self.b.md)

    @property
    def plain_rows(self) -> Sequence[Sequence[str]]:
        a, b = self.a.plain, self.b.plain
        return [[self.a.labels[key], a[key], b[key]] for key in self.keys]

    @property
    def html(self) -> str:
        return self._rows(self.a.html, self.b.html)

    def _rows(self, a: Mapping[str, str], b: Mapping[str, str]) -> str:
        halves = zip(map(a.__getitem__, self.keys), map(b.__getitem__, self.keys), strict=True)
        return "".join(chain.from_iterable(halves))


def html_table(kind: str, head: Sequence[str], rows: str) -> str:
    """Return a table of rows in HTML; `kind` names it."""
    names = "".join([f'<th scope="col">{escaping.escape_html(cell)}</th>' for cell in head])
    table = f'<table class="{kind}"><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{kind}">{table}</div>'
