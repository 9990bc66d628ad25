from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.page_tables import read_page_tables
from cardwatch.crawler.formats.rate_card import INPUT, MODEL, OUTPUT, UNREAD, RateCard, read_rate_table
from cardwatch.crawler.formats.table import read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

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


class PerplexityPricing(Source):
    """Perplexity's token prices of its Sonar models.

    Tokens of citations have no attribute, prices by the thousand searches are not read. A request costs a fee
    beside its tokens, by the size of its search; that table was not seen.
    """

    name = "perplexity_pricing"
    title = "Perplexity API pricing"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://docs.perplexity.ai/docs/getting-started/pricing.md"
    page_urls = r"https://docs\.perplexity\.ai/(?:docs/)?getting-started/pricing(?:\.md)?"
    max_age = timedelta(days=2)
    expected_rows = range(2, 60)
    providers = ("perplexity",)
    developers = ("perplexity",)
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        return read_tables(
            read_page_tables(response), partial(read_rate_table, card=CARD), where=response.url
        )
