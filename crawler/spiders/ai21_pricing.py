from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from parsel import Selector
from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.reading import read_each, seen_text
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

LINE = re.compile(r"(?P<amount>\$[\d.,]+) / 1M (?P<side>input|output) tokens")


class PriceCard(NamedTuple):
    """One card of the page: a model's name and the lines of its price."""

    name: str
    lines: tuple[str, ...]
    locator: str
    under: str = "Foundation models"

    @property
    def text(self) -> str:
        return " | ".join((self.name, *self.lines))

    @property
    def row_count(self) -> int:
        return 1


class Ai21Pricing(Source):
    """AI21's pricing page: a card a model, with a line for input and one for output."""

    name = "ai21_pricing"
    title = "AI21 pricing"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://www.ai21.com/pricing/"
    max_age = timedelta(days=3)
    expected_rows = range(1, 30)
    providers = ("ai21",)
    developers = ("ai21",)
    terms = "Public page, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        cards = list(_find_cards(response.selector))
        if not cards:
            raise PageChangedError("cards", wanted="models with prices", found="none", where=response.url)
        return read_each(cards, _read_card)


def _find_cards(page: Selector) -> Iterator[PriceCard]:
    for number, card in enumerate(
        page.xpath("//*[@id='foundation-models']//*[contains(@class, 'card__body')]"), 1
    ):
        lines = card.xpath(".//*[contains(@class, 'card__footer')]//text()").getall()
        name = seen_text(card.xpath("string(.//*[contains(@class, 'card__title')])").get("")).strip()
        seen = tuple(line for line in map(str.strip, map(seen_text, lines)) if line)
        yield PriceCard(name, seen, f"/card[{number}]")


def _read_card(card: PriceCard) -> Iterator[RawRow]:
    cells = {}
    for number, line in enumerate(card.lines, 1):
        price = LINE.fullmatch(" ".join(line.split()))
        if price is None or not card.name:
            raise PageChangedError("price", wanted="$2 / 1M input tokens", found=line, where=card.locator)
        cells[f"{price['side']}_price"] = Cell(price["amount"], "usd/1M tokens", f"/line[{number}]")
    yield RawRow("offer", card.name, card.locator, cells, provider="AI21 Labs")
