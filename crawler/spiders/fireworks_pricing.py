from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, RawRow
from cardwatch.crawler.formats.page_tables import read_page_tables
from cardwatch.crawler.formats.reading import is_blank, lookup
from cardwatch.crawler.formats.table import PageTable, fold_heading
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

METERS = ("input_price", "cache_read_price", "output_price")
COLUMNS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "model": ((), ""),
    "input": (METERS[:1], "standard"),
    "cached input": (METERS[1:2], "standard"),
    "output": (METERS[2:], "standard"),
    "standard": (METERS, "standard"),
    "priority": (METERS, "priority"),
}
"""The meters in each column, in the order a cell prints them, and their tier."""
UNREAD = {"$ / 1m tokens": False, "$ / 1m input tokens": False}
SECOND = {"input": True, "standard": True, **UNREAD}
"""Whether a table, by its second heading, is about models; the others price sizes of models."""
MARKS = re.compile(
    r"(?P<name>.+?)(?P<turbo> Turbo)?(?P<fast> Fast)?(?P<us> US)?(?: \((?P<note>[A-Za-z, ]+)\))?"
)
NOTES = {"preview": ("", "preview"), "fast": ("fast", ""), "fast, preview": ("fast", "preview")}


class FireworksPricing(Source):
    """Fireworks' serverless prices, in both layouts of 2026: a column a meter, or three in one cell."""

    name = "fireworks_pricing"
    title = "Fireworks serverless prices"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://docs.fireworks.ai/serverless/pricing.md"
    page_urls = r"https://docs\.fireworks\.ai/serverless/pricing"
    max_age = timedelta(days=1)
    expected_rows = range(8, 200)
    providers = ("fireworks-ai",)
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        found = [table for table in read_page_tables(response) if _is_about_models(table)]
        if not found:
            raise PageChangedError("price table", wanted=[*SECOND], found="none", where=response.url)
        for table in found:
            yield from _priced(table)


def _is_about_models(table: PageTable) -> bool:
    second = fold_heading((*table.headings, "")[1])
    return lookup(SECOND, second, what="second heading of a table", where=table.where)


def _priced(table: PageTable) -> Iterator[RawRow]:
    columns = table.columns(COLUMNS)
    for row in table.rows:
        prices: dict[str, dict[str, Cell]] = {}
        for n, ((meters, tier), text) in enumerate(zip(columns, row.cells, strict=True)):
            for meter, amount in _amounts(meters, text, row.locator):
                prices.setdefault(tier, {})[meter] = Cell(amount, "usd/1M tokens", table.at(n))
        for tier, cells in prices.items():
            yield _offer(row.cells[0], row.locator, tier, cells)


def _amounts(meters: tuple[str, ...], text: str, where: str) -> Iterator[tuple[str, str]]:
    amounts = [] if not meters or is_blank(text) else text.split(" / ")
    if amounts and len(amounts) != len(meters):
        raise PageChangedError("price", wanted=" / ".join(meters), found=repr(text), where=where)
    return zip(meters, amounts, strict=False)


def _offer(printed: str, where: str, tier: str, cells: Mapping[str, Cell]) -> RawRow:
    marks = MARKS.fullmatch(printed)
    if not marks:
        raise PageChangedError("model", wanted="a name", found=repr(printed), where=where)
    noted = NOTES.get((marks["note"] or "").casefold())
    if marks["note"] and not noted:
        raise PageChangedError("note of a model", wanted=list(NOTES), found=marks["note"], where=where)
    path, stage = noted or ("", "")
    path = path or ("fast" if marks["fast"] else "turbo" if marks["turbo"] else "")
    variant = {"tier": path or tier} | ({"region": "us"} if marks["us"] else {})
    said = {"lifecycle": Cell(stage)} if stage else {}
    return RawRow("offer", marks["name"], where, {**cells, **said}, provider="Fireworks AI", variant=variant)
