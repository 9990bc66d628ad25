"""The tables of a page that is served as Markdown or as HTML, cells as a reader sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from weakref import WeakKeyDictionary

from scrapy.http import TextResponse

from cardwatch.crawler.documents import UnreadPart
from cardwatch.crawler.formats.html_table import find_grids, grid_to_table
from cardwatch.crawler.formats.markdown import markdown_tables, plain_text
from cardwatch.crawler.formats.table import PageTable

TABLE = re.compile("<table|<TABLE")
RULE = re.compile(r"^ {0,3}\|? ?:?-{2,}:? *\|", re.MULTILINE)
"""The line below the headings of a pipe table."""


def read_page_tables(response: TextResponse) -> list[PageTable]:
    """Return every table of a page in order, its cells without links, code marks and footnote marks."""
    if response not in _READ_BEFORE:
        _READ_BEFORE[response] = _read_tables(response)
    return _READ_BEFORE[response]


_READ_BEFORE = WeakKeyDictionary[TextResponse, list[PageTable]]()
"""The tables of the pages at hand: a source reads them, and then `other_tables`."""


def _read_tables(response: TextResponse) -> list[PageTable]:
    if TABLE.search(response.text):
        return [grid_to_table(grid) for grid in find_grids(response.selector)]
    return [with_plain_cells(each) for each in markdown_tables(response.text)]


def title_above(table: PageTable, text: str, title: re.Pattern[str]) -> str:
    """Return the last title that stands above a table in the text of its page, "" for none or for an end without one."""
    line = re.search(r"line\[(\d+)\]", table.locator)
    found = title.findall("\n".join(text.splitlines()[: int(line[1])])) if line else []
    return found[-1] if found else ""


def other_tables(response: TextResponse, seen: set[str]) -> Iterator[UnreadPart]:
    """Yield the tables of a page that stand at none of the places `seen`: no row of theirs was read."""
    if not TABLE.search(response.text) and not RULE.search(response.text):
        return
    for table in read_page_tables(response):
        if table.rows and seen.isdisjoint([table.locator, *(row.locator for row in table.rows)]):
            wanted, found = "a table about models", str(list(table.headings))
            yield UnreadPart(
                "table", "table", wanted, found, table.locator, table.text, table.under, table.row_count
            )


def with_plain_cells(found: PageTable) -> PageTable:
    """Return a Markdown table with its cells as a reader sees them."""
    rows = tuple(row._replace(cells=tuple(map(plain_text, row.cells))) for row in found.rows)
    return replace(found, rows=rows)
