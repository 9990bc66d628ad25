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
    parse_key_meanings,
    read_listing,
    require_text,
    split_names,
    unknown_keys,
    unread_keys,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

OFFER = parse_key_meanings("shutdown_date shutdown_date iso date")
NOT_KEPT = split_names("id object created owned_by")


class OpenaiModels(Source):
    """OpenAI's list of the models a key may call: ids, and for some the day they stop.

    `created` is when the entry was made, not the release.
    """

    name = "openai_models"
    title = "OpenAI models API"
    kind = "vendor API"
    authority = Authority.FIRST_PARTY
    url = "https://api.openai.com/v1/models"
    max_age = timedelta(days=7)
    expected_rows = range(40, 1_000)
    fewest_rows = 2
    complete = True
    providers = ("openai",)
    developers = ("openai",)
    key_env = "OPENAI_API_KEY"
    terms = "OpenAI's API terms: facts are passed on."

    def headers(self) -> Mapping[str, str]:
        key = environ.get(self.key_env)
        return {"Authorization": f"Bearer {key}"} if key else {}

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        page = load_response(response)
        yield from unread_keys(page, {"object", "data"}, response.url)
        yield from read_listing(page, "data", _offer, response.url)


def _offer(item: dict[str, Any], locator: str) -> Iterator[RawRow]:
    name = require_text(item, "id", locator)
    found = cells(item, OFFER) | unknown_keys(item, OFFER.keys() | NOT_KEPT)
    yield RawRow("offer", name, locator, found, "OpenAI API")
