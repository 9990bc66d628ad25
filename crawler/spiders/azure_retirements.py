from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PagePart, RawRow
from cardwatch.crawler.formats.conditions import is_unsettled_day
from cardwatch.crawler.formats.microsoft_docs import unknown_blocks
from cardwatch.crawler.formats.page_tables import read_page_tables
from cardwatch.crawler.formats.reading import read_each
from cardwatch.crawler.formats.table import PageTable, TableRecord, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

COLUMNS: Mapping[str, str] = {
    "model": "model",
    "version": "version",
    "lifecycle": "lifecycle",
    "retirement date": "shutdown_date",
    "replacement": "replacement",
}
UNITS = {"lifecycle": "", "shutdown_date": "iso date", "replacement": ""}
FINE_TUNED = "Fine-tuned models"
OPENAI = "Azure OpenAI"
DATED = re.compile(r"-(?:20\d\d-?\d\d-?\d\d|\d\d-20\d\d|\d{4})$")
COUNTER = re.compile(r"\d{1,2}")
"""A name that ends in its snapshot has beside it only Azure's own count of versions, which is no snapshot."""


class AzureRetirements(Source):
    """When Azure stops serving each version of a model, from the source of Microsoft's documentation.

    These are facts about Azure's offer, not about the model: its maker may go on serving it.
    """

    name = "azure_retirements"
    title = "Azure model retirements"
    kind = "lifecycle page"
    authority = Authority.FIRST_PARTY
    url = (
        "https://raw.githubusercontent.com/MicrosoftDocs/azure-ai-docs/main/articles/foundry/openai/includes/"
        "concepts-model-retirement-schedule-content.md"
    )
    page_urls = (
        r"https://learn\.microsoft\.com/(?:[a-z]{2}-[a-z]{2}/)?azure/foundry/"
        r"concepts/model-lifecycle-retirement(?:\?accept=text/markdown)?"
    )
    max_age = timedelta(days=7)
    expected_rows = range(40, 500)
    fewest_rows = 8
    providers = ("azure-openai", "azure-ai-foundry")
    terms = "CC BY 4.0 with attribution to Microsoft."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        yield from unknown_blocks(response.text, includes=(), where=response.url)
        yield from read_tables(read_page_tables(response), _read_table, where=response.url)


def _read_table(table: PageTable) -> Iterator[PagePart]:
    if table.section == FINE_TUNED:
        return
    provider = OPENAI if OPENAI in table.path else "Azure AI Foundry"
    records, spare = table.records(COLUMNS, need=[*COLUMNS.values()], apart=("model", "version"))
    names = Counter(_name(row) for row in records)
    yield from read_each(records, lambda row: [_retirement(row, provider, again=names[_name(row)] > 1)])
    yield from spare


def _name(row: TableRecord) -> str:
    return row.texts["model"].partition(" (")[0]


def _retirement(row: TableRecord, provider: str, *, again: bool) -> RawRow:
    name, version = _name(row), row.texts["version"]
    variant = {} if is_blank(version) else {"snapshot": version}
    if variant and COUNTER.fullmatch(version) and DATED.search(name):
        variant = {"mode": f"version {version}"} if again else {}
    return RawRow("offer", name, row.locator, _cells(row), provider=provider, variant=variant)


def _cells(row: TableRecord) -> dict[str, Cell]:
    return {
        attribute: Cell(text, unit, row.at[attribute])
        for attribute, unit in UNITS.items()
        if not is_blank(text := row.texts[attribute]) and not is_unsettled_day(text)
    }
