from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.conditions import split_name
from cardwatch.crawler.formats.reading import lookup, read_each, unread_cell
from cardwatch.crawler.formats.table import PageTable, TableRow, fold_heading
from cardwatch.crawler.source_card import Authority
from cardwatch.crawler.table_source import TableSource

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
MARKS: Mapping[str, Mapping[str, str]] = {
    "turbo": {"tier": "turbo"},
    "fast": {"tier": "fast"},
    "us": {"region": "us"},
    "eu": {"region": "eu"},
}
"""The words behind a name, bare or in brackets, that set an offer apart."""


class FireworksPricing(TableSource):
    """Fireworks' serverless prices, in both layouts of 2026: one column for each price, or three prices in one cell."""

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

    def read_table(self, table: PageTable) -> Iterator[PagePart]:
        headings = [fold_heading(heading) for heading in table.headings]
        known = next((heading for heading in headings if heading in SECOND), (*headings, "")[1])
        if lookup(SECOND, known, what="second heading of a table", where=table.where):
            model = table.column("model")
            columns, spare = table.read_columns(partial(table.lookup_heading, COLUMNS), apart=(model,))
            yield from read_each(table.rows, lambda row: _row(table, columns, row, model))
            yield from spare


def _row(
    table: PageTable, columns: Mapping[int, tuple[tuple[str, ...], str]], row: TableRow, model: int
) -> Iterator[RawRow]:
    prices: dict[str, dict[str, Cell]] = {}
    for n, (meters, tier) in columns.items():
        if meters and not is_blank(text := row.cells[n]):
            prices.setdefault(tier, {}).update(_price_cells(meters, text, table.at(n)))
    name, variant, conditions = _marks(row.cells[model], row.locator)
    for tier, cells in prices.items():
        offered = {"tier": tier, **variant}
        stage = conditions if any(not cell.wanted for cell in cells.values()) else {}
        yield RawRow("offer", name, row.locator, {**cells, **stage}, "Fireworks AI", offered)


def _price_cells(meters: tuple[str, ...], text: str, at: str) -> dict[str, Cell]:
    amounts = text.split(" / ")
    if len(amounts) != len(meters):
        wanted = " / ".join(meters)
        return {meter: unread_cell(text, wanted=wanted, at=at) for meter in meters}
    return {meter: Cell(amount, "usd/1M tokens", at) for meter, amount in zip(meters, amounts, strict=True)}


def _marks(printed: str, where: str) -> tuple[str, dict[str, str], dict[str, Cell]]:
    """Take "Kimi K3 Fast (US, Preview)" apart: the name, what sets the offer apart, and its stage.

    A note of digits alone is a snapshot, and part of the name.
    """
    named = split_name(printed, where=where)
    words = named.name.split()
    notes = [word.strip() for note in named.notes for word in note.split(",")]
    dated = [note for note in notes if note.isdecimal()]
    marks = [note.casefold() for note in notes if note not in dated]
    stages = [mark for mark in marks if mark == "preview"]
    while len(words) > 1 and words[-1].casefold() in MARKS:
        marks.insert(0, words.pop().casefold())
    variant: dict[str, str] = {}
    for mark in marks:
        if mark not in stages:
            variant |= lookup(MARKS, mark, what="note of a model", where=where)
    if named.conditions.qualifier or named.conditions.percent_off:
        raise PageChangedError("name", wanted="a name without dates", found=repr(printed), where=where)
    stage = named.conditions.status or (stages or [""])[0]
    name = " ".join([*words, *(f"({note})" for note in dated)])
    return name, variant, {"lifecycle": Cell(stage)} if stage else {}
