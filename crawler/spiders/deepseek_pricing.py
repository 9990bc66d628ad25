from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, RawRow
from cardwatch.crawler.formats.html_table import TableGrid, find_grids
from cardwatch.crawler.formats.reading import lookup
from cardwatch.crawler.formats.table import fold_heading
from cardwatch.crawler.formats.time_windows import parse_window
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

UNIT = "usd/1M tokens"


class LineMeaning(NamedTuple):
    """What a line of the table says: an attribute, its unit, and which part of the text says it."""

    attribute: str
    unit: str = ""
    pattern: str = "(.+)"


NOTHING = LineMeaning("")
LINES: Mapping[str, LineMeaning] = {
    "model": LineMeaning("id"),
    "model version": LineMeaning("name"),
    "thinking mode": LineMeaning("capability.reasoning", "", r"Supports .*\b(thinking)\b[^\n]*modes?.*"),
    "context length": LineMeaning("context_window", "tokens"),
    "max output": LineMeaning("max_output_tokens", "tokens", r"(?:MAXIMUM: )?(\S+)"),
    "tool calls": LineMeaning("capability.function_calling"),
    "vision": LineMeaning("capability.vision"),
    "1m input tokens (cache hit)": LineMeaning("cache_read_price", UNIT),
    "1m input tokens (cache miss)": LineMeaning("input_price", UNIT),
    "1m output tokens": LineMeaning("output_price", UNIT),
    **dict.fromkeys(("base url", "base url (openai format)", "base url (anthropic format)"), NOTHING),
    **dict.fromkeys(("json output", "responses api", "anthropic api", "concurrency limit"), NOTHING),
    **dict.fromkeys(("chat prefix completion（beta）", "fim completion（beta）"), NOTHING),
}
GROUPS = {"features", "pricing"}
TIMES = {"": "", "off-peak": "", "peak": "peak"}
"""When a price holds. Off-peak is all other hours, so it is the price without a condition."""
PEAK = re.compile(r"Peak hours are (.+?) UTC, Monday through Friday")
HOURS = re.compile(r"(\d\d):(\d\d) - (\d\d):(\d\d)")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
RETIRED = re.compile(
    r"The legacy names? (?P<names>.+?) are still accepted, but the corresponding models have been retired, "
    r"their requests are served by the (?P<replacement>\S+) model"
)


class DeepseekPricing(Source):
    """DeepSeek's price list: one column a model, prices by the hour of the day.

    A name of the API may move to another model; the line MODEL VERSION says which one it is now.
    """

    name = "deepseek_pricing"
    title = "DeepSeek price list"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://api-docs.deepseek.com/quick_start/pricing/"
    page_urls = r"https://api-docs\.deepseek\.com/quick_start/pricing"
    max_age = timedelta(days=1)
    expected_rows = range(2, 40)
    providers = ("deepseek",)
    developers = ("deepseek",)
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        found = [
            grid for grid in find_grids(response.selector) if grid.rows and grid.rows[0][0].text == "MODEL"
        ]
        if len(found) != 1:
            raise PageChangedError("price table", wanted="one of MODEL", found=len(found), where=response.url)
        text = " ".join(response.selector.xpath("string()").get("").split())
        first = sum(spot.text == "MODEL" for spot in found[0].rows[0])
        lines = [*_lines(found[0], first)]
        for column in range(first, len(found[0].rows[0])):
            yield from _column_rows(found[0].locator, [line.cell(column) for line in lines], _windows(text))
        yield from _retired(text)


class PriceLine(NamedTuple):
    """One line of the table: what it means, when it holds, and its texts."""

    meaning: LineMeaning
    time: str
    number: int
    texts: tuple[str, ...]

    def cell(self, column: int) -> tuple[str, str, Cell | None]:
        found = re.fullmatch(self.meaning.pattern, self.texts[column], re.DOTALL)
        at = f"/tr[{self.number}]/column[{column + 1}]"
        return self.meaning.attribute, self.time, Cell(found[1], self.meaning.unit, at) if found else None


def _lines(grid: TableGrid, first: int) -> Iterator[PriceLine]:
    for number, row in enumerate(grid.rows, start=1):
        where = f"{grid.locator}/tr[{number}]"
        labels = dict.fromkeys(fold_heading(spot.text) for spot in row[:first])
        words = [label for label in labels if label not in GROUPS]
        meaning = lookup(LINES, (*words, "")[0], what="line of the table", where=where)
        time = lookup(TIMES, (*words, "", "")[1], what="time of day", where=where)
        if meaning.attribute:
            yield PriceLine(meaning, time, number, tuple(spot.text for spot in row))


def _windows(text: str) -> list[str]:
    hours = PEAK.search(text)
    spans = HOURS.findall(hours[1]) if hours else []
    return [str(parse_window(f"{a}{b}", f"{c}{d}", WEEKDAYS)) for a, b, c, d in spans]


def _column_rows(
    locator: str, cells: list[tuple[str, str, Cell | None]], windows: list[str]
) -> Iterator[RawRow]:
    said = {name: cell for name, time, cell in cells if cell and not time}
    peak = {name: cell for name, time, cell in cells if cell and time}
    if peak and not windows:
        raise PageChangedError(
            "peak hours", wanted="their hours below the table", found="none", where=locator
        )
    printed = said.pop("id", Cell(""))
    name = said.get("name", printed).text
    prices = {key: cell for key, cell in said.items() if cell.unit == UNIT}
    limits = {key: cell for key, cell in said.items() if cell.unit == "tokens"}
    yield RawRow("model", name, locator, _tools({k: c for k, c in said.items() if k not in prices}))
    yield RawRow("offer", name, locator, prices | limits, provider="DeepSeek")
    for hours in windows if peak else ():
        yield RawRow("offer", name, locator, peak, provider="DeepSeek", qualifier={"window": hours})


def _tools(said: dict[str, Cell]) -> dict[str, Cell]:
    """Tool Calls are function calling, and so a use of tools."""
    calls = said.get("capability.function_calling")
    return said | {"capability.tool_use": calls} if calls else said


def _retired(text: str) -> Iterator[RawRow]:
    """Yield what the footnotes say of names that another model now answers to."""
    for found in RETIRED.finditer(text):
        cells = {"lifecycle": Cell("retired"), "replacement": Cell(found["replacement"])}
        for name in re.split(r"\s*(?:,|\band\b)\s*", found["names"]):
            yield RawRow("model", name, "/footnote[1]", cells)
