"""The base class of every source: policy as attributes, reading as one pure method."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.http import TextResponse

from crawler.card import Authority, SourceCard
from crawler.documents import RawRow
from crawler.past import NoPast, PageRequest, Past


class Source(Spider):
    """One place that publishes facts. A subclass declares its policy and implements `rows`.

    A listing that goes on over several URLs implements `next_page`; a source of many pages implements
    `pages`. Neither `rows` nor `next_page` may touch the network, the clock or the disk.
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
