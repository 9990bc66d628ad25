"""Every claim that stands, straight from the tables: what the audit of choices looks at, beside the rules."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from cardwatch.db.store.choice_rules import STATED_SQL


class StatedClaim(NamedTuple):
    """One claim with what tells how good it is; `still` says that its page goes on saying so."""

    model: str
    offer: str
    attribute: str
    qualifier: str
    value: str
    source: str
    authority: str
    provider: str
    via: str
    last_verified: str
    still: int


def list_stated_claims(conn: sqlite3.Connection, at: str) -> Iterator[StatedClaim]:
    """Yield the claims with a value that stand at a moment, by fact."""
    rows = conn.execute(
        f"""SELECT l.model, l.offer, c.attribute, c.qualifier, c.value, p.source, l.authority, l.provider, l.via,
          substr(coalesce(c.last_verified, a.last_verified, p.last_verified), 1, 10),
          a.since IS NULL AND (c.last_verified IS NULL OR l.authority IN ({STATED_SQL}) OR EXISTS (
            SELECT 1 FROM unread_claims w WHERE w.claim_id = c.id) OR EXISTS (
            SELECT 1 FROM holds h WHERE h.listing_id = l.id AND h.attribute = c.attribute AND h.until IS NULL))
        FROM claims c JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id
          LEFT JOIN absences a ON a.listing_id = l.id AND a.until IS NULL
        WHERE c.until IS NULL AND c.value IS NOT NULL AND c.valid_from <= :at
          AND (c.valid_to = '' OR c.valid_to > :at)
        ORDER BY 1, 2, 3, 4""",
        {"at": at},
    )
    return (StatedClaim(*row) for row in rows)
