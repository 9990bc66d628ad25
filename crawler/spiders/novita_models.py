from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from cardwatch.crawler.documents import Cell
from cardwatch.crawler.formats.json_listing import Json, WordMeanings, unknown_cell
from cardwatch.crawler.listing_source import ListingSource
from cardwatch.crawler.source_card import Authority

FEATURES: WordMeanings = {
    "function-calling": ("capability.function_calling", "capability.tool_use"),
    "structured-outputs": ("capability.structured_outputs",),
    "reasoning": ("capability.reasoning",),
    "serverless": (),
}
ON_SALE = "1"


class NovitaModels(ListingSource):
    """Novita's public model list. Whole numbers of a price are ten-thousandths of a dollar for a million tokens.

    Since 2026 a record has the price in dollars as well ("1500" beside "0.15"), which counts first. Where a model
    is billed by tiers the numbers are 0 and the tiers stand elsewhere. A feature that is missing is no No.
    """

    name = "novita_models"
    title = "Novita models"
    kind = "host API"
    authority = Authority.PROVIDER_API
    url = "https://api.novita.ai/openai/v1/models"
    page_urls = r"https://api\.novita\.ai/(?:v3/openai|openai/v1)/models"
    max_age = timedelta(days=3)
    expected_rows = range(2, 2_000)
    complete = True
    providers = ("novita-ai",)
    terms = "Public API: facts are passed on, descriptions are not."

    provider = "Novita"
    model_keys = """
        display_name      name
        input_modalities  modality.input
        output_modalities modality.output
    """
    offer_keys = """
        pricing/prompt/price_per_m_decimal           input_price       usd/1M tokens
        pricing/completion/price_per_m_decimal       output_price      usd/1M tokens
        pricing/input_cache_read/price_per_m_decimal cache_read_price  usd/1M tokens
        input_token_price_per_m                      input_price       0.0001 usd/1M tokens
        output_token_price_per_m                     output_price      0.0001 usd/1M tokens
        context_size                                 context_window    tokens
        max_output_tokens                            max_output_tokens tokens
    """
    words: ClassVar[Mapping[str, WordMeanings]] = {"features": FEATURES}
    ignored = """created object owned_by permission root parent title description tags status model_type
        endpoints is_tiered_billing pricing/prompt/price_per_m pricing/completion/price_per_m
        pricing/input_cache_read/price_per_m"""

    def offer_cells(self, item: Json, locator: str) -> dict[str, Cell]:
        found = super().offer_cells(item, locator)
        if item.get("is_tiered_billing") is True:
            found = {name: cell for name, cell in found.items() if not name.endswith("_price")}
        status = item.get("status")
        return found if status in (None, ON_SALE) else found | unknown_cell("/status", status)
