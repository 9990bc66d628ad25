from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from scrapy.http import TextResponse

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import load_response, require_object, require_text
from cardwatch.crawler.formats.markdown import markdown_tables, plain_text
from cardwatch.crawler.formats.reading import matched_cell
from cardwatch.crawler.formats.table import PageTable, TableRecord, fold_heading, read_records, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL, CONDITION, UNIT = "model", "condition", "cny/1M tokens"
AT = "/Result/MDContent"
SECTIONS: Mapping[str, Mapping[str, str]] = {
    "在线推理(常规)": {},
    "在线推理(低延迟)": {"mode": "low-latency"},
}
"""The parts of the page with prices by token, and what sets their offers apart."""
COLUMNS = {
    "模型名称": MODEL,
    "条件": CONDITION,
    "输入(非音频)": "input_price",
    "输入(音频)": "input_audio_price",
    "缓存命中(非音频)": "cache_read_price",
    **dict.fromkeys(("缓存存储", "缓存命中(音频)"), ""),
    "输出": "output_price",
}
PER = re.compile(r"\s*[(（]?元\s*/\s*百万\s*token[s)）]*(?:\s*/\s*小时[)）]?)?", re.IGNORECASE)
BAND = re.compile(r"输入长度\s*[\[(](?P<above>\d+),\s*\d+[\])]")
AMOUNT = re.compile(r"\d+(?:\.\d+)?")


class VolcenginePricing(Source):
    """ByteDance's model prices at Volcengine, in yuan: the document its page is made of, as its own API hands it out.

    A row without a model goes on with the one above, for a longer input. A price that depends on the length of the
    output is not understood. Written from what a public reader of the document says of its layout.
    """

    name = "volcengine_pricing"
    title = "Volcengine model prices"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://docs.volcengine.com/api/doc/getDocDetail?DocumentID=1544106"
    page_urls = r"https://(?:docs|www)\.volcengine\.com/api/doc/getDocDetail\?DocumentID=1544106(?:&lang=zh)?"
    max_age = timedelta(days=3)
    expected_rows = range(5, 400)
    providers = ("volcengine",)
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        result = require_object(load_response(response).get("Result"), "Result", response.url)
        text = require_text(result, "MDContent", response.url)
        return read_tables(map(_plain, markdown_tables(text)), _read_table, where=response.url)


def _plain(table: PageTable) -> PageTable:
    """Return a table without marks and without the unit in its headings, found by its way in the answer."""
    rows = tuple(
        row._replace(cells=tuple(map(plain_text, row.cells)), locator=AT + row.locator) for row in table.rows
    )
    headings = tuple(_fold("".join(plain_text(heading).split())) for heading in table.headings)
    return replace(table, headings=headings, rows=rows, locator=AT + table.locator)


def _fold(heading: str) -> str:
    """Return a heading with narrow brackets in the place of wide ones."""
    return fold_heading(unicodedata.normalize("NFKC", heading))


def _read_table(table: PageTable) -> Iterator[PagePart]:
    section = _fold(table.section)
    if section not in SECTIONS or "模型名称" not in table.headings:
        return
    priced = [heading for heading in table.headings if heading.startswith(("输入", "输出", "缓存命中"))]
    if not all(PER.search(heading) for heading in priced):
        raise PageChangedError("unit", wanted="元/百万token", found=priced, where=table.where)
    table = replace(table, headings=tuple(PER.sub("", heading) for heading in table.headings))
    last = [""]
    read = partial(_read_row, last=last, variant=SECTIONS[section])
    yield from read_records(table, COLUMNS, read, need=(MODEL, CONDITION, "input_price", "output_price"))


def _read_row(row: TableRecord, last: list[str], variant: Mapping[str, str]) -> Iterator[RawRow]:
    last[0] = row.texts[MODEL] or last[0]
    above = _context_above(row)
    cells = {
        meter: matched_cell(AMOUNT, text, UNIT, at=row.at[meter], example="0.80")
        for meter, text in row.texts.items()
        if meter not in (MODEL, CONDITION) and not is_blank(text)
    }
    qualifier = {"context_above": f"{above}k"} if int(above) else {}
    yield RawRow("offer", last[0], row.locator, cells, "Volcengine Ark", variant, qualifier)


def _context_above(row: TableRecord) -> str:
    condition = row.texts[CONDITION]
    if is_blank(condition):
        return "0"
    band = BAND.fullmatch(condition)
    if band is None:
        raise PageChangedError("condition", wanted="输入长度 (32, 128]", found=condition, where=row.locator)
    return band["above"]
