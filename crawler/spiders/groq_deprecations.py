from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.lifecycle_tables import LifecyclePage, read_lifecycle_page
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

PAGE = LifecyclePage("Groq", date_unit="us numeric date", status="deprecated")


class GroqDeprecations(Source):
    """Groq's history of the models it stops serving; the day above a table is that of the shutdown."""

    name = "groq_deprecations"
    title = "Groq deprecations"
    kind = "lifecycle page"
    authority = Authority.FIRST_PARTY
    url = "https://console.groq.com/docs/deprecations.md"
    max_age = timedelta(days=3)
    expected_rows = range(5, 200)
    providers = ("groq",)
    page_urls = r"https://console\.groq\.com/docs/deprecations"
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        return read_lifecycle_page(response, PAGE)
