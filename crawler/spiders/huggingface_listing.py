from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart, PageVersion, RawRow
from cardwatch.crawler.formats.hub import MAKERS, HubSite, commit_versions, license_cells, model_cells
from cardwatch.crawler.formats.json_listing import (
    load_json,
    optional_object,
    read_entries,
    require_text,
)
from cardwatch.crawler.formats.links import next_link
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODELS = "https://huggingface.co/api/models"
ASKED = "cardData config createdAt gated lastModified library_name pipeline_tag safetensors sha"
FIELDS = "".join(f"&expand%5B%5D={field}" for field in ASKED.split())


class HuggingfaceListing(Source):
    """What each maker has on the Hugging Face Hub: repositories with their weights counted.

    The count of packed weights (I8, I32) holds several parameters an element and is left out. A listing
    goes on at the "next" of its Link header, whose cursor means nothing to us. Downloads and likes change
    all day and are not asked for.
    """

    name = "huggingface_listing"
    title = "Hugging Face repositories by maker"
    kind = "hub API"
    authority = Authority.PROVIDER_API
    url = MODELS
    listed = tuple(f"{MODELS}?author={author}&limit=100{FIELDS}" for author in MAKERS)
    page_urls = r"https://huggingface\.co/api/models\?author=[^&]+(?:&.*)?"
    max_age = timedelta(days=14)
    expected_rows = range(1, 5_000)
    providers = ("huggingface",)
    delay = 1.0
    terms = "Public API: facts are passed on."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        yield from read_entries(load_json(response.text, where=response.url), "models", "", _repository)

    def versions(self, response: TextResponse) -> Iterator[PageVersion]:
        yield from commit_versions(response, HubSite())

    def next_page(self, response: TextResponse) -> str | None:
        return next_link(response)


def _repository(item: dict[str, Any], locator: str) -> Iterator[RawRow]:
    changed = item.get("lastModified")
    dates = {"published_on": changed} if isinstance(changed, str) else {}
    card = optional_object(item, "cardData", locator)
    licence = license_cells(card.get("license"), card.get("license_name"), "/cardData")
    found = model_cells(item) | licence
    yield RawRow("model", require_text(item, "id", locator), locator, found, "Hugging Face", dates=dates)
