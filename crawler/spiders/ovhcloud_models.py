from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.provider_listing import ProviderListing
from cardwatch.crawler.source_card import Authority


class OvhcloudModels(ProviderListing):
    """OVHcloud's public catalog of AI Endpoints, in the form that OpenRouter asks of its providers: US dollars."""

    name = "ovhcloud_models"
    title = "OVHcloud AI Endpoints models"
    kind = "host API"
    authority = Authority.PROVIDER_API
    url = "https://catalog.endpoints.ai.ovh.net/rest/v2/openrouter"
    max_age = timedelta(days=3)
    expected_rows = range(2, 400)
    complete = True
    providers = ("ovhcloud",)
    terms = "Public API: facts are passed on, descriptions are not."

    provider = "OVHcloud AI Endpoints"
