from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.listing_source import ListingSource
from cardwatch.crawler.source_card import Authority


class OpenaiModels(ListingSource):
    """OpenAI's list of the models a key may call: ids, and for some the day they stop.

    `created` is when the entry was made, not the release.
    """

    name = "openai_models"
    title = "OpenAI models API"
    kind = "vendor API"
    authority = Authority.FIRST_PARTY
    url = "https://api.openai.com/v1/models"
    max_age = timedelta(days=7)
    expected_rows = range(40, 1_000)
    fewest_rows = 2
    complete = True
    providers = ("openai",)
    developers = ("openai",)
    key_env = "OPENAI_API_KEY"
    terms = "OpenAI's API terms: facts are passed on."

    row_kinds = ("offer",)
    provider = "OpenAI API"
    offer_keys = "shutdown_date shutdown_date iso date"
    ignored = "object created owned_by"
