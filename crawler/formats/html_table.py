"""HTML tables as text: spans filled in, footnote marks left out, line breaks kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from parsel import Selector

from cardwatch.crawler.documents import PageChangedError
from cardwatch.crawler.formats.table import Table, TableRow

WIDEST = 60
BEFORE = {"br": "\n", "blockquote": "\n", "sub": " "}
"""What stands between a word and the element after it."""
HEADINGS = "h1|h2|h3|h4|h5|h6"
OUTLINE = "|".join(f".//{name}" for name in (*HEADINGS.split("|"), "table"))


class Element(Protocol):
    """What we use of an lxml element."""

    tag: str
    text: str | None
    tail: str | None

    def get(self, key: str, default: str) -> str: ...
    def iter(self, *tags: str) -> Iterator[Element]: ...
    def iterancestors(self, *tags: str) -> Iterator[Element]: ...
    def iterchildren(self, *tags: str) -> Iterator[Element]: ...
    def __iter__(self) -> Iterator[Element]: ...


class Spot(NamedTuple):
    """One place of the grid: its text, whether its cell begins in this row, and how wide that cell is."""

    text: str
    begins: bool
    wide: int


class Grid(NamedTuple):
    """A table with every span filled in, so that all rows are equally wide."""

    rows: tuple[tuple[Spot, ...], ...]
    path: tuple[str, ...]
    locator: str


def grids(page: Selector) -> Iterator[Grid]:
    """Yield the outer tables of a page, or of a part of one, in order, each with the headings above it."""
    titles: list[tuple[int, str]] = []
    number = 0
    for node in page.xpath(OUTLINE):
        element: Element = node.root
        if element.tag == "table":
            number += 1
            if next(element.iterancestors("table"), None) is None:
                yield _grid(element, tuple(title for _, title in titles), f"/table[{number}]")
        else:
            level = int(element.tag[1])
            titles = [t for t in titles if t[0] < level] + [(level, text_of(element))]


def _grid(element: Element, path: tuple[str, ...], locator: str) -> Grid:
    rows: list[list[Spot | None]] = []
    lines = [line for line in element.iter("tr", "thead") if _is_line(line, element)]
    for y, line in enumerate(lines):
        _room(rows, y, 0)
        x = 0
        for cell in line.iterchildren("td", "th"):
            while x < len(rows[y]) and rows[y][x] is not None:
                x += 1
            wide, high = _span(cell, "colspan", locator), _span(cell, "rowspan", locator)
            _place(rows, (y, x), (high, wide), text_of(cell))
    return Grid(_filled(rows[: len(lines)]), path, locator)


def _is_line(line: Element, table: Element) -> bool:
    """Say whether cells stand right in this element: some pages set headings without a row."""
    return (
        next(line.iterancestors("table")) is table and next(line.iterchildren("th", "td"), None) is not None
    )


def _span(cell: Element, name: str, where: str) -> int:
    text = cell.get(name, "1").strip()
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= WIDEST):
        raise PageChangedError(name, wanted=f"1 to {WIDEST}", found=repr(text), where=where)
    return int(text)


def _room(rows: list[list[Spot | None]], y: int, x: int) -> None:
    while len(rows) <= y:
        rows.append([])
    rows[y].extend([None] * (x - len(rows[y])))


def _place(rows: list[list[Spot | None]], corner: tuple[int, int], size: tuple[int, int], text: str) -> None:
    for y in range(corner[0], corner[0] + size[0]):
        _room(rows, y, corner[1] + size[1])
        for x in range(corner[1], corner[1] + size[1]):
            rows[y][x] = Spot(text, y == corner[0], size[1])


def _filled(rows: list[list[Spot | None]]) -> tuple[tuple[Spot, ...], ...]:
    width = max((len(row) for row in rows), default=0)
    gap = Spot("", False, 1)
    return tuple(tuple(spot or gap for spot in [*row, *[None] * (width - len(row))]) for row in rows)


def table(grid: Grid) -> Table:
    """Return a grid as a table whose first row is its headings, and the second where the first spans it.

    A row that one cell fills is a caption and left out. Raises PageChangedError when no row remains.
    """
    heads = 2 if len(grid.rows) > 1 and not all(spot.begins for spot in grid.rows[1]) else 1
    rows = tuple(
        TableRow(tuple(spot.text for spot in row), f"{grid.locator}/tr[{number}]")
        for number, row in enumerate(grid.rows[heads:], start=heads + 1)
        if not _is_caption(row)
    )
    if not rows:
        raise PageChangedError("table", wanted="rows below its headings", found="none", where=grid.locator)
    return Table(_headings(grid.rows[:heads]), rows, grid.path, grid.locator, "/column")


def _headings(rows: Sequence[Sequence[Spot]]) -> tuple[str, ...]:
    columns = ([spot.text for spot in column] for column in zip(*rows, strict=True))
    return tuple(" / ".join(dict.fromkeys(t for t in column if t)) for column in columns)


def _is_caption(row: Sequence[Spot]) -> bool:
    return len(row) > 1 and row[0].wide == len(row)


def text_of(element: Element) -> str:
    """Return the text a reader sees, footnote marks left out; `<br>` is a newline."""
    pieces = "".join(_pieces(element))
    lines = (" ".join(line.split()) for line in pieces.split("\n"))
    return "\n".join(line for line in lines if line).strip()


def _pieces(element: Element) -> Iterator[str]:
    yield re.sub(r"\s", " ", element.text or "")
    for child in element:
        if child.tag in BEFORE:
            yield BEFORE[child.tag]
        if isinstance(child.tag, str) and child.tag not in ("sup", "script", "style", "svg"):
            yield from _pieces(child)
        if child.tag in ("p", "div", "blockquote"):
            yield "\n"
        yield re.sub(r"\s", " ", child.tail or "")
