from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.lifecycle_tables import LifecyclePage, read_lifecycle_page
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

PAGE = LifecyclePage("Venice AI")


class VeniceDeprecations(Source):
    """Venice's tracker of the models it is about to remove."""

    name = "venice_deprecations"
    title = "Venice model deprecations"
    kind = "lifecycle page"
    authority = Authority.FIRST_PARTY
    url = "https://raw.githubusercontent.com/veniceai/api-docs/main/overview/deprecations.mdx"
    max_age = timedelta(days=3)
    expected_rows = range(1, 120)
    providers = ("venice",)
    page_urls = r"https://docs\.venice\.ai/overview/deprecations(?:\.md)?"
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        return read_lifecycle_page(response, PAGE)
