from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.formats.rate_card import (
    CACHE_READ,
    INPUT,
    MODEL,
    OUTPUT,
    UNIT,
    RateCard,
)
from cardwatch.crawler.table_source import RateSource

CARD = RateCard(
    "StepFun",
    {
        "模型": MODEL,
        "单位": UNIT,
        "输入价格(缓存未命中)": INPUT,
        "输入价格(缓存命中)": CACHE_READ,
        "输出价格": OUTPUT,
    },
)


class StepfunPricing(RateSource):
    """StepFun's price list in yuan. Written from its numbers in a public repository: its layout was not seen."""

    name = "stepfun_pricing"
    title = "StepFun pricing"
    url = "https://platform.stepfun.com/docs/zh/guides/pricing/details"
    page_urls = r"https://platform\.stepfun\.com/docs/zh/guides/pricing/details\.md"
    max_age = timedelta(days=3)
    expected_rows = range(2, 80)
    providers = ("stepfun",)
    developers = ("stepfun",)
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."
    rates = CARD
