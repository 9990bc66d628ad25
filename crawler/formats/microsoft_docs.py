"""Raw pages of Microsoft's documentation, before their build puts includes and zones together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from cardwatch.crawler.documents import UnreadPart

INCLUDE = re.compile(r"^[ \t]*\[!INCLUDE[ \t]*\[[^\]\n]*\]\(([^)\n]+)\)\]", re.IGNORECASE | re.MULTILINE)
BLOCK = re.compile(r"^[ \t]*:::[ \t]*([a-z-]+)", re.IGNORECASE | re.MULTILINE)
KNOWN_BLOCKS = {
    "zone",
    "zone-end",
    "moniker",
    "moniker-end",
    "image",
    "row",
    "row-end",
    "column",
    "column-end",
}
"""Blocks that only choose who sees what they hold."""


def unknown_blocks(text: str, *, includes: Collection[str], where: str) -> Iterator[UnreadPart]:
    """Yield the parts that a page brings in and the blocks it has of which its source does not know.

    `includes` are the file names of the parts it may name. Tables that moved to another file would be missed
    in silence otherwise.
    """
    for path in INCLUDE.findall(text):
        name = path.rpartition("/")[2]
        if name not in includes:
            yield _unread("include", sorted(includes), name, where)
    for block in BLOCK.findall(text):
        if block.lower() not in KNOWN_BLOCKS:
            yield _unread("block", sorted(KNOWN_BLOCKS), block, where)


def _unread(what: str, known: Collection[str], found: str, where: str) -> UnreadPart:
    return UnreadPart("section", what, f"one of {known}", found, where, found, rows=0)
