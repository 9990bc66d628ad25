from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import ClassVar, NamedTuple

from parsel import Selector
from scrapy.http import TextResponse

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow, UnreadPart
from cardwatch.crawler.formats.conditions import read_conditions
from cardwatch.crawler.formats.html_table import find_grids, grid_to_table, visible_text
from cardwatch.crawler.formats.reading import lookup, unread_cell
from cardwatch.crawler.formats.table import PageTable, fold_heading, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

PAID = re.compile(r"paid tier, per (?P<unit>.+) in usd")
OTHER_UNITS = {"image", "second", "request", "song"}
"""Tables for pictures, films and songs: their lines name several models and sizes."""
PARTS = {"Pricing for tools", "Pricing for agents"}
TIERS = {"Standard": "standard", "Batch": "batch", "Flex": "flex", "Priority": "priority"}
LABEL = re.compile(
    r"(?:(?P<medium>text|audio|image|video) )?(?P<side>input|output|context caching) price"
    r"(?: \((?P<kinds>[^()]*)\))?"
)
NOT_KEPT = re.compile(
    r"context caching \(storage\)|tuning price|image generation pricing|used to improve our products"
    r"|grounding with .+"
)
KNOWN_LINES = [
    "input price",
    "output price",
    "context caching price",
    "context caching (storage)",
    "tuning price",
]
METERS: Mapping[tuple[str, str], str] = {
    ("input", "text"): "input_price",
    ("input", "audio"): "input_audio_price",
    ("output", "text"): "output_price",
    ("output", "audio"): "output_audio_price",
    ("output", "image"): "output_image_price",
    ("context caching", "text"): "cache_read_price",
}
KINDS = {
    **dict.fromkeys(("text", "thinking", "including thinking tokens"), "text"),
    "audio": "audio",
    **dict.fromkeys(("image", "images"), "image"),
    "video": "video",
}
"""What a word in brackets names; of several the first here is the meter, since one price holds for them all."""
STORAGE = "storage price"
RESTATED = re.compile(r"\(\$[^()]*\)")
"""The same price for one picture or one second."""
AMOUNT = re.compile(
    r"(?P<amount>\$ ?[\d.,]*\d)(?: ?USD)?(?: ?(?:/|per) ?(?:1M|1,000,000|1 million|million) tokens(?P<stored> per hour)?"
    r"|(?P<other> ?/ ?min(?:ute)?| per (?:(?P<sizes>[\d.]+K(?:/[\d.]+K)*) )?image| per (?:second|minute|frame)))?"
)
LEAD = re.compile(r"(?:^|[\s,;])(?P<lead>or|and|,? ?equivalent to)\s*$", re.IGNORECASE)
SAME_AS = re.compile(r"same as standard\b.*", re.IGNORECASE)
BRACKET = re.compile(r"\(([^()]*)\)")
NOTHING = "not available"
FREE = "Free of charge"
UNIT = "usd/1M tokens"
Condition = tuple[tuple[str, str], ...]
Groups = dict[tuple[str, Condition, Condition], dict[str, Cell]]


class PriceColumns(NamedTuple):
    """Where the columns of a table stand: what a line prices, the paid tier, and the free one if there is one."""

    label: int
    paid: int
    free: int | None = None


class PriceLine(NamedTuple):
    """One line of a table: which side it prices, and the kind that a price without brackets is for."""

    side: str
    kind: str
    stated: str

    def meter(self, kinds: set[str]) -> str:
        """Return the meter of a price for these kinds, "" where it has none."""
        kind = next((each for each in dict.fromkeys(KINDS.values()) if each in kinds), self.kind)
        if (self.side, kind, self.stated) == ("input", "image", "image"):
            return "input_image_price"
        return METERS.get((self.side, kind), "")


class PricePiece(NamedTuple):
    """One price of a cell: how it is joined to the one before, its unit, what it is for, and when it holds."""

    amount: str
    lead: str
    other: str
    sizes: str
    kinds: frozenset[str]
    condition: Condition


class GooglePricing(Source):
    """Google's prices of the Gemini API: tabs are tiers, the free tier a column, promotions have dates.

    A price of a picture or a minute that only repeats a token price is left out, and so are the tables of models
    for pictures, films and songs. No whole page was seen: the recorded ones hold cells of real pages in a page
    written around them.
    """

    name = "google_pricing"
    title = "Gemini API price list"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://ai.google.dev/gemini-api/docs/pricing"
    max_age = timedelta(days=1)
    expected_rows = range(10, 600)
    fewest_rows = 5
    providers = ("google-gemini",)
    developers = ("google",)
    price_words: ClassVar[Mapping[str, str]] = {FREE: "free"}
    terms = "CC BY 4.0 with attribution to Google."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        ids = {visible_text(h.root): _ids(h) for h in response.selector.xpath("//h2")}
        tables = [grid_to_table(grid) for grid in find_grids(response.selector)]
        yield from read_tables(tables, lambda table: _model(table, ids), where=response.url)


def _ids(heading: Selector) -> list[str]:
    """Return the ids below a heading: "gemini-a and gemini-a-tools" are two models at one price."""
    found = heading.xpath("../em//code/text() | ../p//code/text() | ../code/text()").getall()
    return list(dict.fromkeys(text.strip() for text in found))


def _model(table: PageTable, ids: Mapping[str, list[str]]) -> Iterator[PagePart]:
    headings = [fold_heading(heading) if re.search(r"\w", heading) else "" for heading in table.headings]
    if "" not in headings or PARTS & {*table.path}:
        return
    named = sorted(filter(None, headings), reverse=True)
    paid = PAID.fullmatch(named[0]) if named else None
    if named == ["price"] or (paid and paid["unit"] in OTHER_UNITS):
        return
    if (
        not paid
        or paid["unit"] != "1m tokens"
        or named[1:] not in ([], ["free tier"])
        or len(headings) != len(named) + 1
    ):
        raise PageChangedError("headings", wanted="Free Tier, Paid Tier", found=headings, where=table.where)
    columns = PriceColumns(*(headings.index(each) for each in ("", *named)))
    title = next((heading for heading in reversed(table.path) if heading in ids), "")
    tab = "Standard" if table.section == title else table.section
    tier = lookup(TIERS, tab, what="tab", where=table.where)
    for name in ids.get(title) or [title]:
        yield from _offers(table, columns, name, tier)


def _offers(table: PageTable, columns: PriceColumns, name: str, tier: str) -> Iterator[PagePart]:
    groups: Groups = defaultdict(dict)
    for row in table.rows:
        at = row.locator.removeprefix(table.locator)
        label = fold_heading(row.cells[columns.label]).rstrip("*")
        if NOT_KEPT.fullmatch(label):
            continue
        line = _line(label)
        if line is None:
            yield UnreadPart(
                "row", "line", str(KNOWN_LINES), repr(label), row.locator, row.text, section=name
            )
            continue
        if columns.free is not None and tier == "standard":
            _add_free(groups, line, row.cells[columns.free], at + table.at(columns.free))
        _add_paid(groups, (tier, line), row.cells[columns.paid], at + table.at(columns.paid))
    for (offered, condition, mode), cells in groups.items():
        variant = {"tier": offered, **dict(mode)}
        yield RawRow(
            "offer", name, table.locator, cells, "Google Gemini API", variant, qualifier=dict(condition)
        )


def _line(label: str) -> PriceLine | None:
    found = LABEL.fullmatch(label)
    kinds = _kinds(found["kinds"] or "text") if found else None
    if not found or kinds is None:
        return None
    return PriceLine(found["side"], found["medium"] or "text", found["medium"] or "")


def _kinds(text: str) -> set[str] | None:
    words = re.split(r" ?(?:/|,| and ) ?", " ".join(text.casefold().split()))
    return {KINDS[word] for word in words} if all(word in KINDS for word in words) else None


def _add_free(groups: Groups, line: PriceLine, text: str, at: str) -> None:
    meter = line.meter(set())
    if not meter or is_blank(text) or text.casefold().startswith(NOTHING):
        return
    free = Cell(FREE, UNIT, at) if text == FREE else unread_cell(text, wanted=FREE, at=at)
    groups["free", (), ()][meter] = free


def _add_paid(groups: Groups, price: tuple[str, PriceLine], text: str, at: str) -> None:
    """Add the prices of a cell; one that is not understood costs the whole cell."""
    tier, line = price
    if is_blank(text) or fold_heading(text).startswith(NOTHING):
        return
    pieces = _pieces(text)
    if pieces is None:
        groups[tier, (), ()][line.meter(set()) or f"unknown.{line.side}"] = unread_cell(
            text, wanted="prices, each with its kind and conditions", at=at
        )
        return
    ends: dict[str, str] = {}
    for piece in pieces:
        condition = dict(piece.condition)
        meter = "image_price" if piece.other.endswith("image") else line.meter({*piece.kinds})
        if ends.get(meter) and not condition.keys() & {"from", "to"}:
            condition["from"] = ends[meter]
        ends[meter] = condition.get("to", "")
        unit = "usd/image" if meter == "image_price" else UNIT
        for mode in _modes(piece.sizes) if meter else ():
            key = tier, tuple(condition.items()), mode
            groups[key].setdefault(meter, Cell(piece.amount, unit, at))


def _modes(sizes: str) -> list[Condition]:
    return [(("mode", size),) for size in sizes.split("/")] if sizes else [()]


def _pieces(text: str) -> list[PricePiece] | None:
    """Take a cell apart: "$0.75 (text) $3.00 or $0.005/min (audio)" is two prices, one of them restated.

    None when any of it is not understood.
    """
    before, *parts = re.split(r"(?=\$)", RESTATED.sub("", " ".join(text.replace("*", "").split())))
    if not parts or (before.strip() and not SAME_AS.fullmatch(before.strip())):
        return None
    found: list[PricePiece] = []
    lead = ""
    for part in parts:
        joined = LEAD.search(part)
        piece = _piece(part[: joined.start()] if joined else part, lead)
        if piece is None or (lead == "or" and not piece.other):
            return None
        found.append(piece)
        lead = joined["lead"].strip(" ,").casefold() if joined else ""
    return [*_without_restated(found)]


def _without_restated(pieces: list[PricePiece]) -> Iterator[PricePiece]:
    """Drop prices that say one of tokens again, for a minute or a picture; their kind is also the other's."""
    restated = False
    for number, piece in enumerate(pieces):
        restated = piece.lead == "equivalent to" or (restated and piece.other.endswith("image"))
        if restated or piece.lead == "or" or STORAGE in piece.kinds:
            continue
        if piece.other and not piece.other.endswith("image"):
            continue
        after = pieces[number + 1 : number + 2]
        same = piece.kinds or next((each.kinds for each in after if each.lead == "or"), frozenset())
        yield piece._replace(kinds=same)


def _piece(part: str, lead: str) -> PricePiece | None:
    amount = AMOUNT.match(part)
    if not amount:
        return None
    kinds: set[str] = set()
    conditions = [BRACKET.sub(" ", part[amount.end() :])]
    for note in BRACKET.findall(part[amount.end() :]):
        if note == STORAGE:
            kinds.add(STORAGE)
        elif (named := _kinds(note)) is not None:
            kinds |= named
        else:
            conditions.append(note)
    stated = read_conditions("; ".join(conditions))
    if stated is None or stated.status or stated.dates or stated.except_on:
        return None
    if amount["stored"]:
        kinds.add(STORAGE)
    other, sizes = amount["other"] or "", amount["sizes"] or ""
    return PricePiece(amount["amount"], lead, other, sizes, frozenset(kinds), tuple(stated.qualifier.items()))
