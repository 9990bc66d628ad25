"""Rows as a table, JSON or CSV on stdout; progress and remarks on stderr."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import click
import orjson
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

FORMATS = ("table", "json", "csv")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")

format_option = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
)


class ResultConsole(Console):
    """A console whose reader may leave, as `head` does: `cli.main` ends such a command with exit code 0."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def stdout_console() -> Console:
    """Return the console for results; wide when nobody's terminal limits it."""
    return ResultConsole(
        width=None if sys.stdout.isatty() else int(os.environ.get("COLUMNS", "160")), highlight=False
    )


def stderr_console() -> Console:
    """Return the console for progress and remarks."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def json_text(value: Any) -> str:
    """Return canonical, indented JSON."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def csv_cell(value: Any) -> Any:
    """Keep spreadsheet programs from running a cell: text that starts like a formula gets an apostrophe."""
    if isinstance(value, Mapping | list | tuple):
        return orjson.dumps(value).decode()
    if isinstance(value, str) and value.startswith(FORMULA) and not _is_number(value):
        return "'" + value
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def csv_text(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Return rows as RFC 4180 text with a heading line."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([csv_cell(row.get(column)) for column in columns] for row in rows)
    return sheet.getvalue()


def cell_text(value: Any) -> Text:
    """Return a value as a table shows it; unknown is a word."""
    if value is None:
        return Text("unknown", style="dim")
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    if isinstance(value, list | tuple):
        return Text(", ".join(str(part) for part in value))
    return Text(str(value))


def print_rows(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    form: str,
    *,
    title: str = "",
    empty: str = "nothing",
) -> None:
    """Print `rows` in the asked format; an empty table says `empty`."""
    if form == "json":
        click.echo(json_text(list(rows)))
    elif form == "csv":
        click.echo(csv_text(rows, columns), nl=False)
    elif not rows:
        click.echo(empty)
    elif sys.stdout.isatty():
        stdout_console().print(_terminal_table(rows, columns, title))
    else:
        click.echo("\n".join([*([title] if title else []), *table_lines(rows, columns)]))


def _numeric(rows: Sequence[Mapping[str, Any]], column: str) -> bool:
    return all(isinstance(row.get(column), int | float | type(None)) for row in rows)


def _terminal_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], title: str) -> Table:
    """Return the table for a terminal, whose width it keeps."""
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        justify: Literal["left", "right"] = "right" if _numeric(rows, column) else "left"
        table.add_column(column.replace("_", " "), justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*(cell_text(row.get(column)) for column in columns))
    return table


def table_lines(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[str]:
    """Yield the table for a pipe: a heading and one line per row, however long, the columns aligned."""
    texts = [[" ".join(cell_text(row.get(column)).plain.split()) for column in columns] for row in rows]
    made = [[column.replace("_", " ") for column in columns], *texts]
    widths = [max(map(cell_len, column)) for column in zip(*made, strict=True)]
    right = [_numeric(rows, column) for column in columns]
    for row in made:
        padded = (
            " " * (width - cell_len(text)) + text if last else text + " " * (width - cell_len(text))
            for text, width, last in zip(row, widths, right, strict=True)
        )
        yield "  ".join(padded).rstrip()
