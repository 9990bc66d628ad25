from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart, RawRow
from cardwatch.crawler.formats.deepinfra import READ_KEYS, price_rows
from cardwatch.crawler.formats.json_listing import (
    WordMeanings,
    cells,
    flag_cells,
    load_json,
    optional_object,
    optional_words,
    parse_key_meanings,
    read_entries,
    require_text,
    split_names,
    unknown_keys,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

OFFER = parse_key_meanings("""
max_tokens   context_window   tokens
quantization quantization
deprecated   deprecation_date unix seconds
replaced_by  replacement
""")
"""`max_tokens` is the context that is served, not a limit of the output."""
NOT_KEPT = split_names("""model_name tags pricing description cover_img_url mmlu expected create_ts private
    is_partner type reported_type""")
OTHER_METERS = split_names("""type short explicit_cache_granularity_tokens cents_per_input_sec
    cents_per_input_chars cents_per_image_unit default_width default_height default_iterations default_price_cents
    usage_from_cost cents_per_output_sec cents_per_sec cents_per_frame_unit""")
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


class DeepinfraModels(Source):
    """DeepInfra's public model list, in US cents per token.

    The list of tags is incomplete, so a missing one is no No. Prices are before the discount beside them, as
    public clients of this API read them; cached input and tiers are rates of it. No whole answer was seen, only
    rows, and no filled `table` of prices.
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

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        return read_entries(load_json(response.text, where=response.url), "models", "", _model)


def _model(item: dict[str, Any], locator: str) -> Iterator[RawRow]:
    if item.get("private") not in (None, False, "0"):
        return
    name, pricing = require_text(item, "model_name", locator), optional_object(item, "pricing", locator)
    said = (
        flag_cells(optional_words(item, "tags", locator), TAGS, "/tags")
        | unknown_keys(item, OFFER.keys() | NOT_KEPT)
        | unknown_keys(pricing, READ_KEYS | OTHER_METERS, "/pricing")
    )
    yield RawRow("model", name, locator, said, "DeepInfra")
    yield from price_rows(
        RawRow("offer", name, locator, cells(item, OFFER), "DeepInfra"), pricing, "/pricing"
    )
