from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.provider_listing import ProviderListing
from cardwatch.crawler.source_card import Authority


class BasetenModels(ProviderListing):
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
