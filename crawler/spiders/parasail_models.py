from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from cardwatch.crawler.documents import RawRow
from cardwatch.crawler.formats.json_listing import Json, WordMeanings, require_text
from cardwatch.crawler.listing_source import ListingSource
from cardwatch.crawler.source_card import Authority

PUBLIC, FAST = "parasail-", "-fast"
TAGS: WordMeanings = {
    "parasail:or-feature:tools": ("capability.function_calling", "capability.tool_use"),
    "parasail:or-feature:reasoning": ("capability.reasoning",),
    "parasail:or-feature:structured_outputs": ("capability.structured_outputs",),
    "TTS": (),
    "Embedding": (),
}


class ParasailModels(ListingSource):
    """Parasail's public price list of serverless endpoints, in US dollars per million tokens.

    An endpoint has an alias of its own beside the repository it serves; the list of tags is no list of all a
    model can do. An alias without Parasail's prefix is private.
    """

    name = "parasail_models"
    title = "Parasail serverless endpoints"
    kind = "host API"
    authority = Authority.PROVIDER_API
    url = "https://platform.parasail.io/api/v1/prices/serverlessEndpoints"
    max_age = timedelta(days=3)
    expected_rows = range(2, 500)
    complete = True
    providers = ("parasail",)
    terms = "Public API: facts are passed on."

    provider = "Parasail"
    entries, envelope, id_key = "", "", "modelName"
    offer_keys = """
        inputCost           input_price       usd/1M tokens
        outputCost          output_price      usd/1M tokens
        cachedCost          cache_read_price  usd/1M tokens
        contextLength       context_window    tokens
        maxCompletionTokens max_output_tokens tokens
    """
    words: ClassVar[Mapping[str, WordMeanings]] = {"tags": TAGS}
    ignored = "externalAlias displayName engineTask"

    def is_listed(self, item: Json) -> bool:
        return require_text(item, "externalAlias", "").startswith(PUBLIC)

    def offer_rows(self, offer: RawRow, item: Json) -> Iterator[RawRow]:
        """Name a faster endpoint as its alias does: the repository is the same, the price is not."""
        fast = require_text(item, "externalAlias", offer.locator).endswith(FAST)
        yield replace(offer, name=offer.name + FAST) if fast else offer
