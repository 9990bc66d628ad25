"""Why one claim goes before another: the words for the order that db.views computes."""

from __future__ import annotations

import sqlite3

LISTED, AUTHORITY, VIA, TOLD, DAY = slice(1, 2), slice(2, 3), slice(3, 4), slice(4, 14), slice(14, 24)
"""Parts of a weight, after the digit that says whether there is a value at all."""

_RULES = (
    (LISTED, "still listed"),
    (VIA, "the developer's own listing"),
    (TOLD, "in force by its told date"),
    (DAY, "most recent"),
)


def why(best: sqlite3.Row, rival: sqlite3.Row) -> str:
    """Say which rule put `best` before `rival`; both bear weight, authority and attribute."""
    first, second = best["weight"], rival["weight"]
    if first[LISTED] == second[LISTED] and first[AUTHORITY] != second[AUTHORITY]:
        return f"{_words(best)} before {_words(rival)}"
    for part, text in _RULES:
        if first[part] != second[part]:
            return text
    return "most precise" if best["attribute"].endswith(("_date", "_cutoff")) else "said by more listings"


def _words(row: sqlite3.Row) -> str:
    return str(row["authority"]).replace("_", " ")
