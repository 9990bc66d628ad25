from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import partial
from typing import ClassVar, NamedTuple

from scrapy.http import TextResponse

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.jsx import JsxComponent, find_components, find_islands
from cardwatch.crawler.formats.markdown import MarkdownSection, section_tables, split_sections
from cardwatch.crawler.formats.page_tables import with_plain_cells
from cardwatch.crawler.formats.reading import lookup, read_each, unread_part, without_repeats
from cardwatch.crawler.formats.table import PageTable, TableRow, fold_heading, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

UNIT = "usd/1M tokens"
METERS = ("input_price", "cache_read_price", "cache_write_price", "output_price")
WORDS: Mapping[str, str] = {
    "input": METERS[0],
    "cached input": METERS[1],
    "cache writes": METERS[2],
    "cache write": METERS[2],
    "output": METERS[3],
}
NAMES = {"model": "", "category": ""}
TTL = re.compile(
    r"\(?\b(\d+)[\s-]*(m|min|minutes?|h|hours?|d|days?)\b(?: (?:retention|ttl))?\)?", re.IGNORECASE
)
OTHER_COLUMNS = frozenset(
    {"training", "训练", "modality", "模态", "use case", "price per minute", "cost", "detail", "size"}
)
"""A table with one of them prices training, sound, pictures or tools, some of it under a base model's name."""
HEADING = re.compile(r"(?P<tier>.+?)\s*(?:pricing data|定价数据)")
NO_TIER = frozenset({"grouped pricing table data", "pricing table data", "分组定价表数据", "定价表数据"})
"""Headings of tables whose tier, if any, stands in a line before."""
TIERS: Mapping[str, str] = {
    **{tier: tier for tier in ("standard", "batch", "flex", "priority", "fast", "ultrafast")},
    "标准": "standard",
    "批量": "batch",
    "快速": "fast",
}
WITHOUT_TABS = re.compile(r"Prices per 1M tokens\.?|每 ?1M tokens 的价格。?|.+ models|.+模型", re.IGNORECASE)
"""What stands right above a table without tabs, its unit or its group: such prices are everybody's."""
PARTS = {"Text tokens": True, "Image tokens": False, "Audio tokens": False}
"""The parts of the oldest layout: all but one print the same models' prices for other meters."""
PART = re.compile(r'<div className="-mb-6[^"]*">\s*([^<>{}]+?)\s*</div>')
PANE = re.compile(r'data-content-switcher-pane data-value="(\w+)"')
BOUNDED = re.compile(r"(.+?) \(([<>≤]=?) ?(\d+[KM])(?: (?:context|input|prompt)[a-z ]*)?\)", re.IGNORECASE)
LONG = re.compile(r"Long context: >(\d+K)|\(<(\d+K) context length\)")
LAYOUTS = {3: (METERS[0], METERS[1], METERS[3]), 4: METERS}


class OpenaiPricing(Source):
    """OpenAI's price list, in each layout it had in 2026: MDX tables, their components, plain tables.

    A price's tier is that of the tab its table stands in. The page never lists every model, so a name
    that goes says nothing. Prices of training, sound and pictures are left out. The page of October 2026 was
    seen in pieces only, cache writes by retention in no recording.
    """

    name = "openai_pricing"
    title = "OpenAI price list"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://developers.openai.com/api/docs/pricing.md"
    page_urls = r"https://developers\.openai\.com/api/docs/pricing"
    max_age = timedelta(days=1)
    expected_rows = range(20, 400)
    fewest_rows = 4
    providers = ("openai",)
    developers = ("openai",)
    price_words: ClassVar[Mapping[str, str]] = {"Free": "free"}
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        text = response.text
        if "1M tokens" not in text:
            raise PageChangedError("price unit", wanted="1M tokens", found="none", where=response.url)
        read = partial(_read_part, text, {found[1] or found[2] for found in LONG.finditer(text)})
        tables = [*find_components(text), *_islands(response), *_labelled_tables(text)]
        return without_repeats(read_tables(tables, read, where=response.url))


def _islands(response: TextResponse) -> Iterator[JsxComponent]:
    if "<astro-island" in response.text:
        yield from find_islands(response.selector, "TextTokenPricingTables")


def _read_part(text: str, bounds: set[str], table: PageTable) -> Iterator[PagePart]:
    return _read_component(text, table) if isinstance(table, JsxComponent) else _read_table(bounds, table)


def _read_component(text: str, component: JsxComponent) -> Iterator[PagePart]:
    tier, start = component.attributes.get("tier", ""), component.start
    if start >= 0:
        pane = _last_match(PANE, text, start)
        tier = component.attributes.get("tier", pane)
        if tier != pane:
            wanted = f"that of its tab, {pane!r}"
            raise PageChangedError("tier", wanted=wanted, found=tier, where=component.where)
        texts = component.name == "TextTokenPricingTables"
        part = "Text tokens" if texts else _last_match(PART, text, start)
        if not lookup(PARTS, part, what="part of the page", where=component.where):
            return
    known = lookup(TIERS, tier, what="tier", where=component.where)
    yield from read_each(component.rows, partial(_component_row, known))


def _last_match(pattern: re.Pattern[str], text: str, end: int) -> str:
    return next((found[1] for found in reversed([*pattern.finditer(text, 0, end)])), "")


def _component_row(tier: str, row: TableRow) -> Iterator[RawRow]:
    meters = lookup(LAYOUTS, len(row.cells) - 1, what="prices in a row", where=row.locator)
    cells = {
        meter: Cell(text, UNIT, f"/{number}")
        for number, (meter, text) in enumerate(zip(meters, row.cells[1:], strict=True), start=1)
        if not is_blank(text)
    }
    bounded = BOUNDED.fullmatch(row.cells[0])
    name = bounded[1] if bounded else _plain_name(row.cells[0], row.locator)
    above = {"context_above": bounded[3]} if bounded and bounded[2] == ">" else {}
    yield _offer(name, tier, row.locator, cells, above)


def _offer(name: str, tier: str, locator: str, cells: Mapping[str, Cell], above: Mapping[str, str]) -> RawRow:
    variant = {"tier": tier}
    return RawRow("offer", name, locator, cells, provider="OpenAI API", variant=variant, qualifier=above)


@dataclass(frozen=True, slots=True)
class LabelledTable(PageTable):
    """A table, and the last line that stands alone above it: the name of its tab."""

    label: str = ""


def _labelled_tables(text: str) -> Iterator[LabelledTable]:
    label = ""
    for section in split_sections(text):
        for table in map(with_plain_cells, section_tables(section)):
            parts = {each.name: getattr(table, each.name) for each in fields(table)}
            yield LabelledTable(**parts, label=label)
        label = _label(section)


def _label(section: MarkdownSection) -> str:
    """Return the last line of a section that stands alone: the tab's name before the next table."""
    lines = (line.text.strip() for line in section.lines)
    alone = [line for line in lines if line and not line.startswith("|")]
    return alone[-1] if alone else ""


def _read_table(bounds: set[str], table: PageTable) -> Iterator[PagePart]:
    headings = {fold_heading(heading) for heading in table.headings}
    if headings & OTHER_COLUMNS or "model" not in headings:
        return
    tier = _tier(table)
    columns = [_column(heading, table.where) for heading in table.headings]
    yield from read_each(table.rows, partial(_priced, table, columns, tier, bounds))


def _tier(table: PageTable) -> str:
    """Return the tier a table's prices have: by its heading, by the tab above it, or that of all without tabs."""
    label = table.label if isinstance(table, LabelledTable) else ""
    title = fold_heading(table.section)
    if title not in NO_TIER:
        named = HEADING.fullmatch(title)
        if not named or named["tier"] not in TIERS:
            wanted, found = f"one of {list(TIERS)}", repr(table.section)
            raise PageChangedError(
                "heading above a price table", wanted=wanted, found=found, where=table.where
            )
        return TIERS[named["tier"]]
    if WITHOUT_TABS.fullmatch(label) and "category" not in map(fold_heading, table.headings):
        return "standard"
    name = fold_heading(label).removesuffix(" mode").removesuffix(" processing")
    return lookup(TIERS, name, what="tier in a line above", where=table.where)


class PriceColumn(NamedTuple):
    """What a column prices: the meter, "" for none; whether for long context; for how long a cache is kept."""

    meter: str
    long: bool = False
    ttl: str = ""


def _column(heading: str, where: str) -> PriceColumn:
    text = fold_heading(heading)
    kept = TTL.search(text)
    words = " ".join(TTL.sub(" ", text).split())
    bare = words.removeprefix("short context ").removeprefix("long context ")
    meter = {**NAMES, **WORDS}.get(bare)
    if meter is None or (kept and meter != METERS[2]):
        raise PageChangedError("table headings", wanted=list(WORDS), found=repr(heading), where=where)
    return PriceColumn(meter, words.startswith("long context "), f"{kept[1]}{kept[2][0]}" if kept else "")


def _priced(
    table: PageTable, columns: list[PriceColumn], tier: str, bounds: set[str], row: TableRow
) -> Iterator[PagePart]:
    printed = row.cells[table.column("model")]
    bounded = BOUNDED.fullmatch(printed)
    name = bounded[1] if bounded else _plain_name(printed, row.locator)
    for long, ttl in dict.fromkeys((column.long, column.ttl) for column in columns):
        cells = {
            column.meter: Cell(text, UNIT, table.at(number))
            for number, (column, text) in enumerate(zip(columns, row.cells, strict=True))
            if column.meter and (column.long, column.ttl) == (long, ttl) and not is_blank(text)
        }
        if not cells:
            continue
        kept = {"ttl": ttl} if ttl else {}
        try:
            above = {"context_above": _bound(bounded, bounds, row.locator)} if long else {}
        except PageChangedError as error:
            yield unread_part(error, row, "cell")
        else:
            yield _offer(name, tier, row.locator, cells, above | kept)


def _plain_name(printed: str, where: str) -> str:
    """Return a name with nothing beside it. Raises PageChangedError for a condition nobody has decided about."""
    if re.search(r"[()\s]", printed.strip()):
        raise PageChangedError(
            "name", wanted="an id, or one (<272K context length)", found=printed, where=where
        )
    return printed.strip()


def _bound(bounded: re.Match[str] | None, bounds: set[str], where: str) -> str:
    """Return where long context begins: the row's own word, else the one bound that the page knows."""
    if bounded:
        return bounded[3]
    if len(bounds) != 1:
        raise PageChangedError("long context", wanted="one bound", found=sorted(bounds), where=where)
    return next(iter(bounds))
