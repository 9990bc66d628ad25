"""Markdown pages read back: the headings, paragraphs, lists and tables of CommonMark that a comparison uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from cardwatch.auditing.rendered_page import (
    Block,
    RenderedHeading,
    RenderedPage,
    RenderedSection,
    RenderedTable,
    RenderedText,
    section_id,
)

_LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_CELL = re.compile(r"(?:\\.|[^|\\])*")


def read_markdown_page(text: str) -> RenderedPage:
    """Return a page as the audit reads it."""
    title, sections = "", dict[str, RenderedSection]()
    for part in re.split(r"^(?=##? )", text, flags=re.MULTILINE):
        head, _, rest = part.partition("\n")
        if head.startswith("# "):
            title = plain_text(head[2:])
        elif head.startswith("## "):
            words = plain_text(head[3:])
            sections[section_id(words, sections)] = RenderedSection(words, tuple(_blocks(rest)))
    return RenderedPage("markdown", title, sections)


def _blocks(text: str) -> Iterator[Block]:
    for filled, group in groupby(text.splitlines(), key=lambda line: bool(line.strip())):
        if filled:
            yield from _block(list(group))


def _block(lines: list[str]) -> Iterator[Block]:
    if lines[0].startswith("### "):
        yield RenderedHeading(plain_text(lines[0][4:]))
    elif lines[0].startswith("|"):
        yield RenderedTable(table_cells(lines[0]), tuple(table_cells(line) for line in lines[2:]))
    elif lines[0].startswith("- "):
        yield from (RenderedText(plain_text(line[2:]), listed=True) for line in lines)
    else:
        yield RenderedText(plain_text(" ".join(lines)))


@lru_cache(maxsize=65536)
def table_cells(line: str) -> tuple[str, ...]:
    """Return the cells of one table line as text."""
    found = [match.group() for match in _CELL.finditer(line) if match.group()]
    return tuple(plain_text(cell.strip()) for cell in found)


@lru_cache(maxsize=65536)
def plain_text(text: str) -> str:
    """Return the text that a reader sees."""
    unlinked = _LINK.sub(lambda match: match.group(1), text)
    return " ".join(_ESCAPED.sub(r"\1", unlinked).split())
