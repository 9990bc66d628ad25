from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.reading import lookup, read_each
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

PUSH = re.compile(r"self\.__next_f\.push\(\s*(?=\[)")
CARD = re.compile(r'\{(?=[^{}\[\]]*"_type":\s*"model")')
SENTENCE = re.compile(
    r"(?P<name>.+?) pricing is (?P<input>\$[\d,]+(?:\.\d+)?)/1M tokens for input"
    r" and (?P<output>\$[\d,]+(?:\.\d+)?)/1M tokens for output\.?"
)
UNIT = "usd/1M tokens"
UNITS = {"1M tokens": UNIT, "1K searches": "", "Free": ""}
"""What a price is for. A reranker's search has no attribute, and a key or a download that is free is no token price."""
METERS = {
    "Input": "input_price",
    "Output": "output_price",
    "Cost": "input_price",
    "Image cost": "input_image_price",
}


@dataclass(frozen=True)
class PricePart:
    """A card of the page's own data, or a line of its list of questions."""

    text: str
    locator: str
    under: str = "Pricing"
    row_count: int = 1

    @cached_property
    def card(self) -> Any:
        """The card's data, numbers as printed."""
        return json.loads(self.text, strict=False, parse_float=str, parse_int=str)


class CoherePricing(Source):
    """Cohere's price page: the cards that its script carries, and older models in its list of questions.

    Instances by the hour and searches of a reranker are not read. Written from a page rebuilt around what a
    public reader of it asserts; the page as served was not seen.
    """

    name = "cohere_pricing"
    title = "Cohere pricing"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://cohere.com/pricing"
    max_age = timedelta(days=3)
    expected_rows = range(3, 60)
    providers = ("cohere",)
    developers = ("cohere",)
    terms = "Public page, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        cards = list(_find_cards(response))
        if not cards:
            raise PageChangedError("cards", wanted="models with prices", found="none", where=response.url)
        yield from read_each(cards, _read_card)
        yield from read_each(_find_lines(response), _read_line)


def _find_cards(response: TextResponse) -> Iterator[PricePart]:
    pushed = (_decode(response.text, found.end(), response.url)[0] for found in PUSH.finditer(response.text))
    data = "".join(part for parts in pushed for part in parts if isinstance(part, str))
    for number, found in enumerate(CARD.finditer(data), 1):
        end = _decode(data, found.start(), response.url)[1]
        yield PricePart(data[found.start() : end], f"/card[{number}]")


def _decode(text: str, start: int, where: str) -> tuple[Any, int]:
    """Return the JSON value that begins in `text`, and where it ends."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)
    except json.JSONDecodeError as error:
        wanted = "data of the page as JSON"
        raise PageChangedError("script", wanted=wanted, found=error.msg, where=where) from error


def _read_card(part: PricePart) -> Iterator[RawRow]:
    cells: dict[str, Cell] = {}
    for number, priced in enumerate(part.card["pricings"], 1):
        at = f"/pricings[{number}]"
        per = lookup(UNITS, priced.get("overridePer", part.card["per"]), what="per", where=part.locator)
        for side in ("input", "output"):
            label, amount = priced.get(f"{side}Label"), priced.get(f"{side}Price")
            if amount is not None and per:
                meter = lookup(METERS, label, what="label", where=f"{part.locator}{at}")
                cells[meter] = Cell(amount, per, f"{at}/{side}Price")
    if cells:
        yield RawRow("offer", part.card["modelName"], part.locator, cells, provider="Cohere")


def _find_lines(response: TextResponse) -> Iterator[PricePart]:
    for number, item in enumerate(response.xpath("//li"), 1):
        text = " ".join(item.xpath("string()").get("").split())
        if " pricing is " in text:
            yield PricePart(text, f"//li[{number}]", "Questions")


def _read_line(part: PricePart) -> Iterator[RawRow]:
    sentence = SENTENCE.fullmatch(part.text)
    if sentence is None:
        wanted = "NAME pricing is $1/1M tokens for input and $2/1M tokens for output"
        raise PageChangedError("price", wanted=wanted, found=part.text, where=part.locator)
    prices = {f"{side}_price": Cell(sentence[side], UNIT, f"/{side}") for side in ("input", "output")}
    yield RawRow("offer", sentence["name"], part.locator, prices, provider="Cohere")
