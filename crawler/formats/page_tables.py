"""The tables of a page that is served as Markdown or as HTML, cells as a reader sees them."""

from __future__ import annotations

from dataclasses import replace

from scrapy.http import TextResponse

from cardwatch.crawler.formats.html_table import find_grids, grid_to_table
from cardwatch.crawler.formats.markdown import markdown_tables, plain_text
from cardwatch.crawler.formats.table import PageTable


def read_page_tables(response: TextResponse) -> list[PageTable]:
    """Return every table of a page in order, its cells without links, code marks and footnote marks."""
    if "<table" in response.text:
        return [grid_to_table(grid) for grid in find_grids(response.selector)]
    return [_plain_table(each) for each in markdown_tables(response.text)]


def _plain_table(found: PageTable) -> PageTable:
    rows = tuple(row._replace(cells=tuple(map(plain_text, row.cells))) for row in found.rows)
    return replace(found, headings=tuple(map(plain_text, found.headings)), rows=rows)
