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

COLUMNS: Mapping[str, tuple[str, str]] = {
    "model": ("", ""),
    "base input tokens": ("input_price", ""),
    "5m cache writes": ("cache_write_price", "5m"),
    "1h cache writes": ("cache_write_price", "1h"),
    "cache hits & refreshes": ("cache_read_price", ""),
    "cache hits and refreshes": ("cache_read_price", ""),
    "output tokens": ("output_price", ""),
    "batch input": ("input_price", ""),
    "batch output": ("output_price", ""),
    "input": ("input_price", ""),
    "output": ("output_price", ""),
}
"""The meter of each column, and how long what it writes to the cache lasts."""
TIERS = {"base input tokens": "standard", "batch input": "batch", "input": "fast"}
"""The tier of a price table by its second heading."""
LONG = "≤ 200k input tokens"
UNREAD = {"tool choice": "", "mode": "", "input tokens per tool definition": "", LONG: LONG}
"""Other tables about models: they print token counts, or both prices in one cell."""
BOTH = re.compile(r"Input: (.+)\nOutput: (.+)")
STATUS = {
    "": "",
    "limited availability": "",
    "deprecated": "deprecated",
    "retired": "retired",
    "retired, except on bedrock and google cloud": "retired",
    "retired, except on bedrock and vertex ai": "retired",
    "retired, except on vertex ai": "retired",
}
NAME = re.compile(r"(.+?)\s*(?:\(([^()]*)\))?")
PRICE = re.compile(r"(\$\d+(?:\.\d+)? / MTok)\d?")
"""A footnote's digit is set right after the unit: "$0.25 / MTok1"."""


class AnthropicPricing(Source):
    """Anthropic's price list: standard, batch and fast prices, cache writes by how long they last."""

    name = "anthropic_pricing"
    title = "Anthropic price list"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://platform.claude.com/docs/en/about-claude/pricing.md"
    page_urls = r"https://(?:platform\.claude|docs\.anthropic)\.com/docs/en/(?:docs/)?about-claude/pricing"
    max_age = timedelta(days=1)
    expected_rows = range(8, 200)
    providers = ("anthropic",)
    developers = ("anthropic",)
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        found = [table for table in read_page_tables(response) if fold_heading(table.headings[0]) == "model"]
        kinds = [_kind(table) for table in found]
        if "standard" not in kinds:
            raise PageChangedError("price table", wanted=[*TIERS], found=kinds, where=response.url)
        for table, kind in zip(found, kinds, strict=True):
            if kind == LONG:
                yield from _long(table)
            elif kind:
                yield from _priced(table, kind)


def _kind(table: PageTable) -> str:
    second = fold_heading((*table.headings, "")[1])
    if second == "input" and "fast mode" not in fold_heading(table.section):
        raise PageChangedError("tier", wanted="a heading Fast mode", found=table.path, where=table.where)
    return lookup({**TIERS, **UNREAD}, second, what="second heading of a table", where=table.where)


def _priced(table: PageTable, tier: str) -> Iterator[RawRow]:
    meters = table.columns(COLUMNS)
    for row in table.rows:
        prices: dict[str, dict[str, Cell]] = {"": {}}
        for n, ((meter, ttl), text) in enumerate(zip(meters, row.cells, strict=True)):
            if meter and not is_blank(text):
                price = Cell(_price(text, row.locator), "usd/1M tokens", table.at(n))
                prices.setdefault(ttl, {})[meter] = price
        for name, status in _names(row.cells[0], row.locator):
            stage = {"lifecycle": Cell(status, at=table.at(0))} if status else {}
            for ttl, cells in prices.items():
                qualifier = {"ttl": ttl} if ttl else {}
                yield _offer(name, row.locator, cells if ttl else cells | stage, {"tier": tier}, qualifier)


def _long(table: PageTable) -> Iterator[RawRow]:
    for row in table.rows:
        found = BOTH.fullmatch(row.cells[-1])
        if not found:
            wanted, cell = "Input: … Output: …", row.cells[-1]
            raise PageChangedError("long context", wanted=wanted, found=cell, where=row.locator)
        at = table.at(len(row.cells) - 1)
        cells = {
            meter: Cell(_price(text, row.locator), "usd/1M tokens", at)
            for meter, text in zip(("input_price", "output_price"), found.groups(), strict=True)
        }
        for name, _ in _names(row.cells[0], row.locator):
            yield _offer(name, row.locator, cells, {"tier": "standard"}, {"context_above": "200K"})


def _offer(
    name: str, at: str, cells: Mapping[str, Cell], variant: Mapping[str, str], qualifier: Mapping[str, str]
) -> RawRow:
    return RawRow("offer", name, at, cells, provider="Anthropic API", variant=variant, qualifier=qualifier)


def _names(text: str, where: str) -> Iterator[tuple[str, str]]:
    """Take "Claude Sonnet 4.5 / 4" and "Claude Opus 3 (deprecated)" apart: each name with its status."""
    family = ""
    for part in " ".join(text.split()).split(" / "):
        found = NAME.fullmatch(part)
        if not found:
            raise PageChangedError("model", wanted="a name", found=repr(text), where=where)
        status = lookup(STATUS, fold_heading(found[2] or ""), what="status of a model", where=where)
        name = found[1] if found[1].startswith("Claude") else f"{family} {found[1]}".strip()
        family = family or name.rpartition(" ")[0]
        yield name, status


def _price(text: str, where: str) -> str:
    found = PRICE.fullmatch(text)
    if not found:
        raise PageChangedError("price", wanted="$1.50 / MTok", found=repr(text), where=where)
    return found[1]
