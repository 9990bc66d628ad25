"""The parts a page is built of. Each renders itself as Markdown and as HTML from the same values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

from compare import escape
from compare.claim import Claim
from compare.shown import Seat


class Rendered(Protocol):
    """Anything that stands in a section."""

    @property
    def md(self) -> str: ...
    @property
    def html(self) -> str: ...


class Cell(Rendered, Protocol):
    """What stands in a table cell."""

    @property
    def plain(self) -> str: ...


Text = str | Cell
"""A plain string is escaped when it is rendered."""


def md_of(text: Text) -> str:
    return escape.md(text) if isinstance(text, str) else text.md


def plain_of(text: Text) -> str:
    return text if isinstance(text, str) else text.plain


def html_of(text: Text) -> str:
    return escape.html(text) if isinstance(text, str) else text.html


@dataclass(slots=True, eq=False)
class Linked:
    """Text with an address outside; not a link unless the address is http or https."""

    text: str
    url: str

    @property
    def plain(self) -> str:
        return self.text

    @property
    def md(self) -> str:
        return escape.md_link(self.text, self.url)

    @property
    def html(self) -> str:
        return escape.html_link(self.text, self.url)


@dataclass(slots=True, eq=False)
class Page:
    """Text with the address of another page of ours; only the text when there is none."""

    text: str
    href: str = ""

    @property
    def plain(self) -> str:
        return self.text

    @property
    def md(self) -> str:
        return f"[{escape.md(self.text)}]({self.href})" if self.href else escape.md(self.text)

    @property
    def html(self) -> str:
        text = escape.html(self.text)
        return f'<a href="{escape.html(self.href)}">{text}</a>' if self.href else text


@dataclass(slots=True, eq=False)
class Joined:
    """Several texts in one cell."""

    parts: Sequence[Text]
    between: str = ", "

    @property
    def plain(self) -> str:
        return self.between.join(plain_of(part) for part in self.parts)

    @property
    def md(self) -> str:
        return self.between.join(md_of(part) for part in self.parts)

    @property
    def html(self) -> str:
        return self.between.join(html_of(part) for part in self.parts)


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows rendered at most once. `marks` are HTML attributes of the rows, already escaped."""

    rows: Sequence[Sequence[Text]]
    marks: Sequence[str] = ()

    @cached_property
    def md(self) -> str:
        return "".join([f"\n| {' | '.join([md_of(cell) for cell in row])} |" for row in self.rows])

    @cached_property
    def html(self) -> str:
        marks = self.marks or [""] * len(self.rows)
        return "".join(_html_row(row, mark) for row, mark in zip(self.rows, marks, strict=True))


def _html_row(row: Sequence[Text], mark: str) -> str:
    first, *rest = row
    cells = "".join(f"<td>{html_of(cell)}</td>" for cell in rest)
    return f'<tr{mark}><th scope="row">{html_of(first)}</th>{cells}</tr>'


@dataclass(frozen=True, eq=False)
class Column:
    """The cells of one model in a table of two, by row key, with its half of each row; rendered at most once.

    The half of side a is headed by the label of the row.
    """

    seat: Seat
    labels: Mapping[str, str]
    cells: Mapping[str, Text]

    @cached_property
    def plain(self) -> Mapping[str, str]:
        return {key: plain_of(cell) for key, cell in self.cells.items()}

    @cached_property
    def md(self) -> Mapping[str, str]:
        cells = {key: md_of(cell) for key, cell in self.cells.items()}
        if self.seat == "b":
            return {key: f" {cell} |" for key, cell in cells.items()}
        return {key: f"\n| {self.labels[key]} | {cell} |" for key, cell in cells.items()}

    @cached_property
    def html(self) -> Mapping[str, str]:
        cells = {key: f"<td>{html_of(cell)}</td>" for key, cell in self.cells.items()}
        if self.seat == "b":
            return {key: f"{cell}</tr>" for key, cell in cells.items()}
        heads = {key: escape.html(self.labels[key]) for key in cells}
        return {key: f'<tr><th scope="row">{heads[key]}</th>{cell}' for key, cell in cells.items()}


@dataclass(slots=True, eq=False)
class TwoColumns:
    """The rows of two models side by side: both halves of every row of these keys."""

    keys: Iterable[str]
    a: Column
    b: Column

    @property
    def md(self) -> str:
        a, b = self.a.md, self.b.md
        return "".join([a[key] + b[key] for key in self.keys])

    @property
    def html(self) -> str:
        a, b = self.a.html, self.b.html
        return "".join([a[key] + b[key] for key in self.keys])


@dataclass(slots=True, eq=False)
class Table:
    """A table whose first column heads its rows; `kind` names it."""

    kind: str
    head: Sequence[str]
    body: Sequence[Rendered]

    @property
    def md(self) -> str:
        rows = "".join([rows.md for rows in self.body])
        return f"{_head_md(tuple(self.head))}{rows}"

    @property
    def html(self) -> str:
        head = "".join(f'<th scope="col">{escape.html(cell)}</th>' for cell in self.head)
        rows = "".join(rows.html for rows in self.body)
        kind = self.kind
        table = f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        return f'<div class="scroll" tabindex="0" role="region" aria-label="{kind}">{table}</div>'


@lru_cache(maxsize=256)
def _head_md(head: tuple[str, ...]) -> str:
    cells = " | ".join(escape.md(cell) for cell in head)
    return f"| {cells} |\n|{'---|' * len(head)}"


def table(kind: str, head: Sequence[str], *rows: Rows) -> list[Rendered]:
    """Return the table of all rows, or "None." when there is none."""
    filled = [each for each in rows if each.rows]
    return [Table(kind, head, filled)] if filled else [NONE]


@dataclass(slots=True, eq=False)
class Claims:
    """Claims as one paragraph, or as a list."""

    claims: Sequence[Claim]
    listed: bool = False

    @property
    def md(self) -> str:
        if self.listed:
            return "\n".join(f"- {escape.md(claim.text)}" for claim in self.claims)
        return " ".join(escape.md(claim.text) for claim in self.claims)

    @property
    def html(self) -> str:
        tag = "li" if self.listed else "span"
        said = "".join(_html_claim(claim, tag) for claim in self.claims)
        return f"<ul>{said}</ul>" if self.listed else f"<p>{said}</p>"


def _html_claim(claim: Claim, tag: str) -> str:
    facts = " ".join(claim.facts)
    marks = f'class="claim" data-claim="{claim.id}" data-rule="{claim.rule}" data-facts="{facts}"'
    return f"<{tag} {marks}>{escape.html(claim.text)}</{tag}>{' ' if tag == 'span' else ''}"


@dataclass(slots=True, eq=False)
class Label:
    """Fixed words, with a figure or a name at most: never a sentence about a model."""

    parts: Sequence[Text]
    kind: str = "label"

    @property
    def md(self) -> str:
        return " ".join(md_of(part) for part in self.parts)

    @property
    def html(self) -> str:
        return f'<p class="{self.kind}">{" ".join(html_of(part) for part in self.parts)}</p>'


NONE = Label(("None.",))


@dataclass(slots=True, eq=False)
class Heading:
    """A heading inside a section."""

    text: str

    @property
    def md(self) -> str:
        return f"### {escape.md(self.text)}"

    @property
    def html(self) -> str:
        return f"<h3>{escape.html(self.text)}</h3>"


@dataclass(frozen=True, eq=False)
class Drawer:
    """A table that only HTML has room for, folded away; the same values are in the JSON."""

    summary: str
    table: Table

    @property
    def md(self) -> str:
        return ""

    @cached_property
    def html(self) -> str:
        return f"<details><summary>{escape.html(self.summary)}</summary>{self.table.html}</details>"


@dataclass(slots=True, eq=False)
class Section:
    """A titled part of the page. `marks` are HTML attributes, already escaped."""

    id: str
    title: str
    blocks: Sequence[Rendered]
    marks: str = ""

    @property
    def md(self) -> str:
        parts = [f"## {escape.md(self.title)}", *(block.md for block in self.blocks)]
        return "\n\n".join([part for part in parts if part])

    @property
    def html(self) -> str:
        inner = "".join(block.html for block in self.blocks)
        return (
            f'<section id="{self.id}"{self.marks} aria-labelledby="{self.id}-title">'
            f'<h2 id="{self.id}-title">{escape.html(self.title)}</h2>{inner}</section>'
        )
