from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from cardwatch.crawler.documents import RawRow
from cardwatch.crawler.formats.json_listing import Json, WordMeanings, is_zero
from cardwatch.crawler.formats.openrouter import PARAMETERS
from cardwatch.crawler.listing_source import ListingSource
from cardwatch.crawler.source_card import Authority


class LlmgatewayModels(ListingSource):
    """LLM Gateway's public model list, in US dollars per token.

    Its own code writes 0 for every price it does not know, so a 0 counts only where the record says `free`.
    What a model takes is the same list for almost all of them, so of it nothing is kept but tools and reasoning.
    """

    name = "llmgateway_models"
    title = "LLM Gateway models"
    kind = "gateway API"
    authority = Authority.PROVIDER_API
    url = "https://api.llmgateway.io/v1/models"
    max_age = timedelta(days=3)
    expected_rows = range(2, 4_000)
    complete = True
    providers = ("llmgateway",)
    terms = "Public API: facts are passed on, descriptions are not."

    provider = "LLM Gateway"
    model_keys = """
        name                           name
        architecture/input_modalities  modality.input
        architecture/output_modalities modality.output
        structured_outputs             capability.structured_outputs
    """
    offer_keys = """
        pricing/prompt            input_price       usd/token
        pricing/completion        output_price      usd/token
        pricing/request           request_price     usd/request
        pricing/input_cache_read  cache_read_price  usd/token
        pricing/input_cache_write cache_write_price usd/token
        context_length            context_window    tokens
        deprecated_at             deprecation_date  iso date
        deactivated_at            shutdown_date     iso date
    """
    words: ClassVar[Mapping[str, WordMeanings]] = {"supported_parameters": PARAMETERS}
    ignored = """aliases created description family providers top_provider per_request_limits json_output free
        stability max_output architecture/tokenizer pricing/image pricing/per_second pricing/ocr_page
        pricing/input_cache_write_1h pricing/web_search pricing/internal_reasoning"""

    def offer_rows(self, offer: RawRow, item: Json) -> Iterator[RawRow]:
        if item.get("free") is True:
            yield offer
            return
        known = {
            name: cell
            for name, cell in offer.cells.items()
            if not (name.endswith("_price") and is_zero(cell.text))
        }
        yield replace(offer, cells=known)
