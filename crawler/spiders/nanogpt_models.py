from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.documents import Cell, PageChangedError
from cardwatch.crawler.formats.json_listing import Json, optional_object
from cardwatch.crawler.listing_source import ListingSource
from cardwatch.crawler.source_card import Authority

UNIT, CURRENCY = "per_million_tokens", "USD"


class NanogptModels(ListingSource):
    """NanoGPT's public list with details: US dollars per million tokens, cached tokens per thousand.

    `created` is the day of the listing. A record in another unit or currency is not read.
    """

    name = "nanogpt_models"
    title = "NanoGPT models"
    kind = "gateway API"
    authority = Authority.PROVIDER_API
    url = "https://nano-gpt.com/api/v1/models?detailed=true"
    max_age = timedelta(days=3)
    expected_rows = range(2, 4_000)
    complete = True
    providers = ("nano-gpt",)
    terms = "Public API: facts are passed on, descriptions are not."

    provider = "NanoGPT"
    envelope = "object meta"
    model_keys = """
        name                           name
        architecture/input_modalities  modality.input
        architecture/output_modalities modality.output
        capabilities/vision            capability.vision
        capabilities/reasoning         capability.reasoning
        capabilities/tool_calling      capability.function_calling
        capabilities/tool_calling      capability.tool_use
        capabilities/structured_output capability.structured_outputs
    """
    offer_keys = """
        pricing/prompt                     input_price       usd/1M tokens
        pricing/completion                 output_price      usd/1M tokens
        pricing/cacheReadInputPer1kTokens  cache_read_price  usd/1K tokens
        pricing/cacheWriteInputPer1kTokens cache_write_price usd/1K tokens
        context_length                     context_window    tokens
        max_output_tokens                  max_output_tokens tokens
    """
    ignored = """object created owned_by description icon_url cost_estimate category providers subscription
        distillationPolicy reasoning_efforts open_weights architecture/modality pricing/currency pricing/unit
        pricing/note capabilities/video_input capabilities/audio_input capabilities/parallel_tool_calls
        capabilities/pdf_upload"""

    def offer_cells(self, item: Json, locator: str) -> dict[str, Cell]:
        pricing = optional_object(item, "pricing", locator)
        stated = pricing.get("unit") or UNIT, pricing.get("currency") or CURRENCY
        if stated != (UNIT, CURRENCY):
            raise PageChangedError("pricing", wanted=f"{CURRENCY} {UNIT}", found=stated, where=locator)
        return super().offer_cells(item, locator)
