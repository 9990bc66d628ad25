from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.page_tables import read_page_tables, title_above
from cardwatch.crawler.formats.rate_card import (
    CACHE_READ,
    CACHE_WRITE,
    INPUT,
    MODEL,
    OUTPUT,
    RateCard,
    read_rate_table,
)
from cardwatch.crawler.formats.reading import lookup
from cardwatch.crawler.formats.table import PageTable, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

CARD = RateCard(
    "MiniMax",
    {
        **dict.fromkeys(("model", "model / api"), MODEL),
        **dict.fromkeys(("input", "input price"), INPUT),
        **dict.fromkeys(("output", "output price"), OUTPUT),
        "prompt caching read": CACHE_READ,
        "prompt caching write": CACHE_WRITE,
    },
)
TAB = re.compile(r'<Tab title="([^"]*)">|</Tab>')
TIERS = {"": {}, "Standard": {}, "Priority": {"tier": "priority"}}


class MinimaxPricing(Source):
    """MiniMax's pay-as-you-go prices; a tab above a table is its tier, a price struck out is no price.

    Speech, films, music and pictures are not read.
    """

    name = "minimax_pricing"
    title = "MiniMax pay-as-you-go pricing"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://platform.minimax.io/docs/guides/pricing-paygo.md"
    page_urls = r"https://platform\.minimax\.io/docs/guides/pricing-paygo"
    max_age = timedelta(days=2)
    expected_rows = range(4, 80)
    providers = ("minimax",)
    developers = ("minimax",)
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        read_table = partial(_read_table, text=response.text)
        return read_tables(read_page_tables(response), read_table, where=response.url)


def _read_table(table: PageTable, text: str) -> Iterator[PagePart]:
    tier = lookup(TIERS, title_above(table, text, TAB).rstrip("*"), what="tab", where=table.where)
    return read_rate_table(table, CARD, tier)
