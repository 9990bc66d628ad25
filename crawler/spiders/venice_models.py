from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from cardwatch.crawler.documents import Cell, RawRow
from cardwatch.crawler.formats.json_listing import Json, cells, parse_key_meanings, printed_text, read_object
from cardwatch.crawler.listing_source import ListingSource, join_paths
from cardwatch.crawler.source_card import Authority

LONG = "model_spec/pricing/extended"
METERS = {
    "input": "input_price",
    "output": "output_price",
    "cache_input": "cache_read_price",
    "cache_write": "cache_write_price",
}
OTHER_CAPABILITIES = """optimizedForCode supportsAudioInput supportsLogProbs supportsMultipleImages
    supportsReasoningEffort reasoningEffortOptions supportsTeeAttestation supportsE2EE supportsVideoInput
    supportsWebSearch supportsXSearch"""


class VeniceModels(ListingSource):
    """Venice's public list of text models, in US dollars per million tokens; Diem is a currency of its own.

    Above a number of tokens that the record names other prices hold. The flags are the API's own yes and no.
    """

    name = "venice_models"
    title = "Venice models"
    kind = "host API"
    authority = Authority.PROVIDER_API
    url = "https://api.venice.ai/api/v1/models?type=text"
    page_urls = r"https://api\.venice\.ai/api/v1/models(?:\?type=text)?"
    max_age = timedelta(days=3)
    expected_rows = range(2, 1_000)
    complete = True
    providers = ("venice",)
    terms = "Public API: facts are passed on, descriptions are not."

    provider = "Venice AI"
    envelope = "object type"
    model_keys = """
        model_spec/name                                 name
        model_spec/capabilities/supportsVision          capability.vision
        model_spec/capabilities/supportsReasoning       capability.reasoning
        model_spec/capabilities/supportsFunctionCalling capability.function_calling
        model_spec/capabilities/supportsFunctionCalling capability.tool_use
        model_spec/capabilities/supportsResponseSchema  capability.structured_outputs
    """
    offer_keys = """
        model_spec/pricing/input/usd         input_price       usd/1M tokens
        model_spec/pricing/output/usd        output_price      usd/1M tokens
        model_spec/pricing/cache_input/usd   cache_read_price  usd/1M tokens
        model_spec/pricing/cache_write/usd   cache_write_price usd/1M tokens
        model_spec/availableContextTokens    context_window    tokens
        model_spec/maxCompletionTokens       max_output_tokens tokens
        model_spec/capabilities/quantization quantization
    """
    ignored = " ".join(
        [
            "created object owned_by type",
            join_paths("model_spec", "constraints description modelSource offline privacy traits"),
            join_paths("model_spec/capabilities", OTHER_CAPABILITIES),
            *(f"model_spec/pricing/{price}/diem" for price in METERS),
            f"{LONG}/context_token_threshold",
            *(join_paths(f"{LONG}/{price}", "usd diem") for price in METERS),
        ]
    )

    def offer_cells(self, item: Json, locator: str) -> dict[str, Cell]:
        raised = read_object(item, "model_spec", locator).get("offline") is True
        state = {"availability": Cell("offline", at="/model_spec/offline")} if raised else {}
        return super().offer_cells(item, locator) | state

    def offer_rows(self, offer: RawRow, item: Json) -> Iterator[RawRow]:
        yield offer
        long = read_object(item, LONG, offer.locator)
        above = printed_text(long.get("context_token_threshold"), f"{offer.locator}/{LONG}")
        prices = {
            name: cell
            for price, meter in METERS.items()
            for name, cell in cells(
                read_object(long, price, offer.locator),
                parse_key_meanings(f"usd {meter} usd/1M tokens"),
                f"/{LONG}/{price}",
            ).items()
        }
        if prices and above:
            yield replace(offer, cells=prices, qualifier={"context_above": above})
