from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.lifecycle_tables import LifecyclePage, read_lifecycle_page
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

PAGE = LifecyclePage("Google Gemini API", makes_models=True)


class GeminiDeprecations(Source):
    """Google's table of Gemini API models: the day each began, and the day and the model that follow it.

    "Earliest June 2026" is no day yet. Written from a text copy and a digest of the page, its own layout was not seen.
    """

    name = "gemini_deprecations"
    title = "Gemini API deprecations"
    kind = "lifecycle page"
    authority = Authority.FIRST_PARTY
    url = "https://ai.google.dev/gemini-api/docs/deprecations"
    max_age = timedelta(days=3)
    expected_rows = range(4, 150)
    providers = ("google-gemini",)
    developers = ("google",)
    page_urls = r"https://ai\.google\.dev/gemini-api/docs/deprecations(?:\.md\.txt)?(?:\?hl=en)?"
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        return read_lifecycle_page(response, PAGE)
