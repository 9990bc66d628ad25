"""Small grammar: lists, plurals, articles, dates; and names made safe to read."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from operator import itemgetter
from string import Formatter

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
LONGEST_NAME = 120
HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co"}
"""Unicode categories that show nothing or reorder what stands around them."""


class SentenceTemplate:
    """Words with `{slots}`, taken apart once: filling many is quicker than parsing them every time."""

    def __init__(self, text: str) -> None:
        parts = [(words.replace("%", "%%"), slot) for words, slot, _, _ in Formatter().parse(text)]
        self._pattern = "".join([words if slot is None else f"{words}%s" for words, slot in parts])
        self._slots = tuple(slot for _, slot in parts if slot is not None)
        self._pick = itemgetter(*self._slots) if self._slots else None

    def fill(self, slots: Mapping[str, str]) -> str:
        """Return the words with what stands in the slots. Raises KeyError for a slot that is not given."""
        return self._pattern % (self._pick(slots) if self._pick else ())


def join_words(items: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def count_noun(count: int, word: str) -> str:
    """Return "1 provider", "4 providers"."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def with_article(noun: str) -> str:
    """Return "a coding-specialized model", "an open-weights model"."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def date_phrase(date: str) -> str:
    """Return a date at its own precision: "in 2025", "in April 2025", "on 14 April 2025"."""
    year, *rest = date.split("-")
    if not rest:
        return f"in {year}"
    month = MONTHS[int(rest[0]) - 1]
    return f"in {month} {year}" if len(rest) == 1 else f"on {int(rest[1])} {month} {year}"


def clean_text(text: str, longest: int = LONGEST_NAME) -> str:
    """Return text on one line, without control or direction marks, cut at `longest` with an ellipsis."""
    if text.isascii() and text.isprintable() and len(text) <= longest and "  " not in text:
        return text.strip()
    kept = "".join(c if c not in "\t\r\n" else " " for c in text if c in "\t\r\n" or not is_hidden(c))
    line = " ".join(kept.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def is_hidden(character: str) -> bool:
    """Say whether a character shows nothing or changes the direction of its neighbours."""
    return unicodedata.category(character) in HIDDEN_CATEGORIES
