"""Tables in which makers of open weights tell how long the context of their models is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell
from cardwatch.crawler.formats.markdown import plain_text
from cardwatch.crawler.formats.reading import matched_cell, unread_cell
from cardwatch.crawler.formats.table import PageTable, fold_heading

CONTEXT = "context_window"
MODEL = ("model", "model name", "models")
LENGTH = ("context length", "context window", "length")
ODD = re.compile(r"\b(?:context|length|window)\b", re.IGNORECASE)
"""What the name of a length has in it, however it is put."""
FEATURES = "key features"
SIZE = re.compile(r"\d[\d,]*[kKM]?(?: tokens)?")
IN_FEATURES = re.compile(r"\b(\d+[kKM]) context\b")


class Told(NamedTuple):
    """What a README or a card tells of a model."""

    name: str
    attribute: str
    cell: Cell


def read_contexts(table: PageTable, subject: str) -> Iterator[Told]:
    """Yield the contexts of a table with a row per model, or with a line per feature of `subject`.

    A length that is written otherwise, or stands below a heading nobody knows, is an unread cell.
    """
    headings = [fold_heading(plain_text(each)) for each in table.headings]
    model, length, features = (_column(headings, names) for names in (MODEL, LENGTH, (FEATURES,)))
    odd = next((number for number, each in enumerate(headings) if ODD.search(each)), None)
    for row in table.rows:
        cells = [*map(plain_text, row.cells)]
        if model is not None and length is not None:
            yield from _length(cells[model], cells[length], row.locator + table.at(length))
        elif model is not None and features is not None:
            if found := IN_FEATURES.search(cells[features]):
                yield from _length(cells[model], found[1], row.locator + table.at(features))
        elif model is not None and odd is not None:
            text = f"{headings[odd]}: {cells[odd]}"
            yield Told(
                cells[model], CONTEXT, unread_cell(text, wanted=LENGTH, at=row.locator + table.at(odd))
            )
        elif len(cells) == 2 and ODD.search(cells[0]):
            if cells[0].casefold() in LENGTH:
                yield from _length(subject, cells[1], row.locator + table.at(1))
            else:
                at = row.locator + table.at(0)
                yield Told(subject, CONTEXT, unread_cell(": ".join(cells), wanted=LENGTH, at=at))


def _column(headings: list[str], names: tuple[str, ...]) -> int | None:
    return next((number for number, each in enumerate(headings) if each in names), None)


def _length(name: str, text: str, at: str) -> Iterator[Told]:
    if not is_blank(text):
        yield Told(name, CONTEXT, matched_cell(SIZE, text, "tokens", at=at, example="128K"))
