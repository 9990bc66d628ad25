from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import ClassVar

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, RawRow
from cardwatch.crawler.formats.jsx import JsxComponent, find_components, find_islands
from cardwatch.crawler.formats.markdown import MarkdownSection, section_tables, split_sections
from cardwatch.crawler.formats.reading import is_blank, lookup
from cardwatch.crawler.formats.table import PageTable
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

UNIT = "usd/1M tokens"
METERS = ("input_price", "cache_read_price", "cache_write_price", "output_price")
WORDS = ("input", "cached input", "cache writes", "output")
SHORT = dict(zip(WORDS, METERS, strict=True))
COLUMNS: Mapping[str, tuple[str, bool]] = {
    "model": ("", False),
    "category": ("", False),
    **{word: (meter, False) for word, meter in SHORT.items()},
    **{f"short context {word}": (meter, False) for word, meter in SHORT.items()},
    **{f"long context {word}": (meter, True) for word, meter in SHORT.items()},
}
"""The meter of each column, and whether it counts for long context."""
SECTIONS: Mapping[str, str] = {
    "Standard pricing data": "standard",
    "标准定价数据": "standard",
    "Batch pricing data": "batch",
    "批量定价数据": "batch",
    "Flex pricing data": "flex",
    "Flex 定价数据": "flex",
    "Priority pricing data": "priority",
    "Fast pricing data": "fast",
    "快速定价数据": "fast",
    "Grouped Pricing Table data": "",
    "分组定价表数据": "",
    "Pricing Table data": "",
}
"""The tier of a table by the heading above it; the grouped ones say theirs, if any, in a line before."""
LABELS = {"Standard": "standard", "标准": "standard", "Batch": "batch", "Flex": "flex", "Fast mode": "fast"}
TIERS = {tier: tier for tier in ("standard", "batch", "flex", "priority", "fast")}
PARTS = {"Text tokens": True, "Image tokens": False, "Audio tokens": False}
"""The parts of the oldest layout: all but one print the same models' prices for other meters."""
PART = re.compile(r'<div className="-mb-6[^"]*">\s*([^<>{}]+?)\s*</div>')
PANE = re.compile(r'data-content-switcher-pane data-value="(\w+)"')
BOUNDED = re.compile(r"(.+?) \(([<>]) ?(\d+K) context length\)")
LONG = re.compile(r"Long context: >(\d+K)|\(<(\d+K) context length\)")
LAYOUTS = {3: (METERS[0], METERS[1], METERS[3]), 4: METERS}


class OpenaiPricing(Source):
    """OpenAI's price list, in each layout it had in 2026: MDX tables, their components, plain tables.

    A price's tier is that of the tab its table stands in. The page never lists every model, so a name
    that goes says nothing.
    """

    name = "openai_pricing"
    title = "OpenAI price list"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://developers.openai.com/api/docs/pricing.md"
    page_urls = r"https://developers\.openai\.com/api/docs/pricing"
    max_age = timedelta(days=1)
    expected_rows = range(20, 400)
    providers = ("openai",)
    developers = ("openai",)
    price_words: ClassVar[Mapping[str, str]] = {"Free": "free"}
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        text = response.text
        if "1M tokens" not in text:
            raise PageChangedError("price unit", wanted="1M tokens", found="none", where=response.url)
        found = [*_components(text), *_islands(response), *_tables(text)]
        if not found:
            raise PageChangedError("price tables", wanted="a known one", found="none", where=response.url)
        yield from found


def _components(text: str) -> Iterator[RawRow]:
    for component in find_components(text):
        pane = _last_match(PANE, text, component.start)
        tier = component.attributes.get("tier", pane)
        if tier != pane:
            raise PageChangedError(
                "tier", wanted=f"that of its tab, {pane!r}", found=tier, where=component.where
            )
        part = (
            "Text tokens"
            if component.name == "TextTokenPricingTables"
            else _last_match(PART, text, component.start)
        )
        if lookup(PARTS, part, what="part of the page", where=component.where):
            yield from _component_rows(component, tier)


def _last_match(pattern: re.Pattern[str], text: str, end: int) -> str:
    return next((found[1] for found in reversed([*pattern.finditer(text, 0, end)])), "")


def _islands(response: TextResponse) -> Iterator[RawRow]:
    if "<astro-island" in response.text:
        for component in find_islands(response.selector, "TextTokenPricingTables"):
            yield from _component_rows(component, component.attributes.get("tier", ""))


def _component_rows(component: JsxComponent, tier: str) -> Iterator[RawRow]:
    tier = lookup(TIERS, tier, what="tier", where=component.where)
    for row in component.rows:
        meters = lookup(LAYOUTS, len(row.values) - 1, what="prices in a row", where=row.locator)
        cells = {
            meter: Cell(text, UNIT, f"/{number}")
            for number, (meter, text) in enumerate(zip(meters, row.values[1:], strict=True), start=1)
            if not is_blank(text)
        }
        bounded = BOUNDED.fullmatch(row.values[0])
        above = {"context_above": bounded[3]} if bounded and bounded[2] == ">" else {}
        yield _offer(bounded[1] if bounded else row.values[0], tier, row.locator, cells, above)


def _offer(name: str, tier: str, locator: str, cells: Mapping[str, Cell], above: Mapping[str, str]) -> RawRow:
    variant = {"tier": tier}
    return RawRow("offer", name, locator, cells, provider="OpenAI API", variant=variant, qualifier=above)


def _tables(text: str) -> Iterator[RawRow]:
    bounds = {found[1] or found[2] for found in LONG.finditer(text)}
    label = ""
    for section in split_sections(text):
        for table in section_tables(section):
            tier = lookup(SECTIONS, section.title, what="heading above a price table", where=table.where)
            if not tier and table.headings[0] == "Category":
                tier = lookup(LABELS, label, what="tier in a line above", where=table.where)
            if tier:
                yield from _priced(table, tier, bounds)
        label = _label(section)


def _label(section: MarkdownSection) -> str:
    """Return the last line of a section that stands alone: the tab's name before the next table."""
    alone = [line.text.strip() for line in section.lines if line.text.strip()]
    return alone[-1] if alone else ""


def _priced(table: PageTable, tier: str, bounds: set[str]) -> Iterator[RawRow]:
    meters = table.columns(COLUMNS)
    model = table.column("model")
    for row in table.rows:
        bounded = BOUNDED.fullmatch(row.cells[model])
        name = bounded[1] if bounded else row.cells[model]
        for long in (False, True):
            cells = {
                meter: Cell(text, UNIT, table.at(column))
                for column, ((meter, is_long), text) in enumerate(zip(meters, row.cells, strict=True))
                if meter and is_long == long and not is_blank(text)
            }
            if cells:
                above = {"context_above": _bound(bounded, bounds, row.locator)} if long else {}
                yield _offer(name, tier, row.locator, cells, above)


def _bound(bounded: re.Match[str] | None, bounds: set[str], where: str) -> str:
    """Return where long context begins: the row's own word, else the one bound that the page knows."""
    if bounded:
        return bounded[3]
    if len(bounds) != 1:
        raise PageChangedError("long context", wanted="one bound", found=sorted(bounds), where=where)
    return next(iter(bounds))
