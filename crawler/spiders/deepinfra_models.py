from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import ClassVar

from cardwatch.crawler.documents import RawRow
from cardwatch.crawler.formats.deepinfra import READ_KEYS, price_rows
from cardwatch.crawler.formats.json_listing import Json, WordMeanings, optional_object, split_names
from cardwatch.crawler.listing_source import ListingSource, join_paths
from cardwatch.crawler.source_card import Authority

OTHER_METERS = """type short explicit_cache_granularity_tokens cents_per_input_sec
    cents_per_input_chars cents_per_image_unit default_width default_height default_iterations default_price_cents
    usage_from_cost cents_per_output_sec cents_per_sec cents_per_frame_unit"""
"""Images and frames have sizes of their own."""
TAGS: WordMeanings = {
    "tools": ("capability.function_calling", "capability.tool_use"),
    "reasoning": ("capability.reasoning",),
    "can-disable-reasoning": ("capability.reasoning",),
    "structured-output": ("capability.structured_outputs",),
    "structured_output": ("capability.structured_outputs",),
    "multimodal": ("capability.multimodal",),
    **dict.fromkeys(
        split_names("""json openai cc-native non-reasoning input-audio input-video no-free-anon vllm featured
            fim prompt-caching embeddings flex priority"""),
        (),
    ),
}


class DeepinfraModels(ListingSource):
    """DeepInfra's public model list, in US cents per token.

    The list of tags is incomplete, so a missing one is no No. Prices are before the discount beside them, as
    public clients of this API read them; cached input and tiers are rates of it. `max_tokens` is the context that
    is served, not a limit of the output. No whole answer was seen, only rows, and no filled `table` of prices.
    """

    name = "deepinfra_models"
    title = "DeepInfra models"
    kind = "host API"
    authority = Authority.PROVIDER_API
    url = "https://api.deepinfra.com/models/list"
    max_age = timedelta(days=3)
    expected_rows = range(2, 4_000)
    complete = True
    providers = ("deepinfra",)
    terms = "Public API: facts are passed on, descriptions are not."

    provider = "DeepInfra"
    entries, envelope, id_key = "", "", "model_name"
    offer_keys = """
        max_tokens   context_window   tokens
        quantization quantization
        deprecated   deprecation_date unix seconds
        replaced_by  replacement
    """
    words: ClassVar[Mapping[str, WordMeanings]] = {"tags": TAGS}
    ignored = " ".join(
        [
            "description cover_img_url mmlu expected create_ts private is_partner type reported_type",
            join_paths("pricing", f"{' '.join(sorted(READ_KEYS))} {OTHER_METERS}"),
        ]
    )

    def is_listed(self, item: Json) -> bool:
        return item.get("private") in (None, False, "0")

    def offer_rows(self, offer: RawRow, item: Json) -> Iterator[RawRow]:
        yield from price_rows(offer, optional_object(item, "pricing", offer.locator), "/pricing")
