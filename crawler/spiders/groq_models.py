from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import ClassVar

from scrapy.http import TextResponse

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.markdown import markdown_tables, plain_text
from cardwatch.crawler.formats.reading import lookup, unread_cell
from cardwatch.crawler.formats.table import PageTable, TableRecord, read_records, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL, PRICE = "model", "price"
COLUMNS: Mapping[str, str] = {
    "model id": MODEL,
    "speed (t/sec)": "",
    "price per 1m tokens": PRICE,
    "rate limits (developer plan)": "",
    "context window (tokens)": "context_window",
    "max completion tokens": "max_output_tokens",
    "max file size": "",
}
STAGES = {
    "Production Models": "production",
    "Production Systems": "production",
    "Preview Models": "preview",
    "Preview Systems": "preview",
    "Deprecated Models": "deprecated",
}
LINKED = re.compile(r".*\]\(/docs/(?:model|compound/systems)/([^)\s]+)\)(\S.*)", re.DOTALL)
PREFIX = re.compile(r"(?:Enterprise)?((?:[a-z0-9-]+/)?)")
"""What may stand before the last part of an id: a badge, and the maker where the link leaves it out."""
SALES = "ContactSales"
METERS: Mapping[str, tuple[str, str]] = {
    "input": ("input_price", "usd/1M tokens"),
    "cached input": ("cache_read_price", "usd/1M tokens"),
    "output": ("output_price", "usd/1M tokens"),
    "per hour": ("hour_price", "usd/hour"),
    "per 1M characters": ("character_price", "usd/1M characters"),
}
PRICE_PART = re.compile(rf"\s*(\$[\d.]+) ({'|'.join(METERS)})")
"""A cell is a row of these, set without a space between them."""


class GroqModels(Source):
    """The models that Groq serves, with prices and limits; the id stands glued to the link before it."""

    name = "groq_models"
    title = "Groq models and prices"
    kind = "model page"
    authority = Authority.FIRST_PARTY
    url = "https://console.groq.com/docs/models.md"
    page_urls = r"https://console\.groq\.com/docs/models"
    max_age = timedelta(days=1)
    expected_rows = range(5, 100)
    providers = ("groq",)
    price_words: ClassVar[Mapping[str, str]] = {SALES: "not_published"}
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        yield from read_tables(markdown_tables(response.text), _served, where=response.url)


def _served(table: PageTable) -> Iterator[PagePart]:
    stage = Cell(lookup(STAGES, table.section, what="heading above a table", where=table.where))
    need = (MODEL, PRICE, "context_window", "max_output_tokens")
    return read_records(table, COLUMNS, partial(_offer, stage), need=need)


def _offer(stage: Cell, row: TableRecord) -> Iterator[RawRow]:
    limits = {
        name: Cell(plain_text(row.texts[name]), "tokens", row.at[name])
        for name in ("context_window", "max_output_tokens")
        if not is_blank(plain_text(row.texts[name]))
    }
    cells = {**_prices(row), **limits, "lifecycle": stage}
    yield RawRow("offer", _model(row), row.locator, cells, provider="Groq")


def _model(row: TableRecord) -> str:
    found = LINKED.fullmatch(row.texts[MODEL])
    name = plain_text(found[2]) if found else ""
    before = PREFIX.fullmatch(name.removesuffix(found[1])) if found and name.endswith(found[1]) else None
    if not found or not before:
        raise PageChangedError(
            "model id", wanted="a link and its id", found=row.texts[MODEL], where=row.locator
        )
    return before[1] + found[1]


def _prices(row: TableRecord) -> dict[str, Cell]:
    text, at = plain_text(row.texts[PRICE]), row.at[PRICE]
    amounts = {words: amount for amount, words in PRICE_PART.findall(text)}
    if amounts and not PRICE_PART.sub("", text) and ("input" in amounts) == ("output" in amounts):
        return {METERS[words][0]: Cell(amount, METERS[words][1], at) for words, amount in amounts.items()}
    both = [METERS[words] for words in ("input", "output")]
    if text == SALES:
        return {meter: Cell(text, unit, at) for meter, unit in both}
    return (
        {}
        if is_blank(text)
        else {meter: unread_cell(text, wanted=[*METERS, SALES], at=at) for meter, _ in both}
    )
