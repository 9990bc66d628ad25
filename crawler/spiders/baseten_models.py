from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from cardwatch.crawler.formats import provider_listing
from cardwatch.crawler.formats.json_listing import WordMeanings
from cardwatch.crawler.listing_source import ListingSource
from cardwatch.crawler.source_card import Authority


class BasetenModels(ListingSource):
    """Baseten's list of its Model APIs, for whoever has a key. Its output limit can be the whole context."""

    name = "baseten_models"
    title = "Baseten models API"
    kind = "host API"
    authority = Authority.PROVIDER_API
    url = "https://inference.baseten.co/v1/models"
    max_age = timedelta(days=7)
    expected_rows = range(2, 400)
    complete = True
    providers = ("baseten",)
    key_env = "BASETEN_API_KEY"
    terms = "Baseten's API terms: facts are passed on."

    provider = "Baseten"
    key_scheme = "Api-Key"
    model_keys = provider_listing.MODEL_KEYS
    offer_keys = provider_listing.OFFER_KEYS
    filled_in = provider_listing.FILLED_IN_PRICES
    words: ClassVar[Mapping[str, WordMeanings]] = {"supported_features": provider_listing.FEATURES}
    ignored = provider_listing.IGNORED
