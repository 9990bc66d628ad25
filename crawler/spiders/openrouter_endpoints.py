from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import ClassVar

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.endpoints import route_rows
from cardwatch.crawler.formats.openrouter import price_rows
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODELS = "openai/gpt-4.1 openai/gpt-5.1-codex-max openai/gpt-5.2-codex"


class OpenrouterEndpoints(Source):
    """Who serves a model behind OpenRouter: a page for each model that somebody asked about."""

    name = "openrouter_endpoints"
    title = "OpenRouter routes"
    kind = "gateway API"
    authority = Authority.PROVIDER_API
    url = "https://openrouter.ai/api/v1/models/openai/gpt-4.1/endpoints"
    listed = tuple(f"https://openrouter.ai/api/v1/models/{model}/endpoints" for model in MODELS.split())
    page_urls = r"https://openrouter\.ai/api/v1/models/[^/]+/[^/]+/endpoints"
    page_kind = "model routes"
    content_types = ("application/json",)
    max_age = timedelta(days=3)
    expected_rows = range(1, 500)
    providers = ("openrouter",)
    price_words: ClassVar[Mapping[str, str]] = {"-1": "not_published"}
    terms = "Public API; its terms forbid crawling the site, not using the documented API."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        yield from route_rows(response, "openrouter", price_rows)
