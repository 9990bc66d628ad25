from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    cells,
    load_response,
    parse_key_meanings,
    read_entries,
    read_listing,
    require_text,
    split_names,
    unknown_keys,
    unread_keys,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

PRICES = parse_key_meanings("""
input        input_price      usd/1M tokens
output       output_price     usd/1M tokens
input_cached cache_read_price usd/1M tokens
""")
DATES = {"from_date": "from", "to_date": "to"}
RECORD = split_names("id vendor name from_date to_date") | PRICES.keys()
ABOVE = re.compile(r">\s*(\d+)k\b", re.IGNORECASE)


class LlmPrices(Source):
    """llm-prices.com: list prices of some 140 models with their history, kept by hand.

    `from_date` is the first day of a price and `to_date` the first day without it; null is open. What it
    tells about the past was never observed by us.
    """

    name = "llm_prices"
    title = "llm-prices.com"
    kind = "price map"
    authority = Authority.AGGREGATOR
    url = "https://www.llm-prices.com/historical-v1.json"
    page_urls = r"https://raw\.githubusercontent\.com/simonw/llm-prices/[^/]+/data/[\w.-]+\.json"
    max_age = timedelta(days=7)
    expected_rows = range(1, 1_000)
    complete = True
    derived_from = ("openai_pricing", "anthropic_pricing", "google_pricing")
    terms = "Its repository names no licence: single facts are passed on, the file is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        listing = load_response(response)
        if "vendor" in listing:
            yield from unread_keys(listing, {"vendor", "models"}, "")
            yield from read_listing(listing, "models", partial(_history, listing["vendor"]), response.url)
        else:
            yield from unread_keys(listing, {"updated_at", "prices"}, "")
            yield from read_listing(listing, "prices", _rows, response.url)


def _history(vendor: str, model: dict[str, Any], locator: str) -> Iterator[PagePart]:
    """Read one model of a vendor's file of the repository: its records."""
    yield from unread_keys(model, {"id", "name", "price_history"}, locator)
    of = {"vendor": vendor, "id": model.get("id"), "name": model.get("name")}
    history = model.get("price_history")
    yield from read_entries(
        history, "price_history", f"{locator}/price_history", lambda record, at: _rows(record | of, at)
    )


def _rows(record: dict[str, Any], locator: str) -> Iterator[RawRow]:
    name, above = _size(require_text(record, "id", locator), require_text(record, "name", locator))
    dates = {key: require_text(record, name, locator) for name, key in DATES.items() if record.get(name)}
    vendor = require_text(record, "vendor", locator)
    prices = cells(record, PRICES) | unknown_keys(record, RECORD)
    yield RawRow("offer", name, locator, prices, vendor, qualifier=above | dates)


def _size(name: str, title: str) -> tuple[str, dict[str, str]]:
    """Take apart an entry that stands for long prompts alone: qwen3.6-plus-256k is "Qwen3.6 Plus >256k"."""
    if above := ABOVE.search(title):
        return name.removesuffix(f"-{above[1]}k"), {"context_above": f"{above[1]}000"}
    return name, {}
