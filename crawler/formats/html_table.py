"""HTML tables as text: spans filled in, footnote marks left out, line breaks kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from parsel import Selector

from cardwatch.crawler.documents import PageChangedError
from cardwatch.crawler.formats.reading import seen_text
from cardwatch.crawler.formats.table import PageTable, TableRow

MAX_SPAN = 60
MAX_SLOTS = 200_000
"""Of one table with its spans laid out: a cell of 30 bytes may claim 3,600."""
SEPARATORS = {"br": "\n", "blockquote": "\n", "sub": " "}
"""What stands between a word and the element after it."""
BLOCKS = frozenset({"p", "div", "blockquote"})
"""Elements after which a line ends."""
BADGE = re.compile(r"\b(?:badge|chip|pill|tag|label)\b", re.IGNORECASE)
"""A word in the class of an element that looks set apart from the text before it."""
SMALL_WORDS = re.compile(r"\s*\(.*[A-Za-z]{2}", re.DOTALL)
"""What is set small and is no footnote's mark: a condition in brackets, such as "(text only)"."""
WORD = re.compile(r"[A-Za-z]{2}")
LEFT_OUT = frozenset({"script", "style", "svg", "del", "s", "strike"})
HEADINGS = "h1|h2|h3|h4|h5|h6"
OUTLINE = (*HEADINGS.split("|"), "table")


class HtmlElement(Protocol):
    """What we use of an lxml element."""

    tag: str
    text: str | None
    tail: str | None

    def get(self, key: str, default: str) -> str: ...
    def iter(self, *tags: str) -> Iterator[HtmlElement]: ...
    def iterancestors(self, *tags: str) -> Iterator[HtmlElement]: ...
    def iterchildren(self, *tags: str) -> Iterator[HtmlElement]: ...
    def __iter__(self) -> Iterator[HtmlElement]: ...
    def __len__(self) -> int: ...


class GridSlot(NamedTuple):
    """One place of the grid: its text, whether its cell begins in this row, how wide it is, whether it heads.

    A place without a cell is 0 wide.
    """

    text: str
    starts_here: bool
    wide: int
    heads: bool = False


class TableGrid(NamedTuple):
    """A table with every span filled in, so that all rows are equally wide; or why it cannot be."""

    rows: tuple[tuple[GridSlot, ...], ...]
    path: tuple[str, ...]
    locator: str
    problem: PageChangedError | None = None


def find_grids(page: Selector) -> Iterator[TableGrid]:
    """Yield the outer tables of a page, or of a part of one, in order, each with the headings above it."""
    titles: list[tuple[int, str]] = []
    number = 0
    root: HtmlElement = page.root
    for element in root.iter(*OUTLINE):
        if element is root:
            continue
        if element.tag == "table":
            number += 1
            if next(element.iterancestors("table"), None) is None:
                yield _try_grid(element, tuple(title for _, title in titles), f"/table[{number}]")
        else:
            level = int(element.tag[1])
            titles = [t for t in titles if t[0] < level] + [(level, visible_text(element))]


def _try_grid(element: HtmlElement, path: tuple[str, ...], locator: str) -> TableGrid:
    try:
        return _build_grid(element, path, locator)
    except PageChangedError as problem:
        return TableGrid((), path, locator, problem)


def _build_grid(element: HtmlElement, path: tuple[str, ...], locator: str) -> TableGrid:
    rows: list[list[GridSlot | None]] = []
    filled = 0
    lines = [line for line in element.iter("tr", "thead") if _holds_cells(line, element)]
    for y, line in enumerate(lines):
        _make_room(rows, y, 0)
        x = 0
        for cell in line.iterchildren("td", "th"):
            while x < len(rows[y]) and rows[y][x] is not None:
                x += 1
            wide, high = _span(cell, "colspan", locator), _span(cell, "rowspan", locator)
            filled += wide * high
            _check_slots(filled, locator)
            slot = GridSlot(visible_text(cell), True, wide, cell.tag == "th")
            _fill_span(rows, (y, x), (high, wide), slot)
    _check_slots(len(lines) * max(map(len, rows), default=0), locator)
    return TableGrid(_fill_gaps(rows[: len(lines)]), path, locator)


def _check_slots(found: int, where: str) -> None:
    if found > MAX_SLOTS:
        raise PageChangedError("table", wanted=f"at most {MAX_SLOTS} cells", found=str(found), where=where)


def _holds_cells(line: HtmlElement, table: HtmlElement) -> bool:
    """Say whether cells stand right in this element: some pages set headings without a row."""
    return (
        next(line.iterancestors("table")) is table and next(line.iterchildren("th", "td"), None) is not None
    )


def _span(cell: HtmlElement, name: str, where: str) -> int:
    text = cell.get(name, "1").strip()
    if text == "1":
        return 1
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MAX_SPAN):
        raise PageChangedError(name, wanted=f"1 to {MAX_SPAN}", found=repr(text), where=where)
    return int(text)


def _make_room(rows: list[list[GridSlot | None]], y: int, x: int) -> None:
    while len(rows) <= y:
        rows.append([])
    rows[y].extend([None] * (x - len(rows[y])))


def _fill_span(
    rows: list[list[GridSlot | None]], corner: tuple[int, int], size: tuple[int, int], slot: GridSlot
) -> None:
    for y in range(corner[0], corner[0] + size[0]):
        _make_room(rows, y, corner[1] + size[1])
        for x in range(corner[1], corner[1] + size[1]):
            rows[y][x] = slot._replace(starts_here=y == corner[0])


def _fill_gaps(rows: list[list[GridSlot | None]]) -> tuple[tuple[GridSlot, ...], ...]:
    width = max((len(row) for row in rows), default=0)
    gap = GridSlot("", False, 0)
    return tuple(tuple(spot or gap for spot in [*row, *[None] * (width - len(row))]) for row in rows)


def grid_to_table(grid: TableGrid) -> PageTable:
    """Return a grid as a table whose first row is its headings, and the second where it heads parts of the first.

    A row that one cell fills is a caption and left out.
    """
    if not grid.rows:
        return PageTable(("",), (), grid.path, grid.locator, "/column", problem=grid.problem)
    heads = 2 if _heads_in_two_rows(grid.rows) else 1
    rows = tuple(
        TableRow(tuple(spot.text for spot in row), f"{grid.locator}/tr[{number}]", " / ".join(grid.path))
        for number, row in enumerate(grid.rows[heads:], start=heads + 1)
        if not _is_caption(row)
    )
    return PageTable(_headings(grid.rows[:heads]), rows, grid.path, grid.locator, "/column")


def _heads_in_two_rows(rows: Sequence[Sequence[GridSlot]]) -> bool:
    """Say whether a heading reaches down into the second row, or spans headings of that row."""
    if len(rows) < 2:
        return False
    spans = any(1 < spot.wide < len(rows[0]) for spot in rows[0])
    return not all(spot.starts_here or not spot.wide for spot in rows[1]) or (
        spans and all(spot.heads for spot in rows[1])
    )


def _headings(rows: Sequence[Sequence[GridSlot]]) -> tuple[str, ...]:
    columns = ([spot.text for spot in column] for column in zip(*rows, strict=True))
    return tuple(" / ".join(dict.fromkeys(t for t in column if t)) for column in columns)


def _is_caption(row: Sequence[GridSlot]) -> bool:
    return len(row) > 1 and row[0].wide == len(row)


def visible_text(element: HtmlElement) -> str:
    """Return the text a reader sees, without footnote marks and struck-out text; `<br>` is a newline."""
    if not len(element):
        return " ".join(seen_text(element.text or "").split())
    pieces = list[str]()
    _add_text(element, pieces)
    lines = (" ".join(line.split()) for line in seen_text("".join(pieces)).split("\n"))
    text = "\n".join(line for line in lines if line).strip()
    return text or _small_text(element)


def _small_text(element: HtmlElement) -> str:
    """Return what an element says that is set small as a whole: a footnote's mark alone has no word."""
    if [child.tag for child in element] != ["sup"]:
        return ""
    text = " ".join(_all_text(element).split())
    return text if WORD.search(text) else ""


def _all_text(element: HtmlElement) -> str:
    return (element.text or "") + "".join(f"{_all_text(child)} {child.tail or ''}" for child in element)


def _is_left_out(element: HtmlElement) -> bool:
    """Say whether an element is no part of what the page states: footnote marks, scripts, struck-out text."""
    if element.tag == "sup":
        return not SMALL_WORDS.match(_all_text(element))
    return element.tag in LEFT_OUT or "line-through" in element.get("style", "")


def _add_text(element: HtmlElement, pieces: list[str]) -> None:
    """Add what an element says to `pieces`, with a newline only where it breaks a line."""
    pieces.append((element.text or "").replace("\n", " "))
    for child in element:
        tag = child.tag
        if tag in SEPARATORS:
            pieces.append(SEPARATORS[tag])
        if isinstance(tag, str) and not _is_left_out(child):
            named = child.get("class", "")
            apart = bool(named) and BADGE.search(named) is not None
            pieces.append(" " * apart)
            _add_text(child, pieces)
            pieces.append(" " * apart)
        if tag in BLOCKS:
            pieces.append("\n")
        if child.tail:
            pieces.append(child.tail.replace("\n", " "))
