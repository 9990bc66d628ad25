from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from os import environ
from typing import Any

from scrapy.http import TextResponse
from w3lib.url import add_or_replace_parameters

from cardwatch.crawler.documents import Cell, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    cells,
    load_response,
    optional_object,
    parse_key_meanings,
    read_listing,
    require_text,
    split_names,
    unknown_cell,
    unknown_keys,
    unread_keys,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL_KEYS = parse_key_meanings("""
display_name     name
created_at       release_date      iso date
max_input_tokens max_input_tokens  tokens
max_tokens       max_output_tokens tokens
""")
CAPABILITIES = parse_key_meanings("""
image_input        capability.vision
thinking           capability.reasoning
structured_outputs capability.structured_outputs
code_execution     capability.code_execution
""")
OTHER_CAPABILITIES = split_names("batch citations context_management effort pdf_input")
UNKNOWN_DAY = "1970-01-01T00:00:00Z"


class AnthropicModels(Source):
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

    def headers(self) -> Mapping[str, str]:
        key = environ.get(self.key_env)
        return {"x-api-key": key, "anthropic-version": "2023-06-01"} if key else {}

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        page = load_response(response)
        yield from unread_keys(page, {"data", "has_more", "first_id", "last_id"}, "")
        yield from read_listing(page, "data", _model, response.url)

    def next_page(self, response: TextResponse) -> str | None:
        page = load_response(response)
        last = page.get("last_id")
        if page.get("has_more") is True and isinstance(last, str):
            return str(add_or_replace_parameters(response.url, {"after_id": last}))
        return None


def _model(item: dict[str, Any], locator: str) -> Iterator[RawRow]:
    yield RawRow("model", require_text(item, "id", locator), locator, _model_cells(item, locator))


def _model_cells(item: dict[str, Any], locator: str) -> dict[str, Cell]:
    found = cells(item, MODEL_KEYS) | unknown_keys(item, MODEL_KEYS.keys() | {"type", "id", "capabilities"})
    if item.get("created_at") == UNKNOWN_DAY:
        del found["release_date"]
    capabilities = optional_object(item, "capabilities", locator)
    for key, [column] in CAPABILITIES.items():
        if key in capabilities:
            ability, at = capabilities[key], f"/capabilities/{key}"
            known = isinstance(ability, dict)
            found |= cells(ability, {"supported": (column,)}, at) if known else unknown_cell(at, ability)
    return found | unknown_keys(capabilities, CAPABILITIES.keys() | OTHER_CAPABILITIES, "/capabilities")
