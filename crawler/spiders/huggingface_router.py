from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from cardwatch.crawler.documents import PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    Json,
    cells,
    optional_object,
    parse_key_meanings,
    read_entries,
    require_text,
    split_names,
    unknown_keys,
)
from cardwatch.crawler.listing_source import ListingSource
from cardwatch.crawler.source_card import Authority

PRICES = parse_key_meanings("""
input  input_price  usd/1M tokens
output output_price usd/1M tokens
""")
LIMITS = parse_key_meanings("context_length context_window tokens")
OF_A_ROUTE = split_names("""provider status pricing is_free supports_tools supports_structured_output
    is_model_author throughput first_token_latency_ms""")
"""Speeds are of the last minutes; what a route supports is said of the route, not of the model."""


class HuggingfaceRouter(ListingSource):
    """Who serves a model behind the Hugging Face router, in US dollars per million tokens.

    A request goes to the fastest route unless it names one, so there is no price without a route. A route without
    a price has none published here. No whole answer was seen, only records that were taken together.
    """

    name = "huggingface_router"
    title = "Hugging Face router"
    kind = "gateway API"
    authority = Authority.PROVIDER_API
    url = "https://router.huggingface.co/v1/models"
    max_age = timedelta(days=3)
    expected_rows = range(2, 8_000)
    complete = True
    providers = ("huggingface",)
    terms = "Public API: facts are passed on."

    provider = "Hugging Face"
    model_keys = """
        architecture/input_modalities  modality.input
        architecture/output_modalities modality.output
    """
    ignored = "object created owned_by providers"

    def offer_rows(self, offer: RawRow, item: Json) -> Iterator[PagePart]:
        routes, at = item.get("providers") or [], f"{offer.locator}/providers"
        return read_entries(routes, "providers", at, partial(_route, offer))


def _route(offer: RawRow, route: dict[str, Any], locator: str) -> Iterator[RawRow]:
    prices = optional_object(route, "pricing", locator)
    known = cells(prices, PRICES, "/pricing") | cells(route, LIMITS)
    odd = unknown_keys(route, OF_A_ROUTE | LIMITS.keys()) | unknown_keys(prices, PRICES, "/pricing")
    name = require_text(route, "provider", locator)
    yield replace(offer, locator=locator, cells=known | odd, qualifier={"route": name})
