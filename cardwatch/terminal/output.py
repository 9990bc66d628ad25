"""Rows as a table, JSON or CSV on stdout; only a terminal needs rich, see terminal.consoles."""

from __future__ import annotations

import csv
import io
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click
import orjson

from cardwatch.normalize.hidden_characters import (
    escape_hidden_json,
    write_out_hidden,
    write_out_hidden_lines,
)
from cardwatch.terminal.text_table import TextCell, TextTable

FORMATS = ("table", "json", "csv")
FORMULA = frozenset("=+-@\t\r\0")

format_option = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
)


def echo(text: str, *, bold: str = "", err: bool = False, nl: bool = True) -> None:
    """Print lines of text after some words in bold, hidden characters written out: the way of all that is no table."""
    head = click.style(write_out_hidden(bold), bold=True) if bold else ""
    click.echo(head + write_out_hidden_lines(text), err=err, nl=nl)


def json_text(value: Any) -> str:
    """Return canonical, indented JSON."""
    return escape_hidden_json(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def json_line(value: Any) -> str:
    """Return compact JSON on one line."""
    return escape_hidden_json(orjson.dumps(value).decode())


def csv_cell(value: Any) -> Any:
    """Keep spreadsheet programs from running a cell: text that starts like a formula gets an apostrophe.

    Some programs read full-width signs as the plain ones, and look past spaces. Hidden characters are written out.
    """
    if isinstance(value, Mapping | list | tuple):
        return json_line(value)
    if not isinstance(value, str):
        return value
    first = unicodedata.normalize("NFKC", value[:1] + value.lstrip()[:1])
    mark = "'" if not FORMULA.isdisjoint(first) and not _is_number(value) else ""
    return mark + write_out_hidden_lines(value)


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


def cell_text(value: Any) -> TextCell:
    """Return a value as a table shows it; unknown is a word."""
    if value is None:
        return TextCell("unknown", "dim")
    if isinstance(value, bool):
        return TextCell("yes" if value else "no")
    if isinstance(value, list | tuple):
        return TextCell(", ".join(str(part) for part in value))
    return TextCell(str(value))


def print_rows(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], form: str, *, empty: str = "nothing"
) -> None:
    """Print `rows` in the asked format; an empty table says `empty`."""
    if form == "json":
        echo(json_text(list(rows)))
    elif form == "csv":
        echo(csv_text(rows, columns), nl=False)
    elif rows:
        print_tables(text_table(rows, columns))
    else:
        echo(empty)


def text_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> TextTable:
    """Return rows as a table, numbers to the right."""
    right = frozenset(number for number, column in enumerate(columns) if _numeric(rows, column))
    headings = [column.replace("_", " ") for column in columns]
    return TextTable(
        headings, [[cell_text(row.get(column)) for column in columns] for row in rows], "", right
    )


def _numeric(rows: Sequence[Mapping[str, Any]], column: str) -> bool:
    return all(isinstance(row.get(column), int | float | type(None)) for row in rows)


def print_tables(*tables: TextTable) -> None:
    """Print tables with a line between them: within a terminal's width, for a pipe one line a row."""
    if sys.stdout.isatty():
        from cardwatch.terminal.consoles import show_tables

        show_tables(tables)
        return
    echo("\n\n".join("\n".join(table_lines(table)) for table in tables))


def table_lines(table: TextTable) -> Iterator[str]:
    """Yield the table for a pipe: a heading and one line per row, however long, the columns aligned."""
    from rich.cells import cell_len  # all that a table in a pipe needs of rich

    if table.title:
        yield table.title
    made = [
        [*table.columns],
        *([write_out_hidden(" ".join(text.split())) for text, _ in row] for row in table.rows),
    ]
    widths = [max(map(cell_len, column)) for column in zip(*made, strict=True)]
    for row in made:
        padded = (
            " " * (width - cell_len(text)) + text
            if place in table.right
            else text + " " * (width - cell_len(text))
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(padded).rstrip()
