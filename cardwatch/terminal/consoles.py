"""What a terminal gets: colour, and tables that keep its width."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from cardwatch.normalize.hidden_characters import write_out_hidden_lines
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
        console.print(_terminal_table(table))


def _terminal_table(table: TextTable) -> Table:
    made = Table(
        title=Text(table.title) if table.title else None,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        header_style="bold",
    )
    for number, column in enumerate(table.columns):
        made.add_column(Text(column), justify="right" if number in table.right else "left", overflow="fold")
    for row in table.rows:
        made.add_row(*(Text(write_out_hidden_lines(text), style=style) for text, style in row))
    return made
