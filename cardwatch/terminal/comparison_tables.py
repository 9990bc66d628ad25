"""A comparison on a terminal: the sections that a person scans first, from the layout of the pages."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cardwatch.compare.comparison import Comparison
from cardwatch.compare.render import comparison_layout as layout
from cardwatch.compare.render.blocks import CellText, TableBody, plain_of
from cardwatch.compare.render.cost_section import write_cost
from cardwatch.compare.render.page_writers import NONE, Marks, no_marks
from cardwatch.compare.render.review import RenderContext, review_comparison
from cardwatch.compare.statement import Statement
from cardwatch.terminal.consoles import stdout_console

SCANNED_FIRST = (
    layout.write_verdict,
    layout.write_scorecard,
    layout.write_choose,
    write_cost,
    layout.write_capabilities,
    layout.write_benchmarks,
)


def print_comparison(comparison: Comparison, stamp: RenderContext) -> None:
    """Print what a person scans first; `--format md` has all of it."""
    looked = review_comparison(comparison, stamp)
    writer = TerminalWriter(stdout_console())
    writer.title(layout.comparison_title(comparison))
    writer.label(f"{looked.words}, oldest fact {looked.reviewed_on or 'unknown'}")
    for write_section in SCANNED_FIRST:
        write_section(writer, comparison)


class TerminalWriter:
    """Writes a page to a console."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def title(self, text: CellText) -> None:
        self._console.print(Text(plain_of(text), style="bold"))

    def section(self, id_: str, title: str, marks: Marks = no_marks) -> None:
        self._console.print(Text(f"\n{title}", style="bold"))

    def heading(self, text: CellText) -> None:
        self._console.print(Text(plain_of(text), style="bold dim"))

    def label(self, *parts: CellText, kind: str = "label") -> None:
        self._console.print(Text(" ".join(plain_of(part) for part in parts)))

    def paragraph(self, statements: Sequence[Statement]) -> None:
        if statements:
            self._console.print(Text(" ".join(statement.text for statement in statements)))

    def bullets(self, statements: Sequence[Statement]) -> None:
        for statement in statements:
            self._console.print(Text(f"  {statement.text}"))
        if not statements:
            self.label(NONE)

    def table(self, kind: str, head: Sequence[str], *bodies: TableBody) -> None:
        rows = [row for body in bodies for row in body.plain_rows]
        if not rows:
            self.label(NONE)
            return
        table = Table(box=None, pad_edge=False)
        for heading in head:
            table.add_column(heading, header_style="dim", overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell, style="dim" if cell.startswith("unknown") else "") for cell in row))
        self._console.print(table)
