"""Raw pages of Microsoft's documentation, before their build puts includes and zones together."""

from __future__ import annotations

import re
from collections.abc import Collection

from cardwatch.crawler.documents import PageChangedError

INCLUDE = re.compile(r"^\s*\[!INCLUDE\s*\[[^\]]*\]\(([^)]+)\)\]", re.IGNORECASE | re.MULTILINE)
BLOCK = re.compile(r"^\s*:::\s*([a-z-]+)", re.IGNORECASE | re.MULTILINE)
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


def require_known_blocks(text: str, *, includes: Collection[str], where: str) -> None:
    """Check that a page brings in no other part and no other block than its source knows of.

    `includes` are the file names of the parts it may name. Raises PageChangedError otherwise: tables that
    moved to another file would be missed in silence.
    """
    for path in INCLUDE.findall(text):
        name = path.rpartition("/")[2]
        if name not in includes:
            raise PageChangedError("include", wanted=f"one of {sorted(includes)}", found=name, where=where)
    for block in BLOCK.findall(text):
        if block.lower() not in KNOWN_BLOCKS:
            raise PageChangedError("block", wanted=f"one of {sorted(KNOWN_BLOCKS)}", found=block, where=where)
