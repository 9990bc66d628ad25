from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.jsx import find_components
from cardwatch.crawler.formats.rate_card import (
    CACHE_READ,
    CACHE_WRITE,
    CONTEXT,
    INPUT,
    MODEL,
    OUTPUT,
    UNIT,
    RateCard,
)
from cardwatch.crawler.formats.table import PageTable, fit_table, read_tables
from cardwatch.crawler.table_source import RateSource

CARD = RateCard(
    "Moonshot AI",
    {
        "model": MODEL,
        "unit": UNIT,
        "cache write price (ttl 5min)": f"{CACHE_WRITE} 5m",
        "cache write price (ttl 1h)": f"{CACHE_WRITE} 1h",
        **dict.fromkeys(("cached input price", "input price (cache hit)"), CACHE_READ),
        **dict.fromkeys(("input price", "input price (cache miss)"), INPUT),
        "output price": OUTPUT,
        "context window": CONTEXT,
    },
    notes={"Batch": {"tier": "batch"}},
)
FRAGMENT = re.compile(r'<>\{"\$"\}([\d.,]+)</>')
TITLE = re.compile(r'title: "([^"]*)"')


class MoonshotPricing(RateSource):
    """Moonshot's price pages of its Kimi models, whose tables are components of MDX."""

    name = "moonshot_pricing"
    title = "Kimi API pricing"
    url = "https://platform.kimi.ai/docs/pricing/chat.md"
    page_urls = r"https://platform\.kimi\.ai/docs/pricing/[a-z0-9-]+(?:\.md)?"
    max_age = timedelta(days=2)
    expected_rows = range(3, 80)
    providers = ("moonshotai",)
    developers = ("moonshot",)
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    rates = CARD

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        text = FRAGMENT.sub(r'"$\1"', response.text)
        return read_tables(_doc_tables(text), self.read_table, where=response.url)


def _doc_tables(text: str) -> Iterator[PageTable]:
    """Yield the tables of a page; the headings stand as titles before the rows."""
    for component in find_components(text):
        headings = TITLE.findall(text, component.start, text.index("rows=", component.start))
        yield fit_table(replace(component, headings=tuple(headings)))
