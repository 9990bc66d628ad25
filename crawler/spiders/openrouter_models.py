from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
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
from cardwatch.crawler.formats.openrouter import PARAMETERS, price_rows
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL = parse_key_meanings("""
    context_length    context_window    tokens
    knowledge_cutoff  knowledge_cutoff  iso date
""")
OFFER = parse_key_meanings("""
    context_length   context_window  tokens
    expiration_date  shutdown_date   iso date
""")
LIMITS = parse_key_meanings("max_completion_tokens max_output_tokens tokens")
READ_KEYS = split_names("id name architecture pricing top_provider supported_parameters")
NOT_KEPT = split_names("""canonical_slug hugging_face_id created description per_request_limits default_parameters
    supported_voices links benchmarks reasoning""")
"""`created` is the day of the listing, not of the release; `benchmarks` are others', under their terms."""
ARCHITECTURE = split_names("input_modalities output_modalities modality tokenizer instruct_type")
TOP_PROVIDER = split_names("max_completion_tokens context_length is_moderated")


class OpenrouterModels(Source):
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

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        read = partial(_model_rows, self.providers[0])
        return read_listing(load_response(response), "data", read, response.url)

    def next_page(self, response: TextResponse) -> str | None:
        following = optional_object(load_response(response), "links", "").get("next")
        return response.urljoin(following) if isinstance(following, str) and following else None


def _model_rows(provider: str, item: dict[str, Any], locator: str) -> Iterator[RawRow]:
    name = require_text(item, "id", locator)
    if target := optional_object(item, "alias_target", locator):
        slug = require_text(target, "slug", f"{locator}/alias_target")
        yield RawRow("model", name, locator, {}, provider=provider, alias_of=slug)
        return
    yield RawRow("model", name, locator, _model_cells(item, locator), provider=provider)
    limits = cells(item, OFFER) | cells(
        optional_object(item, "top_provider", locator), LIMITS, "/top_provider"
    )
    offer = RawRow("offer", name, locator, drop_zero_limits(limits), provider=provider)
    yield from price_rows(offer, optional_object(item, "pricing", locator), "/pricing")


def _model_cells(item: dict[str, Any], locator: str) -> dict[str, Cell]:
    architecture, top = (
        optional_object(item, "architecture", locator),
        optional_object(item, "top_provider", locator),
    )
    return (
        _names(require_text(item, "name", locator))
        | drop_zero_limits(cells(item, MODEL))
        | modality_cells(architecture, "input_modalities", "output_modalities", "/architecture")
        | flag_cells(
            optional_words(item, "supported_parameters", locator), PARAMETERS, "/supported_parameters"
        )
        | unknown_keys(item, MODEL.keys() | OFFER.keys() | READ_KEYS | NOT_KEPT)
        | unknown_keys(architecture, ARCHITECTURE, "/architecture")
        | unknown_keys(top, TOP_PROVIDER, "/top_provider")
    )


def _names(printed: str) -> dict[str, Cell]:
    """Take "Maker: Model" apart; routers and some old models have no maker before their name."""
    maker, colon, name = printed.partition(": ")
    if not colon:
        return {"name": Cell(printed, "", "/name")}
    return {"name": Cell(name.strip(), "", "/name"), "vendor": Cell(maker, "", "/name")}
