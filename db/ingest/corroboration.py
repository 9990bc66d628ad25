"""Who else says so: independent sources and dated statements that settle a doubt at once."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from cardwatch.db.ingest.plausibility import parse_number, same_price
from cardwatch.db.store.values import ClaimKey


class CorroborationPlace(NamedTuple):
    """Which fact of a model, or of its offer, is asked about."""

    model: str
    offer: str
    attribute: str
    qualifier: str


def is_confirmed(
    conn: sqlite3.Connection, place: CorroborationPlace, value: str | None, *, source: str, rank: int, at: str
) -> bool:
    """Say whether somebody other than `source`, whose word has this rank, says the value of a fact too.

    A statement that gave the day beforehand confirms whoever made it. Sources that copy one another, or copy from
    the same one, count once; the one whose word weighs more copies nobody.
    """
    rows = conn.execute(
        "SELECT c.value, c.valid_from, l.rank, s.id, s.derived_from FROM listings l"
        " JOIN claims c ON c.listing_id = l.id JOIN pages p ON p.id = l.page_id JOIN sources s ON s.id = p.source"
        " WHERE l.model = ? AND l.offer = ? AND c.attribute = ? AND c.qualifier = ? AND c.until IS NULL"
        " AND c.valid_from <= ? AND (c.valid_to = '' OR c.valid_to > ?) AND c.value IS NOT NULL"
        " AND (c.last_verified IS NULL OR p.kind IN ('import', 'review'))"
        " AND NOT EXISTS (SELECT 1 FROM absences WHERE listing_id = l.id AND until IS NULL)",
        [*place, at, at],
    ).fetchall()
    agreeing = [row for row in rows if same_price(row["value"], value)]
    if any(row["valid_from"] for row in agreeing):
        return True
    own = _upstreams(conn, source)
    return any(
        row["rank"] < rank or not own & {row["id"], *row["derived_from"].split()}
        for row in agreeing
        if row["id"] != source
    )


def is_return(conn: sqlite3.Connection, listing_id: int, key: ClaimKey, value: str | None) -> bool:
    """Say whether a price stood in this place before; nothing is too easily said by mistake to count."""
    rows = conn.execute(
        "SELECT value FROM claims WHERE listing_id = ? AND attribute = ? AND qualifier = ? AND valid_from = ?"
        " AND valid_to = ? AND until IS NOT NULL AND value IS NOT NULL",
        [listing_id, *key],
    )
    return bool(parse_number(value)) and any(same_price(row["value"], value) for row in rows)


def _upstreams(conn: sqlite3.Connection, source: str) -> set[str]:
    """Return a source and those it copies from."""
    row = conn.execute("SELECT derived_from FROM sources WHERE id = ?", [source]).fetchone()
    return {source, *(row[0].split() if row else ())}
