from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.table import PageTable, TableRecord, fold_heading, read_records
from cardwatch.crawler.source_card import Authority
from cardwatch.crawler.table_source import TableSource

MODEL, STATUS, ABOUT = "model", "lifecycle", "about"
LIMITS = ("context_window", "max_output_tokens")
COLUMNS = {
    "model name": MODEL,
    "status": STATUS,
    "description": ABOUT,
    "context length": "context_window",
    "maximum output tokens": "max_output_tokens",
    **dict.fromkeys(("modality", "modalities", "dimensions", "similarity metric", "endpoints"), ""),
    "maximum file size": "",
}
ENDED = re.compile(r"(Deprecated|Retired) (?:on )?(.+ \d{4})")
ALIAS = "Alias for"


class CohereModels(TableSource):
    """Cohere's overview of its models: status, context length and longest output.

    A row that is another name of a model is left out. A dated version that is deprecated says nothing of the
    model, which has a newer one.
    """

    name = "cohere_models"
    title = "Cohere models"
    kind = "model list"
    authority = Authority.FIRST_PARTY
    url = "https://docs.cohere.com/docs/models.md"
    page_urls = r"https://docs\.cohere\.com/(?:v\d/)?docs/models"
    max_age = timedelta(days=7)
    expected_rows = range(10, 200)
    providers = ("cohere",)
    developers = ("cohere",)
    terms = "Documentation, all rights reserved: facts are passed on, wording is not."

    def read_table(self, table: PageTable) -> Iterator[PagePart]:
        headings = {fold_heading(heading) for heading in table.headings}
        if "model name" in headings and headings & {"status", "context length"}:
            yield from read_records(table, COLUMNS, _read_row, need=(MODEL, ABOUT))


def _read_row(row: TableRecord) -> Iterator[RawRow]:
    if row.texts[ABOUT].startswith(ALIAS):
        return
    limits = {name: Cell(row.texts[name], "tokens", row.at[name]) for name in LIMITS if _is_told(row, name)}
    ended = ENDED.fullmatch(row.texts.get(STATUS, ""))
    if ended is None:
        stated = {STATUS: _status(row)} if _is_told(row, STATUS) else {}
        yield RawRow("model", row.texts[MODEL], row.locator, limits | stated)
        return
    yield RawRow(
        "offer",
        row.texts[MODEL],
        row.locator,
        {
            STATUS: Cell(ended[1], at=row.at[STATUS]),
            "deprecation_date": Cell(ended[2], "us date", row.at[STATUS]),
        },
        provider="Cohere",
    )


def _status(row: TableRecord) -> Cell:
    """Return the status of a model. Raises PageChangedError for more than a word: it may end what the row is about."""
    text = row.texts[STATUS]
    if len(text.split()) > 1:
        wanted = "Live, or Deprecated Sept 15, 2025"
        raise PageChangedError("status", wanted=wanted, found=repr(text), where=row.locator)
    return Cell(text, at=row.at[STATUS])


def _is_told(row: TableRecord, name: str) -> bool:
    return not is_blank(row.texts.get(name, ""))
