from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.listing_source import ListingSource
from cardwatch.crawler.source_card import Authority


class SambanovaModels(ListingSource):
    """SambaNova's model list, in US dollars per token and, for speech, per hour of input."""

    name = "sambanova_models"
    title = "SambaNova models"
    kind = "host API"
    authority = Authority.PROVIDER_API
    url = "https://api.sambanova.ai/v1/models"
    max_age = timedelta(days=3)
    expected_rows = range(2, 200)
    complete = True
    providers = ("sambanova",)
    terms = "Public API: facts are passed on."

    provider = "SambaNova"
    offer_keys = """
        pricing/prompt            input_price       usd/token
        pricing/completion        output_price      usd/token
        pricing/duration_per_hour hour_price        usd/hour
        context_length            context_window    tokens
        max_completion_tokens     max_output_tokens tokens
    """
    filled_in = frozenset({"hour_price"})
    ignored = "object owned_by sn_metadata"
