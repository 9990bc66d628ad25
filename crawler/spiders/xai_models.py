from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    cells,
    load_json,
    optional_object,
    parse_key_meanings,
    read_entries,
    read_listing,
    require_known_keys,
    require_object,
    require_text,
    split_names,
    unknown_keys,
    unread_keys,
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
    supportedQualities defaultQuality
""")
"""`aliases` are names, some of other models, that this one now answers to; a discount is no printed price."""


class XaiModels(Source):
    """xAI's models page, read from the data it is drawn from: prices in units of 1e-10 US dollars.

    A picture's price by size and quality is an offer of that mode; `imagePrice` is what a request without either
    costs. The page around the data was never seen, films, speech and voice are not read.
    """

    name = "xai_models"
    title = "xAI models and prices"
    kind = "model page"
    authority = Authority.FIRST_PARTY
    url = "https://docs.x.ai/docs/models"
    page_urls = r"https://docs\.x\.ai/(?:docs|developers)/models"
    max_age = timedelta(days=1)
    expected_rows = range(4, 200)
    providers = ("xai",)
    developers = ("xai",)
    exhaustive = ("modality.input", "modality.output")
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        script = SCRIPT.search(response.text)
        if not script:
            raise PageChangedError("models", wanted="__XAI_PUBLIC_MODELS__", found="none", where=response.url)
        page = require_object(load_json(script[1], where=response.url), "page", response.url)
        seen = set[str]()
        yield from read_listing(
            page, "clusterConfigs", lambda cluster, at: _cluster(cluster, at, seen), response.url
        )


def _cluster(cluster: Mapping[str, Any], at: str, seen: set[str]) -> Iterator[PagePart]:
    yield from unread_keys(cluster, {*KINDS, *CLUSTER}, at)
    for kind in KINDS:
        listed = [] if cluster.get(kind) is None else cluster[kind]
        yield from read_entries(
            listed, kind, f"{at}/{kind}", lambda item, where: _new_rows(item, where, cluster, seen)
        )


def _new_rows(
    item: Mapping[str, Any], at: str, cluster: Mapping[str, Any], seen: set[str]
) -> Iterator[PagePart]:
    region = str(item.get("cluster") or cluster.get("clusterName") or "")
    for part in tuple(_model(item, at)):
        yield from _skip_repeated(part, region, seen) if isinstance(part, RawRow) else (part,)


def _skip_repeated(row: RawRow, region: str, seen: set[str]) -> Iterator[RawRow]:
    """Yield a row unless another cluster has said the very same; what differs there is that region's."""
    subject = repr((row.kind, row.name, row.qualifier, row.variant))
    content = subject + repr([cell.text for cell in row.cells.values()])
    if content in seen:
        return
    if subject in seen and not region:
        raise PageChangedError("clusterName", wanted="a region", found="none", where=row.locator)
    other = {"region": region} if subject in seen else {}
    seen |= {content, subject}
    yield replace(row, variant={**row.variant, **other})


def _model(item: Mapping[str, Any], at: str) -> Iterator[PagePart]:
    name = require_text(item, "name", at)
    features = optional_object(item, "features", at)
    longer, above = cells(item, LONG), item.get("longContextThreshold")
    odd = unknown_keys(item, {*MODEL_KEYS, *PRICES, *LONG, *OTHER_KEYS})
    odd |= unknown_keys(features, {*FEATURES, "reasoningEffortOptions"}, "/features")
    if longer and not isinstance(above, str):
        odd |= unknown_keys(item, item.keys() - LONG.keys())
    yield RawRow("model", name, at, cells(item, MODEL_KEYS) | cells(features, FEATURES, "/features") | odd)
    offer = RawRow("offer", name, at, cells(item, PRICES), provider="xAI")
    if offer.cells:
        yield offer
    if longer and isinstance(above, str):
        yield replace(offer, cells=longer, qualifier={"context_above": above})
    plain = item.get("imagePrice")
    sizes = [] if item.get("resolutionPricing") is None else item["resolutionPricing"]
    yield from read_entries(
        sizes, "size", f"{at}/resolutionPricing", lambda size, where: _size(size, where, offer, plain)
    )


def _size(size: Mapping[str, Any], at: str, offer: RawRow, plain: object) -> Iterator[RawRow]:
    """Yield the price of a picture of one size and quality, unless it is the plain price of any quality."""
    require_known_keys(size, {"resolution", "pricePerImage", "quality"}, at)
    words = [require_text(size, "resolution", at).removeprefix("IMAGE_RESOLUTION_")]
    if size.get("quality") is not None:
        words.append(require_text(size, "quality", at))
    elif size.get("pricePerImage") == plain:
        return
    yield replace(offer, locator=at, cells=cells(size, SIZED), variant={"mode": " ".join(words)})
