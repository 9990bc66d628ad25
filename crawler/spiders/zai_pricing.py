from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.page_tables import read_page_tables
from cardwatch.crawler.formats.rate_card import (
    CACHE_READ,
    INPUT,
    MODEL,
    OUTPUT,
    UNREAD,
    RateCard,
    read_rate_table,
)
from cardwatch.crawler.formats.table import read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

FREE = {"Free": "free", "Limited-time Free": "free"}
CARD = RateCard(
    "Z.AI",
    {
        "model": MODEL,
        "input": INPUT,
        "cached input": CACHE_READ,
        **dict.fromkeys(("cached input storage", "cached storage"), UNREAD),
        "output": OUTPUT,
    },
    words=frozenset(FREE),
)


class ZaiPricing(Source):
    """Z.ai's price list of its GLM models. Storing a cache has no attribute; pictures, films and tools are not read.

    Written from a transcription of the rendered page: its tables are as there, the page around them was not seen.
    """

    name = "zai_pricing"
    title = "Z.ai pricing"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://docs.z.ai/guides/overview/pricing.md"
    page_urls = r"https://docs\.z\.ai/guides/overview/pricing"
    max_age = timedelta(days=2)
    expected_rows = range(5, 120)
    providers = ("zai",)
    developers = ("zhipu",)
    price_words = FREE
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        return read_tables(
            read_page_tables(response), partial(read_rate_table, card=CARD), where=response.url
        )
