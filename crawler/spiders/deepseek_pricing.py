from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import NamedTuple

from parsel import Selector
from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow, UnreadPart
from cardwatch.crawler.formats.conditions import DATE, read_conditions, read_days
from cardwatch.crawler.formats.html_table import find_grids, grid_to_table
from cardwatch.crawler.formats.reading import NOT_A_NAME, lookup, matched_cell, unread_cell
from cardwatch.crawler.formats.table import PageTable, fold_heading, read_tables
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
    "max output": LineMeaning("max_output_tokens", "tokens", r"(?:.*MAXIMUM: )?(\S+)"),
    "tool calls": LineMeaning("capability.function_calling"),
    "function calling": LineMeaning("capability.function_calling"),
    "vision": LineMeaning("capability.vision"),
    **dict.fromkeys(("base url", "base url (openai format)", "base url (anthropic format)"), NOTHING),
    **dict.fromkeys(("json output", "responses api", "anthropic api", "concurrency limit"), NOTHING),
    **dict.fromkeys(("chat prefix completion (beta)", "fim completion (beta)"), NOTHING),
}
PRICE_LINES = (
    (re.compile(r"(?:1m )?input (?:tokens|price) ?\(cache hit\)"), LineMeaning("cache_read_price", UNIT)),
    (re.compile(r"(?:1m )?input (?:tokens|price) ?\(cache miss\)"), LineMeaning("input_price", UNIT)),
    (re.compile(r"(?:1m )?output (?:tokens|price)"), LineMeaning("output_price", UNIT)),
)
GROUPS = {"features", "pricing"}
TIMES = {"": "", "off-peak": "", "peak": "peak"}
"""When a price holds. Off-peak is all other hours, so it is the price without a condition."""
HOURS_OF_GROUP = re.compile(
    r"(?P<kind>standard|discount) price \(utc (?P<start>\d\d:\d\d) ?- ?(?P<end>\d\d:\d\d)\)"
)
FOOTNOTE = re.compile(r"(?:\(\d\))+$")
PEAK = re.compile(
    r"Peak hours are (?P<hours>[\d:, and-]+?) UTC(?P<days>, Monday through Friday)?"
    r"(?:, excluding (?P<but_not>[\w ]*holidays))?(?: \(all other hours are off-peak\))?\."
)
HOURS = re.compile(r"(\d\d):(\d\d) ?- ?(\d\d):(\d\d)")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
EFFECT = re.compile(
    rf"(?:take effect at|starting from|(?P<until>in effect until)) (?P<day>{DATE})", re.IGNORECASE
)
PROMOTION = re.compile(rf"\b(?P<percent>\d+)% discount,?(?: \w+)? until (?P<day>{DATE})")
MODEL_ID = re.compile(r"[A-Za-z][\w.]*(?:-[\w.]+)+", re.ASCII)
AMOUNT = re.compile(r"\$[\d.]*\d(?: ?/ ?1M tokens)?")
MODE = re.compile(r"(?P<name>.+?) \((?P<mode>non-thinking|thinking) mode\)", re.IGNORECASE)
RETIRED = re.compile(
    r"The legacy names? (?P<names>.+?) are still accepted, but the corresponding models have been retired, "
    r"their requests are served by the (?P<replacement>\S+) model"
)


class DeepseekPricing(Source):
    """DeepSeek's price list: one column a model, prices by the hour of the day, new prices in a second table.

    A name of the API may move to another model; the line MODEL VERSION says which one it is now. Prices by the
    hour as of 2025 ("STANDARD PRICE (UTC 00:30-16:30)") were only seen as text.
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

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        notes = " ".join(response.selector.xpath("string()").get("").split())
        tables = [*map(grid_to_table, find_grids(response.selector))]
        periods = _periods(response.selector)
        versions: dict[str, str] = {}
        yield from read_tables(
            tables,
            lambda table: _model_rows(table, notes, periods.get(table.locator, {}), versions),
            where=response.url,
        )
        yield from _retired(notes)


def _label_columns(table: PageTable) -> int:
    """Return how many columns are headed MODEL; 0 for a table that is none of models."""
    folded = [_label(heading) for heading in table.headings]
    return next((n for n, heading in enumerate(folded) if heading != "model"), len(folded))


def _label(text: str) -> str:
    """Return a label folded, without its footnote's number and with brackets of one width."""
    return FOOTNOTE.sub("", fold_heading(text).replace("（", " (").replace("）", ")").replace("  ", " "))


def _periods(page: Selector) -> dict[str, dict[str, str]]:
    """Return from and to which day the prices of each table hold, as the words right above it say.

    Prices without a date end when those of a later table begin.
    """
    found: dict[str, dict[str, str]] = {}
    seen = 0
    for number, table in enumerate(page.xpath("//table"), start=1):
        before = table.xpath("preceding::text()[not(ancestor::table)]").getall()
        found[f"/table[{number}]"] = _period(" ".join(" ".join(before[seen:]).split()))
        seen = len(before)
    starts = [dates["from"] for dates in found.values() if "from" in dates]
    return {key: dates or ({"to": min(starts)} if starts else {}) for key, dates in found.items()}


def _period(text: str) -> dict[str, str]:
    """Read the last announcement of a text; the day of an hour is where one price ends and the next begins."""
    dates = [*EFFECT.finditer(text)]
    if not dates:
        return {}
    days = read_days(dates[-1]["day"])
    if days is None:
        raise PageChangedError("date", wanted="a day", found=dates[-1][0], where="text above a table")
    return {"to" if dates[-1]["until"] else "from": days[0].isoformat()}


Prices = dict[tuple[tuple[str, str], ...], dict[str, Cell]]


@dataclass(frozen=True, slots=True)
class PricedModel:
    """One model of a table: its id, what is said of it as such, and its prices by when they hold."""

    id: str
    model_cells: dict[str, Cell] = field(default_factory=dict)
    prices: Prices = field(default_factory=dict)


def _model_rows(
    table: PageTable, notes: str, period: Mapping[str, str], versions: dict[str, str]
) -> Iterator[PagePart]:
    first = _label_columns(table)
    if not first:
        return
    meters_across = any(_price_meaning(_label(heading)) for heading in table.headings[first:])
    models = _by_row(table, first, notes) if meters_across else _by_column(table, first, notes)
    for model in models:
        name = model.model_cells.get("name", Cell("")).text
        if not MODEL_ID.fullmatch(model.id) or NOT_A_NAME.search(name):
            yield UnreadPart(
                "row",
                "model",
                "an id such as deepseek-chat",
                repr([model.id, name]),
                table.locator,
                table.text,
            )
            continue
        model_cells = model.model_cells
        if "from" in period and not model_cells and model.id not in versions:
            raise PageChangedError(
                "prices to come", wanted="a table of today's", found=model.id, where=table.where
            )
        printed = model_cells.get("name", Cell(versions.get(model.id, model.id))).text
        versions[model.id] = printed
        moded = MODE.fullmatch(printed)
        name = moded["name"] if moded else printed
        thinks = moded and moded["mode"].casefold() == "thinking"
        variant = {"mode": "thinking"} if thinks else {}
        limits = {key: cell for key, cell in model_cells.items() if cell.unit == "tokens"}
        if model_cells:
            yield RawRow("model", name, table.locator, _tools(model_cells))
        offer = RawRow("offer", name, table.locator, limits, "DeepSeek", variant)
        yield from _offers(offer, model.prices, period)


def _offers(offer: RawRow, prices: Prices, period: Mapping[str, str]) -> Iterator[RawRow]:
    """Yield the prices by when they hold; limits have no dates and stand with the plain price where it has none."""
    conditions = {(*period.items(), *condition): cells for condition, cells in prices.items()}
    if offer.cells or () in conditions:
        yield replace(offer, cells={**conditions.pop((), {}), **offer.cells})
    for condition, cells in conditions.items():
        yield replace(offer, cells=cells, qualifier=dict(condition))


def _by_column(table: PageTable, first: int, notes: str) -> Iterator[PricedModel]:
    """Yield the models of a table whose lines are meters; lines nobody knows stand with the first of them."""
    odd: dict[str, Cell] = {}
    lines = []
    for row in table.rows:
        try:
            lines.append((row, *_line(row.cells[:first], row.locator, notes)))
        except PageChangedError as error:
            at, label = (
                row.locator.removeprefix(table.locator),
                _label(" ".join(dict.fromkeys(row.cells[:first]))),
            )
            if re.search(r"\b(?:model|version)\b", label):
                raise  # the name that counts may stand there
            odd[f"unknown.{label}"] = unread_cell(row.text, wanted=error.wanted, at=at)
    for column in range(first, len(table.headings)):
        model = PricedModel(FOOTNOTE.sub("", table.headings[column]), dict(odd))
        for row, meaning, times in lines:
            at = row.locator.removeprefix(table.locator) + table.at(column)
            _add(model, meaning, times, Cell(row.cells[column], meaning.unit, at), notes)
        yield model
        odd = {}


def _by_row(table: PageTable, first: int, notes: str) -> Iterator[PricedModel]:
    """Yield the models of a table whose columns are meters, a line for each time of day."""
    meanings = [_meaning(_label(heading), table.where) for heading in table.headings[first:]]
    for row in table.rows:
        model = PricedModel(FOOTNOTE.sub("", row.cells[0]))
        times = _times(_label(row.cells[first - 1]) if first > 1 else "", notes, row.locator)
        for column, meaning in enumerate(meanings, start=first):
            at = row.locator.removeprefix(table.locator) + table.at(column)
            _add(model, meaning, times, Cell(row.cells[column], meaning.unit, at), notes)
        yield model


def _line(labels: Sequence[str], where: str, notes: str) -> tuple[LineMeaning, list[str]]:
    """Return what a line means and the windows in which its prices hold, "" for all other hours."""
    words = [label for label in dict.fromkeys(map(_label, labels)) if label not in GROUPS]
    hours = HOURS_OF_GROUP.fullmatch(words[0]) if words else None
    if hours:
        meaning = _meaning((*words, "")[1], where)
        return meaning, [""] if hours["kind"] == "standard" else [_window(hours["start"], hours["end"])]
    meaning = _meaning((*words, "")[0], where)
    return meaning, _times((*words, "", "")[1], notes, where)


def _window(start: str, end: str, days: Sequence[str] = (), but_not: str = "") -> str:
    found = parse_window(start.replace(":", ""), end.replace(":", ""), days)
    if found is None:
        raise PageChangedError("hours", wanted="hours of a day", found=f"{start}-{end}", where="price table")
    return str(replace(found, but_not=but_not))


def _meaning(label: str, where: str) -> LineMeaning:
    return _price_meaning(label) or lookup(LINES, label, what="line of the table", where=where)


def _price_meaning(label: str) -> LineMeaning | None:
    return next((meaning for pattern, meaning in PRICE_LINES if pattern.fullmatch(label)), None)


def _times(label: str, notes: str, where: str) -> list[str]:
    if not lookup(TIMES, label, what="time of day", where=where):
        return [""]
    hours = PEAK.search(notes)
    spans = HOURS.findall(hours["hours"]) if hours else []
    if not hours or not spans:
        wanted, found = "their hours and days below the table", re.findall(r"Peak hours[^.]*", notes)
        raise PageChangedError("peak hours", wanted=wanted, found=found or "none", where=where)
    days = WEEKDAYS if hours["days"] else ()
    return [_window(f"{a}:{b}", f"{c}:{d}", days, hours["but_not"] or "") for a, b, c, d in spans]


def _add(model: PricedModel, meaning: LineMeaning, times: Sequence[str], cell: Cell, notes: str) -> None:
    """Put a cell where it belongs; a price under a condition nobody knows is not read."""
    if meaning.unit != UNIT:
        if meaning.attribute not in ("", "id"):
            form = re.compile(meaning.pattern, re.DOTALL)
            model.model_cells[meaning.attribute] = matched_cell(form, cell.text, cell.unit, at=cell.at)
        return
    price, promotion = _price(cell, notes)
    for window in times:
        condition = {**promotion, **({"window": window} if window else {})}
        model.prices.setdefault(tuple(condition.items()), {})[meaning.attribute] = price


def _price(cell: Cell, notes: str) -> tuple[Cell, dict[str, str]]:
    """Read "$0.435 (75% off)": the price with the discount, until the day that a footnote gives for it."""
    amount = AMOUNT.match(cell.text)
    conditions = read_conditions(re.sub(r"[()]", " ", cell.text[amount.end() :])) if amount else None
    if amount is None or conditions is None or conditions.status:
        return unread_cell(cell.text, wanted="$0.28", at=cell.at), {}
    promotions = PROMOTION.finditer(notes) if conditions.percent_off else ()
    ends = [each["day"] for each in promotions if each["percent"] == conditions.percent_off]
    until = read_conditions(f"until {ends[0]}") if ends else None
    return cell._replace(text=amount[0]), {**conditions.qualifier, **(until.qualifier if until else {})}


def _tools(model_cells: dict[str, Cell]) -> dict[str, Cell]:
    """Tool Calls are function calling, and so a use of tools."""
    calls = model_cells.get("capability.function_calling")
    return model_cells | {"capability.tool_use": calls} if calls else model_cells


def _retired(text: str) -> Iterator[RawRow]:
    """Yield what the footnotes say of names that another model now answers to."""
    for found in RETIRED.finditer(text):
        cells = {"lifecycle": Cell("retired"), "replacement": Cell(found["replacement"])}
        for name in re.split(r" ?(?:,|\band\b) ?", " ".join(found["names"].split())):
            yield RawRow("model", name, "/footnote[1]", cells)
