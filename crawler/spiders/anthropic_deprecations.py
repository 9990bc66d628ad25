from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.lifecycle_tables import LifecyclePage, read_lifecycle_page
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

PAGE = LifecyclePage(
    "Anthropic API", makes_models=True, status="deprecated", announced_above=True, names_all=True
)


class AnthropicDeprecations(Source):
    """Anthropic's table of all its models with their state, and the announcements of those that go.

    The days hold for Anthropic's own platform, not for clouds that serve the same models.
    """

    name = "anthropic_deprecations"
    parser_version = 2
    title = "Anthropic model deprecations"
    kind = "lifecycle page"
    authority = Authority.FIRST_PARTY
    url = "https://platform.claude.com/docs/en/about-claude/model-deprecations.md"
    max_age = timedelta(days=3)
    expected_rows = range(5, 120)
    providers = ("anthropic",)
    developers = ("anthropic",)
    page_urls = r"https://(?:platform|docs)\.claude\.com/docs/en/about-claude/model-deprecations"
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        return read_lifecycle_page(response, PAGE)
