"""The choice among claims to one fact, for readers in Python; the view chosen_claims says the same in SQL.

The order is in the weight of each claim (db.views); a test holds the two against each other.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from cardwatch.db.store.current_claims import current_claims_sql, past_claims_sql
from cardwatch.normalize.attributes import get_attribute as attribute_of

LISTED, AUTHORITY, VIA, VALID_FROM, DAY = slice(1, 2), slice(2, 3), slice(3, 4), slice(4, 14), slice(14, 24)
"""Parts of a weight, after the digit that says whether there is a value at all."""

_RULES = (
    (LISTED, "still listed"),
    (VIA, "the developer's own listing"),
    (VALID_FROM, "in force by its told date"),
    (DAY, "most recent"),
)
_Group = tuple[str, int, int, str, list[sqlite3.Row]]
"""Weight, support, tiebreak on length, value, and the claims that share them."""

_CLAIM_COLUMNS = (
    "model, offer, attribute, qualifier, value, state, weight, votes, source, via, url, authority, listed,"
    " last_verified, listing_id, page_id"
)
_fact = itemgetter(0, 1, 2, 3)
_origin = itemgetter("source", "via", "url")
_weight = itemgetter("weight")


class OrderedClaims(NamedTuple):
    """The claims to one fact, the one that is shown first."""

    claims: Sequence[sqlite3.Row]
    conflicting: bool
    """Another value has the same right."""
    unanimous: bool
    """All say the same."""


def claims_by_fact(
    conn: sqlite3.Connection, at: str, *, past: bool = False, model: str | None = None
) -> Iterator[OrderedClaims]:
    """Yield for every fact that stands at `at`, of one model or of all, the claims to it.

    Half the time of the view chosen_claims, which groups and ranks all of them twice.
    """
    claims = past_claims_sql(":at") if past else current_claims_sql(":at")
    only = " AND l.model = :model" if model else ""
    rows = conn.execute(
        f"SELECT {_CLAIM_COLUMNS} FROM ({claims}{only}) ORDER BY model, offer, attribute, qualifier",
        {"at": at, "model": model},
    )
    for key, claimed in groupby(rows, key=_fact):
        yield order_claims(key[2], list(claimed))


def confirmation_days(conn: sqlite3.Connection, at: str) -> dict[tuple[str | None, ...], str]:
    """Return the day on which a person last found each value right."""
    rows = conn.execute(
        "select model, offer, attribute, qualifier, value, substr(at, 1, 10) from confirmations"
        " where at <= ? order by at",
        [at],
    )
    return {tuple(row)[:5]: row[5] for row in rows}


def order_claims(name: str, claims: list[sqlite3.Row]) -> OrderedClaims:
    """Put the claims to one fact in the order of their right to be shown."""
    if len(claims) == 1:
        return OrderedClaims(claims, False, True)
    rows = sorted(claims, key=_origin)
    first = rows[0]["value"]
    if all(row["value"] == first for row in rows):
        rows.sort(key=_weight, reverse=True)
        return OrderedClaims(rows, False, True)
    kind = attribute_of(name).type
    shared: dict[tuple[str, str | None], list[sqlite3.Row]] = defaultdict(list)
    for claim in rows:
        shared[claim["weight"], claim["value"]].append(claim)
    groups = [_group(kind, weight, value, said) for (weight, value), said in shared.items()]
    groups.sort(key=lambda group: (group[2], group[3]))
    groups.sort(key=lambda group: group[:2], reverse=True)
    tied = {group[3] for group in groups if group[:2] == groups[0][:2]}
    conflicting = _contradict(kind, groups[0][3], tied)
    return OrderedClaims([claim for group in groups for claim in group[4]], conflicting, False)


def _group(kind: str, weight: str, value: str | None, rows: list[sqlite3.Row]) -> _Group:
    """Return claims of one weight and value, with the number of those that speak for themselves."""
    text = value or ""
    return weight, sum(row["votes"] for row in rows), -len(text) if kind == "date" else len(text), text, rows


def _contradict(kind: str, shown: str, tied: set[str]) -> bool:
    """Say whether values of one right contradict each other; a less precise date does not contradict."""
    if kind == "date":
        return not all(shown.startswith(value) for value in tied)
    return kind != "text" and len(tied) > 1


def choice_reason(best: sqlite3.Row, rival: sqlite3.Row) -> str:
    """Say which rule put `best` before `rival`; both bear weight, authority and attribute."""
    first, second = best["weight"], rival["weight"]
    if first[LISTED] == second[LISTED] and first[AUTHORITY] != second[AUTHORITY]:
        return f"{_authority_words(best)} before {_authority_words(rival)}"
    for part, text in _RULES:
        if first[part] != second[part]:
            return text
    kind = attribute_of(best["attribute"]).type
    if kind == "date" and best["value"].startswith(rival["value"]):
        return "most precise"
    return "shortest wording" if kind == "text" else "said by more listings"


def _authority_words(row: sqlite3.Row) -> str:
    return str(row["authority"]).replace("_", " ")
