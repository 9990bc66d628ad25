"""The tables of a page that is served as Markdown or as HTML, cells as a reader sees them."""

from __future__ import annotations

from dataclasses import replace

from scrapy.http import TextResponse

from cardwatch.crawler.formats.html_table import grids, table
from cardwatch.crawler.formats.markdown import all_tables, plain
from cardwatch.crawler.formats.table import Table


def page_tables(response: TextResponse) -> list[Table]:
    """Return every table of a page in order, its cells without links, code marks and footnote marks."""
    if "<table" in response.text:
        return [table(grid) for grid in grids(response.selector)]
    return [_read(each) for each in all_tables(response.text)]


def _read(found: Table) -> Table:
    rows = tuple(row._replace(cells=tuple(map(plain, row.cells))) for row in found.rows)
    return replace(found, headings=tuple(map(plain, found.headings)), rows=rows)
