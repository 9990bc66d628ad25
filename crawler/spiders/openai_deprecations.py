from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial

from scrapy.http import TextResponse

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.conditions import is_unsettled_day
from cardwatch.crawler.formats.lifecycle_tables import first_said
from cardwatch.crawler.formats.markdown import TAG, markdown_tables, plain_text
from cardwatch.crawler.formats.reading import lookup
from cardwatch.crawler.formats.table import PageTable, TableRecord, fold_heading, read_records, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

STAGES = {
    "Upcoming deprecations": "deprecated",
    "Past deprecations": "retired",
    "Deprecation history": "deprecated",
}
"""What the part of the page says of the models in its tables; announced is deprecated, its text says."""
DATE, NAMES, REPLACEMENT, UNREAD = "date", "names", "replacement", ""
COLUMNS: Mapping[str, str] = {
    "shutdown date": DATE,
    **dict.fromkeys(
        ("model / system", "model snapshot", "model family / snapshot", "deprecated model"), NAMES
    ),
    **dict.fromkeys(("legacy model", "system", "feature"), NAMES),
    **dict.fromkeys(("recommended replacement", "substitute model"), REPLACEMENT),
    "recommended replacement base model": REPLACEMENT,
    **dict.fromkeys(
        ("deprecated model price", "legacy model price", "training price", "usage price"), UNREAD
    ),
}
TIMELINE = ("date", "update")
"""Headings of the tables about features, which name no model."""
ANNOUNCED = re.compile(r"(\d{4}-\d{2}-\d{2}): ")
MODEL = re.compile(r"[a-z0-9][a-z0-9.-]*")
CODE = re.compile(r"`([^`]*)`")
SNAPSHOT = re.compile(r".*-(?:\d{4}-\d{2}-\d{2}|\d{4})")
FINE_TUNED = "ft-"
MARK = re.compile(r"(?<=[\w)])[*†‡]+(?=$|[\s,;])")
"""A footnote's mark on one of several replacements: the note says what that one is good for."""


class OpenaiDeprecations(Source):
    """OpenAI's list of models it stops serving, with the day and the replacement it recommends.

    A dated snapshot going says nothing of its model, only of that offer. Of a model announced twice the later
    announcement, which stands first, counts. Rows about endpoints, features
    and fine-tuned models are left out.
    """

    name = "openai_deprecations"
    title = "OpenAI deprecations"
    kind = "lifecycle page"
    authority = Authority.FIRST_PARTY
    url = "https://developers.openai.com/api/docs/deprecations.md"
    page_urls = r"https://developers\.openai\.com/api/docs/deprecations"
    max_age = timedelta(days=3)
    expected_rows = range(20, 600)
    fewest_rows = 5
    providers = ("openai",)
    developers = ("openai",)
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        parts = tuple(read_tables(markdown_tables(response.text), _read_table, where=response.url))
        yield from first_said(parts)


def _read_table(table: PageTable) -> Iterator[PagePart]:
    if tuple(map(fold_heading, table.headings)) == TIMELINE:
        return
    stage = lookup(STAGES, (*table.path, "", "")[1], what="part of the page", where=table.where)
    table_cells = {"lifecycle": Cell(stage)}
    if announced := ANNOUNCED.match(table.section):
        table_cells["deprecation_date"] = Cell(announced[1], "iso date")
    yield from read_records(table, COLUMNS, partial(_read_row, table_cells), need=(NAMES, DATE, REPLACEMENT))


def _read_row(table_cells: Mapping[str, Cell], row: TableRecord) -> Iterator[RawRow]:
    cells, day = dict(table_cells), plain_text(row.texts[DATE])
    if not is_blank(day) and not is_unsettled_day(day):
        cells["shutdown_date"] = Cell(day, "us date", row.at[DATE])
    if not is_blank(instead := MARK.sub("", plain_text(row.texts[REPLACEMENT]))):
        cells["replacement"] = Cell(instead, at=row.at[REPLACEMENT])
    return _retired_rows(row, cells)


def _retired_rows(row: TableRecord, cells: Mapping[str, Cell]) -> Iterator[RawRow]:
    names = TAG.sub("", row.texts[NAMES]).lstrip("*_")
    found = [name.strip() for name in CODE.findall(names)] if names.startswith("`") else []
    for name in found:
        if name.startswith((FINE_TUNED, "/")):
            continue
        if not MODEL.fullmatch(name):
            raise PageChangedError("model", wanted="an id", found=repr(name), where=row.locator)
        if SNAPSHOT.fullmatch(name):
            yield RawRow("offer", name, row.locator, cells, provider="OpenAI API")
        else:
            yield RawRow("model", name, row.locator, cells)
