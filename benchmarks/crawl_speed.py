"""Pages a second of processor time: our crawl, archive and all, beside a bare tuned Scrapy spider.

    python benchmarks/crawl_speed.py [PAGES]

Both run with 32 requests under way and without a delay, each round in a process of its own. The site
answers PAGES pages of 7.8 KB, each of them different. "again" is our second run over unchanged pages,
"unmodified" one that sends validators.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import md5
from pathlib import Path
from typing import Any

from aiohttp import web
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response, TextResponse
from sides import alone

from cardwatch.crawler.crawl_history import CrawlHistory, NoHistory, PageRequest
from cardwatch.crawler.documents import Cell, RawRow
from cardwatch.crawler.politeness import ThrottlePolicy
from cardwatch.crawler.run import CrawlSettings, crawl_sources
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

ROUNDS = 3
UNDER_WAY = 32


def page(number: int) -> bytes:
    rows = [
        {"id": f"acme/m{number}-{row}", "price": f"{row / 1e7:.7f}", "note": "x" * 60} for row in range(66)
    ]
    return json.dumps({"data": rows}).encode()


def serve(pages: int, port: Any, make: Callable[[int], bytes] = page) -> None:
    """Answer /<number> with one page each, and 304 to whoever has it."""
    bodies = [make(number) for number in range(pages)]
    tags = [f'"{md5(body).hexdigest()}"' for body in bodies]

    async def answer(request: web.Request) -> web.Response:
        name = request.match_info["page"]
        if not name.isdigit():
            return web.Response(status=404)
        number = int(name)
        headers = {"ETag": tags[number], "Content-Type": "application/json"}
        if request.headers.get("If-None-Match") == tags[number]:
            return web.Response(status=304, headers=headers)
        return web.Response(body=bodies[number], headers=headers)

    async def run() -> None:
        site = web.Application()
        site.router.add_get("/{page}", answer)
        runner = web.AppRunner(site, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port.value).start()
        port.value = runner.addresses[0][1]
        await asyncio.Event().wait()

    asyncio.run(run())


def bare(base: str, pages: int, folder: Path) -> float:
    """Run a spider that only counts."""

    class Bare(Spider):
        name = "bare"

        async def start(self) -> AsyncIterator[Any]:
            for number in range(pages):
                yield Request(f"{base}/{number}", dont_filter=True)

        def parse(self, response: Response) -> None:
            seen.append(len(response.body))

    async def run() -> None:
        await AsyncCrawlerRunner(settings).crawl(Bare)

    handler = "scrapy.core.downloader.handlers._aiohttp.AiohttpDownloadHandler"
    settings = {
        "TWISTED_REACTOR_ENABLED": False,
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
        "CONCURRENT_REQUESTS": UNDER_WAY,
        "CONCURRENT_REQUESTS_PER_DOMAIN": UNDER_WAY,
        "CONCURRENT_ITEMS": 8,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }
    seen: list[int] = []
    began = time.process_time()
    asyncio.run(run())
    assert len(seen) == pages
    return pages / (time.process_time() - began)


class Knows:
    """A past in which every page was read."""

    def __init__(self, pages: int) -> None:
        self._tags = [f'"{md5(page(number)).hexdigest()}"' for number in range(pages)]

    def validators(self, source: str, url: str, parser_version: int) -> Mapping[str, str]:
        return {"If-None-Match": self._tags[int(url.rpartition("/")[2])]}

    def choose(self, source: str, pages: Sequence[PageRequest]) -> Sequence[PageRequest]:
        return pages


def ours(base: str, pages: int, folder: Path, past: CrawlHistory | None = None) -> float:
    """Run a source of as many pages through the whole of our crawl."""

    class CrawledPages(Source):
        name = "pages"
        title = kind = "bench"
        authority = Authority.AGGREGATOR
        url = f"{base}/0"
        max_age = timedelta(days=1)
        expected_rows = range(1, 100)

        def pages(self) -> list[PageRequest]:
            return [PageRequest(f"{base}/{number}", "listing") for number in range(pages)]

        def rows(self, response: TextResponse) -> Iterator[RawRow]:
            for item in response.json()["data"]:
                yield RawRow("offer", item["id"], "/", {"input_price": Cell(item["price"])})

    settings = CrawlSettings(
        allow_private=True, throttle_policy=ThrottlePolicy(delay=0, concurrency=UNDER_WAY), throttle=False
    )
    began = time.process_time()
    result = crawl_sources(
        [CrawledPages],
        past=past or NoHistory(),
        archive=folder,
        settings=settings,
        now=lambda: datetime.now(UTC),
    )
    assert sum(result.counts["pages"].values()) == pages
    return pages / (time.process_time() - began)


def again(base: str, pages: int, folder: Path) -> float:
    return ours(base, pages, folder)


def unmodified(base: str, pages: int, folder: Path) -> float:
    return ours(base, pages, folder, Knows(pages))


def main(pages: int) -> None:
    """Print medians."""
    port = multiprocessing.Value("i", 0)
    server = multiprocessing.Process(target=serve, args=(pages, port), daemon=True)
    server.start()
    while not port.value:
        time.sleep(0.05)
    base = f"http://127.0.0.1:{port.value}"
    rates: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            for way in (bare, ours, again, unmodified):
                rates.setdefault(way.__name__, []).append(alone(way, base, pages, Path(folder)))
    middle = {name: statistics.median(found) for name, found in rates.items()}
    for name, rate in middle.items():
        sys.stdout.write(f"{name:12}{rate:8.0f} pages/s{rate / middle['bare']:8.2f} of bare\n")
    server.terminate()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
