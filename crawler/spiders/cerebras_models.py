from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.card import Authority
from cardwatch.crawler.documents import Cell, RawRow
from cardwatch.crawler.formats.json_rows import a_text, cells, columns, names
from cardwatch.crawler.formats.listing import document, listed, part, refused
from cardwatch.crawler.source import Source

SAID = columns("""
name     name
owned_by vendor
""")
ABILITIES = columns("""
vision             capability.vision
function_calling   capability.function_calling
tools              capability.tool_use
structured_outputs capability.structured_outputs
reasoning          capability.reasoning
""")
ROUTE = columns("quantization quantization")
PRICES = columns("""
prompt     input_price  usd/token
completion output_price usd/token
""")
LIMITS = columns("""
max_context_length    context_window    tokens
max_completion_tokens max_output_tokens tokens
""")
NOT_KEPT = names("""id object created description hugging_face_id pricing capabilities supported_parameters
    architecture limits datacenter_locations deprecated preview""")
"""`created` is 0 for some models and a day of Cerebras's own choosing for others."""
OTHER_ABILITIES = names("""streaming json_mode tool_choice parallel_tool_calls response_format""")


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

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        for locator, item in listed(document(response), "data", response.url):
            yield from _model(item, locator)


def _model(item: dict[str, Any], locator: str) -> Iterator[RawRow]:
    name = a_text(item, "id", locator)
    abilities, pricing, limits = (part(item, key, locator) for key in ("capabilities", "pricing", "limits"))
    said = (
        cells(item, SAID)
        | cells(abilities, ABILITIES, "/capabilities")
        | refused(item, SAID.keys() | ROUTE.keys() | NOT_KEPT)
        | refused(abilities, ABILITIES.keys() | OTHER_ABILITIES, "/capabilities")
    )
    yield RawRow("model", name, locator, said, "Cerebras")
    offer = (
        cells(pricing, PRICES, "/pricing")
        | cells(limits, LIMITS, "/limits")
        | cells(item, ROUTE)
        | _lifecycle(item)
        | refused(pricing, PRICES, "/pricing")
        | refused(limits, LIMITS.keys() | names("requests_per_minute tokens_per_minute"), "/limits")
    )
    yield RawRow("offer", name, locator, offer, "Cerebras")


def _lifecycle(item: dict[str, Any]) -> dict[str, Cell]:
    stage = next((key for key in ("deprecated", "preview") if item.get(key) is True), None)
    return {"lifecycle": Cell(stage, at=f"/{stage}")} if stage else {}
