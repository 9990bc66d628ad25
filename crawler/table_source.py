"""Sources that are pages of tables, read one table at a time, and those of them that only declare what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.lifecycle_tables import LifecyclePage, read_lifecycle_page
from cardwatch.crawler.formats.page_tables import read_page_tables
from cardwatch.crawler.formats.rate_card import RateCard, read_rate_table
from cardwatch.crawler.formats.table import PageTable, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority


class TableSource(Source):
    """A page of tables in Markdown or HTML, cells as a reader sees them.

    A subclass implements `read_table`, which yields nothing for a table of something else; what it raises on is
    an unread table.
    """

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        return read_tables(read_page_tables(response), self.read_table, where=response.url)

    def read_table(self, table: PageTable) -> Iterator[PagePart]:
        """Yield what one table says of models and offers."""
        raise NotImplementedError


class RateSource(TableSource):
    """A provider's own price page with a row a model and a column a meter, as `rates` says."""

    kind = "price page"
    authority = Authority.FIRST_PARTY
    rates: ClassVar[RateCard]

    def read_table(self, table: PageTable) -> Iterator[PagePart]:
        return read_rate_table(table, self.rates)


class LifecycleSource(Source):
    """A provider's own tables of the days on which models begin and end, as `layout` says."""

    kind = "lifecycle page"
    authority = Authority.FIRST_PARTY
    layout: ClassVar[LifecyclePage]

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        return read_lifecycle_page(response, self.layout)
