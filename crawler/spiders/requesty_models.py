from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.listing_source import ListingSource
from cardwatch.crawler.source_card import Authority


class RequestyModels(ListingSource):
    """Requesty's public model list, in US dollars per token.

    A model of which nothing is cached has cache prices of 0. No whole answer was seen, only records of three
    different dates; the later ones have more flags.
    """

    name = "requesty_models"
    title = "Requesty models"
    kind = "gateway API"
    authority = Authority.PROVIDER_API
    url = "https://router.requesty.ai/v1/models"
    max_age = timedelta(days=3)
    expected_rows = range(2, 4_000)
    complete = True
    providers = ("requesty",)
    terms = "Public API: facts are passed on, descriptions are not."

    provider = "Requesty"
    model_keys = """
        supports_vision             capability.vision
        supports_computer_use       capability.computer_use
        supports_reasoning          capability.reasoning
        supports_tool_calling       capability.function_calling
        supports_tool_calling       capability.tool_use
        supports_output_json_schema capability.structured_outputs
    """
    offer_keys = """
        input_price       input_price       usd/token
        output_price      output_price      usd/token
        cached_price      cache_read_price  usd/token
        caching_price     cache_write_price usd/token
        context_window    context_window    tokens
        max_output_tokens max_output_tokens tokens
    """
    filled_in = frozenset({"cache_read_price", "cache_write_price"})
    ignored = """api object created owned_by description supports_caching supports_image_generation
        supports_role_developer supports_web_search supports_output_json_object"""
