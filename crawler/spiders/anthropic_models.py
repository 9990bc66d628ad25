from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from scrapy.http import TextResponse
from w3lib.url import add_or_replace_parameters

from cardwatch.crawler.documents import Cell
from cardwatch.crawler.formats.json_listing import (
    Json,
    cells,
    load_response,
    optional_object,
    parse_key_meanings,
    unknown_cell,
)
from cardwatch.crawler.listing_source import ListingSource, join_paths
from cardwatch.crawler.source_card import Authority

CAPABILITIES = parse_key_meanings("""
image_input        capability.vision
thinking           capability.reasoning
structured_outputs capability.structured_outputs
code_execution     capability.code_execution
""")
OTHER_CAPABILITIES = "batch citations context_management effort pdf_input"
UNKNOWN_DAY = "1970-01-01T00:00:00Z"


class AnthropicModels(ListingSource):
    """Anthropic's list of its models: ids, limits and capabilities, no prices.

    `created_at` is the day of the release, or the start of 1970 when Anthropic does not say.
    """

    name = "anthropic_models"
    title = "Anthropic models API"
    kind = "vendor API"
    authority = Authority.FIRST_PARTY
    url = "https://api.anthropic.com/v1/models?limit=1000"
    page_urls = r"https://api\.anthropic\.com/v1/models(?:\?limit=\d+)?"
    max_age = timedelta(days=7)
    expected_rows = range(5, 200)
    fewest_rows = 2
    complete = True
    providers = ("anthropic",)
    developers = ("anthropic",)
    key_env = "ANTHROPIC_API_KEY"
    terms = "Anthropic's API terms: facts are passed on."

    row_kinds = ("model",)
    envelope = "has_more first_id last_id"
    key_header, key_scheme = "x-api-key", ""
    model_keys = """
        display_name     name
        created_at       release_date      iso date
        max_input_tokens max_input_tokens  tokens
        max_tokens       max_output_tokens tokens
    """
    ignored = f"type {join_paths('capabilities', ' '.join([*CAPABILITIES, OTHER_CAPABILITIES]))}"

    def headers(self) -> Mapping[str, str]:
        key = super().headers()
        return {**key, "anthropic-version": "2023-06-01"} if key else {}

    def model_cells(self, item: Json, locator: str) -> dict[str, Cell]:
        found = super().model_cells(item, locator)
        if item.get("created_at") == UNKNOWN_DAY:
            del found["release_date"]
        return found | _capability_cells(optional_object(item, "capabilities", locator))

    def next_page(self, response: TextResponse) -> str | None:
        page = load_response(response)
        last = page.get("last_id")
        if page.get("has_more") is True and isinstance(last, str):
            return str(add_or_replace_parameters(response.url, {"after_id": last}))
        return None


def _capability_cells(capabilities: Json) -> dict[str, Cell]:
    """Return what is said of each ability: an object with "supported" and parts of its own."""
    found: dict[str, Cell] = {}
    for key, meaning in CAPABILITIES.items():
        if key in capabilities:
            ability, at = capabilities[key], f"/capabilities/{key}"
            known = isinstance(ability, dict)
            found |= cells(ability, {"supported": meaning}, at) if known else unknown_cell(at, ability)
    return found
