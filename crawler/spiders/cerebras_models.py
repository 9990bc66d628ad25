from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.documents import Cell
from cardwatch.crawler.formats.json_listing import Json
from cardwatch.crawler.listing_source import ListingSource
from cardwatch.crawler.source_card import Authority


class CerebrasModels(ListingSource):
    """Cerebras's public model list. Capabilities are an object of flags, not a list of words.

    `created` is 0 for some models and a day of Cerebras's own choosing for others.
    """

    name = "cerebras_models"
    title = "Cerebras models"
    kind = "host API"
    authority = Authority.PROVIDER_API
    url = "https://api.cerebras.ai/public/v1/models"
    max_age = timedelta(days=3)
    expected_rows = range(4, 100)
    complete = True
    providers = ("cerebras",)
    terms = "Public API: facts are passed on, descriptions are not."

    provider = "Cerebras"
    model_keys = """
        name                            name
        owned_by                        vendor
        capabilities/vision             capability.vision
        capabilities/function_calling   capability.function_calling
        capabilities/tools              capability.tool_use
        capabilities/structured_outputs capability.structured_outputs
        capabilities/reasoning          capability.reasoning
    """
    offer_keys = """
        pricing/prompt               input_price       usd/token
        pricing/completion           output_price      usd/token
        limits/max_context_length    context_window    tokens
        limits/max_completion_tokens max_output_tokens tokens
        quantization                 quantization
    """
    ignored = """object created description hugging_face_id supported_parameters architecture
        datacenter_locations deprecated preview limits/requests_per_minute limits/tokens_per_minute
        capabilities/streaming capabilities/json_mode capabilities/tool_choice
        capabilities/parallel_tool_calls capabilities/response_format"""

    def offer_cells(self, item: Json, locator: str) -> dict[str, Cell]:
        stage = next((key for key in ("deprecated", "preview") if item.get(key) is True), None)
        stage_cell = {"lifecycle": Cell(stage, at=f"/{stage}")} if stage else {}
        return super().offer_cells(item, locator) | stage_cell
