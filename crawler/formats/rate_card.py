"""Rate cards: a table row a model, a column a meter, one amount a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.conditions import NamedConditions, split_name
from cardwatch.crawler.formats.reading import lookup, unread_cell
from cardwatch.crawler.formats.table import PageTable, TableRecord, fold_heading, read_records

MODEL, UNIT, CONTEXT, UNREAD = "model", "unit", "context_window", ""
INPUT, OUTPUT, CACHE_READ, CACHE_WRITE = (
    "input_price",
    "output_price",
    "cache_read_price",
    "cache_write_price",
)
AMOUNT = re.compile(r"(?:[$¥] ?[\d,]+(?:\.\d+)?|[\d,]+(?:\.\d+)? ?元)")
PER = re.compile(r" ?(?:/|per) ?(?:1 ?)?(?:m|million) tokens?|", re.IGNORECASE)
PRICED_UNITS = frozenset({"1m tokens", "per 1m tokens", "/1m tokens"})
CURRENCIES = {"$": "usd", "¥": "cny", "元": "cny"}
TOKENS = re.compile(r"([\d,]+) tokens")


@dataclass(frozen=True, slots=True)
class RateCard:
    """How one provider writes its rate card: amounts for a million tokens each.

    `columns` says what a folded heading means: a meter, "cache_write_price 5m" for one with a time to live,
    MODEL, UNIT, CONTEXT, or UNREAD. `words` are texts that stand for a price and that the source's
    `price_words` explain. `notes` are what texts in brackets behind a model's name set apart.
    """

    provider: str
    columns: Mapping[str, str]
    words: frozenset[str] = frozenset()
    notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_rate_table(
    table: PageTable, card: RateCard, variant: Mapping[str, str] | None = None
) -> Iterator[PagePart]:
    """Yield the prices of one table, `variant` on all of them; nothing for a table without both token prices."""
    meanings = {card.columns.get(fold_heading(heading)) for heading in table.headings}
    if not meanings & {INPUT, OUTPUT}:
        return
    read = partial(_read_row, card=card, variant=variant or {})
    yield from read_records(table, card.columns, read, need=(MODEL, INPUT, OUTPUT))


def _read_row(row: TableRecord, card: RateCard, variant: Mapping[str, str]) -> Iterator[RawRow]:
    named = _name(row)
    for note in named.notes:
        variant = {**variant, **lookup(card.notes, note, what="note", where=row.locator)}
    if fold_heading(row.texts.get(UNIT, "1M tokens")) not in PRICED_UNITS:
        raise PageChangedError("unit", wanted="1M tokens", found=row.texts[UNIT], where=row.locator)
    for ttl, cells in _prices(row, card).items():
        qualifier = {**named.conditions.qualifier, **({"ttl": ttl} if ttl else {})}
        yield RawRow("offer", named.name, row.locator, cells, card.provider, variant, qualifier)
    if CONTEXT in row.texts and (length := TOKENS.fullmatch(row.texts[CONTEXT])):
        yield RawRow("model", named.name, row.locator, {CONTEXT: Cell(length[1], "tokens", row.at[CONTEXT])})


def _name(row: TableRecord) -> NamedConditions:
    named = split_name(row.texts[MODEL].replace("*", ""), where=row.locator)
    conditions = named.conditions
    if conditions.status or conditions.dates or conditions.except_on:
        raise PageChangedError("model", wanted="a name and prompt lengths", found=named, where=row.locator)
    return named


def _prices(row: TableRecord, card: RateCard) -> Mapping[str, dict[str, Cell]]:
    """Return the prices of a row by the time to live they hold for, "" for none."""
    found: dict[str, dict[str, Cell]] = {}
    for column, text in row.texts.items():
        if column not in (MODEL, UNIT, CONTEXT) and not is_blank(text):
            meter, _, ttl = column.partition(" ")
            found.setdefault(ttl, {})[meter] = _price(text, row.at[column], card)
    return found


def _price(text: str, at: str, card: RateCard) -> Cell:
    if text in card.words:
        return Cell(text, "usd/1M tokens", at)
    amount = AMOUNT.match(text)
    if amount is None or not PER.fullmatch(text[amount.end() :]):
        return unread_cell(text, wanted="$0.30 for a million tokens", at=at)
    currency = next(name for mark, name in CURRENCIES.items() if mark in amount[0])
    return Cell(amount[0], f"{currency}/1M tokens", at)
