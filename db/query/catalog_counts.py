"""How many models the catalog holds, for the end of a run and for `doctor`."""

from __future__ import annotations

import sqlite3


def count_models(conn: sqlite3.Connection) -> int:
    """Return how many models are known, merged ones aside."""
    merged = "select count(*) from model_ids where merged_into is not null"
    return int(conn.execute(f"select count(*) - ({merged}) from model_ids").fetchone()[0])
