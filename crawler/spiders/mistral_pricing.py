from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import ClassVar, NamedTuple

from parsel import Selector
from scrapy.http import HtmlResponse, TextResponse

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow, UnreadPart
from cardwatch.crawler.formats.conditions import read_conditions
from cardwatch.crawler.formats.html_table import find_grids, grid_to_table
from cardwatch.crawler.formats.promotions import read_promoted_price
from cardwatch.crawler.formats.reading import lookup, read_each, seen_text, unread_cell
from cardwatch.crawler.formats.table import PageTable, TableRecord, read_records
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

COLUMNS: Mapping[str, str] = {
    "model": "model",
    "input": "input_price",
    "cached input": "cache_read_price",
    **dict.fromkeys(("cache write", "cache writes"), "cache_write_price"),
    "output": "output_price",
    "audio input": "input_audio_price",
    "audio output": "output_audio_price",
    **dict.fromkeys(
        ("", "api name", "model id", "context", "context window", "context length", "license"), ""
    ),
    **dict.fromkeys(("release date", "released", "provider", "developer", "weights", "details"), ""),
}
TEXT_METERS = (
    *("input_price", "cache_read_price", "cache_write_price", "output_price"),
    *("input_audio_price", "output_audio_price"),
)
BASES = {"Prices /M Tokens": "1M tokens", "Prices as marked": ""}
"""What the prices of a section count, as it says above its table; "" leaves it to each price."""
TIERS = {"Standard": "standard", "Batch": "batch", "Priority": "priority"}
BADGES = re.compile(
    r"↗|new|popular|open(?: weights?| source)?|premier|featured|third[- ]party|hosted(?: by .+)?|by .+|sale"
    r"|(?:launch|promo)\w*(?: offer| price)?|-?\d+ ?% ?(?:off)?|limited[- ]time",
    re.IGNORECASE,
)
"""What may stand beside a name: nothing of it is a condition of the price that the row prints."""
MEASURES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "M Tokens": ("1M tokens", {meter: meter for meter in TEXT_METERS}),
    "M Chars": ("1M characters", {"output_price": "character_price"}),
    "Min": ("minute", {"input_price": "hour_price"}),
    "1000 Pages": ("", {}),
}
"""The measures a price may be marked with: our unit, and the meter for each column that has one."""
FREE = "Free"


class MistralPricing(Source):
    """Mistral's price list as served: dollars and the standard tier; the browser draws the other tabs.

    Of an original and a sale price the sale price is read. Sale prices, badges, further columns and models of
    other makers are read as described: no page with them was at hand.
    """

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

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        found = [s for s in response.selector.xpath("//section[@id]") if s.xpath(".//table")]
        if not isinstance(response, HtmlResponse) or not found:
            raise PageChangedError("prices", wanted="sections with tables", found="none", where=response.url)
        sections = (_PricedSection(s, f"/section[@id={s.xpath('@id').get()!r}]") for s in found)
        parts = tuple(read_each(sections, _read_section, kind="section"))
        lost = [f"{p.what}: wanted {p.wanted}, found {p.found}" for p in parts if isinstance(p, UnreadPart)]
        if lost and not any(isinstance(part, RawRow) for part in parts):
            raise PageChangedError("prices", wanted="rows with prices", found=lost, where=response.url)
        return iter(parts)


class _PricedSection(NamedTuple):
    """A section with its own unit, currency and tier."""

    selector: Selector
    locator: str

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.selector.xpath(".//text()").getall()).split())

    @property
    def under(self) -> str:
        return self.locator

    @property
    def row_count(self) -> int:
        return len(self.selector.xpath(".//tbody/tr"))


class _RowNames(NamedTuple):
    """The pieces of text in the cell that names a row: the name first, then its badges."""

    by_text: Mapping[str, Sequence[str]]

    def split(self, printed: str, where: str) -> tuple[str, dict[str, Cell]]:
        """Return the name, and the stage that a badge states. Raises PageChangedError for another badge."""
        name, *badges = self.by_text.get("".join(printed.split()), [printed])
        found = dict[str, Cell]()
        for badge in badges:
            stated = read_conditions(badge)
            if stated is not None and stated.status and not stated.qualifier:
                found["lifecycle"] = Cell(stated.status)
            elif not BADGES.fullmatch(badge):
                raise PageChangedError("badge", wanted="a known one", found=repr(badge), where=where)
        return name, found


def _read_section(section: _PricedSection) -> Iterator[PagePart]:
    where = section.locator
    words = section.selector.xpath(".//span/text()").getall()
    basis = next((word for word in words if word.startswith("Prices")), "")
    measure = lookup(BASES, basis, what="what prices count", where=where)
    tier = lookup(TIERS, _pressed(section.selector, "Pricing mode"), what="pricing mode", where=where)
    names = _row_names(section.selector)
    tables = (grid_to_table(grid) for grid in find_grids(section.selector))
    return read_each(tables, partial(_read_table, names, measure, tier, where), kind="table")


def _row_names(section: Selector) -> _RowNames:
    cells = (
        [seen_text(text).strip() for text in cell.xpath(".//text()").getall()]
        for cell in section.xpath(".//tr/td[1]")
    )
    pieces = ([text for text in texts if text] for texts in cells)
    return _RowNames({"".join("".join(texts).split()): texts for texts in pieces})


def _read_table(
    names: _RowNames, measure: str, tier: str, section: str, table: PageTable
) -> Iterator[PagePart]:
    if table.problem:
        raise table.problem
    read = partial(_read_row, names, measure, tier, section)
    yield from read_records(table, COLUMNS, read, need=("model", "input_price", "output_price"))
    yield from table.unread


def _read_row(names: _RowNames, measure: str, tier: str, section: str, row: TableRecord) -> Iterator[RawRow]:
    name, model_cells = names.split(row.texts["model"], row.locator)
    if cells := _cells(row, measure, f"{section}{row.locator}"):
        at = section + row.locator
        yield RawRow("offer", name, at, cells | model_cells, provider="Mistral AI", variant={"tier": tier})


def _pressed(section: Selector, group: str) -> str:
    path = ".//*[@aria-label=$group]//button[@aria-pressed='true']/text()"
    return section.xpath(path, group=group).get("").strip()


def _cells(row: TableRecord, measure: str, where: str) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for column in TEXT_METERS:
        text = row.texts.get(column, "")
        found = read_promoted_price(text)
        if text == FREE:
            cells[column] = Cell(text, "usd/1M tokens", row.at[column])
        elif found and bool(found.rest) != bool(measure):
            meter, unit = _marked(column, measure, found.rest.removeprefix("/").strip(), where)
            if meter:
                cells[meter] = Cell(found.amount, f"{found.currency}/{unit}", row.at[column])
        elif not is_blank(text):
            cells[column] = unread_cell(text, wanted="$0.5, or $0.003 /Min", at=row.at[column])
    return cells


def _marked(column: str, measure: str, unit: str, where: str) -> tuple[str, str]:
    if measure:
        return column, measure
    found, meters = lookup(MEASURES, unit, what="measure of a price", where=where)
    return meters.get(column, ""), found
