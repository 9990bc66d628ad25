from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.conditions import read_conditions
from cardwatch.crawler.formats.table import PageTable, TableRecord, fold_heading, read_records
from cardwatch.crawler.source_card import Authority
from cardwatch.crawler.table_source import TableSource

MODEL, ID, UNIT = "model", "id", "usd/1M tokens"
COLUMNS = {
    "model": MODEL,
    "id": ID,
    "input price": "input_price",
    "output price": "output_price",
    "cache read": "cache_read_price",
    "cache write": "cache_write_price",
    "context": "",
    "privacy": "",
}
"""The context is printed in K of 1,000 for some models and of 1,024 for others; the API has the number."""
UNDER = "↳"
BETA = " (Beta)"


class VenicePricing(TableSource):
    """Venice's price page: a row with an arrow holds the prices of the model above it for longer prompts."""

    name = "venice_pricing"
    title = "Venice price list"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://docs.venice.ai/overview/pricing.md"
    page_urls = r"https://docs\.venice\.ai/overview/pricing"
    max_age = timedelta(days=2)
    expected_rows = range(10, 400)
    providers = ("venice",)
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def read_table(self, table: PageTable) -> Iterator[PagePart]:
        headings = [fold_heading(heading) for heading in table.headings]
        if not {"model", "id", "input price"} <= {*headings}:
            return
        last: list[str] = [""]

        def read(row: TableRecord) -> Iterable[RawRow]:
            return _offer(row, last)

        yield from read_records(table, COLUMNS, read, need=(ID, MODEL, "input_price"))


def _offer(row: TableRecord, last: list[str]) -> Iterator[RawRow]:
    """Read one row; `last` holds the id of the model that rows with an arrow belong to."""
    name, label = row.texts[ID], row.texts[MODEL]
    qualifier = {}
    if label.startswith(UNDER):
        found = read_conditions(label.removeprefix(UNDER).strip())
        if found is None or "context_above" not in found.qualifier or name or not last[0]:
            raise PageChangedError("row of a tier", wanted="↳ >200K Context", found=label, where=row.locator)
        qualifier, name = dict(found.qualifier), last[0]
    last[0] = name
    if not name:
        raise PageChangedError("id", wanted="a text", found=row.text, where=row.locator)
    known = {
        meter: Cell(text, UNIT, row.at[meter])
        for meter, text in row.texts.items()
        if meter not in (MODEL, ID) and not is_blank(text)
    }
    if label.endswith(BETA):
        known["lifecycle"] = Cell("Beta", at=row.at[MODEL])
    yield RawRow("offer", name, row.locator, known, provider="Venice AI", qualifier=qualifier)
