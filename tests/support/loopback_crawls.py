"""Crawls of a loopback site, and the visits that their archive tells of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.crawl_history import CrawlHistory, NoHistory, PageRequest
from cardwatch.crawler.documents import Cell, Outcome, RawRow, Visit
from cardwatch.crawler.formats.json_listing import load_json
from cardwatch.crawler.politeness import ThrottlePolicy
from cardwatch.crawler.run import CrawlResult, CrawlSettings, crawl_sources
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority
from cardwatch.crawler.warc import warc_files
from support.loopback import Answer, LoopbackSite
from support.loopback import json_page as as_json
from support.replayed_visits import replay_visits

QUICK = ThrottlePolicy(delay=0, backoff=0.01, longest_backoff=0.02)


class Items(Source):
    """A list of {"id", "price"}; "next" continues it, "more" names further pages."""

    name = "items"
    title = "Items"
    kind = "api"
    authority = Authority.PROVIDER_API
    url = ""
    max_age = timedelta(days=1)
    expected_rows = range(1, 100)
    terms = "ours"

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        for number, item in enumerate(load_json(response.text, where=response.url)["data"]):
            yield RawRow("offer", item["id"], f"/data/{number}", {"input_price": Cell(item["price"])})

    def next_page(self, response: TextResponse) -> str | None:
        following = load_json(response.text, where=response.url).get("next")
        return response.urljoin(following) if following else None

    def discover(self, response: TextResponse) -> Iterator[PageRequest]:
        for url in load_json(response.text, where=response.url).get("more", []):
            yield PageRequest(response.urljoin(url), "listing")


def items(site: LoopbackSite, path: str = "/list", **attributes: Any) -> type[Items]:
    """Return a source that reads the items at `path`."""
    return type("Items", (Items,), {"url": site.url(path), **attributes})


def listing(*prices: str, **more: object) -> Answer:
    """Return the answer that lists items m0, m1, … with these prices."""
    data = [{"id": f"m{number}", "price": price} for number, price in enumerate(prices)]
    return as_json(json.dumps({"data": data, **more}))


def utc_now() -> datetime:
    return datetime.now(UTC)


def crawl_loopback(
    folder: Path, *sources: type[Source], past: CrawlHistory | None = None, **settings: Any
) -> CrawlResult:
    """Crawl without waiting, private addresses allowed."""
    made = CrawlSettings(**{"allow_private": True, "throttle_policy": QUICK, "throttle": False, **settings})
    return crawl_sources(sources, past=past or NoHistory(), archive=folder, settings=made, now=utc_now)


def archived_visits(folder: Path, *sources: type[Source]) -> list[Visit]:
    """Return every visit the archive of `folder` tells of."""
    return [*replay_visits(warc_files(folder), {source.name: source for source in sources})]


def crawl_one_visit(folder: Path, *sources: type[Source], **settings: Any) -> Visit:
    """Crawl, and return the one visit that came of it."""
    crawl_loopback(folder, *sources, **settings)
    (visit,) = archived_visits(folder, *sources)
    return visit


def printed_prices(visit: Visit) -> list[str]:
    return [row.row.cells["input_price"].text for row in visit.rows]


class ArchiveHistory:
    """A past that was read from the archive itself."""

    def __init__(self, known: Sequence[Visit]) -> None:
        self._known = {visit.url: visit for visit in known if visit.outcome is Outcome.READ}

    def validators(self, source: str, url: str, parser_version: int) -> Mapping[str, str]:
        visit = self._known.get(url)
        if visit is None or visit.parser_version != parser_version:
            return {}
        headers = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
        return {headers[name]: value for name, value in visit.validators.items()}

    def choose(self, source: str, pages: Sequence[PageRequest]) -> Sequence[PageRequest]:
        return pages
