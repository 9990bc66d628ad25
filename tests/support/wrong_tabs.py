"""Two scrapes of OpenAI's price list that took another tab's prices for the standard ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from cardwatch.crawler.documents import Cell, RawRow
from cardwatch.crawler.formats.markdown import markdown_tables
from support.recorded_pages import recording_path

UNIT = "usd/1M tokens"
STANDARD_PAGE = "openai/karstenheld3/2026-02-07_OpenAI-ModelPricing-Standard.md"
BATCH_PAGE = "openai/karstenheld3/2026-03-10_OpenAI-ModelPricing-Standard.md"
PRIORITY_PAGE = "openai/bes-dev.pricing.2025-11-05.json"
METERS = {"input": "input_price", "cached": "cache_read_price", "output": "output_price"}


def standard_rows() -> list[RawRow]:
    """Return the standard tab as a person transcribed it on 2026-02-07."""
    lines = recording_path(STANDARD_PAGE).read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if line.startswith('{"table_type":"data_table","title":"Text tokens'))
    keys = {"INPUT": "input_price", "CACHED_INPUT": "cache_read_price", "OUTPUT": "output_price"}
    return [
        _offer(
            item["MODEL"],
            f"/{item['MODEL']}",
            {meter: str(item[key]) for key, meter in keys.items() if item[key] is not None},
        )
        for item in json.loads(line, parse_float=Decimal)["data"]
    ]


def batch_as_standard() -> list[RawRow]:
    """Return the scrape of 2026-03-10 as offers: every price is half of the standard one."""
    return [*_pipe_rows(recording_path(BATCH_PAGE).read_text(encoding="utf-8"))]


def _pipe_rows(text: str) -> Iterator[RawRow]:
    for table in markdown_tables(text):
        if table.headings[:2] == ("Model", "Input"):
            for row in table.rows:
                pairs = zip(table.headings[1:], row.cells[1:], strict=True)
                prices = {METERS[heading.lower()]: text for heading, text in pairs if text.startswith("$")}
                yield _offer(row.cells[0].partition(" (")[0], row.locator, prices)


def priority_as_standard() -> list[RawRow]:
    """Return the scrape of 2025-11-05 as offers: most models cost about twice the standard price."""
    document = json.loads(recording_path(PRIORITY_PAGE).read_text(encoding="utf-8"), parse_float=Decimal)
    keys = {"input": "input_price", "cached_input": "cache_read_price", "output": "output_price"}
    return [
        _offer(name, f"/{name}", {meter: str(item[key]) for key, meter in keys.items() if key in item})
        for name, item in document.items()
        if item["pricing_type"] == "per_1m_tokens"
    ]


def _offer(name: str, locator: str, prices: dict[str, str]) -> RawRow:
    cells = {meter: Cell(text, UNIT, f"/{meter}") for meter, text in prices.items()}
    return RawRow("offer", name, locator, cells, provider="OpenAI API", variant={"tier": "standard"})
