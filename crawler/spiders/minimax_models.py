from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PagePart, RawRow
from cardwatch.crawler.formats.page_tables import read_page_tables, title_above
from cardwatch.crawler.formats.reading import matched_cell
from cardwatch.crawler.formats.table import PageTable, TableRecord, fold_heading, read_records, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL, ABOUT, FEATURES, CONTEXT = "model", "about", "features", "context_window"
COLUMNS = {
    **dict.fromkeys(("models", "model", "model name"), MODEL),
    "context window": CONTEXT,
    "description": ABOUT,
    "features": FEATURES,
    **dict.fromkeys(("res.& dur.", "fps"), ""),
}
LIMITS = {
    CONTEXT: re.compile(r"•? *(?:Context Length: (\d+[kKM]) tokens|(\d+[kKM]) context window)"),
    "max_output_tokens": re.compile(r"•? *Maximum Output: (\d+[kKM]) tokens.*"),
}
FOLD = re.compile(r'^ *(?:<Accordion title="([^"]*)"|</Accordion>)', re.MULTILINE)
LEGACY = "Legacy Models"
SUPPORTED = "https://platform.minimax.io/docs/api-reference/text-anthropic-api.md"
SIZE = re.compile(r"[\d,]+")


class MinimaxModels(Source):
    """MiniMax's overview of its models: those of now, and in a fold below each table its legacy ones.

    A legacy model is one that MiniMax's own API keeps for older users; its weights are with others too. Contexts of
    both stand on the page for users of Anthropic's API, which does not say which of them are legacy.
    """

    name = "minimax_models"
    title = "MiniMax models"
    kind = "model list"
    authority = Authority.FIRST_PARTY
    url = "https://platform.minimax.io/docs/guides/models-intro.md"
    listed = (url, SUPPORTED)
    page_urls = r"https://platform\.minimax\.io/docs/(?:guides/models-intro|api-reference/text-anthropic-api)(?:\.md)?"
    max_age = timedelta(days=7)
    expected_rows = range(5, 200)
    providers = ("minimax",)
    developers = ("minimax",)
    terms = "Documentation, all rights reserved: facts are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        read_table = partial(_read_table, text=response.text)
        return read_tables(read_page_tables(response), read_table, where=response.url)


def _read_table(table: PageTable, text: str) -> Iterator[PagePart]:
    if MODEL in (COLUMNS.get(fold_heading(heading)) for heading in table.headings):
        read_row = partial(_read_row, legacy=title_above(table, text, FOLD) == LEGACY)
        yield from read_records(table, COLUMNS, read_row, need=(MODEL,))


def _read_row(row: TableRecord, legacy: bool) -> Iterator[RawRow]:
    if CONTEXT in row.texts:
        size = matched_cell(SIZE, row.texts[CONTEXT], "tokens", at=row.at[CONTEXT], example="204,800")
        yield RawRow("model", row.texts[MODEL], row.locator, {CONTEXT: size})
        return
    cells = {} if legacy else {"lifecycle": Cell("active")}
    for column in (ABOUT, FEATURES):
        for line in row.texts.get(column, "").splitlines():
            for limit, pattern in LIMITS.items():
                if found := pattern.fullmatch(line.strip()):
                    size = next(filter(None, found.groups()))
                    cells.setdefault(limit, Cell(size, "tokens", row.at[column]))
    if cells:
        yield RawRow("model", row.texts[MODEL], row.locator, cells)
    if legacy:
        yield RawRow("offer", row.texts[MODEL], row.locator, {"lifecycle": Cell("Legacy")}, "MiniMax")
