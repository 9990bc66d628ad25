"""The base class of every source: policy as attributes, reading as one pure method."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from os import environ
from typing import Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from cardwatch.crawler.attempt import ANSWERED, PageAttempt
from cardwatch.crawler.bounded_worker import WorkerDiedError
from cardwatch.crawler.crawl_history import INDEX_PAGE_KIND, CrawlHistory, NoHistory, PageRequest
from cardwatch.crawler.crawl_run import NO_CONTACT, CrawlRun
from cardwatch.crawler.documents import (
    Cell,
    Outcome,
    PageChangedError,
    PagePart,
    PageVersion,
    RawRow,
    UnreadPart,
)
from cardwatch.crawler.fetch import ARCHIVED_META
from cardwatch.crawler.fetch_errors import error_line
from cardwatch.crawler.formats.page_versions import read_versions
from cardwatch.crawler.host_rules import HostRules
from cardwatch.crawler.link_finder import FetchedPage, LinkFinder
from cardwatch.crawler.middlewares import RobotsError
from cardwatch.crawler.page_checks import (
    READING_ERRORS,
    located_error_line,
    to_text_response,
    with_json_charset,
)
from cardwatch.crawler.politeness import RequestQuota, find_quota
from cardwatch.crawler.secrets import SecretFilter
from cardwatch.crawler.source_card import Authority, SourceCard
from cardwatch.crawler.url_host import host_of

LONGEST_CHAIN = 500
"""Answers that one listing may go on over."""
LARGEST_LISTING = 64 << 20
"""Bytes of all its answers; the largest listing we know is 5 MB."""


class Source(Spider):
    """One place that publishes facts. A subclass declares its policy and implements `rows`.

    A listing that goes on over several URLs implements `next_page`; a source whose pages are not a fixed list implements
    `pages`; one that finds further pages implements `discover`, which is asked about every page that
    arrives, and first about those in `index`, pages without facts of their own.
    None of `rows`, `next_page`, `discover` and `versions` may touch the network, the clock or the disk.

    `listed` are the URLs of its pages, where they are others than `url` alone;
    `page_urls` is a regular expression of the page URLs beside `url` that this source reads; `hosts` are
    those it may be redirected to or find pages on beside that of `url`; `delay` is the least time between
    two requests in seconds, where the project's own is too short; `content_types`, when given, are the
    only ones its pages may have; `min_read` is the share of the rows a page shows below which it counts as
    unparsed; `fewest_rows`, when given, says how many rows make a part of a listing that has `expected_rows` as a
    whole: from there on it is read in part, below it is unparsed; `quotas` are what a host allows
    for some of its URLs, apart from all others.
    """

    title: ClassVar[str]
    kind: ClassVar[str]
    authority: ClassVar[Authority]
    url: ClassVar[str]
    max_age: ClassVar[timedelta]
    expected_rows: ClassVar[range]
    fewest_rows: ClassVar[int] = 0
    min_read: ClassVar[float] = 0.5
    page_kind: ClassVar[str] = "listing"
    parser_version: ClassVar[int] = 1
    complete: ClassVar[bool] = False
    providers: ClassVar[tuple[str, ...]] = ()
    developers: ClassVar[tuple[str, ...]] = ()
    exhaustive: ClassVar[tuple[str, ...]] = ()
    price_words: ClassVar[Mapping[str, str]] = {}
    derived_from: ClassVar[tuple[str, ...]] = ()
    key_env: ClassVar[str] = ""
    terms: ClassVar[str] = ""
    redistribute: ClassVar[bool] = True
    listed: ClassVar[tuple[str, ...]] = ()
    page_urls: ClassVar[str] = ""
    hosts: ClassVar[tuple[str, ...]] = ()
    index: ClassVar[tuple[str, ...]] = ()
    delay: ClassVar[float] = 0.0
    content_types: ClassVar[tuple[str, ...]] = ()
    quotas: ClassVar[tuple[RequestQuota, ...]] = ()

    past: CrawlHistory = NoHistory()
    run: CrawlRun
    rules: HostRules
    secrets: SecretFilter

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        """Copy the cells of one response as printed, each row with a locator.

        A part that is not what this source was written for is yielded as an UnreadPart (see formats/reading).
        Raises PageChangedError when this is not the page at all.
        """
        raise NotImplementedError

    def pages(self) -> Iterable[PageRequest]:
        """List the pages of this source; those in `listed`, or the one at `url`, unless overridden."""
        return [PageRequest(url, self.page_kind) for url in self.listed or (self.url,)]

    def next_page(self, response: TextResponse) -> str | None:
        """Return the URL that continues this listing, or None at its end."""
        return None

    def discover(self, response: TextResponse) -> Iterable[PageRequest]:
        """List the further pages that one response names."""
        return []

    def versions(self, response: TextResponse) -> Iterable[PageVersion]:
        """List what one response says of the versions of other pages: a sitemap, a feed or the like in `index`."""
        return read_versions(response) if response.url in self.index else ()

    def headers(self) -> Mapping[str, str]:
        """Return what its requests carry beside the usual headers, such as a key; never archived."""
        return {}

    @classmethod
    def page_name(cls, url: str) -> str:
        """Return the name that the page at `url` has in the catalog; other than `url` where one page has several."""
        return url

    @classmethod
    def find_page(cls, url: str) -> PageRequest | None:
        """Return which page of this source `url` is, or None; for archives that another crawler wrote."""
        if url == cls.url or (cls.page_urls and re.fullmatch(cls.page_urls, url)):
            return PageRequest(cls.page_name(url), cls.page_kind)
        return None

    @classmethod
    def configured(cls, attributes: Mapping[str, Any]) -> type[Source]:
        """Return this source with other class attributes, such as the settings give it; itself for none."""
        return type(cls.__name__, (cls,), dict(attributes)) if attributes else cls

    @classmethod
    def card(cls) -> SourceCard:
        """Return the declared policy as plain data."""
        return SourceCard(
            id=cls.name,
            title=cls.title,
            kind=cls.kind,
            authority=cls.authority,
            url=cls.url,
            max_age=cls.max_age,
            expected_rows=cls.expected_rows,
            parser_version=cls.parser_version,
            complete=cls.complete,
            providers=cls.providers,
            developers=cls.developers,
            exhaustive=cls.exhaustive,
            price_words=cls.price_words,
            derived_from=cls.derived_from,
            key_env=cls.key_env,
            terms=cls.terms,
            redistribute=cls.redistribute,
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, run: CrawlRun | None = None, **kwargs: Any) -> Source:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if run is None:
            private = crawler.settings.getbool("CARDWATCH_ALLOW_PRIVATE")
            rules = HostRules.of((), allow_private=private)
            run = CrawlRun.of_project(crawler.settings, rules, LinkFinder([cls]))
            cls.slow_down(run)
            crawler.signals.connect(run.end, signals.spider_closed)
        spider.run, spider.past, spider._asked = run, run.past, set()
        spider.rules = run.rules.with_hosts([cls.url, *cls.index], cls.hosts)
        spider.secrets = SecretFilter.of(environ.get(cls.key_env, ""), spider.headers(), cls.url)
        return spider

    @classmethod
    def slow_down(cls, run: CrawlRun) -> None:
        """Have a run ask the hosts of this source no more often than it wants."""
        for url in (cls.url, *cls.index):
            run.slow_down(url, cls.delay)

    _asked: set[PageRequest]

    async def start(self) -> AsyncIterator[Any]:
        if self.run.lacks_contact(self.url):
            self.logger.error(NO_CONTACT)
            return
        for request in self._due([*(PageRequest(url, INDEX_PAGE_KIND) for url in self.index), *self.pages()]):
            yield request

    def _due(self, pages: list[PageRequest]) -> Iterator[Request]:
        """Ask the past which of these pages to visit, none of them twice."""
        new = [page for page in dict.fromkeys(pages) if page not in self._asked]
        for page in self.past.choose(self.name, new) if new else ():
            if page not in self._asked:
                self._asked.add(page)
                yield from self._visit(page)

    def _visit(self, page: PageRequest) -> Iterator[Request]:
        """Yield the first request for a page, none for what is no URL, which is the outcome then."""
        known = {} if page.page_kind == INDEX_PAGE_KIND else self._validators(page)
        attempt = PageAttempt(self.name, page, self.parser_version, dict(known), self.secrets)
        try:
            request = self._ask(page.url, attempt, known)
        except ValueError as error:
            self.run.finish(attempt, Outcome.ERROR, error_line(error))
            return
        yield request

    def _validators(self, page: PageRequest) -> Mapping[str, str]:
        return self.past.validators(self.name, page.url, self.parser_version)

    def _ask(self, url: str, attempt: PageAttempt, validators: Mapping[str, str]) -> Request:
        attempt.asked.add(url)
        return Request(
            url,
            headers={**self.headers(), **validators},
            callback=self.parse,
            errback=self.failed,
            meta={"attempt": attempt, **self._slot(url)},
            dont_filter=True,
        )

    def _slot(self, url: str) -> dict[str, Any]:
        """Return what keeps a request with a quota of its own out of the queue of its host."""
        quota = find_quota(self.quotas, url)
        return {"download_slot": quota.name, "autothrottle_dont_adjust_delay": True} if quota else {}

    async def parse(self, response: Response, **kwargs: Any) -> AsyncIterator[Any]:
        attempt: PageAttempt = response.meta["attempt"]
        outcome, detail = attempt.record_response(response, response.meta[ARCHIVED_META])
        further: list[Request] = []
        if outcome == ANSWERED:
            outcome, detail, further = self._follow_up(response, attempt)
        if outcome:
            self.run.finish(attempt, outcome, detail)
        for request in further:
            yield request
        if self.run.rows and outcome in ("", ANSWERED):
            for item in self._items(response, attempt):
                yield item

    def _follow_up(self, response: Response, attempt: PageAttempt) -> tuple[str, str, list[Request]]:
        """Return how the attempt ends, "" while its listing goes on, and the requests that follow."""
        if not self.leads_on(attempt.page.page_kind):
            return ANSWERED, "", []
        page = FetchedPage(response.url, first_url(response), response.body, _header_lines(response))
        try:
            following, further, problem = self.run.links.find(self.name, page)
            if following is not None:
                outcome, detail, on = self._continue(following, attempt)
                return outcome, detail, [*on, *self._due(list(further))]
        except (WorkerDiedError, ValueError) as error:  # ValueError: also of what is no URL
            return Outcome.UNPARSED, located_error_line(error, response.url), []
        if problem:
            return Outcome.UNPARSED, problem, []
        return ANSWERED, "", list(self._due(list(further)))

    def _continue(self, following: str, attempt: PageAttempt) -> tuple[str, str, list[Request]]:
        """Return the request by which a listing goes on, or how its attempt ends. Raises ValueError."""
        self._check_chain(following, attempt)
        request = self._ask(following, attempt, {})
        if not self.run.continues(following):
            return Outcome.ERROR, f"not read to its end: {host_of(following)} has its share of this run", []
        return "", "", [request]

    @classmethod
    def leads_on(cls, page_kind: str) -> bool:
        """Say whether its pages of a kind are asked for the pages that follow."""
        return cls.next_page is not Source.next_page or cls.discover is not Source.discover

    def _text(self, response: Response) -> TextResponse:
        if isinstance(response, TextResponse) and response.body.strip():
            return with_json_charset(response)
        return to_text_response(response.url, response.body, _header_lines(response))

    def _check_chain(self, following: str, attempt: PageAttempt) -> None:
        if following in attempt.asked or len(attempt.asked) >= LONGEST_CHAIN:
            wanted = f"a page not seen yet, {LONGEST_CHAIN} at most"
            raise PageChangedError("next page", wanted=wanted, found=following, where=attempt.page.url)
        if attempt.size > LARGEST_LISTING:
            wanted = f"{LARGEST_LISTING} bytes at most in one listing"
            raise PageChangedError("next page", wanted=wanted, found=attempt.size, where=attempt.page.url)

    def _items(self, response: Response, attempt: PageAttempt) -> Iterator[dict[str, Any]]:
        """Yield the rows of a response as items, for whoever runs this source with `scrapy crawl`."""
        if attempt.page.page_kind == INDEX_PAGE_KIND:
            return
        try:
            for part in self.rows(self._text(response)):
                if isinstance(part, UnreadPart):
                    self.logger.warning(
                        f"{part.what}: wanted {part.wanted}, found {part.found}, at {part.locator}"
                    )
                else:
                    yield {"source": self.name, "url": response.url, **_row_item(part)}
        except READING_ERRORS as error:
            self.logger.warning(located_error_line(error, response.url))

    def failed(self, failure: Failure) -> None:
        """Note an attempt that came to no answer."""
        attempt: PageAttempt = failure.request.meta["attempt"]  # type: ignore[attr-defined]
        outcome = Outcome.BLOCKED if isinstance(failure.value, RobotsError) else Outcome.ERROR
        assert failure.value
        self.run.finish(attempt, outcome, error_line(failure.value))


def _row_item(row: RawRow) -> dict[str, Any]:
    cells = {name: Cell(*cell)._asdict() for name, cell in row.cells.items()}
    return {**asdict(row), "cells": cells, "not_whole": sorted(row.not_whole)}


def _header_lines(response: Response) -> tuple[tuple[str, str], ...]:
    """Return the headers of an answer; a byte above 127 is read as Latin-1, as RFC 9110 5.5 has it."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )


def first_url(response: Response) -> str:
    """Return the URL that was asked for before any redirect."""
    first: str = response.meta.get("redirect_urls", [response.url])[0]
    return first
