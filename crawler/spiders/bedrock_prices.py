from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, RawRow
from cardwatch.crawler.formats.json_listing import (
    load_response,
    optional_object,
    pointer_step,
    require_known_keys,
    require_object,
    require_text,
    split_names,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

HOST = "https://pricing.us-east-1.amazonaws.com"
REGIONS = ("us-east-1", "us-west-2", "eu-central-1")
INDEX_KEYS = split_names("formatVersion disclaimer publicationDate regions")
OFFER_FILE_KEYS = split_names("""formatVersion disclaimer offerCode version publicationDate products terms
    attributesList""")
UNITS = {"1K tokens": "usd/1K tokens", "1M tokens": "usd/1M tokens"}
METERS = {
    "input": "input_price",
    "output": "output_price",
    "prompt cache read input": "cache_read_price",
    "prompt cache write input": "cache_write_price",
    "cache read": "cache_read_price",
    "cache write": "cache_write_price",
}
METER = re.compile(
    rf"(?:text )?(?P<meter>{'|'.join(METERS)}) tokens?(?: (?P<ttl>5m|30m|1h))?"
    r"(?P<scope> global)?(?: (?P<tier>batch|flex|priority))?"
)
SUFFIX = re.compile(r"-(batch|flex|priority)$")
FEATURES = {"On-demand Inference": "", "Batch Inference": "batch"}
"""Others are fine-tuning, agents, guardrails and reserved capacity: no price of a token."""
OTHER_USAGES = ("custom-model", "cross-region")


class BedrockPrices(Source):
    """AWS's public price list for Bedrock: an index of regions, then one file of meters per region.

    A file holds hundreds of meters; those that count text tokens are read, one row each, and a file
    without any is a changed page. The zero of a cache write is AWS's own price: Nova does not charge it.
    """

    name = "bedrock_prices"
    title = "AWS price list for Bedrock"
    kind = "price list API"
    authority = Authority.PROVIDER_API
    url = f"{HOST}/offers/v1.0/aws/AmazonBedrock/current/region_index.json"
    page_urls = rf"{re.escape(HOST)}/offers/v1\.0/aws/AmazonBedrock/[^/]+/[^/]+/index\.json"
    max_age = timedelta(days=3)
    expected_rows = range(4, 20_000)
    providers = ("amazon-bedrock",)
    terms = "Public price list: for information, AWS's own terms prevail."

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        page = load_response(response)
        if "regions" in page:
            require_known_keys(page, INDEX_KEYS, response.url)
            return
        require_known_keys(page, OFFER_FILE_KEYS, response.url)
        found = list(_offers(page, response.url))
        if not found:
            raise PageChangedError("meters", wanted="token meters", found="none", where=response.url)
        yield from found

    def next_page(self, response: TextResponse) -> str | None:
        """Lead from the index to the first region's file, and from each file to the next region's."""
        page = load_response(response)
        if "regions" in page:
            listed = optional_object(page, "regions", response.url)
            chosen = next((region for region in REGIONS if region in listed), "")
            first = require_object(listed.get(chosen), f"one of {REGIONS}", response.url)
            return HOST + require_text(first, "currentVersionUrl", response.url)
        left, _, region = response.url.removesuffix("/index.json").rpartition("/")
        later = REGIONS[REGIONS.index(region) + 1 :] if region in REGIONS else ()
        return f"{left}/{later[0]}/index.json" if later else None


def _offers(page: dict[str, Any], where: str) -> Iterator[RawRow]:
    terms = optional_object(optional_object(page, "terms", where), "OnDemand", where)
    for sku, product in optional_object(page, "products", where).items():
        said = optional_object(require_object(product, "product", sku), "attributes", sku)
        model, meter = said.get("model") or said.get("titanModel"), _meter(said)
        if isinstance(model, str) and meter:
            attribute, variant, told = meter
            locator = f"/terms/OnDemand/{pointer_step(sku)}"
            price, starts = _price(optional_object(terms, sku, sku), locator)
            yield RawRow(
                *("offer", model.strip(), locator, {attribute: price}, "Amazon Bedrock"),
                variant=_region(said) | variant,
                qualifier=told,
                dates={"effective_from": starts},
            )


def _region(said: dict[str, Any]) -> dict[str, str]:
    region = said.get("regionCode")
    return {"region": region} if isinstance(region, str) and region else {}


def _meter(said: dict[str, Any]) -> tuple[str, dict[str, str], dict[str, str]] | None:
    """Return what a product counts, its variant and cache lifetime; None for what is no text token."""
    usage, feature = str(said.get("usagetype", "")), str(said.get("feature", "On-demand Inference"))
    found = METER.fullmatch(str(said.get("inferenceType", "")).casefold())
    if not found or feature not in FEATURES or any(word in usage for word in OTHER_USAGES):
        return None
    suffix = SUFFIX.search(usage)
    tier = found["tier"] or (suffix[1] if suffix else FEATURES[feature])
    variant = {"region": "global" if found["scope"] else "", "tier": tier}
    told = {"ttl": found["ttl"]} if found["ttl"] else {}
    return METERS[found["meter"]], {key: word for key, word in variant.items() if word}, told


def _price(offers: dict[str, Any], where: str) -> tuple[Cell, str]:
    """Return the one price of a product. Raises PageChangedError for several, or in another currency."""
    term, offer = _single_item(offers, "term", where)
    rate, dimension = _single_item(optional_object(offer, "priceDimensions", where), "price dimension", where)
    price, unit = optional_object(dimension, "pricePerUnit", where), str(dimension.get("unit"))
    if unit not in UNITS or price.keys() != {"USD"} or dimension.get("beginRange") != "0":
        raise PageChangedError("price", wanted=f"USD from 0, per {list(UNITS)}", found=dimension, where=where)
    at = f"/{term}/priceDimensions/{rate}/pricePerUnit/USD"
    return Cell(require_text(price, "USD", where), UNITS[unit], at), require_text(
        offer, "effectiveDate", where
    )


def _single_item(items: dict[str, Any], what: str, where: str) -> tuple[str, dict[str, Any]]:
    if len(items) != 1:
        raise PageChangedError(what, wanted="exactly one", found=list(items), where=where)
    [(key, item)] = items.items()
    return pointer_step(key), require_object(item, what, where)
