from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PageChangedError, RawRow
from cardwatch.crawler.formats.json_listing import (
    cells,
    load_json,
    parse_key_meanings,
    require_known_keys,
    require_object,
    require_objects,
    require_text,
    split_names,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

SCRIPT = re.compile(r"__XAI_PUBLIC_MODELS__\s*=\s*(\{.*?\})\s*;?\s*</script>", re.DOTALL)
KINDS = ("languageModels", "imageGenerationModels")
CLUSTER = split_names(
    "clusterName videoGenerationModels embeddingModels speechModels audioModels realtimeModels"
)
MODEL_KEYS = parse_key_meanings("""
inputModalities   modality.input
outputModalities  modality.output
maxPromptLength   max_input_tokens  tokens
""")
FEATURES = parse_key_meanings("""
functionCalling    capability.function_calling
functionCalling    capability.tool_use
structuredOutputs  capability.structured_outputs
reasoning          capability.reasoning
""")
PRICES = parse_key_meanings("""
promptTextTokenPrice       input_price        1e-10 usd/token
promptImageTokenPrice      input_image_price  1e-10 usd/token
cachedPromptTokenPrice     cache_read_price   1e-10 usd/token
completionTextTokenPrice   output_price       1e-10 usd/token
imagePrice                 image_price        1e-10 usd/image
""")
LONG = parse_key_meanings("""
promptTextTokenPriceLongContext   input_price       1e-10 usd/token
cachedPromptTokenPriceLongContext cache_read_price  1e-10 usd/token
completionTokenPriceLongContext   output_price      1e-10 usd/token
""")
SIZED = parse_key_meanings("pricePerImage image_price 1e-10 usd/image")
OTHER_KEYS = split_names("""
    name version features longContextThreshold aliases resolutionPricing rps rpm tpm cluster algorithm
    rateLimits batchDiscountPercent batchEnabled provisionedThroughput pricePerInputImage created searchPrice
""")
"""`aliases` are names, some of other models, that this one now answers to; a discount is no printed price."""


class XaiModels(Source):
    """xAI's models page, read from the data it is drawn from: prices in units of 1e-10 US dollars."""

    name = "xai_models"
    title = "xAI models and prices"
    kind = "model page"
    authority = Authority.FIRST_PARTY
    url = "https://docs.x.ai/docs/models"
    max_age = timedelta(days=1)
    expected_rows = range(4, 200)
    providers = ("xai",)
    developers = ("xai",)
    exhaustive = ("modality.input", "modality.output")
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        script = SCRIPT.search(response.text)
        if not script:
            raise PageChangedError("models", wanted="__XAI_PUBLIC_MODELS__", found="none", where=response.url)
        page = require_object(load_json(script[1], where=response.url), "page", response.url)
        seen = set[str]()
        for at, cluster in require_objects(page.get("clusterConfigs"), "clusters", "/clusterConfigs"):
            require_known_keys(cluster, {*KINDS, *CLUSTER}, at)
            for kind in KINDS:
                for where, item in require_objects(cluster.get(kind, []), kind, f"{at}/{kind}"):
                    for row in _model(item, where):
                        yield from _skip_repeated(row, item, seen)


def _skip_repeated(row: RawRow, item: Mapping[str, Any], seen: set[str]) -> Iterator[RawRow]:
    """Yield a row unless another cluster has said the very same; what differs there is that region's."""
    subject = repr((row.kind, row.name, row.qualifier, row.variant))
    said = subject + repr([cell.text for cell in row.cells.values()])
    if said not in seen:
        region = {"region": require_text(item, "cluster", row.locator)} if subject in seen else {}
        seen |= {said, subject}
        yield replace(row, variant={**row.variant, **region})


def _model(item: Mapping[str, Any], at: str) -> Iterator[RawRow]:
    require_known_keys(item, {*MODEL_KEYS, *PRICES, *LONG, *OTHER_KEYS}, at)
    name = require_text(item, "name", at)
    features = require_object(item.get("features", {}), "features", at)
    require_known_keys(features, {*FEATURES, "reasoningEffortOptions"}, f"{at}/features")
    yield RawRow("model", name, at, cells(item, MODEL_KEYS) | cells(features, FEATURES, "/features"))
    if prices := cells(item, PRICES):
        yield RawRow("offer", name, at, prices, provider="xAI")
    if prices := cells(item, LONG):
        above = {"context_above": require_text(item, "longContextThreshold", at)}
        yield RawRow("offer", name, at, prices, provider="xAI", qualifier=above)
    for where, size in require_objects(item.get("resolutionPricing", []), "sizes", f"{at}/resolutionPricing"):
        if size.get("pricePerImage") != item.get("imagePrice"):
            mode = {"mode": require_text(size, "resolution", where).removeprefix("IMAGE_RESOLUTION_")}
            yield RawRow("offer", name, where, cells(size, SIZED), provider="xAI", variant=mode)
