"""The changes that wait for a person's decision."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from cardwatch.db.query.reports import Hold
from cardwatch.db.store.values import decode_value


def list_open_holds(conn: sqlite3.Connection) -> Iterator[Hold]:
    """Yield what waits for a decision, oldest first."""
    rows = conn.execute(
        "SELECT h.id, p.source, p.url, l.model, l.provider, l.offer, h.attribute, h.old, h.new, h.reason, h.since,"
        " h.state FROM holds h JOIN pages p ON p.id = h.page_id LEFT JOIN listings l ON l.id = h.listing_id"
        " WHERE h.state = 'open' AND h.until IS NULL ORDER BY h.since, h.id"
    )
    for row in rows:
        name = row["attribute"]
        old, new = (decode_value(name, row[key]) if name else None for key in ("old", "new"))
        yield Hold(
            row["id"], row["source"], row["url"], row["model"], row["provider"] or None, row["offer"] or None,
            name, old, new, row["reason"], row["since"], row["state"],
        )  # fmt: skip
