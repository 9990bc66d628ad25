"""Models whose comparisons somebody must look at: kept until that is done, so that a killed run loses none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from cardwatch.db.store.choice_rules import age_sql
from cardwatch.db.store.current_claims import current_claims_sql

CLEAN_AS_OF = "comparisons settled at"


def mark_dirty(conn: sqlite3.Connection, models: Iterable[str], at: str) -> None:
    """Remember models, under the ids they go by now."""
    conn.executemany(
        "INSERT INTO touched SELECT coalesce(merged_into, id), ? FROM model_ids WHERE id = ? ON CONFLICT DO NOTHING",
        [(at, model) for model in sorted(models)],
    )


def list_dirty_models(conn: sqlite3.Connection, *, at: str) -> list[str]:
    """Return the ids of the models whose comparisons may have changed: a claim did, or a date it starts or ends on came."""
    since = conn.execute("SELECT value FROM settings WHERE name = ?", [CLEAN_AS_OF]).fetchone()
    rows = conn.execute(
        "SELECT model FROM touched UNION SELECT l.model FROM claims c JOIN listings l ON l.id = c.listing_id"
        " WHERE c.until IS NULL AND c.valid_from <> '' AND"
        " ((c.valid_from > ?1 AND c.valid_from <= ?2) OR (c.valid_to > ?1 AND c.valid_to <= ?2))"
        " UNION SELECT l.model FROM claims c JOIN listings l ON l.id = c.listing_id WHERE c.until IS NULL"
        " AND c.attribute IN ('shutdown_date', 'deprecation_date')"
        " AND c.value >= substr(?1, 1, 7) AND c.value <= substr(?2, 1, 10)",
        [since[0] if since else "", at],
    )
    models = {row[0] for row in rows}
    if since and since[0][:10] < at[:10]:
        models |= _aged_models(conn, since[0], at)
    return sorted(models)


def _aged_models(conn: sqlite3.Connection, since: str, at: str) -> set[str]:
    """Return the models of which a disputed claim passed its limit between two moments."""
    then, now = (age_sql("last_verified", moment) for moment in ("?1", "?2"))
    rows = conn.execute(
        f"SELECT model FROM ({current_claims_sql('?2')}) GROUP BY model, offer, attribute, qualifier"
        f" HAVING min(value) <> max(value) AND max({then} <> {now})",
        [since, at],
    )
    return {row[0] for row in rows}


def mark_clean(conn: sqlite3.Connection, models: Iterable[str], *, at: str) -> None:
    """Note that the comparisons of `models` are up to date as of `at`."""
    conn.executemany("DELETE FROM touched WHERE model = ?", [(model,) for model in models])
    conn.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [CLEAN_AS_OF, at])
