"""The model list that OpenRouter asks of every provider behind it; hosts serve the same list to everybody.

Its documentation for providers says: prices are texts in US dollars for one token, image or request.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from cardwatch.crawler.formats.json_listing import WordMeanings, split_names
from cardwatch.crawler.listing_source import ListingSource

FEATURES: WordMeanings = {
    "tools": ("capability.function_calling", "capability.tool_use"),
    "structured_outputs": ("capability.structured_outputs",),
    "reasoning": ("capability.reasoning",),
    **dict.fromkeys(split_names("json_mode web_search"), ()),
}


class ProviderListing(ListingSource):
    """`created` is the day of the listing; an image's price has no size beside it.

    The list wants a text for some prices, so hosts write 0 where nothing of the kind is sold.
    """

    model_keys = """
        name              name
        input_modalities  modality.input
        output_modalities modality.output
    """
    offer_keys = """
        context_length             context_window    tokens
        max_output_length          max_output_tokens tokens
        max_completion_tokens      max_output_tokens tokens
        quantization               quantization
        pricing/prompt             input_price       usd/token
        pricing/completion         output_price      usd/token
        pricing/request            request_price     usd/request
        pricing/input_cache_reads  cache_read_price  usd/token
        pricing/input_cache_read   cache_read_price  usd/token
        pricing/input_cache_writes cache_write_price usd/token
        pricing/input_cache_write  cache_write_price usd/token
    """
    filled_in = frozenset({"request_price", "cache_read_price", "cache_write_price"})
    words: ClassVar[Mapping[str, WordMeanings]] = {"supported_features": FEATURES}
    ignored = """object created owned_by description hugging_face_id openrouter datacenters
        supported_sampling_parameters pricing/image"""
