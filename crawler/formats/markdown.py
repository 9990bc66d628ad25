"""Markdown pages as sections, and their pipe tables and bullets as text with line numbers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from cardwatch.crawler.formats.reading import seen_text
from cardwatch.crawler.formats.table import PageTable, TableRow, fit_table

HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*)")
FENCE = re.compile(r"\s*(```|~~~)")
BULLET = re.compile(r"\s*[-*+]\s++(\S.*)")
DELIMITER = re.compile(r"\|?\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*+\|?")
PIPE = re.compile(r"(?<!\\)\|")
LINK = re.compile(r"!?\[((?:[^\[\]]|!\[[^\[\]]*\]\([^()]*\))*)\]\([^)\s]*\)")
NESTED_LINKS = 4
"""How deep links may stand in links; Markdown has an image in a link."""
FOOTNOTE = re.compile(r"<sup>(?!\s*+\([^<]*[a-z]{2})[^<]*(</?sup/?>|$)", re.IGNORECASE)
"""A mark set small; a condition in brackets is none."""
STRUCK = (
    *(
        (
            re.compile(rf"<{name}\b[^<>]*>.*?</{name}>", re.IGNORECASE | re.DOTALL),
            re.compile(f"</{name}>", re.IGNORECASE),
        )
        for name in ("del", "s", "strike")
    ),
    (re.compile(r"~~(?=\S).*?~~", re.DOTALL), re.compile("~~")),
)
"""What strikes a text out, and what ends it."""
BADGE = re.compile(
    r"<(\w+)[^<>]*\bclass(?:Name)?=\"[^\"<>]*\b(?:badge|chip|pill|tag|label)\b[^<>]*>[^<]*</\1>",
    re.IGNORECASE,
)
"""An element that looks set apart from the text around it."""
COMMENT, COMMENT_END = re.compile(r"<!--.*?-->", re.DOTALL), re.compile("-->")
HEADING_ID = re.compile(r"(?<!\s)\s*+\{#[\w-]+\}\s*+$")
EMPHASIS = re.compile(r"\*(?=\S)([^*]*\S)\*|_(?=\S)(.*\S)_", re.DOTALL)
"""A text that is set off as a whole."""
TAG, TAG_END = re.compile(r"</?[A-Za-z][^>]*>"), re.compile(">")
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
MARKUP = re.compile(r"[<~\]\\`*&\n]|^_")
"""What a text that is more than words and white space has one of."""


class MarkdownLine(NamedTuple):
    """One line and its number in the document, counted from 1."""

    number: int
    text: str

    @property
    def locator(self) -> str:
        return f"/line[{self.number}]"

    @property
    def under(self) -> str:
        return ""

    @property
    def row_count(self) -> int:
        """A line is no row: one that is not understood does not count among the rows a page shows."""
        return 0


class MarkdownSection(NamedTuple):
    """The lines between one heading and the next; `path` ends in that heading, () before the first."""

    path: tuple[str, ...]
    level: int
    number: int
    lines: tuple[MarkdownLine, ...]

    @property
    def title(self) -> str:
        return self.path[-1] if self.path else ""

    @property
    def locator(self) -> str:
        return f"/line[{self.number}]"

    @property
    def text(self) -> str:
        """Return the lines as printed."""
        return "\n".join(line.text for line in self.lines)

    @property
    def under(self) -> str:
        return " / ".join(self.path)

    @property
    def row_count(self) -> int:
        return 0


def split_sections(text: str) -> list[MarkdownSection]:
    """Split a page at its headings; what stands in code fences is left out."""
    found: list[MarkdownSection] = []
    open_titles: list[tuple[int, str]] = []
    head, lines = (0, 1), list[MarkdownLine]()
    for line in _outside_fences(seen_text(text)):
        heading = HEADING.match(line.text) if "#" in line.text else None
        if not heading:
            lines.append(line)
            continue
        found.append(_section(open_titles, head, lines))
        level = len(heading[1])
        open_titles = [t for t in open_titles if t[0] < level] + [
            (level, plain_text(_without_closing_marks(heading[2])))
        ]
        head, lines = (level, line.number), []
    return [*found, _section(open_titles, head, lines)]


def _without_closing_marks(title: str) -> str:
    return HEADING_ID.sub("", title.rstrip().rstrip("#").rstrip())


def _section(
    titles: list[tuple[int, str]], head: tuple[int, int], lines: list[MarkdownLine]
) -> MarkdownSection:
    return MarkdownSection(tuple(title for _, title in titles), *head, tuple(lines))


def _outside_fences(text: str) -> Iterator[MarkdownLine]:
    numbered = enumerate(text.splitlines(), start=1)
    if "```" not in text and "~~~" not in text:
        yield from (MarkdownLine(number, line) for number, line in numbered)
        return
    fence = ""
    for number, line in numbered:
        mark = FENCE.match(line)
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        elif not fence:
            yield MarkdownLine(number, line)


def section_tables(section: MarkdownSection) -> Iterator[PageTable]:
    """Yield the pipe tables of a section, their cells as printed but for outer space and `\\|`.

    Headings are plain text. A row that is not as wide as its headings is an unread part of its table.
    """
    lines = iter(section.lines)
    before = MarkdownLine(0, "")
    for line in lines:
        if "|" in before.text and DELIMITER.fullmatch(line.text.strip()):
            yield _table(section, before, lines)
            line = MarkdownLine(0, "")
        before = line


def _table(section: MarkdownSection, head: MarkdownLine, lines: Iterator[MarkdownLine]) -> PageTable:
    headings = tuple(map(plain_text, _split_cells(head.text)))
    under = " / ".join(section.path)
    rows: list[TableRow] = []
    for line in lines:
        if "|" not in line.text:
            break
        rows.append(TableRow(_split_cells(line.text), line.locator, under))
    return fit_table(PageTable(headings, tuple(rows), section.path, head.locator))


def _split_cells(line: str) -> tuple[str, ...]:
    if "\\|" not in line:
        return tuple(map(str.strip, line.strip().removeprefix("|").removesuffix("|").split("|")))
    inner = re.sub(r"^\||(?<!\\)\|$", "", line.strip())
    return tuple(cell.strip().replace("\\|", "|") for cell in PIPE.split(inner))


def markdown_tables(text: str) -> Iterator[PageTable]:
    """Yield every pipe table of a page in order."""
    for section in split_sections(text):
        yield from section_tables(section)


def bullet_lines(section: MarkdownSection) -> Iterator[MarkdownLine]:
    """Yield the list items of a section, without their marks and whatever their depth."""
    for line in section.lines:
        item = BULLET.match(line.text)
        if item:
            yield MarkdownLine(line.number, item[1].rstrip())


def plain_text(text: str) -> str:
    """Return what a page states in inline Markdown: no links, code marks, tags, footnote marks or escapes.

    What is struck out is left out. A line break inside a cell stays as a newline.
    """
    if not MARKUP.search(text):
        return " ".join(text.split())
    if "-->" in text:
        text = _remove(COMMENT, COMMENT_END, text)
    if "<" in text or "~~" in text:
        text = BADGE.sub(lambda badge: f" {badge[0]} ", text)
        for struck, end in STRUCK:
            text = _remove(struck, end, text)
        text = re.sub(r"<br\s*/?>", "\n", FOOTNOTE.sub("", text), flags=re.IGNORECASE)
    for _ in range(NESTED_LINKS if "](" in text else 0):
        text = LINK.sub(r"\1", text)
    if "<" in text:
        text = _remove(TAG, TAG_END, text)
    text = text.replace("`", "").replace("**", "")
    if whole := EMPHASIS.fullmatch(text.strip()):
        text = whole[1] or whole[2]
    text = ESCAPE.sub(r"\1", text)
    return "\n".join(" ".join(part.split()) for part in html.unescape(text).split("\n")).strip()


def _remove(pattern: re.Pattern[str], end: re.Pattern[str], text: str) -> str:
    """Remove every match, looking no further than the last `end`: beyond it each start would search in vain."""
    last = max((found.end() for found in end.finditer(text)), default=0)
    return pattern.sub("", text[:last]) + text[last:]
