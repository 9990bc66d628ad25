"""Sources of a made-up world: each shop is a host of its own with price pages; found through CARDWATCH_SPIDERS."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from scrapy.http import TextResponse

from crawler.card import Authority
from crawler.documents import Cell, PageChangedError, RawRow
from crawler.formats.json_text import load
from crawler.past import PageRequest
from crawler.source import Source

UNITS = {"input_price": "usd/1M tokens", "output_price": "usd/1M tokens", "context_window": "tokens"}


class Shop(Source):
    """One provider's price pages, each a complete list of some of its offers."""

    title = "A shop"
    kind = "price pages"
    authority = Authority.PROVIDER_API
    max_age = timedelta(days=2)
    expected_rows = range(1, 100)
    page_kind = "price page"
    complete = True
    provider: ClassVar[str]
    count: ClassVar[int]

    def pages(self) -> list[PageRequest]:
        return [PageRequest(f"{self.url}{number}", self.page_kind) for number in range(self.count)]

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        listed = load(response.text, where=response.url)
        if not isinstance(listed, dict) or "offers" not in listed:
            raise PageChangedError(
                "offers", wanted="a list of offers", found=sorted(listed), where=response.url
            )
        for number, offer in enumerate(listed["offers"]):
            cells = {name: Cell(offer[name], unit) for name, unit in UNITS.items()}
            yield RawRow("offer", offer["model"], f"/offers/{number}", cells, provider=self.provider)


def define(shops: Mapping[str, Mapping[str, Any]]) -> None:
    """Make one source a shop: its id to its `url`, `count` of pages and `provider`."""
    for name in [name for name in globals() if name.startswith("shop_")]:
        del globals()[name]
    for name, shop in shops.items():
        attributes = {"name": name, "providers": (shop["provider"],), "__module__": __name__, **shop}
        globals()[name] = type(name.title().replace("_", ""), (Shop,), attributes)


define(json.loads(os.environ.get("SHOPS", "{}")))
