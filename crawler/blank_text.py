"""Texts by which a source says nothing: a cell left empty, a dash, "n/a"."""

from __future__ import annotations

BLANK_TEXTS = frozenset({"n/a", "n.a.", "null", "none", "not available", "not applicable"})
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"


def is_blank(text: str) -> bool:
    """Say whether a text prints that there is nothing to say."""
    return not "".join(text.split()).strip(DASHES) or text.strip().casefold() in BLANK_TEXTS
