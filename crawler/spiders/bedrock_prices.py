from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow, UnreadPart
from cardwatch.crawler.formats.bedrock_meters import parse_meter
from cardwatch.crawler.formats.json_listing import (
    load_response,
    optional_object,
    pointer_step,
    read_members,
    require_object,
    require_text,
    split_names,
    unread_keys,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

HOST = "https://pricing.us-east-1.amazonaws.com"
REGIONS = ("us-east-1", "us-west-2", "eu-central-1")
INDEX_KEYS = split_names("formatVersion disclaimer publicationDate regions")
OFFER_FILE_KEYS = split_names("""formatVersion disclaimer offerCode version publicationDate products terms
    attributesList""")
UNITS = {"1k tokens": "usd/1K tokens", "1m tokens": "usd/1M tokens"}


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

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        page = load_response(response)
        if "regions" in page:
            yield from unread_keys(page, INDEX_KEYS, response.url)
            return
        yield from unread_keys(page, OFFER_FILE_KEYS, response.url)
        found = list(_read_products(page, response.url))
        if not any(isinstance(part, RawRow) for part in found):
            odd = ", ".join(part.found for part in found[:3] if isinstance(part, UnreadPart))
            raise PageChangedError("meters", wanted="token meters", found=odd or "none", where=response.url)
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


def _read_products(page: dict[str, Any], where: str) -> Iterator[PagePart]:
    terms = optional_object(optional_object(page, "terms", where), "OnDemand", where)
    return read_members(
        optional_object(page, "products", where), "product", "/products", partial(_read_product, terms)
    )


def _read_product(terms: dict[str, Any], product: dict[str, Any], at: str) -> Iterator[RawRow]:
    attributes, sku = optional_object(product, "attributes", at), at.rpartition("/")[2]
    model, meter = attributes.get("model") or attributes.get("titanModel"), parse_meter(attributes, at)
    if meter:
        locator = f"/terms/OnDemand/{sku}"
        price, starts = _price(optional_object(terms, sku, locator), locator)
        yield RawRow(
            *(
                "offer",
                require_text({"model": model}, "model", at),
                locator,
                {meter.attribute: price},
                "Amazon Bedrock",
            ),
            variant=_region(attributes) | meter.variant,
            qualifier=meter.qualifier,
            dates={"effective_from": starts},
        )


def _region(attributes: dict[str, Any]) -> dict[str, str]:
    region = attributes.get("regionCode")
    return {"region": region} if isinstance(region, str) and region else {}


def _price(offers: dict[str, Any], where: str) -> tuple[Cell, str]:
    """Return the one price of a product. Raises PageChangedError for several, or in another currency."""
    term, offer = _single_item(offers, "term", where)
    rate, dimension = _single_item(optional_object(offer, "priceDimensions", where), "price dimension", where)
    price, unit = optional_object(dimension, "pricePerUnit", where), str(dimension.get("unit")).casefold()
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
