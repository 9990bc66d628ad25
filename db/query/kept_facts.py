"""The choices and lines of models that are kept as rows, so that reading them costs no choice among claims.

A row holds until something changes, which takes it away, or until a moment comes that it names: `dated_until` by a date
that is told, `steady_until` because a claim may grow older than its rivals. Past the latter a row still holds if nothing
was visited since and its rivals are of one age again. What does not hold is worked out from the claims by its reader.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from cardwatch.db.query import claim_choice
from cardwatch.db.query.claim_choice import FactKey, OrderedClaims
from cardwatch.db.store.choice_rules import age_sql

NEVER = "9999"
"""Later than any moment: until then holds what only a change can change."""
EVER = "0000"
"""Before any moment."""
APART = "(own_verified IS NOT NULL OR looked_on IS NOT NULL)"
"""Whether a fact has a date of its own beside its page's; the index kept_facts_apart has the same words."""
_CHANGED = """(steady_until = '' OR kept_at > :at OR dated_until <= :at
  OR (steady_until <= :at AND attempt <> (SELECT coalesce(max(id), 0) FROM attempts)))"""
_EVEN = f"""(oldest IS NULL OR (even AND {age_sql("oldest", ":at")} = {age_sql("newest", ":at")}))"""


_LIVES = frozenset({"lifecycle", "shutdown_date"})
"""Attributes that say which offers of a model have ended: with one of them, all of its rows are worked out."""


class RunOut(NamedTuple):
    """What cannot be read from kept rows at a moment: whole models, and single facts of others."""

    models: frozenset[str]
    facts: Mapping[FactKey, int]
    """Each with 1 if it is of an offer that has ended."""

    def holds(self, key: FactKey) -> bool:
        """Say whether the kept row of a fact holds."""
        return key[0] not in self.models and key not in self.facts

    @property
    def touched(self) -> frozenset[str]:
        """All models with anything that does not hold."""
        return self.models | {key[0] for key in self.facts}


def find_run_out(conn: sqlite3.Connection, at: str, among: Collection[str] | None = None) -> RunOut:
    """Return what does not hold at `at`, of these models or of all."""
    wanted = {"at": at, "among": None if among is None else json.dumps(sorted(among))}
    only = "" if among is None else "AND k.model IN (SELECT value FROM json_each(:among))"
    models = conn.execute(
        f"SELECT model FROM kept_models k WHERE steady_until <= :at AND {_CHANGED} {only}"
        f" UNION SELECT model FROM kept_models k WHERE kept_at > :at {only}",
        wanted,
    )
    rows = conn.execute(
        "SELECT f.model, offer, attribute, qualifier, over FROM kept_models k CROSS JOIN kept_facts f ON f.model = k.model"
        f" WHERE k.steady_until <= :at AND NOT {_CHANGED} AND NOT {_EVEN} {only}",
        wanted,
    )
    facts = {tuple(row)[:4]: row[4] for row in rows}
    whole = {model for (model,) in models} | {key[0] for key in facts if key[2] in _LIVES}
    return RunOut(frozenset(whole), {key: over for key, over in facts.items() if key[0] not in whole})


def choose_run_out(conn: sqlite3.Connection, at: str, away: RunOut) -> Iterator[OrderedClaims]:
    """Yield the claims to every fact whose kept row does not hold, and of models that have none."""
    if away.models:
        yield from claim_choice.claims_by_fact(conn, at, models=away.models)
    if away.facts:
        yield from claim_choice.claims_by_fact(conn, at, keys=away.facts)


def list_disputed(conn: sqlite3.Connection, away: RunOut, model: str | None) -> list[FactKey]:
    """Return the facts, of one model or of all, that some present claim contradicts, by kept rows that hold."""
    rows = conn.execute(
        "SELECT model, offer, attribute, qualifier FROM kept_facts WHERE disputed AND (?1 IS NULL OR model = ?1)",
        [model],
    )
    return [key for row in rows if away.holds(key := tuple(row))]


def list_listed(conn: sqlite3.Connection, models: Collection[str]) -> list[str]:
    """Return the ones of these models of which anything is still said, as it was worked out last."""
    rows = conn.execute(
        "SELECT model FROM json_each(?) n JOIN kept_models ON model = n.value WHERE listed",
        [json.dumps(sorted(models))],
    )
    return [model for (model,) in rows]


def list_heard(conn: sqlite3.Connection, away: RunOut) -> Iterator[tuple[Any, ...]]:
    """Yield the facts that hold of models of which others do not, with the value that the list of models shows."""
    rows = conn.execute(
        "SELECT f.model, offer, attribute, qualifier, authority, f.value, coalesce(own_verified, p.last_verified), looked_on"
        " FROM json_each(?) n CROSS JOIN kept_facts f ON f.model = n.value JOIN pages p ON p.id = f.page_id WHERE heard",
        [json.dumps(sorted(away.touched - away.models))],
    )
    return (found for row in rows if away.holds((found := tuple(row))[:4]))


def oldest_apart(conn: sqlite3.Connection) -> dict[str, str]:
    """Return by model the oldest day among its facts that have a date of their own."""
    rows = conn.execute(
        "SELECT f.model, min(max(substr(coalesce(f.own_verified, p.last_verified), 1, 10), coalesce(f.looked_on, '')))"
        f" FROM kept_facts f JOIN pages p ON p.id = f.page_id WHERE {APART} AND f.heard GROUP BY f.model"
    )
    return dict(rows.fetchall())


_ROWS = """SELECT f.model, f.offer, f.attribute, f.qualifier, p.source, f.authority,
  coalesce(f.own_verified, p.last_verified), max(coalesce(f.own_verified, p.last_verified), coalesce(f.looked_on, '')),
  f.page_id, f.listing_id, p.weight"""
KeptRow = tuple[str, str, str, str, int, int, float]
"""Source, authority, last look of its page, that or the day on which a person found it right, page, listing, weight."""


def list_rows(conn: sqlite3.Connection, before: str, away: RunOut) -> Iterator[tuple[FactKey, KeptRow]]:
    """Yield the published facts with a date of their own, and those of pages last verified before `before`."""
    for query in (
        f"{_ROWS} FROM kept_facts f JOIN pages p ON p.id = f.page_id WHERE f.shown AND {APART}",
        f"{_ROWS} FROM sources s CROSS JOIN pages p ON p.source = s.id CROSS JOIN kept_facts f ON f.page_id = p.id"
        f" WHERE p.last_verified < :before AND f.shown AND NOT {APART}",
    ):
        cursor = conn.cursor()
        cursor.row_factory = None
        for row in cursor.execute(query, {"before": before}):
            if away.holds(row[:4]):
                yield row[:4], row[4:]


class FactCount(NamedTuple):
    """How many published facts of one kind lean on pages verified at `oldest` or later."""

    source: str
    authority: str
    attribute: str
    facts: int
    oldest: str


def count_fresh(conn: sqlite3.Connection, since: str, away: RunOut) -> Iterator[FactCount]:
    """Count the published facts that have the date of their page, of pages verified at `since` or later."""
    days: Counter[tuple[str, str, str]] = Counter()
    for source, day, counts, pages in conn.execute(
        "SELECT source, day, counts, pages FROM kept_page_days WHERE day > ?", [since[:10]]
    ):
        days[source, day, counts] = pages
    gone = _count_away(conn, since, away)
    for page, source, counts, verified in conn.execute(
        f"{_COUNTED_PAGE} FROM json_each(:gone) n JOIN kept_pages k ON k.page_id = n.value JOIN pages p ON p.id = n.value"
        f" UNION {_COUNTED_PAGE} FROM sources s CROSS JOIN pages p ON p.source = s.id JOIN kept_pages k ON k.page_id = p.id"
        " WHERE p.last_verified >= :since AND p.last_verified < substr(:since, 1, 10) || 'T24'",
        {"since": since, "gone": json.dumps(sorted(gone))},
    ):
        if verified[:10] > since[:10]:
            days[source, verified[:10], counts] -= 1
        own = gone.get(page, {})
        left = {kind: count - own.get(kind, 0) for kind, count in json.loads(counts).items()}
        yield from _fact_counts(source, left, 1, verified)
    for (source, day, counts), pages in days.items():
        yield from _fact_counts(source, json.loads(counts), pages, f"{day}T00:00:00Z")


_COUNTED_PAGE = "SELECT k.page_id, p.source, k.counts, p.last_verified"


def _fact_counts(source: str, counts: dict[str, int], times: int, oldest: str) -> Iterator[FactCount]:
    for kind, count in counts.items():
        if count and times:
            authority, attribute = kind.split(" ", 1)
            yield FactCount(source, authority, attribute, count * times, oldest)


def _count_away(conn: sqlite3.Connection, since: str, away: RunOut) -> dict[int, dict[str, int]]:
    """Return by page how many of its counted facts do not hold, by kind."""
    found: dict[int, dict[str, int]] = {}
    rows = conn.execute(
        "SELECT f.model, offer, attribute, qualifier, page_id, authority FROM json_each(:models) n CROSS JOIN kept_facts f"
        " ON f.model = n.value JOIN pages p ON p.id = f.page_id"
        f" WHERE f.shown AND NOT {APART} AND p.last_verified >= :since",
        {"models": json.dumps(sorted(away.touched)), "since": since},
    )
    for *key, page, authority in rows:
        if not away.holds((key[0], key[1], key[2], key[3])):
            kinds = found.setdefault(page, {})
            kind = count_kind(authority, key[2])
            kinds[kind] = kinds.get(kind, 0) + 1
    return found


def count_kind(authority: str, attribute: str) -> str:
    """Return the name under which a page counts a fact; authorities have no space in them."""
    return f"{authority} {attribute}"


def known_attributes(
    conn: sqlite3.Connection, attributes: Collection[str], away: RunOut
) -> tuple[int, set[tuple[str, str]]]:
    """Return how many of these attributes are stated of models whose rows all hold, and those stated of the others."""
    touched = json.dumps(sorted(away.touched))
    known = conn.execute(
        "SELECT (SELECT coalesce(sum(stated), 0) FROM kept_models) - coalesce(sum(stated), 0) FROM kept_models"
        " WHERE model IN (SELECT value FROM json_each(?))",
        [touched],
    ).fetchone()[0]
    rows = conn.execute(
        "SELECT model, offer, attribute, qualifier FROM json_each(?) n JOIN kept_facts ON model = n.value"
        " WHERE stated AND offer = ''",
        [touched],
    )
    return known, {(row[0], row[2]) for row in rows if row[2] in attributes and away.holds(tuple(row))}
