from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.azure_meters import MeterMeaning, parse_meter_name
from cardwatch.crawler.formats.azure_scopes import RegionPrice, merge_regions, own_region_name, price_region
from cardwatch.crawler.formats.json_listing import (
    is_zero,
    load_response,
    printed_text,
    read_listing,
    require_text,
    split_names,
    unknown_cell,
    unknown_keys,
    unread_keys,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

ENVELOPE = split_names("BillingCurrency CustomerEntityId CustomerEntityType Items NextPageLink Count")
READ_KEYS = split_names("""currencyCode tierMinimumUnits retailPrice armRegionName effectiveStartDate meterName
    productName unitOfMeasure type""")
NOT_KEPT = split_names("""unitPrice location effectiveEndDate meterId productId skuId skuName serviceName serviceId
    serviceFamily isPrimaryMeterRegion armSkuName reservationTerm""")
OTHER_PRODUCTS = frozenset(
    {
        *("Speech", "Language", "Language - disconnected", "Custom Vision", "Computer Vision"),
        *("Azure AI Translator", "Azure AI Content Safety", "Azure AI Content Understanding"),
        *("Microsoft Agent Pre-Purchase Plan", "Foundry Model Tools", "Azure OpenAI Free Meter"),
    }
)
"""Products of the same service that are no models."""
OTHER_SALES = frozenset({"Reservation", "DevTestConsumption"})
"""A reservation's price is for its whole term, whatever its unit says."""


class AzureRetailPrices(Source):
    """Azure's public price list: one meter an item, repeated for every region that sells it.

    A global or data-zone price becomes one offer however many regions repeat it, a regional one an offer of
    its region; the government cloud and the Asian data zone are priced apart. The start date of a price is
    no part of what it is; only a price that has not begun when the answer was written stands apart. The walk
    over the pages has been seen to lose rows, so the list does not count as complete: what is missing is not
    withdrawn.
    """

    name = "azure_retail_prices"
    title = "Azure Retail Prices"
    kind = "price API"
    authority = Authority.PROVIDER_API
    url = (
        "https://prices.azure.com/api/retail/prices?api-version=2023-01-01-preview"
        "&$filter=serviceName%20eq%20%27Foundry%20Models%27"
    )
    page_urls = r"https://prices\.azure\.com/api/retail/prices\?.*"
    content_types = ("application/json",)
    max_age = timedelta(days=2)
    expected_rows = range(20, 50000)
    fewest_rows = 2
    providers = ("azure-openai", "azure-ai-foundry")
    terms = "Public API."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        page = load_response(response)
        today, found = _answer_day(response), list[RegionPrice]()

        def take(item: dict[str, Any], at: str) -> Iterator[PagePart]:
            found.extend(tuple(_prices(item, at, today)))
            return iter(())

        unread = [
            *unread_keys(page, ENVELOPE, response.url),
            *read_listing(page, "Items", take, response.url),
        ]
        count = len(page["Items"])
        if page.get("Count") != str(count):
            raise PageChangedError("Count", wanted=count, found=page.get("Count"), where=response.url)
        yield from merge_regions(found)
        yield from unread

    def next_page(self, response: TextResponse) -> str | None:
        following = load_response(response).get("NextPageLink")
        return following if isinstance(following, str) and following else None


def _answer_day(response: TextResponse) -> str:
    """Return the day the server wrote the answer, "" when it does not say."""
    stated = response.headers.get("Date")
    try:
        return parsedate_to_datetime((stated or b"").decode("ascii")).date().isoformat()
    except ValueError:
        return ""


def _prices(item: dict[str, Any], at: str, today: str) -> Iterator[RegionPrice]:
    name, product = require_text(item, "meterName", at), require_text(item, "productName", at)
    found, sale = parse_meter_name(name), _text(item, "type")
    if sale in OTHER_SALES or product in OTHER_PRODUCTS:
        return
    if found.attribute == "" or not is_zero(item.get("tierMinimumUnits") or "0"):
        return
    region = require_text(item, "armRegionName", at)
    start = _text(item, "effectiveStartDate")[: len("2025-11-01")]
    cells = _price(item, found) if sale == "Consumption" else unknown_cell("/type", sale)
    cells |= unknown_keys(item, READ_KEYS | NOT_KEPT)
    variant = {**found.variant, "region": price_region(found.scope, region)}
    row = RawRow("offer", name, at, cells, product, variant, dates={"effective_from": start} if start else {})
    yield RegionPrice(row, own_region_name(found.scope, region), start if today and start > today else "")


def _price(item: dict[str, Any], found: MeterMeaning) -> dict[str, Cell]:
    if found.attribute is None:
        return unknown_cell("/meterName", item["meterName"])
    size = _text(item, "unitOfMeasure")
    unit = f"{_text(item, 'currencyCode').lower()}/{size} tokens"
    if found.unit and found.unit != size:
        unit = f"{unit}, but per {found.unit} by its name"
    return {found.attribute: Cell(_text(item, "retailPrice"), unit, "/retailPrice")}


def _text(item: dict[str, Any], key: str) -> str:
    return (printed_text(item.get(key), f"/{key}") or "").strip()
