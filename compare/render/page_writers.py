"""Two writers for one layout: what the page says is laid out once, and written as Markdown or as HTML.

A writer gets block after block and puts them together; cells and rows of one model come rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Protocol

from cardwatch.compare.render.blocks import CellText, TableBody, html_of, html_table, md_of
from cardwatch.compare.statement import Statement
from cardwatch.compare.wording import escaping

NONE = "None."
Marks = Callable[[], str]


def no_marks() -> str:
    return ""


class PageWriter(Protocol):
    """What a page is written with. `marks` are HTML attributes, already escaped, made only where they are written."""

    def title(self, text: CellText) -> None:
        """Begin the page."""

    def section(self, id_: str, title: str, marks: Marks = no_marks) -> None:
        """Begin a titled part of the page."""

    def heading(self, text: CellText) -> None:
        """Write a heading inside a section."""

    def label(self, *parts: CellText, kind: str = "label") -> None:
        """Write fixed words, with a figure or a name at most: never a sentence about a model."""

    def paragraph(self, statements: Sequence[Statement]) -> None:
        """Write statements as one paragraph; nothing if there are none."""

    def bullets(self, statements: Sequence[Statement]) -> None:
        """Write statements as a list, or "None."."""

    def table(self, kind: str, head: Sequence[str], *bodies: TableBody) -> None:
        """Write a table whose first column heads its rows, or "None." when it has none; `kind` names it."""


class MarkdownWriter:
    """Writes CommonMark with GFM tables. `texts` are those that only this page has, statements and questions."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._parts: list[str] = []
        self._add = self._parts.append
        self._escaped = dict(zip(texts, escaping.escape_markdown_lines(texts), strict=True))

    def done(self) -> str:
        """Return the page."""
        return "\n\n".join(self._parts) + "\n"

    def title(self, text: CellText) -> None:
        self._add(f"# {md_of(text)}")

    def section(self, id_: str, title: str, marks: Marks = no_marks) -> None:
        self._add(f"## {escaping.escape_markdown(title)}")

    def heading(self, text: CellText) -> None:
        self._add(f"### {self._escaped[text] if text in self._escaped else md_of(text)}")

    def label(self, *parts: CellText, kind: str = "label") -> None:
        self._add(" ".join([md_of(part) for part in parts]))

    def paragraph(self, statements: Sequence[Statement]) -> None:
        if statements:
            self._add(" ".join([self._escaped[statement.text] for statement in statements]))

    def bullets(self, statements: Sequence[Statement]) -> None:
        lines = "\n".join([f"- {self._escaped[statement.text]}" for statement in statements])
        self._add(lines or NONE)

    def table(self, kind: str, head: Sequence[str], *bodies: TableBody) -> None:
        rows = "".join([body.md for body in bodies])
        self._add(f"{_markdown_head(tuple(head))}{rows}" if rows else NONE)


@lru_cache(maxsize=256)
def _markdown_head(head: tuple[str, ...]) -> str:
    names = " | ".join([escaping.escape_markdown(cell) for cell in head])
    return f"| {names} |\n|{'---|' * len(head)}"


class HtmlWriter:
    """Writes the inside of an HTML article."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open = False

    def done(self) -> str:
        """Return the page."""
        self._end_section()
        return "".join(self._parts)

    def title(self, text: CellText) -> None:
        self._parts.append(f"<h1>{html_of(text)}</h1>")

    def section(self, id_: str, title: str, marks: Marks = no_marks) -> None:
        self._end_section()
        self._parts.append(f'<section id="{id_}"{marks()}><h2>{escaping.escape_html(title)}</h2>')
        self._open = True

    def _end_section(self) -> None:
        if self._open:
            self._parts.append("</section>")

    def heading(self, text: CellText) -> None:
        self._parts.append(f"<h3>{html_of(text)}</h3>")

    def label(self, *parts: CellText, kind: str = "label") -> None:
        self._parts.append(f'<p class="{kind}">{" ".join([html_of(part) for part in parts])}</p>')

    def paragraph(self, statements: Sequence[Statement]) -> None:
        if statements:
            spans = "".join([f"{_html_statement(statement, 'span')} " for statement in statements])
            self._parts.append(f"<p>{spans}</p>")

    def bullets(self, statements: Sequence[Statement]) -> None:
        if statements:
            self._parts.append(
                f"<ul>{''.join([_html_statement(statement, 'li') for statement in statements])}</ul>"
            )
        else:
            self.label(NONE)

    def table(self, kind: str, head: Sequence[str], *bodies: TableBody) -> None:
        rows = "".join([body.html for body in bodies])
        if rows:
            self._parts.append(html_table(kind, head, rows))
        else:
            self.label(NONE)


def _html_statement(statement: Statement, tag: str) -> str:
    return f'<{tag} data-claim="{statement.id}">{escaping.escape_html(statement.text)}</{tag}>'
