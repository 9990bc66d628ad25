from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.lifecycle_tables import SHUTDOWN, UNREAD, LifecyclePage, read_lifecycle_page
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

COLUMNS = {"planned deprecation date": SHUTDOWN, "supported by on-demand dedicated endpoints": UNREAD}
PAGE = LifecyclePage("Together AI", columns=COLUMNS, date_unit="iso date", status="deprecated")


class TogetherDeprecations(Source):
    """Together's planned and past deprecations: the day on which serverless stops; some stay on dedicated endpoints."""

    name = "together_deprecations"
    title = "Together AI deprecations"
    kind = "lifecycle page"
    authority = Authority.FIRST_PARTY
    url = "https://docs.together.ai/docs/deprecations.md"
    max_age = timedelta(days=3)
    expected_rows = range(5, 400)
    providers = ("together-ai",)
    page_urls = r"https://docs\.together\.ai/docs/deprecations"
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        return read_lifecycle_page(response, PAGE)
