from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from scrapy.http import TextResponse

from crawler.card import Authority
from crawler.documents import Cell, PageChangedError, RawRow
from crawler.formats.page_tables import page_tables
from crawler.formats.strict import is_blank, known
from crawler.formats.table import Record, Table, folded
from crawler.source import Source

UNIT = "usd/1M tokens"
MODEL, WRITE_5M, WRITE_1H = "model", "5m", "1h"
READ, INPUT, OUTPUT = "cache_read_price", "input_price", "output_price"
BASE = {
    "model": MODEL,
    "base input tokens": INPUT,
    "5m cache writes": WRITE_5M,
    "1h cache writes": WRITE_1H,
    "cache hits & refreshes": READ,
    "cache hits and refreshes": READ,
    "output tokens": OUTPUT,
}
BATCH = {"model": MODEL, "batch input": INPUT, "batch output": OUTPUT}
FAST = {"model": MODEL, "input": INPUT, "output": OUTPUT}
LONG = {"model": MODEL, "≤ 200k input tokens": "short", "> 200k input tokens": "long"}
LAYOUTS: Mapping[tuple[str, ...], str] = {
    ("base input tokens", "5m cache writes"): "base",
    ("batch input", "batch output"): "batch",
    ("input", "output"): "fast",
    ("≤ 200k input tokens", "> 200k input tokens"): "long",
    ("tool choice", "tool use system prompt token count"): "",
    ("mode", "tokens"): "",
    ("input tokens per tool definition",): "",
}
"""Tables about models by their second and third heading; "" prints token counts, not prices."""
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
    page_urls = (
        r"https://(?:platform\.claude|docs\.anthropic)\.com/docs/en/(?:docs/)?about-claude/pricing(?:\.md)?"
    )
    max_age = timedelta(days=1)
    expected_rows = range(8, 200)
    providers = ("anthropic",)
    developers = ("anthropic",)
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        found = [table for table in page_tables(response) if folded(table.headings[0]) == MODEL]
        layouts = [known(LAYOUTS, _layout(table), what="price table", where=table.where) for table in found]
        if "base" not in layouts:
            raise PageChangedError("price table", wanted=list(BASE), found=layouts, where=response.url)
        for table, layout in zip(found, layouts, strict=True):
            yield from READERS[layout](table)


def _layout(table: Table) -> tuple[str, ...]:
    return tuple(map(folded, table.headings[1:3]))


def _base(table: Table) -> Iterator[RawRow]:
    for row in table.records(BASE, need=(MODEL, INPUT, OUTPUT, READ, WRITE_5M, WRITE_1H)):
        yield from _offers(row, {}, {name: _price(row, name) for name in (INPUT, READ, OUTPUT)})
        for ttl in (WRITE_5M, WRITE_1H):
            yield from _offers(row, {}, {"cache_write_price": _price(row, ttl)}, {"ttl": ttl})


def _batch(table: Table) -> Iterator[RawRow]:
    for row in table.records(BATCH, need=(MODEL, INPUT, OUTPUT)):
        yield from _offers(row, {"tier": "batch"}, {name: _price(row, name) for name in (INPUT, OUTPUT)})


def _fast(table: Table) -> Iterator[RawRow]:
    if "fast mode" not in folded(table.section):
        raise PageChangedError("tier", wanted="a heading Fast mode", found=table.path, where=table.where)
    for row in table.records(FAST, need=(MODEL, INPUT, OUTPUT)):
        yield from _offers(row, {"tier": "fast"}, {name: _price(row, name) for name in (INPUT, OUTPUT)})


def _long(table: Table) -> Iterator[RawRow]:
    for row in table.records(LONG, need=(MODEL, "long")):
        found = re.fullmatch(r"Input: (.+)\nOutput: (.+)", row.texts["long"])
        if not found:
            raise PageChangedError(
                "long context", wanted="Input: … Output: …", found=row.texts, where=row.locator
            )
        cells = {INPUT: _cell(found[1], row.at["long"]), OUTPUT: _cell(found[2], row.at["long"])}
        yield from _offers(row, {}, cells, {"context_above": "200K"})


def _unread(table: Table) -> Iterator[RawRow]:
    yield from ()


READERS: Mapping[str, Callable[[Table], Iterator[RawRow]]] = {
    "base": _base,
    "batch": _batch,
    "fast": _fast,
    "long": _long,
    "": _unread,
}


def _offers(
    row: Record,
    variant: Mapping[str, str],
    cells: Mapping[str, Cell | None],
    qualifier: Mapping[str, str] | None = None,
) -> Iterator[RawRow]:
    printed = {name: cell for name, cell in cells.items() if cell}
    for name, status in _names(row):
        stage = {"lifecycle": Cell(status, at=row.at[MODEL])} if status and not qualifier else {}
        yield RawRow(
            "offer",
            name,
            row.locator,
            printed | stage,
            provider="Anthropic API",
            variant=variant,
            qualifier=qualifier or {},
        )


def _names(row: Record) -> Iterator[tuple[str, str]]:
    """Take "Claude Sonnet 4.5 / 4" and "Claude Opus 3 (deprecated)" apart: each name with its status."""
    first = ""
    for part in " ".join(row.texts[MODEL].split()).split(" / "):
        found = NAME.fullmatch(part)
        if not found:
            raise PageChangedError("model", wanted="a name", found=row.texts[MODEL], where=row.locator)
        status = known(STATUS, folded(found[2] or ""), what="status of a model", where=row.locator)
        name = found[1] if found[1].startswith("Claude") else f"{first} {found[1]}"
        first = first or name.rpartition(" ")[0]
        yield name, status


def _price(row: Record, name: str) -> Cell | None:
    return _cell(row, name, row.texts[name])


def _cell(row: Record, name: str, text: str) -> Cell | None:
    found = PRICE.fullmatch(text)
    if not found and not is_blank(text):
        raise PageChangedError(
            "price", wanted="$1.50 / MTok", found=repr(text), where=row.locator + row.at[name]
        )
    return Cell(found[1], UNIT, row.at[name]) if found else None
