from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.formats.rate_card import (
    CACHE_READ,
    INPUT,
    MODEL,
    OUTPUT,
    UNREAD,
    RateCard,
)
from cardwatch.crawler.table_source import RateSource

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


class ZaiPricing(RateSource):
    """Z.ai's price list of its GLM models. Storing a cache has no attribute; pictures, films and tools are not read.

    Written from a transcription of the rendered page: its tables are as there, the page around them was not seen.
    """

    name = "zai_pricing"
    title = "Z.ai pricing"
    url = "https://docs.z.ai/guides/overview/pricing.md"
    page_urls = r"https://docs\.z\.ai/guides/overview/pricing"
    max_age = timedelta(days=2)
    expected_rows = range(5, 120)
    providers = ("zai",)
    developers = ("zhipu",)
    price_words = FREE
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."
    rates = CARD
