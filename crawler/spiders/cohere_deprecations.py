from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.lifecycle_tables import LifecyclePage, read_lifecycle_page
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

PAGE = LifecyclePage(
    "Cohere", makes_models=True, date_unit="us numeric date", status="deprecated", announced_above=True
)


class CohereDeprecations(Source):
    """Cohere's table of all its models with their status, and the announcements of those that go."""

    name = "cohere_deprecations"
    title = "Cohere deprecations"
    kind = "lifecycle page"
    authority = Authority.FIRST_PARTY
    url = "https://raw.githubusercontent.com/cohere-ai/cohere-developer-experience/main/fern/pages/going-to-production/deprecations.mdx"
    max_age = timedelta(days=3)
    expected_rows = range(5, 150)
    providers = ("cohere",)
    developers = ("cohere",)
    page_urls = r"https://docs\.cohere\.com/docs/deprecations(?:\.md)?"
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        return read_lifecycle_page(response, PAGE)
