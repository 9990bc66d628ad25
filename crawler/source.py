"""The base class of every source: policy as attributes, reading as one pure method."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.http import TextResponse

from crawler.card import Authority, SourceCard
from crawler.documents import RawRow
from crawler.past import NoPast, PageRequest, Past

INDEX = "index"
"""The page kind of a page that only names other pages."""


class Source(Spider):
    """One place that publishes facts. A subclass declares its policy and implements `rows`.

    A listing that goes on over several URLs implements `next_page`; a source of many pages implements
    `pages`; one that finds its pages on index pages names them in `index` and implements `discover`.
    None of `rows`, `next_page` and `discover` may touch the network, the clock or the disk.

    `page_urls` is a regular expression of the page URLs beside `url` that this source reads; `hosts` are
    those it may be redirected to or find pages on beside that of `url`; `delay` is the least time between
    two requests in seconds, where the project's own is too short; `content_types`, when given, are the
    only ones its pages may have.
    """

    title: ClassVar[str]
    kind: ClassVar[str]
    authority: ClassVar[Authority]
    url: ClassVar[str]
    max_age: ClassVar[timedelta]
    expected_rows: ClassVar[range]
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
    page_urls: ClassVar[str] = ""
    hosts: ClassVar[tuple[str, ...]] = ()
    index: ClassVar[tuple[str, ...]] = ()
    delay: ClassVar[float] = 0.0
    content_types: ClassVar[tuple[str, ...]] = ()

    past: Past = NoPast()

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        """Copy the cells of one response as printed, each row with a locator.

        Raises PageChangedError when a heading, key or count is not what this source was written for.
        """
        raise NotImplementedError

    def pages(self) -> Iterable[PageRequest]:
        """List the pages of this source; one listing page unless overridden."""
        return [PageRequest(self.url, self.page_kind)]

    def next_page(self, response: TextResponse) -> str | None:
        """Return the URL that continues this listing, or None at its end."""
        return None

    def discover(self, response: TextResponse) -> Iterable[PageRequest]:
        """List the pages that one index page names."""
        return []

    def headers(self) -> Mapping[str, str]:
        """Return what its requests carry beside the usual headers, such as a key; never archived."""
        return {}

    @classmethod
    def claims(cls, url: str) -> PageRequest | None:
        """Return which page of this source `url` is, or None; for archives that another crawler wrote."""
        if url == cls.url or (cls.page_urls and re.fullmatch(cls.page_urls, url)):
            return PageRequest(url, cls.page_kind)
        return None

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

    async def start(self) -> AsyncIterator[Any]:
        for page in self.past.choose(self.name, list(self.pages())):
            yield Request(page.url, callback=self.parse, cb_kwargs={"page": page}, dont_filter=True)
