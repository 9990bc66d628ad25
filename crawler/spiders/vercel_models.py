from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    WordMeanings,
    cells,
    drop_zero_limits,
    flag_cells,
    load_response,
    modality_cells,
    optional_object,
    optional_words,
    parse_key_meanings,
    read_listing,
    require_text,
    split_names,
    unknown_keys,
)
from cardwatch.crawler.formats.openrouter import PARAMETERS
from cardwatch.crawler.formats.vercel import price_rows
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL = parse_key_meanings("""
    name      name
    owned_by  vendor
    type      product_type
    released  release_date      unix seconds
    knowledge knowledge_cutoff  iso date
""")
LIMITS = parse_key_meanings("""
    context_window  context_window     tokens
    max_tokens      max_output_tokens  tokens
""")
READ_KEYS = split_names("id pricing tags supported_parameters modalities deprecated_at")
NOT_KEPT = split_names("""object created description reasoning_options temperature interleaved zdr no_training
    regions video_capabilities supported_specifications""")
"""`created` is one and the same second for every model."""
TAGS: WordMeanings = {
    **dict.fromkeys(
        split_names("""file-input implicit-caching explicit-caching image-generation video-generation web-search
            fast websocket-realtime websocket-transcription"""),
        (),
    ),
    "tool-use": ("capability.function_calling", "capability.tool_use"),
    "reasoning": ("capability.reasoning",),
    "structured-output": ("capability.structured_outputs",),
    "vision": ("capability.vision", "capability.multimodal"),
}
SECONDS = len("1755815280")


class VercelModels(Source):
    """The model list of Vercel's AI Gateway.

    Tags are picked by hand, so what they omit is unknown. Limits of 0 stand on image, video and embedding
    models and mean that none is stated. Prices are rounded to eight decimals now and then, without a mark.
    """

    name = "vercel_models"
    title = "Vercel AI Gateway models"
    kind = "gateway API"
    authority = Authority.PROVIDER_API
    url = "https://ai-gateway.vercel.sh/v1/models"
    content_types = ("application/json",)
    max_age = timedelta(days=2)
    expected_rows = range(300, 5000)
    fewest_rows = 2
    complete = True
    providers = ("vercel-ai-gateway",)
    terms = "Public API, documented for reading without a key."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        return read_listing(load_response(response), "data", _rows, response.url)


def _rows(item: dict[str, Any], locator: str) -> Iterator[RawRow]:
    name = require_text(item, "id", locator)
    limits = drop_zero_limits(cells(item, LIMITS))
    yield RawRow("model", name, locator, _model_cells(item, locator) | limits, provider="vercel-ai-gateway")
    offer = RawRow("offer", name, locator, limits | _deprecated(item), provider="vercel-ai-gateway")
    yield from price_rows(offer, optional_object(item, "pricing", locator), "/pricing")


def _model_cells(item: dict[str, Any], locator: str) -> dict[str, Cell]:
    return (
        cells(item, MODEL)
        | flag_cells(
            optional_words(item, "supported_parameters", locator), PARAMETERS, "/supported_parameters"
        )
        | flag_cells(optional_words(item, "tags", locator), TAGS, "/tags")
        | modality_cells(optional_object(item, "modalities", locator), "input", "output", "/modalities")
        | unknown_keys(item, MODEL.keys() | LIMITS.keys() | READ_KEYS | NOT_KEPT)
        | unknown_keys(optional_object(item, "modalities", locator), {"input", "output"}, "/modalities")
    )


def _deprecated(item: dict[str, Any]) -> dict[str, Cell]:
    """Copy the day this route was given up; thirteen digits count milliseconds."""
    printed = str(item.get("deprecated_at") or "")
    unit = "unix seconds" if len(printed) <= SECONDS else "unix milliseconds"
    return {"deprecation_date": Cell(printed, unit, "/deprecated_at")} if printed else {}
