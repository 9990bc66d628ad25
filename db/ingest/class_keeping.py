"""Keeping the class of every page: a change takes it away, the end of a run works it out again."""

from __future__ import annotations

import sqlite3

from cardwatch.db.query.page_classes import find_classless


def keep_classes(conn: sqlite3.Connection) -> None:
    """Give every page its class, once the rows of what pages state of models are kept; classes without pages go."""
    classless = find_classless(conn)
    for page_id, found in classless.items():
        own = (found.source, found.kind, found.host, found.attributes)
        conn.execute(
            "INSERT INTO page_classes (source, kind, host, attributes) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            own,
        )
        conn.execute(
            "UPDATE pages SET class_id = (SELECT id FROM page_classes WHERE (source, kind, host, attributes)"
            " = (?, ?, ?, ?)) WHERE id = ?",
            (*own, page_id),
        )
    if classless:
        conn.execute("DELETE FROM page_classes WHERE pages = 0")


def take_away_classes(conn: sqlite3.Connection, models: str) -> None:
    """Take their class from the pages that list any of these models, given as JSON."""
    conn.execute(
        "UPDATE pages SET class_id = NULL WHERE id IN (SELECT l.page_id FROM json_each(?) n CROSS JOIN listings l"
        " ON l.model = n.value)",
        [models],
    )
