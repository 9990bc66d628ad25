from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.table import PageTable, TableRecord, read_records
from cardwatch.crawler.source_card import Authority
from cardwatch.crawler.table_source import TableSource

MODEL, CONTEXT = "model", "context_window"
COLUMNS = {
    "模型id": MODEL,
    "上下文": CONTEXT,
    **dict.fromkeys(("思考模式", "function calling", "内置工具", "结构化输出"), ""),
}
OWN = re.compile(r"(?:qwen|qwq|qvq)[\w.-]*", re.IGNORECASE)
ID = re.compile(r"[\w.-]+", re.ASCII)
SIZE = re.compile(r"\d+[kKM]")


class AlibabaModels(TableSource):
    """Alibaba Cloud Model Studio's list of text models in Chinese, with their contexts.

    Of Qwen it speaks as the maker, of other makers' models as who serves them. Dated versions stand folded below a
    name and are left out.
    """

    name = "alibaba_models"
    title = "Alibaba Model Studio text models"
    kind = "model list"
    authority = Authority.FIRST_PARTY
    url = "https://help.aliyun.com/zh/model-studio/text-generation-model"
    page_urls = r"https://help\.aliyun\.com/zh/model-studio/text-generation-model/?"
    max_age = timedelta(days=7)
    expected_rows = range(4, 300)
    providers = ("alibaba",)
    developers = ("alibaba",)
    terms = "Documentation, all rights reserved: facts are passed on, wording is not."

    def read_table(self, table: PageTable) -> Iterator[PagePart]:
        if "上下文" in table.headings:
            yield from read_records(table, COLUMNS, _read_row, need=(MODEL, CONTEXT))


def _read_row(row: TableRecord) -> Iterator[RawRow]:
    name, size = row.texts[MODEL].split("\n")[0], row.texts[CONTEXT]
    if not ID.fullmatch(name) or not SIZE.fullmatch(size):
        found = f"{name}: {size}"
        raise PageChangedError("model", wanted="an id and a context", found=found, where=row.locator)
    cells = {CONTEXT: Cell(size, "tokens", row.at[CONTEXT])}
    if OWN.fullmatch(name):
        yield RawRow("model", name, row.locator, cells)
    else:
        yield RawRow("offer", name, row.locator, cells, provider="Alibaba Cloud Model Studio")
