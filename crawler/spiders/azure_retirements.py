from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, RawRow
from cardwatch.crawler.formats.markdown import markdown_tables, plain_text
from cardwatch.crawler.formats.microsoft_docs import require_known_blocks
from cardwatch.crawler.formats.reading import is_blank
from cardwatch.crawler.formats.table import PageTable, TableRecord
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
    max_age = timedelta(days=7)
    expected_rows = range(40, 500)
    providers = ("azure-openai", "azure-ai-foundry")
    terms = "CC BY 4.0 with attribution to Microsoft."

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        require_known_blocks(response.text, includes=(), where=response.url)
        found = [table for table in markdown_tables(response.text) if table.section != FINE_TUNED]
        if not found:
            raise PageChangedError("retirements", wanted="tables", found="none", where=response.url)
        for table in found:
            yield from _retirements(table)


def _retirements(table: PageTable) -> Iterator[RawRow]:
    provider = OPENAI if OPENAI in table.path else "Azure AI Foundry"
    for row in table.records(COLUMNS, need=COLUMNS.values()):
        version = row.texts["version"]
        variant = {} if is_blank(version) else {"snapshot": version}
        name = row.texts["model"].partition(" (")[0]
        yield RawRow("offer", name, row.locator, _cells(row), provider=provider, variant=variant)


def _cells(row: TableRecord) -> dict[str, Cell]:
    return {
        attribute: Cell(plain_text(row.texts[attribute]), unit, row.at[attribute])
        for attribute, unit in UNITS.items()
        if not is_blank(row.texts[attribute])
    }
