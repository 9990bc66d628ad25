from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.table import PageTable, TableRecord, read_records
from cardwatch.crawler.source_card import Authority
from cardwatch.crawler.table_source import TableSource

MODEL, ENDS = "model", "shutdown_date"
LIMITS = ("context_window", "max_output_tokens")
COLUMNS = {
    **dict.fromkeys(("模型", "模型编码"), MODEL),
    "上下文": "context_window",
    "最大输出": "max_output_tokens",
    "弃用时间": ENDS,
    **dict.fromkeys(("定位", "特点", "指向模型"), ""),
}
NAME = re.compile(r"[A-Za-z][\w.-]*(?: [\w.-]+)*", re.ASCII)
SERIES = "系列"
SIZE = re.compile(r"\d+[kKM]")


class ZhipuModels(TableSource):
    """Zhipu's overview of its models in Chinese: context and longest output, and the models it takes offline.

    Its introduction for users of Claude's API names the newest with their limits, too.

    A limit that is worked out or that is of pictures is left out, and so is a series, whose members nobody names.
    """

    name = "zhipu_models"
    title = "Zhipu model overview"
    kind = "model list"
    authority = Authority.FIRST_PARTY
    url = "https://docs.bigmodel.cn/cn/guide/start/model-overview.md"
    listed = (url, "https://docs.bigmodel.cn/cn/guide/develop/claude/introduction.md")
    page_urls = (
        r"https://docs\.bigmodel\.cn/cn/guide/(?:start/model-overview|develop/claude/introduction(?:\.md)?)"
    )
    max_age = timedelta(days=7)
    expected_rows = range(8, 200)
    fewest_rows = 2
    providers = ("zhipuai",)
    developers = ("zhipu",)
    terms = "Documentation, all rights reserved: facts are passed on, wording is not."

    def read_table(self, table: PageTable) -> Iterator[PagePart]:
        if {"模型", "模型编码"} & {*table.headings} and {"上下文", "弃用时间"} & {*table.headings}:
            yield from read_records(table, COLUMNS, _read_row, need=(MODEL,))


def _read_row(row: TableRecord) -> Iterator[RawRow]:
    name = row.texts[MODEL]
    if name.endswith(SERIES):
        return
    if not NAME.fullmatch(name):
        raise PageChangedError("model", wanted="a name without a note", found=repr(name), where=row.locator)
    if ENDS in row.texts:
        ends = Cell(row.texts[ENDS], "chinese date", row.at[ENDS])
        yield RawRow("offer", name, row.locator, {ENDS: ends}, provider="Zhipu AI")
        return
    sizes = {limit: row.texts[limit] for limit in LIMITS if SIZE.fullmatch(row.texts.get(limit, ""))}
    limits = {limit: Cell(size, "tokens", row.at[limit]) for limit, size in sizes.items()}
    yield RawRow("model", name, row.locator, limits)
