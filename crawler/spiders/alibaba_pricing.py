from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from html import unescape
from json import JSONDecoder
from typing import Any

from parsel import Selector
from scrapy.http import TextResponse

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.html_table import find_grids, grid_to_table
from cardwatch.crawler.formats.json_listing import require_object
from cardwatch.crawler.formats.promotions import read_promoted_price
from cardwatch.crawler.formats.reading import lookup, unread_cell, without_repeats
from cardwatch.crawler.formats.table import PageTable, TableRecord, fold_heading, read_records, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL, SCOPE, MODE, TOKENS, INPUT, OUTPUT, THINKING, CACHED = (
    *("model", "scope", "mode", "tokens"),
    *("input_price", "output_price", "thinking", "cache_read_price"),
)
COLUMNS = (
    (r"model (?:id|name|code)(?: ?\(.*\))?|model|模型 ?(?:id|名称|code)?(?: ?\(.*\))?", MODEL),
    (r"(?:service )?deployment scope|(?:服务)?部署范围", SCOPE),
    (r"mode|模式", MODE),
    (r"(?:input )?tokens? (?:per request|range)|(?:单次请求的)?输入 ?token ?(?:数|范围)", TOKENS),
    (r"free quota.*|免费额度.*", ""),
)
PRICE = re.compile(
    r"(?P<cached>cache[- ]hit |cached |缓存命中的?)?(?P<side>input|output|输入|输出) ?(?:unit )?(?:price|单价|价格)"
    r" ?\((?:per (?:1 )?million tokens|per 1m tokens|/1m tokens|每百万 ?tokens?)\)(?P<rest>.*)"
)
CHAIN = re.compile(r"chain of thought|思维链|answer|回答|\band\b|[+/() 、和]")
MEDIA: Mapping[tuple[str, str], str] = {
    **dict.fromkeys((("input", "text"), ("input", "文本")), INPUT),
    **dict.fromkeys((("input", "audio"), ("input", "音频")), "input_audio_price"),
    **dict.fromkeys(
        (("input", word) for word in ("image", "image/video", "图片", "图片/视频", "图片和视频")),
        "input_image_price",
    ),
    **dict.fromkeys((("input", "video"), ("input", "视频")), ""),
    **dict.fromkeys((("output", "text"), ("output", "文本"), ("output", "文本 仅纯文本输入")), OUTPUT),
    **dict.fromkeys((("output", "audio"), ("output", "音频")), "output_audio_price"),
    ("output", "文本+音频 仅音频计费"): "output_audio_price",
    ("output", "文本 多模态输入"): "",
}
"""What a price is for, by side and medium; text that answers pictures has no attribute."""
WORDS = {"输入": "input", "输出": "output"}
PLACES: Mapping[str, str] = {
    **dict.fromkeys(("global", "全球"), "global"),
    **dict.fromkeys(("international", "国际", "singapore", "新加坡"), "international"),
    **dict.fromkeys(("us", "united states", "美国"), "us"),
    **dict.fromkeys(("eu", "european union", "germany", "欧盟", "德国"), "eu"),
    **dict.fromkeys(("japan", "日本"), "jp"),
    **dict.fromkeys(
        ("hong kong (china)", "china (hong kong)", "hong kong", "中国香港", "中国 (香港)"), "cn-hongkong"
    ),
    **dict.fromkeys(
        ("china", "chinese mainland", "mainland china", "中国内地", "华北2", "中国"), "cn-mainland"
    ),
}
"""Where a price holds: by its column, else by the region that heads the table, its city in brackets."""
FLAT = {"no tiered pricing", "flat-rate pricing", "无阶梯计价", "", "-"}
BAND = re.compile(r"(?:(?P<low>[\d.]+[km]?)<)?tokens?≤(?P<high>[\d.]+[km]?)|(?P<above>[\d.]+[km]?)<tokens?")
NOTE = re.compile(
    r"currently equivalent to|当前能力等同于|batch|context cach|上下文缓存|more details|更多详情|稳定版|快照版"
)
"""What may stand below a model's id without changing its price: what it equals, what it may be called with."""
PROPS = re.compile(r"window\.__ICE_PAGE_PROPS__\s*=\s*(?=\{)")
"""The Chinese page carries its text in a script."""
SCOPELESS = "a region or scope"


class AlibabaPricing(Source):
    """Alibaba Cloud Model Studio's price lists: abroad in US dollars, in mainland China in yuan.

    Prices differ by deployment scope and by the tokens of a request. A promotion has no end and no price of its
    own: the list price counts; prices by the hour without their hours are not read. The page of October 2026 was
    seen rebuilt from a copy in MDX, the Chinese one as a copy in Markdown and never as it is served, nor was any
    page with its tabs.
    """

    name = "alibaba_pricing"
    title = "Alibaba Model Studio price list"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://www.alibabacloud.com/help/en/model-studio/model-pricing"
    listed = (url, "https://help.aliyun.com/zh/model-studio/model-pricing")
    page_urls = r"https://help\.aliyun\.com/zh/model-studio/model-pricing"
    hosts = ("help.aliyun.com",)
    max_age = timedelta(days=2)
    expected_rows = range(4, 2000)
    fewest_rows = 2
    providers = ("alibaba",)
    developers = ("alibaba",)
    terms = "Documentation, all rights reserved: prices are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        tables = [grid_to_table(grid) for grid in find_grids(_content(response))]
        return without_repeats(read_tables(tables, _read_table, where=response.url))


def _content(response: TextResponse) -> Selector:
    """Return the page, or the document that its script carries."""
    script = PROPS.search(response.text)
    if response.selector.xpath("//table") or not script:
        return response.selector
    value: Any = JSONDecoder().raw_decode(response.text, script.end())[0]
    for key in ("docDetailData", "storeData", "data", "content"):
        value = require_object(value, key, response.url).get(key)
    text = value if isinstance(value, str) else ""
    return Selector(text if "<table" in text else unescape(text))


def _fold(text: str) -> str:
    """Return a text without case, wide brackets and spaces before brackets."""
    narrow = text.replace("（", "(").replace("）", ")").replace("＜", "<").replace("，", ",")
    return fold_heading(narrow).replace(" (", "(").replace("(", " (")


def _read_table(table: PageTable) -> Iterator[PagePart]:
    if not any(PRICE.fullmatch(_fold(heading)) for heading in table.headings):
        return
    known, _ = table.read_columns(partial(_column, where=table.where))
    columns = {fold_heading(table.headings[number]): meaning for number, meaning in known.items()}
    need = [MODEL, INPUT] if INPUT in columns.values() else [MODEL]
    place = "" if SCOPE in columns.values() else _region(table)
    yield from read_records(table, columns, partial(_read_row, place), need=need)


def _column(heading: str, where: str) -> str:
    """Return what a column means. Raises PageChangedError for a heading with a word nobody has decided about."""
    text = _fold(heading)
    for pattern, meaning in COLUMNS:
        if re.fullmatch(pattern, text):
            return meaning
    priced = PRICE.fullmatch(text)
    if priced is None:
        raise PageChangedError(
            "table headings", wanted="a column of prices", found=repr(heading), where=where
        )
    side, rest = WORDS.get(priced["side"], priced["side"]), priced["rest"].strip(" /")
    if priced["cached"]:
        return lookup({("input", ""): CACHED}, (side, rest), what="table headings", where=where)
    if side == "output" and (modes := _modes(CHAIN.sub(" ", rest))) is not None:
        return THINKING if modes == {"thinking"} else OUTPUT
    if not CHAIN.sub("", rest):
        return MEDIA[side, "text"]
    return lookup(MEDIA, (side, rest), what="table headings", where=where)


def _modes(text: str) -> set[str] | None:
    """Return the modes of thinking that a text names; None when it says anything else."""
    modes = set[str]()
    for mode, words in (("non-thinking", r"non-thinking|非思考"), ("thinking", r"thinking|思考")):
        text, count = re.subn(words, " ", text)
        modes |= {mode} if count else set()
    rest = re.sub(r"\b(?:modes?|only|and|supports?)\b|模式|仅|和|及|支持|[\s&/,、+]", "", text)
    return None if rest or not modes else modes


def _region(table: PageTable) -> str:
    for title in reversed(table.path):
        if (place := _place(title)) is not None:
            return place
    raise PageChangedError("place", wanted=SCOPELESS, found=list(table.path), where=table.where)


def _place(text: str) -> str | None:
    folded = _fold(text)
    return PLACES.get(folded) or PLACES.get(folded.partition(" (")[0])


def _read_row(place: str, row: TableRecord) -> Iterator[RawRow]:
    scope = _place(row.texts[SCOPE]) if SCOPE in row.texts else place
    if scope is None:
        raise PageChangedError(
            "deployment scope", wanted=list(PLACES), found=row.texts[SCOPE], where=row.locator
        )
    mode = _row_mode(row)
    shared = {
        meter: cell
        for meter in row.texts
        if meter not in (MODEL, SCOPE, MODE, TOKENS, OUTPUT, THINKING)
        for cell in _price(row, meter)
    }
    plain, thinking = dict[str, Cell](), dict[str, Cell]()
    for column, amounts in ((OUTPUT, plain), (THINKING, thinking)):
        amounts.update((OUTPUT, cell) for cell in (_price(row, column) if column in row.texts else ()))
    odd = (
        [amounts[OUTPUT] for amounts in (plain, thinking) if amounts[OUTPUT].wanted]
        if plain and thinking
        else []
    )
    if odd:  # whether thinking has a price of its own cannot be told
        raise PageChangedError("price", wanted=odd[0].wanted, found=odd[0].text, where=row.locator)
    if plain or (shared and not thinking):
        yield _offer(row, scope, mode, shared | plain)
    if thinking and thinking[OUTPUT].text != plain.get(OUTPUT, Cell("")).text:
        yield _offer(row, scope, "thinking", shared | thinking)


def _row_mode(row: TableRecord) -> str:
    text = _fold(row.texts.get(MODE, ""))
    modes = set[str]() if is_blank(text) else _modes(text)
    if modes is None:
        raise PageChangedError("mode", wanted="thinking, non-thinking or both", found=text, where=row.locator)
    return "thinking" if modes == {"thinking"} else ""


def _offer(row: TableRecord, scope: str, mode: str, cells: Mapping[str, Cell]) -> RawRow:
    return RawRow(
        "offer",
        _name(row),
        row.locator,
        cells,
        provider="Alibaba Cloud Model Studio",
        variant={"region": scope} | ({"mode": mode} if mode else {}),
        qualifier=_above(row.texts.get(TOKENS, ""), row.locator),
    )


def _name(row: TableRecord) -> str:
    """Return the id in the first line. Raises PageChangedError for a note below it that may be a condition."""
    name, *notes = row.texts[MODEL].split("\n")
    odd = [note for note in notes if not NOTE.search(note.casefold())]
    if odd or re.search(r"[\s(（]", name):
        raise PageChangedError("model", wanted="an id and known notes", found=[name, *odd], where=row.locator)
    return name


def _above(text: str, where: str) -> dict[str, str]:
    bare = "".join(_fold(text).split()).replace("<=", "≤").replace("≦", "≤")
    found = BAND.fullmatch(bare)
    if not found and _fold(text) not in FLAT:
        raise PageChangedError("tokens of a request", wanted="0<Token≤256K", found=repr(text), where=where)
    low = (found["low"] or found["above"] or "0").upper() if found else "0"
    return {"context_above": low} if low != "0" else {}


def _price(row: TableRecord, column: str) -> Iterator[Cell]:
    text = row.texts[column]
    if is_blank(text.replace("\\", "")):
        return
    found = read_promoted_price(text)
    if found is None or found.rest:
        yield unread_cell(text, wanted="$0.4 or 2.5元, with at most a promotion", at=row.at[column])
    else:
        yield Cell(found.amount, f"{found.currency}/1M tokens", row.at[column])
