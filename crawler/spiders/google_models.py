from __future__ import annotations

from datetime import timedelta

from scrapy.http import TextResponse
from w3lib.url import add_or_replace_parameters

from cardwatch.crawler.formats.json_listing import Json, load_response
from cardwatch.crawler.listing_source import ListingSource
from cardwatch.crawler.source_card import Authority


class GoogleModels(ListingSource):
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

    row_kinds = ("model",)
    entries, envelope, id_key = "models", "nextPageToken", "name"
    key_header, key_scheme = "x-goog-api-key", ""
    model_keys = """
        displayName      name
        inputTokenLimit  max_input_tokens  tokens
        outputTokenLimit max_output_tokens tokens
        thinking         capability.reasoning
    """
    ignored = """baseModelId version description supportedGenerationMethods temperature maxTemperature topP
        topK"""

    def entry_name(self, item: Json, locator: str) -> str:
        return super().entry_name(item, locator).removeprefix("models/")

    def next_page(self, response: TextResponse) -> str | None:
        token = load_response(response).get("nextPageToken")
        if not isinstance(token, str) or not token:
            return None
        return str(add_or_replace_parameters(response.url, {"pageToken": token}))
