from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.endpoints import route_rows
from cardwatch.crawler.formats.vercel import price_rows
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODELS = "openai/gpt-4.1 openai/gpt-5.1-codex-max openai/gpt-5.2-codex"


class VercelEndpoints(Source):
    """Who serves a model behind Vercel's gateway: a page for each model that somebody asked about."""

    name = "vercel_endpoints"
    title = "Vercel AI Gateway routes"
    kind = "gateway API"
    authority = Authority.PROVIDER_API
    url = "https://ai-gateway.vercel.sh/v1/models/openai/gpt-4.1/endpoints"
    listed = tuple(f"https://ai-gateway.vercel.sh/v1/models/{model}/endpoints" for model in MODELS.split())
    page_urls = r"https://ai-gateway\.vercel\.sh/v1/models/[^/]+/[^/]+/endpoints"
    page_kind = "model routes"
    content_types = ("application/json",)
    max_age = timedelta(days=3)
    expected_rows = range(1, 500)
    providers = ("vercel-ai-gateway",)
    terms = "Public API, documented for reading without a key."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        yield from route_rows(response, "vercel-ai-gateway", price_rows)
