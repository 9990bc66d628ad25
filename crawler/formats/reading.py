"""Reading by name: a word is known, says nothing, or the page has changed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from cardwatch.crawler.documents import PageChangedError

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
BLANK_TEXTS = frozenset({"", "-", "--", "---", "—", "–", "n/a", "none"})


def is_blank(text: str) -> bool:
    """Say whether a cell prints that there is nothing to say."""
    return text.strip().casefold() in BLANK_TEXTS


def lookup(table: Mapping[K, T], word: K, *, what: str, where: str) -> T:
    """Return what a word means. Raises PageChangedError for a word nobody has decided about."""
    if word not in table:
        raise PageChangedError(what, wanted=f"one of {list(table)}", found=repr(word), where=where)
    return table[word]
