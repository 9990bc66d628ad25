"""Models whose comparisons somebody must look at: kept until that is done, so that a killed run loses none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from cardwatch.db.ingest import fact_keeping


def mark_dirty(conn: sqlite3.Connection, models: Iterable[str], at: str) -> None:
    """Remember models that changed, under the ids they go by now; what is kept of them goes."""
    changed = sorted({*models})
    _touch(conn, changed, at)
    fact_keeping.take_away_facts(conn, changed)


def update_kept_facts(conn: sqlite3.Connection, at: str) -> None:
    """Work out what is kept of models that changed or whose time ran out; the latter are dirty, too."""
    _touch(conn, fact_keeping.keep_facts(conn, at), at)


def _touch(conn: sqlite3.Connection, models: Iterable[str], at: str) -> None:
    conn.executemany(
        "INSERT INTO touched SELECT coalesce(merged_into, id), ? FROM model_ids WHERE id = ? ON CONFLICT DO NOTHING",
        [(at, model) for model in models],
    )


def list_dirty_models(conn: sqlite3.Connection) -> list[str]:
    """Return the ids of the models whose comparisons may have changed: a claim did, or a date of one has come."""
    return [model for (model,) in conn.execute("SELECT model FROM touched ORDER BY model")]


def mark_clean(conn: sqlite3.Connection, models: Iterable[str]) -> None:
    """Note that the comparisons of `models` are up to date."""
    conn.executemany("DELETE FROM touched WHERE model = ?", [(model,) for model in models])
