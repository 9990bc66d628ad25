"""How many models the catalog holds, for the end of a run and for `doctor`."""

from __future__ import annotations

import sqlite3


def count_models(conn: sqlite3.Connection) -> int:
    """Return how many models are known, merged ones aside."""
    return int(conn.execute("select count(*) from model_ids where merged_into is null").fetchone()[0])
