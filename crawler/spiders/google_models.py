from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from os import environ
from typing import Any

from scrapy.http import TextResponse
from w3lib.url import add_or_replace_parameters

from cardwatch.crawler.documents import PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    cells,
    load_response,
    parse_key_meanings,
    read_listing,
    require_text,
    split_names,
    unknown_keys,
    unread_keys,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL_KEYS = parse_key_meanings("""
displayName      name
inputTokenLimit  max_input_tokens  tokens
outputTokenLimit max_output_tokens tokens
thinking         capability.reasoning
""")
NOT_KEPT = split_names("""name baseModelId version description supportedGenerationMethods temperature
    maxTemperature topP topK""")


class GoogleModels(Source):
    """Google's list of Gemini API models: limits of input and output, and whether they think.

    A model that does not think has no `thinking` key, and neither has one of another kind: an omission says
    nothing. Image and video models state a limit of input too; it is their prompt's.
    """

    name = "google_models"
    title = "Gemini API models"
    kind = "vendor API"
    authority = Authority.FIRST_PARTY
    url = "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000"
    page_urls = r"https://generativelanguage\.googleapis\.com/v1beta/models(?:\?pageSize=\d+)?"
    max_age = timedelta(days=7)
    expected_rows = range(20, 500)
    fewest_rows = 2
    complete = True
    providers = ("google-gemini",)
    developers = ("google",)
    key_env = "GEMINI_API_KEY"
    terms = "Google's API terms: facts are passed on."

    def headers(self) -> Mapping[str, str]:
        key = environ.get(self.key_env)
        return {"x-goog-api-key": key} if key else {}

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        page = load_response(response)
        yield from unread_keys(page, {"models", "nextPageToken"}, "")
        yield from read_listing(page, "models", _model, response.url)

    def next_page(self, response: TextResponse) -> str | None:
        token = load_response(response).get("nextPageToken")
        if not isinstance(token, str) or not token:
            return None
        return str(add_or_replace_parameters(response.url, {"pageToken": token}))


def _model(item: dict[str, Any], locator: str) -> Iterator[RawRow]:
    name = require_text(item, "name", locator).removeprefix("models/")
    yield RawRow(
        "model", name, locator, cells(item, MODEL_KEYS) | unknown_keys(item, MODEL_KEYS.keys() | NOT_KEPT)
    )
