"""Markdown pages read back: the headings, paragraphs, lists and tables of CommonMark that a comparison uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from cardwatch.auditing.view import Block, Heading, Section, Table, View, Words, name_of

_LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_CELL = re.compile(r"(?:\\.|[^|\\])*")


def read(text: str) -> View:
    """Return a page as the audit reads it."""
    title, sections = "", dict[str, Section]()
    for part in re.split(r"^(?=##? )", text, flags=re.MULTILINE):
        head, _, rest = part.partition("\n")
        if head.startswith("# "):
            title = plain(head[2:])
        elif head.startswith("## "):
            words = plain(head[3:])
            sections[name_of(words, sections)] = Section(words, tuple(_blocks(rest)))
    return View("markdown", title, sections)


def _blocks(text: str) -> Iterator[Block]:
    for filled, group in groupby(text.splitlines(), key=lambda line: bool(line.strip())):
        if filled:
            yield from _block(list(group))


def _block(lines: list[str]) -> Iterator[Block]:
    if lines[0].startswith("### "):
        yield Heading(plain(lines[0][4:]))
    elif lines[0].startswith("|"):
        yield Table(cells(lines[0]), tuple(cells(line) for line in lines[2:]))
    elif lines[0].startswith("- "):
        yield from (Words(plain(line[2:]), listed=True) for line in lines)
    else:
        yield Words(plain(" ".join(lines)))


@lru_cache(maxsize=65536)
def cells(line: str) -> tuple[str, ...]:
    """Return the cells of one table line as text."""
    found = [match.group() for match in _CELL.finditer(line) if match.group()]
    return tuple(plain(cell.strip()) for cell in found)


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Return the text that a reader sees."""
    unlinked = _LINK.sub(lambda match: match.group(1), text)
    return " ".join(_ESCAPED.sub(r"\1", unlinked).split())
