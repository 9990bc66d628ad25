from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.formats.rate_card import INPUT, MODEL, OUTPUT, UNREAD, RateCard
from cardwatch.crawler.table_source import RateSource

CARD = RateCard(
    "Perplexity",
    {
        "model": MODEL,
        "input tokens ($/1m)": INPUT,
        "output tokens ($/1m)": OUTPUT,
        "reasoning tokens ($/1m)": "reasoning_price",
        **dict.fromkeys(("citation tokens ($/1m)", "search queries ($/1k)"), UNREAD),
    },
)


class PerplexityPricing(RateSource):
    """Perplexity's token prices of its Sonar models.

    Tokens of citations have no attribute, prices by the thousand searches are not read. A request costs a fee
    beside its tokens, by the size of its search; that table was not seen.
    """

    name = "perplexity_pricing"
    title = "Perplexity API pricing"
    url = "https://docs.perplexity.ai/docs/getting-started/pricing.md"
    page_urls = r"https://docs\.perplexity\.ai/(?:docs/)?getting-started/pricing(?:\.md)?"
    max_age = timedelta(days=2)
    expected_rows = range(2, 60)
    providers = ("perplexity",)
    developers = ("perplexity",)
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."
    rates = CARD
