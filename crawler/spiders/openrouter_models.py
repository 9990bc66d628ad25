from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import ClassVar

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    Json,
    WordMeanings,
    load_response,
    optional_object,
    require_text,
)
from cardwatch.crawler.formats.openrouter import PARAMETERS, price_rows
from cardwatch.crawler.listing_source import ListingSource, join_paths
from cardwatch.crawler.source_card import Authority

NOT_KEPT = """canonical_slug hugging_face_id created description per_request_limits default_parameters
    supported_voices links benchmarks reasoning"""
"""`created` is the day of the listing, not of the release; `benchmarks` are others', under their terms."""


class OpenrouterModels(ListingSource):
    """OpenRouter's public list: one model and one offer an item, keyed by id (variants share their slug).

    Limits and prices of the offer are those of the provider that answers first today: the output limit can
    turn null without any change. The list of request parameters says what today's routes take, so what it
    omits is unknown; the lists of modalities are complete. What the newest of a line is called ("~z-ai/glm-latest")
    is a name of the model that it stands for today, which is priced under its own.
    """

    name = "openrouter_models"
    title = "OpenRouter models"
    kind = "gateway API"
    authority = Authority.PROVIDER_API
    url = "https://openrouter.ai/api/v1/models?output_modalities=all"
    page_urls = r"https://openrouter\.ai/api/v1/models(\?.*)?"
    content_types = ("application/json",)
    max_age = timedelta(days=2)
    expected_rows = range(500, 5000)
    fewest_rows = 2
    complete = True
    providers = ("openrouter",)
    exhaustive: ClassVar[tuple[str, ...]] = ("modality.input", "modality.output")
    price_words: ClassVar[Mapping[str, str]] = {"-1": "not_published"}
    terms = "Public API; its terms forbid crawling the site, not using the documented API."

    provider = "openrouter"
    envelope = "links total_count"
    model_keys = """
        architecture/input_modalities   modality.input
        architecture/output_modalities  modality.output
        context_length                  context_window    tokens
        knowledge_cutoff                knowledge_cutoff  iso date
    """
    offer_keys = """
        top_provider/max_completion_tokens  max_output_tokens tokens
        context_length                      context_window    tokens
        expiration_date                     shutdown_date     iso date
    """
    words: ClassVar[Mapping[str, WordMeanings]] = {"supported_parameters": PARAMETERS}
    ignored = " ".join(
        [
            "name pricing",
            NOT_KEPT,
            join_paths("architecture", "modality tokenizer instruct_type"),
            join_paths("top_provider", "context_length is_moderated"),
        ]
    )

    def read_entry(self, item: Json, locator: str) -> Iterator[PagePart]:
        if target := optional_object(item, "alias_target", locator):
            slug = require_text(target, "slug", f"{locator}/alias_target")
            yield RawRow("model", self.entry_name(item, locator), locator, {}, self.provider, alias_of=slug)
        else:
            yield from super().read_entry(item, locator)

    def model_cells(self, item: Json, locator: str) -> dict[str, Cell]:
        return _names(require_text(item, "name", locator)) | super().model_cells(item, locator)

    def offer_rows(self, offer: RawRow, item: Json) -> Iterator[PagePart]:
        yield from price_rows(offer, optional_object(item, "pricing", offer.locator), "/pricing")

    def next_page(self, response: TextResponse) -> str | None:
        following = optional_object(load_response(response), "links", "").get("next")
        return response.urljoin(following) if isinstance(following, str) and following else None


def _names(printed: str) -> dict[str, Cell]:
    """Take "Maker: Model" apart; routers and some old models have no maker before their name."""
    maker, colon, name = printed.partition(": ")
    if not colon:
        return {"name": Cell(printed, "", "/name")}
    return {"name": Cell(name.strip(), "", "/name"), "vendor": Cell(maker, "", "/name")}
