from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from cardwatch.crawler.formats import provider_listing
from cardwatch.crawler.formats.json_listing import WordMeanings
from cardwatch.crawler.listing_source import ListingSource
from cardwatch.crawler.source_card import Authority


class OvhcloudModels(ListingSource):
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
    model_keys = provider_listing.MODEL_KEYS
    offer_keys = provider_listing.OFFER_KEYS
    filled_in = provider_listing.FILLED_IN_PRICES
    words: ClassVar[Mapping[str, WordMeanings]] = {"supported_features": provider_listing.FEATURES}
    ignored = provider_listing.IGNORED
