from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import ClassVar

from cardwatch.crawler.documents import Cell, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import Json, WordMeanings, optional_object, split_names
from cardwatch.crawler.formats.openrouter import PARAMETERS
from cardwatch.crawler.formats.vercel import price_rows
from cardwatch.crawler.listing_source import ListingSource
from cardwatch.crawler.source_card import Authority

NOT_KEPT = """object created description reasoning_options temperature interleaved zdr no_training regions
    video_capabilities supported_specifications"""
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


class VercelModels(ListingSource):
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

    provider = "vercel-ai-gateway"
    model_keys = """
        name              name
        owned_by          vendor
        type              product_type
        released          release_date      unix seconds
        knowledge         knowledge_cutoff  iso date
        modalities/input  modality.input
        modalities/output modality.output
        context_window    context_window    tokens
        max_tokens        max_output_tokens tokens
    """
    offer_keys = """
        context_window    context_window    tokens
        max_tokens        max_output_tokens tokens
    """
    words: ClassVar[Mapping[str, WordMeanings]] = {"supported_parameters": PARAMETERS, "tags": TAGS}
    ignored = f"deprecated_at pricing {NOT_KEPT}"

    def offer_cells(self, item: Json, locator: str) -> dict[str, Cell]:
        return super().offer_cells(item, locator) | _deprecated(item)

    def offer_rows(self, offer: RawRow, item: Json) -> Iterator[PagePart]:
        yield from price_rows(offer, optional_object(item, "pricing", offer.locator), "/pricing")


def _deprecated(item: Json) -> dict[str, Cell]:
    """Copy the day this route was given up; thirteen digits count milliseconds."""
    printed = str(item.get("deprecated_at") or "")
    unit = "unix seconds" if len(printed) <= SECONDS else "unix milliseconds"
    return {"deprecation_date": Cell(printed, unit, "/deprecated_at")} if printed else {}
