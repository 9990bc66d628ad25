from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    cells,
    load_response,
    optional_object,
    parse_key_meanings,
    read_listing,
    require_text,
    split_names,
    unknown_keys,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL_KEYS = parse_key_meanings("""
name     name
owned_by vendor
""")
ABILITIES = parse_key_meanings("""
vision             capability.vision
function_calling   capability.function_calling
tools              capability.tool_use
structured_outputs capability.structured_outputs
reasoning          capability.reasoning
""")
ROUTE = parse_key_meanings("quantization quantization")
PRICES = parse_key_meanings("""
prompt     input_price  usd/token
completion output_price usd/token
""")
LIMITS = parse_key_meanings("""
max_context_length    context_window    tokens
max_completion_tokens max_output_tokens tokens
""")
NOT_KEPT = split_names("""id object created description hugging_face_id pricing capabilities supported_parameters
    architecture limits datacenter_locations deprecated preview""")
"""`created` is 0 for some models and a day of Cerebras's own choosing for others."""
OTHER_ABILITIES = split_names("""streaming json_mode tool_choice parallel_tool_calls response_format""")


class CerebrasModels(Source):
    """Cerebras's public model list. Capabilities are an object of flags, not a list of words."""

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

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        yield from read_listing(load_response(response), "data", _model, response.url)


def _model(item: dict[str, Any], locator: str) -> Iterator[RawRow]:
    name = require_text(item, "id", locator)
    abilities, pricing, limits = (
        optional_object(item, key, locator) for key in ("capabilities", "pricing", "limits")
    )
    said = (
        cells(item, MODEL_KEYS)
        | cells(abilities, ABILITIES, "/capabilities")
        | unknown_keys(item, MODEL_KEYS.keys() | ROUTE.keys() | NOT_KEPT)
        | unknown_keys(abilities, ABILITIES.keys() | OTHER_ABILITIES, "/capabilities")
    )
    yield RawRow("model", name, locator, said, "Cerebras")
    offer = (
        cells(pricing, PRICES, "/pricing")
        | cells(limits, LIMITS, "/limits")
        | cells(item, ROUTE)
        | _lifecycle(item)
        | unknown_keys(pricing, PRICES, "/pricing")
        | unknown_keys(
            limits, LIMITS.keys() | split_names("requests_per_minute tokens_per_minute"), "/limits"
        )
    )
    yield RawRow("offer", name, locator, offer, "Cerebras")


def _lifecycle(item: dict[str, Any]) -> dict[str, Cell]:
    stage = next((key for key in ("deprecated", "preview") if item.get(key) is True), None)
    return {"lifecycle": Cell(stage, at=f"/{stage}")} if stage else {}
