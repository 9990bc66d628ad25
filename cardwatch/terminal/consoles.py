"""What a terminal gets: colour, and tables that keep its width."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from cardwatch.normalize.hidden_characters import write_out_hidden_lines
from cardwatch.terminal.column_fit import fit_columns, shorten_moment, wrap_cell
from cardwatch.terminal.text_table import TextTable


class ResultConsole(Console):
    """A console on which nothing is hidden, and whose reader may leave: `cli.main` then ends with exit code 0."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield what is printed, hidden characters in its texts written out; a terminal's own codes are no text."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else write_out_hidden_lines(text), style, control)

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def stdout_console() -> Console:
    """Return the console for results; wide when nobody's terminal limits it."""
    return ResultConsole(
        width=None if sys.stdout.isatty() else int(os.environ.get("COLUMNS", "160")), highlight=False
    )


def stderr_console() -> Console:
    """Return the console for progress."""
    return ResultConsole(stderr=True, highlight=False, soft_wrap=True)


def show_tables(tables: Sequence[TextTable]) -> None:
    """Print tables with a line between them."""
    console = stdout_console()
    for number, table in enumerate(tables):
        if number:
            console.print()
        cells = [
            [*table.columns],
            *([shorten_moment(write_out_hidden_lines(c.text)) for c in row] for row in table.rows),
        ]
        widths = fit_columns(cells, console.width)
        console.print(_terminal_table(table, cells, widths))
        left_out = [name for at, name in enumerate(table.columns) if at not in widths]
        if left_out:
            stderr_console().print(
                Text(f"no room for {', '.join(left_out)}: --format csv or a wider terminal", style="dim")
            )


def _terminal_table(table: TextTable, cells: Sequence[Sequence[str]], widths: Mapping[int, int]) -> Table:
    made = Table(
        title=Text(table.title) if table.title else None,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        header_style="bold",
    )
    for at, width in widths.items():
        heading = Text(wrap_cell(table.columns[at], width))
        made.add_column(
            heading, justify="right" if at in table.right else "left", overflow="fold", width=width
        )
    for row, texts in zip(table.rows, cells[1:], strict=True):
        made.add_row(
            *(Text(wrap_cell(texts[at], width), style=row[at].style) for at, width in widths.items())
        )
    return made
