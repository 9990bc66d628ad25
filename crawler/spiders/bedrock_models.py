from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from os import environ
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    cells,
    load_response,
    modality_cells,
    optional_object,
    parse_key_meanings,
    read_listing,
    require_text,
    split_names,
    unknown_keys,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL_KEYS = parse_key_meanings("""
modelName    name
providerName vendor
""")
LIMITS = parse_key_meanings("maxTokensMaximum max_output_tokens tokens")
WINDOW = parse_key_meanings("maxContextWindow context_window tokens")
LIFECYCLE = parse_key_meanings("""
status        lifecycle
legacyTime    deprecation_date iso date
endOfLifeTime shutdown_date    iso date
""")
NOT_KEPT = split_names("""modelId modelArn inputModalities outputModalities modelLifecycle converse description
    batchSupported consoleIDEMetadata customizationsSupported explicitPromptCaching featuresSupported
    guardrailsSupported inferenceTypesSupported intelligentPromptRouting latencyOptimizationSupported
    modelFamily responseStreamingSupported""")
DATES = split_names("startOfLifeTime publicExtendedAccessTime")
"""When Bedrock began to serve it, which is no release date, and for whom it may last longer."""


class BedrockModels(Source):
    """Bedrock's list of foundation models (ListFoundationModels): what AWS serves, and until when.

    The life cycle is that of the model on Bedrock, so it belongs to the offer. Ids that end in a context
    size (`:24k`, `:mm`) are provisioned variants of the same model. `reasoningSupported.embedded` is false
    for models that do reason, so it is not read.
    """

    name = "bedrock_models"
    title = "Bedrock ListFoundationModels"
    kind = "cloud API"
    authority = Authority.PROVIDER_API
    url = "https://bedrock.us-east-1.amazonaws.com/foundation-models"
    max_age = timedelta(days=7)
    expected_rows = range(100, 2_000)
    fewest_rows = 2
    complete = True
    providers = ("amazon-bedrock",)
    exhaustive = ("modality.input", "modality.output")
    key_env = "AWS_BEARER_TOKEN_BEDROCK"
    terms = "AWS customer terms: facts are passed on."

    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {environ[self.key_env]}"} if self.key_env in environ else {}

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        yield from read_listing(load_response(response), "modelSummaries", _model, response.url)


def _model(item: dict[str, Any], locator: str) -> Iterator[RawRow]:
    name, variant = _variant(require_text(item, "modelId", locator))
    converse, text = optional_object(item, "converse", locator), optional_object(item, "description", locator)
    life = optional_object(item, "modelLifecycle", locator)
    model_cells = (
        cells(item, MODEL_KEYS)
        | modality_cells(item, "inputModalities", "outputModalities", "")
        | unknown_keys(item, MODEL_KEYS.keys() | NOT_KEPT)
        | unknown_keys(life, LIFECYCLE.keys() | DATES, "/modelLifecycle")
    )
    yield RawRow("model", name, locator, model_cells, "Amazon Bedrock", variant)
    offer = (
        cells(converse, LIMITS, "/converse")
        | cells(text, WINDOW, "/description")
        | cells(life, LIFECYCLE, "/modelLifecycle")
    )
    yield RawRow("offer", name, locator, offer, "Amazon Bedrock", variant)


def _variant(name: str) -> tuple[str, dict[str, str]]:
    """Take the provisioned size off an id: amazon.nova-pro-v1:0:24k is amazon.nova-pro-v1:0."""
    base, colon, size = name.rpartition(":")
    return (base, {"mode": size}) if colon and ":" in base else (name, {})
