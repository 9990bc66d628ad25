from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.documents import Cell, PageChangedError, RawRow
from cardwatch.crawler.formats.html_table import find_grids, grid_to_table
from cardwatch.crawler.formats.reading import is_blank, lookup
from cardwatch.crawler.formats.table import PageTable, TableRecord, fold_heading
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL, SCOPE, MODE, TOKENS, INPUT, OUTPUT, THINKING = (
    *("model", "scope", "mode", "tokens"),
    *("input_price", "output_price", "thinking"),
)
PRICE = "output price (per 1 million tokens)"
COLUMNS: Mapping[str, str] = {
    "model id": MODEL,
    "deployment scope": SCOPE,
    "mode": MODE,
    "input tokens per request": TOKENS,
    "input price (per 1 million tokens)": INPUT,
    PRICE: OUTPUT,
    f"{PRICE} chain of thought + answer": OUTPUT,
    f"{PRICE} chain of thought and answer": OUTPUT,
    f"{PRICE} / non-thinking mode": OUTPUT,
    f"{PRICE} / thinking mode (chain of thought + answer)": THINKING,
    "free quota(note)": "",
    "模型id": MODEL,
    "部署范围": SCOPE,
    "模式": MODE,
    "单次请求的输入token数": TOKENS,
    "输入单价（每百万token）": INPUT,
    "输出单价（每百万token）": OUTPUT,
    "输出单价（每百万token） / 非思考模式": OUTPUT,
    "输出单价（每百万token） / 思考模式（思维链+回答）": THINKING,
    "免费额度": "",
}
SCOPES = {
    "global": "global",
    "international": "international",
    "us": "us",
    "germany": "eu",
    "hong kong (china)": "cn-hongkong",
    "chinese mainland": "cn-mainland",
    "中国内地": "cn-mainland",
}
MODES = {
    "": "",
    "non-thinking and thinking modes": "",
    "非思考和思考模式": "",
    "non-thinking mode": "",
    "thinking mode": "thinking",
    "仅思考模式": "thinking",
    "仅非思考模式": "",
}
FLAT = {"no tiered pricing", "flat-rate pricing", "无阶梯计价", ""}
TIER = re.compile(r"(\d+[KM]?)<Token≤(\d+[KM]?)")
AMOUNT = re.compile(r"(?:List price )?(?P<amount>\$[\d.]+|[\d.]+元)(?: Limited-time .*| 限时.*)?", re.DOTALL)
"""A promotion has no end and no price of its own: the list price counts."""


class AlibabaPricing(Source):
    """Alibaba Cloud Model Studio's price lists: abroad in US dollars, in mainland China in yuan.

    Prices differ by deployment scope and by the tokens of a request; the Chinese page is read from its
    described shape, no recording of its price tables was at hand.
    """

    name = "alibaba_pricing"
    title = "Alibaba Model Studio price list"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://www.alibabacloud.com/help/en/model-studio/model-pricing"
    page_urls = r"https://help\.aliyun\.com/zh/model-studio/model-pricing"
    hosts = ("help.aliyun.com",)
    max_age = timedelta(days=2)
    expected_rows = range(4, 2000)
    providers = ("alibaba",)
    developers = ("alibaba",)
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def pages(self) -> list[PageRequest]:
        chinese = "https://help.aliyun.com/zh/model-studio/model-pricing"
        return [PageRequest(self.url, self.page_kind), PageRequest(chinese, self.page_kind)]

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        found = [grid_to_table(grid) for grid in find_grids(response.selector) if len(grid.rows) > 1]
        prices = [each for each in found if any(_is_input(heading) for heading in each.headings)]
        if not prices:
            raise PageChangedError("price tables", wanted=INPUT, found=len(found), where=response.url)
        for each in prices:
            yield from _priced(each)


def _is_input(heading: str) -> bool:
    return fold_heading(heading).startswith(("input price", "输入单价"))


def _priced(prices: PageTable) -> Iterator[RawRow]:
    for row in prices.records(COLUMNS, need=(MODEL, SCOPE, TOKENS, INPUT, OUTPUT)):
        scope = lookup(SCOPES, fold_heading(row.texts[SCOPE]), what="deployment scope", where=row.locator)
        mode = lookup(MODES, fold_heading(row.texts.get(MODE, "")), what="mode", where=row.locator)
        cells = _cells(row, OUTPUT)
        if cells:
            yield _offer(row, scope, mode, cells)
        thinking = _cells(row, THINKING) if THINKING in row.texts else {}
        if OUTPUT in thinking and thinking[OUTPUT].text != cells.get(OUTPUT, Cell("")).text:
            yield _offer(row, scope, "thinking", thinking)


def _offer(row: TableRecord, scope: str, mode: str, cells: Mapping[str, Cell]) -> RawRow:
    return RawRow(
        "offer",
        row.texts[MODEL].partition("\n")[0],
        row.locator,
        cells,
        provider="Alibaba Cloud Model Studio",
        variant={"region": scope} | ({"mode": mode} if mode else {}),
        qualifier=_above(row.texts[TOKENS], row.locator),
    )


def _above(text: str, where: str) -> dict[str, str]:
    found = TIER.fullmatch("".join(text.split()))
    if not found and fold_heading(text) not in FLAT:
        raise PageChangedError("tokens of a request", wanted="0<Token≤256K", found=repr(text), where=where)
    return {"context_above": found[1]} if found and found[1] != "0" else {}


def _cells(row: TableRecord, output: str) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for meter, column in ((INPUT, INPUT), (OUTPUT, output)):
        text = row.texts[column]
        found = AMOUNT.fullmatch(text)
        if found:
            amount = found["amount"]
            unit = "cny/1M tokens" if amount.endswith("元") else "usd/1M tokens"
            cells[meter] = Cell(amount, unit, row.at[column])
        elif not is_blank(text):
            raise PageChangedError("price", wanted="$0.4 or 2.5元", found=repr(text), where=row.locator)
    return cells
