"""What is kept so that nobody works it out again: the tables, and the number of the rules they are worked out by."""

from __future__ import annotations

import sqlite3

KEPT_RULES = 2
"""Raised by a person when readers in Python work something out otherwise; what views say otherwise shows by itself."""


def drop_kept(conn: sqlite3.Connection) -> None:
    """Drop everything that is kept, and note that it is to be worked out again."""
    for table in ("kept_facts", "kept_pages", "kept_models", "kept_page_models", "kept_source_models"):
        conn.execute(f"DELETE FROM {table}")
    conn.execute("UPDATE pages SET class_id = NULL")
    conn.execute("INSERT INTO kept_models (model, steady_until) SELECT DISTINCT model, '' FROM listings")
