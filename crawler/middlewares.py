"""Downloader middlewares: what a request must pass, at each redirect hop, before it waits for its turn."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from cardwatch.crawler.crawl_run import NO_CONTACT, running_source
from cardwatch.crawler.fetch_errors import FETCH_ERRORS, error_line
from cardwatch.crawler.host_rules import HostRefusedError
from cardwatch.crawler.robots import Robots
from cardwatch.crawler.url_host import host_of

ROBOTS_META = "robots"
"""The meta key of a request for a robots.txt."""


class RobotsError(IgnoreRequest):
    """robots.txt forbids a page, or answers that it cannot be asked."""


class HostGuard:
    """Lets a request pass when its host is on the source's list, and sends the source's key to its own host alone."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostGuard:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        source = running_source(self._crawler)
        if refusal := source.rules.refusal(request.url):
            raise HostRefusedError(refusal)
        if source.run.lacks_contact(request.url):
            raise HostRefusedError(NO_CONTACT)
        if _is_downgrade(request, source.url):
            raise HostRefusedError(f"https became http, at {request.url}")
        if key_host(request.url) != key_host(source.url):
            for name in source.headers():
                request.headers.pop(name, None)


def _is_downgrade(request: Request, source_url: str) -> bool:
    """Say whether a redirect leads from https to http."""
    attempt = request.meta.get("attempt")
    before = [source_url, *request.meta.get("redirect_urls", ()), *(attempt.asked if attempt else ())]
    return _scheme(request.url) == "http" and "https" in map(_scheme, before)


def _scheme(url: str) -> str:
    return urlsplit(url).scheme


class RobotsGuard:
    """Lets a request pass when its origin's robots.txt does, which is asked for before anything else."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsGuard:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get(ROBOTS_META):
            return
        at = url_origin(request.url)
        run = running_source(self._crawler).run
        robots = run.robots.setdefault(at, Robots())
        async with robots.asking:
            if not robots.known:
                await self._ask(at, robots)
                run.hosts.obey_robots(host_of(at), robots.delay)
        if refusal := robots.refusal(request.url):
            raise IgnoreRequest(refusal) if robots.no_answer else RobotsError(refusal)

    async def _ask(self, at: str, robots: Robots) -> None:
        request = Request(f"{at}/robots.txt", callback=NO_CALLBACK, priority=1000, meta={ROBOTS_META: True})
        assert self._crawler.engine
        try:
            response = await self._crawler.engine.download_async(request)
        except FETCH_ERRORS as error:
            robots.failed(error_line(error))
        else:
            robots.answered(response.status, response.body)


def url_origin(url: str) -> str:
    """Return scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def key_host(url: str) -> tuple[str, str, int | None]:
    """Return what a key belongs to: scheme, host and port of a URL, however they are written."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, host_of(url), usual if parts.port is None else parts.port
