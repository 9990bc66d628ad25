from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.rate_card import CACHE_READ, INPUT, MODEL, OUTPUT, RateCard, read_rate_table
from cardwatch.crawler.formats.table import PageTable, fold_heading
from cardwatch.crawler.table_source import RateSource

CARD = RateCard(
    "Xiaomi MiMo",
    {
        **dict.fromkeys(("input (cache hit)", "输入(命中缓存)"), CACHE_READ),
        **dict.fromkeys(("input (cache miss)", "输入(未命中缓存)"), INPUT),
        **dict.fromkeys(("output", "输出"), OUTPUT),
    },
)
SERIES = re.compile(r"mimo-\S+ (?:series|系列)|models?|模型", re.IGNORECASE)
"""The heading above the ids is the name of the series."""
AT_HOME = {"region": "cn-mainland"}


class XiaomiPricing(RateSource):
    """Xiaomi's pay-as-you-go prices: a table in yuan for China and one in dollars for everybody else.

    Written from what several public readers of the page say of its layout; speech, billed by the hour, and the
    search plug-in are not read.
    """

    name = "xiaomi_pricing"
    title = "Xiaomi MiMo pricing"
    url = "https://mimo.mi.com/static/docs/price/pay-as-you-go.md"
    page_urls = r"https://(?:mimo\.mi\.com|platform\.xiaomimimo\.com)/docs/(?:\w\w-\w\w/)?(?:price/pay-as-you-go|pricing)"
    max_age = timedelta(days=3)
    expected_rows = range(2, 60)
    providers = ("xiaomi",)
    developers = ("xiaomi",)
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def read_table(self, table: PageTable) -> Iterator[PagePart]:
        series = [heading for heading in map(fold_heading, table.headings) if SERIES.fullmatch(heading)]
        if series:
            card = replace(CARD, columns={**CARD.columns, series[0]: MODEL})
            yield from read_rate_table(table, card, AT_HOME if "¥" in table.text else {})
