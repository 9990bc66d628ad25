from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial

from parsel import Selector
from scrapy.http import HtmlResponse, TextResponse

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow, UnreadPart
from cardwatch.crawler.formats.html_table import find_grids, grid_to_table
from cardwatch.crawler.formats.reading import unread_cell
from cardwatch.crawler.formats.table import PageTable, TableRecord, read_records, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

UNIT = "usd/1M tokens"
BASIS = "Price per 1M tokens"
COLUMNS: Mapping[str, str] = {"model": "model", "input": "input_price", "output": "output_price"}
PRICE = re.compile(r"(\$[\d.]+)(?:\n(\$[\d.]+) \(cached\))?")


class TogetherPricing(Source):
    """Together's serverless prices. A model stands in several tabs; its first row says the most.

    Batch prices are not in the page, the browser calculates them. Tabs with prices for something else than tokens
    are not read.
    """

    name = "together_pricing"
    title = "Together AI price list"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://www.together.ai/pricing"
    max_age = timedelta(days=1)
    expected_rows = range(10, 300)
    fewest_rows = 4
    providers = ("together-ai",)
    terms = "Web page, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        tabs = response.selector.xpath("//*[@data-tabs='content'][.//table]")
        found = [tab for tab in tabs if BASIS in tab.xpath(".//p/text()").getall()]
        if not isinstance(response, HtmlResponse) or not found:
            raise PageChangedError("price tabs", wanted=repr(BASIS), found=len(tabs), where=response.url)
        seen = set[str]()
        for number, tab in enumerate(found, start=1):
            for part in _listed(tab, f"/tab[{number}]"):
                if isinstance(part, UnreadPart):
                    yield part
                elif part.name not in seen:
                    seen.add(part.name)
                    yield part


def _listed(tab: Selector, where: str) -> Iterator[PagePart]:
    return read_tables(map(grid_to_table, find_grids(tab)), partial(_offers, where), where=where)


def _offers(where: str, table: PageTable) -> Iterator[PagePart]:
    return read_records(table, COLUMNS, partial(_offer, where), need=[*COLUMNS.values()])


def _offer(where: str, row: TableRecord) -> Iterator[RawRow]:
    if cells := _cells(row):
        yield RawRow("offer", row.texts["model"], where + row.locator, cells, provider="Together AI")


def _cells(row: TableRecord) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for meter in ("input_price", "output_price"):
        found = PRICE.fullmatch(row.texts[meter])
        if found:
            cells[meter] = Cell(found[1], UNIT, row.at[meter])
            if found[2]:
                cells["cache_read_price"] = Cell(found[2], UNIT, row.at[meter])
        elif not is_blank(row.texts[meter]):
            cells[meter] = unread_cell(row.texts[meter], wanted="$0.30", at=row.at[meter])
    return cells
