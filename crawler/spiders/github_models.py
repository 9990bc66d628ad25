from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from cardwatch.crawler.formats.json_listing import WordMeanings
from cardwatch.crawler.listing_source import ListingSource
from cardwatch.crawler.source_card import Authority

CAPABILITIES: WordMeanings = {
    "tool-calling": ("capability.function_calling", "capability.tool_use"),
    "reasoning": ("capability.reasoning",),
    "streaming": (),
}


class GithubModels(ListingSource):
    """The catalog of GitHub Models, for whoever has a token: limits and modalities, no prices.

    Its key has a name of its own, as many machines have a GITHUB_TOKEN that is not meant for this.
    """

    name = "github_models"
    title = "GitHub Models catalog"
    kind = "gateway API"
    authority = Authority.PROVIDER_API
    url = "https://models.github.ai/catalog/models"
    max_age = timedelta(days=7)
    expected_rows = range(2, 1_000)
    complete = True
    providers = ("github-models",)
    exhaustive = ("modality.input", "modality.output")
    key_env = "GITHUB_MODELS_TOKEN"
    terms = "GitHub's API terms: facts are passed on."

    provider = "GitHub Models"
    entries = ""
    model_keys = """
        name                        name
        publisher                   vendor
        supported_input_modalities  modality.input
        supported_output_modalities modality.output
    """
    offer_keys = """
        limits/max_input_tokens  max_input_tokens  tokens
        limits/max_output_tokens max_output_tokens tokens
    """
    words: ClassVar[Mapping[str, WordMeanings]] = {"capabilities": CAPABILITIES}
    ignored = "registry summary html_url version rate_limit_tier tags"
