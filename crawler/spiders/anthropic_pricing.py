from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.conditions import (
    NamedConditions,
    StatedConditions,
    read_conditions,
    split_name,
)
from cardwatch.crawler.formats.reading import lookup, matched_cell, read_each
from cardwatch.crawler.formats.table import PageTable, TableRow, fold_heading
from cardwatch.crawler.source_card import Authority
from cardwatch.crawler.table_source import TableSource

METERS = (
    (re.compile(r"(?:(?P<ttl>\d+[mh]) )?(?:cache )?writes?"), "cache_write_price"),
    (re.compile(r"(?:cache )?(?:hits|reads)(?: (?:&|and) refreshes)?"), "cache_read_price"),
    (re.compile(r"(?:base )?input(?: tokens?)?"), "input_price"),
    (re.compile(r"output(?: tokens?)?"), "output_price"),
)
"""The meter that a heading names, and how long what it writes to the cache lasts."""
GROUPS = {"base tokens": "standard", "prompt caching": "standard", "batch tokens": "batch"}
"""Headings over several columns, in the layout with two lines of headings, and the tier of their prices."""
MODEL = ("model", "model / name")
NOT_ABOUT_PRICES = {"tool choice", "mode", "input tokens per tool definition"}
"""Second headings of the tables that count the tokens of a tool."""
UNIT = "usd/1M tokens"
OWN_NAMES = {"claude api", "anthropic api"}
BOTH = re.compile(r"Input: (?P<input_price>.+)\nOutput: (?P<output_price>.+)")
PRICE = re.compile(
    r"((?:US)?\$ ?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?: USD)?"
    r" ?(?:/|per) ?(?:1 ?)?(?:MTok|M ?tokens|million tokens))\d?",
    re.IGNORECASE,
)
"""A footnote's digit is set right after the unit: "$0.25 / MTok1"."""


class MeterColumn(NamedTuple):
    """What a column prices: one meter, or "" for both in one cell under a prompt length."""

    meter: str
    tier: str
    qualifier: Mapping[str, str]


class AnthropicPricing(TableSource):
    """Anthropic's price list: standard, batch and fast prices, cache writes by how long they last.

    Dates and prompt lengths stand in the name cell, a second row of the same model holds the rest. No whole page
    of any day after August 2026 was seen: its tables came from public tests, the footnote on the price of Claude
    Sonnet 5 in September without its text. Prices of models that stand in the sentence above a table, as those of
    long prompts did in 2025, are an unread table.
    """

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

    def read_table(self, table: PageTable) -> Iterator[PagePart]:
        headings = [fold_heading(heading) for heading in table.headings]
        named = [number for number, heading in enumerate(headings) if heading in MODEL]
        if not named and any(PRICE.search(text) for row in table.rows for text in row.cells):
            raise PageChangedError("name column", wanted=MODEL, found=headings, where=table.where)
        if not named or NOT_ABOUT_PRICES & {*headings}:
            return
        columns, spare = table.read_columns(partial(_column, table), apart=named)
        yield from read_each(table.rows, lambda row: _row(table, columns, row, named[0]))
        yield from spare


def _is_the_list(table: PageTable) -> bool:
    return any(fold_heading(heading).startswith("base ") for heading in table.headings)


def _column(table: PageTable, printed: str) -> MeterColumn:
    """Return what a heading says. Raises PageChangedError for one that no rule reads."""
    heading = fold_heading(printed)
    if heading in MODEL:
        return MeterColumn("", "", {})
    group, _, last = heading.rpartition(" / ")
    if group:
        tier = lookup(GROUPS, group, what="heading over columns", where=table.where)
    else:
        tier = "batch" if last.startswith("batch ") else ""
    for pattern, meter in METERS:
        if parts := pattern.fullmatch(last.removeprefix("batch ")):
            ttl = parts.groupdict().get("ttl")
            return MeterColumn(meter, tier or _tier(table), {"ttl": ttl} if ttl else {})
    length = read_conditions(printed)
    if length is None or "tokens" not in heading:
        raise PageChangedError(
            "heading", wanted="input, output, cache hits or writes", found=repr(heading), where=table.where
        )
    return MeterColumn("", "standard", length.qualifier)


def _tier(table: PageTable) -> str:
    """Return the tier of headings that name none: the list's own, or that of the section Fast mode."""
    if _is_the_list(table):
        return "standard"
    if "fast mode" not in fold_heading(table.section):
        raise PageChangedError("tier", wanted="a heading Fast mode", found=table.path, where=table.where)
    return "fast"


def _row(table: PageTable, columns: Mapping[int, MeterColumn], row: TableRow, name: int) -> Iterator[RawRow]:
    prices: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, Cell]] = {}
    for n, column in columns.items():
        key = column.tier, tuple(column.qualifier.items())
        if found := _price_cells(column, row.cells[n], table.at(n)):
            prices.setdefault(key, {}).update(found)
    for named in _names(row.cells[name], row.locator):
        for (tier, qualifier), cells in prices.items():
            yield RawRow(
                "offer",
                named.name,
                row.locator,
                cells if qualifier else cells | _lifecycle(named.conditions, table.at(name)),
                provider="Anthropic API",
                variant={"tier": tier},
                qualifier={**named.conditions.qualifier, **dict(qualifier)},
            )


def _lifecycle(stated: StatedConditions, at: str) -> dict[str, Cell]:
    """Copy what stands in brackets behind a name; "except on" names clouds, whose offers are not these."""
    stage = {"lifecycle": Cell(stated.status, at=at)} if stated.status else {}
    return stage | {name: Cell(day, "iso date", at) for name, day in stated.dates.items()}


def _price_cells(column: MeterColumn, text: str, at: str) -> dict[str, Cell]:
    """Return the prices of one cell by meter; the lowest band of a prompt length repeats the list."""
    if is_blank(text) or not (column.meter or column.qualifier):
        return {}
    if column.meter:
        return {column.meter: _price(text, at)}
    both = BOTH.fullmatch(text)
    amounts = both.groupdict() if both else dict.fromkeys(BOTH.groupindex, text)
    return {meter: _price(amount, at) for meter, amount in amounts.items()}


def _price(text: str, at: str) -> Cell:
    return matched_cell(PRICE, text, UNIT, at=at, example="$1.50 / MTok")


def _names(text: str, where: str) -> list[NamedConditions]:
    """Take "Claude Sonnet 4.5 / 4" and "Claude Opus 3 (deprecated)" apart: each name with its conditions.

    A status belongs to the name before it, dates and prompt lengths to every name of the cell.
    """
    parts = [split_name(part, where=where) for part in " ".join(text.split()).split(" / ")]
    shared = {key: value for part in parts for key, value in part.conditions.qualifier.items()}
    family = ""
    found = []
    for part in parts:
        places = {part.conditions.except_on.casefold()} & OWN_NAMES
        unknown = [*part.notes, *places, *filter(None, [part.conditions.percent_off])]
        if unknown:
            raise PageChangedError("status of a model", wanted="a known one", found=unknown, where=where)
        name = part.name if part.name.startswith("Claude") else f"{family} {part.name}".strip()
        family = family or name.rpartition(" ")[0]
        conditions = replace(part.conditions, qualifier=part.conditions.qualifier or shared)
        found.append(replace(part, name=name, conditions=conditions))
    return found
