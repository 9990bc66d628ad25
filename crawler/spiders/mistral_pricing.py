from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import ClassVar

from parsel import Selector
from scrapy.http import HtmlResponse, TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, RawRow
from cardwatch.crawler.formats.html_table import find_grids, grid_to_table
from cardwatch.crawler.formats.reading import is_blank, lookup
from cardwatch.crawler.formats.table import TableRecord
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

COLUMNS: Mapping[str, str] = {
    "model": "model",
    "input": "input_price",
    "cached input": "cache_read_price",
    "output": "output_price",
}
TEXT_METERS = ("input_price", "cache_read_price", "output_price")
BASES = {"Prices /M Tokens": "1M tokens", "Prices as marked": ""}
"""What the prices of a section count, as it says above its table; "" leaves it to each price."""
CURRENCIES = {"$": "usd", "€": "eur"}
TIERS = {"Standard": "standard", "Batch": "batch", "Priority": "priority"}
MARKED = re.compile(r"(?P<amount>[$€][\d.]+)(?: /(?P<unit>.+))?")
MEASURES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "M Tokens": ("1M tokens", {meter: meter for meter in TEXT_METERS}),
    "M Chars": ("1M characters", {"output_price": "character_price"}),
    "Min": ("minute", {"input_price": "hour_price"}),
    "1000 Pages": ("", {}),
}
"""The measures a price may be marked with: our unit, and the meter for each column that has one."""
FREE = "Free"


class MistralPricing(Source):
    """Mistral's price list as served: dollars and the standard tier; the browser draws the other tabs."""

    name = "mistral_pricing"
    title = "Mistral price list"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://docs.mistral.ai/inference/pricing"
    max_age = timedelta(days=1)
    expected_rows = range(8, 200)
    providers = ("mistral",)
    developers = ("mistral",)
    price_words: ClassVar[Mapping[str, str]] = {FREE: "free"}
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        found = [s for s in response.selector.xpath("//section[@id]") if s.xpath(".//table")]
        if not isinstance(response, HtmlResponse) or not found:
            raise PageChangedError("prices", wanted="sections with tables", found="none", where=response.url)
        for section in found:
            yield from _section(section, f"/section[@id={section.xpath('@id').get()!r}]")


def _section(section: Selector, where: str) -> Iterator[RawRow]:
    words = section.xpath(".//span/text()").getall()
    basis = next((word for word in words if word.startswith("Prices")), "")
    measure = lookup(BASES, basis, what="what prices count", where=where)
    tier = lookup(TIERS, _pressed(section, "Pricing mode"), what="pricing mode", where=where)
    for grid in find_grids(section):
        for row in grid_to_table(grid).records(COLUMNS, need=COLUMNS.values()):
            if cells := _cells(row, measure, f"{where}{row.locator}"):
                name, at = row.texts["model"].removesuffix("↗").strip(), where + row.locator
                yield RawRow("offer", name, at, cells, provider="Mistral AI", variant={"tier": tier})


def _pressed(section: Selector, group: str) -> str:
    path = ".//*[@aria-label=$group]//button[@aria-pressed='true']/text()"
    return section.xpath(path, group=group).get("").strip()


def _cells(row: TableRecord, measure: str, where: str) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for column in TEXT_METERS:
        text = row.texts[column]
        found = MARKED.fullmatch(text)
        if text == FREE:
            cells[column] = Cell(text, "usd/1M tokens", row.at[column])
        elif found and bool(found["unit"]) != bool(measure):
            meter, unit = _marked(column, measure, found["unit"] or "", where)
            if meter:
                amount = found["amount"]
                cells[meter] = Cell(amount, f"{CURRENCIES[amount[0]]}/{unit}", row.at[column])
        elif not is_blank(text):
            raise PageChangedError("price", wanted="$0.5, or $0.003 /Min", found=repr(text), where=where)
    return cells


def _marked(column: str, measure: str, unit: str, where: str) -> tuple[str, str]:
    if measure:
        return column, measure
    found, meters = lookup(MEASURES, unit, what="measure of a price", where=where)
    return meters.get(column, ""), found
