"""A source that is a page of tables, read one table at a time."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.page_tables import read_page_tables
from cardwatch.crawler.formats.table import PageTable, read_tables
from cardwatch.crawler.source import Source


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
