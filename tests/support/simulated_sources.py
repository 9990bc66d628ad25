"""Sources of a made-up world: each is a host of its own with price pages; found through CARDWATCH_SPIDERS."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from scrapy.http import TextResponse

from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.documents import Cell, PageChangedError, RawRow
from cardwatch.crawler.formats.json_listing import load_json
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

UNITS = {
    "input_price": "usd/1M tokens",
    "output_price": "usd/1M tokens",
    "context_window": "tokens",
    "shutdown_date": "iso date",
    "lifecycle": "",
}


class SimulatedSource(Source):
    """One provider's price pages, each a complete list of some of its offers."""

    title = "A host"
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

    def discover(self, response: TextResponse) -> Iterator[PageRequest]:
        if response.url in self.index and response.text.startswith("{"):
            for number in load_json(response.text, where=response.url)["pages"]:
                yield PageRequest(f"{self.url}{number}", self.page_kind)

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        listed = load_json(response.text, where=response.url)
        if not isinstance(listed, dict) or "offers" not in listed:
            raise PageChangedError(
                "offers", wanted="a list of offers", found=sorted(listed), where=response.url
            )
        for number, offer in enumerate(listed["offers"]):
            cells = {name: Cell(offer[name], unit) for name, unit in UNITS.items() if name in offer}
            dates = {name: offer[name] for name in ("from", "to") if name in offer}
            yield RawRow(
                "offer", offer["model"], f"/offers/{number}", cells, provider=self.provider, qualifier=dates
            )


def define_sources(hosts: Mapping[str, Mapping[str, Any]]) -> None:
    """Define one source of a host: its id to its `url`, `count` of pages, `provider`, and what else differs."""
    for name in [name for name in globals() if name.startswith("shop_")]:
        del globals()[name]
    for name, host in hosts.items():
        attributes = {"name": name, "providers": (host["provider"],), "__module__": __name__, **host}
        attributes["max_age"] = timedelta(days=host.get("max_age", 2))
        attributes["index"] = tuple(host.get("index", ()))
        globals()[name] = type(name.title().replace("_", ""), (SimulatedSource,), attributes)


define_sources(json.loads(os.environ.get("SHOPS", "{}")))
