"""Tables in which makers of open weights tell how long the context of their models is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cardwatch.crawler.documents import Cell
from cardwatch.crawler.formats.markdown import plain_text
from cardwatch.crawler.formats.table import PageTable, fold_heading

CONTEXT = "context_window"
MODEL = ("model", "model name", "models")
LENGTH = ("context length", "context window", "length")
FEATURES = "key features"
SIZE = re.compile(r"\d+[kKM]")
IN_FEATURES = re.compile(r"\b(\d+[kKM]) context\b")


class Told(NamedTuple):
    """What a README or a card tells of a model."""

    name: str
    attribute: str
    cell: Cell


def read_contexts(table: PageTable, subject: str) -> Iterator[Told]:
    """Yield the contexts of a table with a row per model, or with a line per feature of `subject`."""
    headings = [fold_heading(plain_text(each)) for each in table.headings]
    model, length, features = (_column(headings, names) for names in (MODEL, LENGTH, (FEATURES,)))
    for row in table.rows:
        cells = [*map(plain_text, row.cells)]
        if model is not None and length is not None:
            yield from _length(cells[model], cells[length], row.locator + table.at(length))
        elif model is not None and features is not None:
            if found := IN_FEATURES.search(cells[features]):
                yield from _length(cells[model], found[1], row.locator + table.at(features))
        elif len(cells) == 2 and cells[0].casefold() in LENGTH:
            yield from _length(subject, cells[1], row.locator + table.at(1))


def _column(headings: list[str], names: tuple[str, ...]) -> int | None:
    return next((number for number, each in enumerate(headings) if each in names), None)


def _length(name: str, text: str, at: str) -> Iterator[Told]:
    if SIZE.fullmatch(text):
        yield Told(name, CONTEXT, Cell(text, "tokens", at))
