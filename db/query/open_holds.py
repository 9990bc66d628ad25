"""The changes that wait for a person's decision, with all that one needs to judge them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta

from cardwatch.db.query.cards import ClaimedValue
from cardwatch.db.query.reports import Hold, HoldEvidence
from cardwatch.db.store.hold_rules import HOLD_DAYS, IMPOSSIBLE_RULES
from cardwatch.db.store.values import decode_value

_HOLDS = """SELECT h.id, p.source, p.url, l.model, l.provider, l.offer, h.attribute, h.qualifier, h.old, h.new, h.reason,
  h.since, h.state, h.rule, h.kind, json_extract(h.proposal, '$.locator') AS new_locator,
  d.digest AS new_document, coalesce(json_extract(h.proposal, '$.seen_after'), h.since) AS new_seen,
  c.locator AS old_locator, e.digest AS old_document, c.last_verified AS old_seen
FROM holds h JOIN pages p ON p.id = h.page_id LEFT JOIN listings l ON l.id = h.listing_id
  LEFT JOIN documents d ON d.id = iif(h.kind = 'value', json_extract(h.proposal, '$.document_id'), NULL)
  LEFT JOIN claims c ON c.listing_id = h.listing_id AND c.attribute = h.attribute AND c.qualifier = h.qualifier
    AND c.valid_from = h.valid_from AND c.valid_to = h.valid_to AND c.until IS NULL
  LEFT JOIN documents e ON e.id = c.document_id
WHERE h.state = 'open' AND h.until IS NULL ORDER BY h.since, h.id"""


def list_open_holds(conn: sqlite3.Connection, hold_days: int = HOLD_DAYS) -> Iterator[Hold]:
    """Yield what waits for a decision, oldest first.

    The same value said at once of a model and of its offer is one hold.
    """
    seen: set[tuple[object, ...]] = set()
    for row in conn.execute(_HOLDS).fetchall():
        one = (
            row["source"],
            row["model"],
            row["attribute"],
            row["qualifier"],
            row["old"],
            row["new"],
            row["since"],
        )
        if row["kind"] == "value" and not row["attribute"].endswith("_price") and one in seen:
            continue
        seen.add(one)
        yield _hold(conn, row, hold_days)


def _hold(conn: sqlite3.Connection, row: sqlite3.Row, hold_days: int) -> Hold:
    name = row["attribute"]
    old, new = (decode_value(name, row[key]) if name else None for key in ("old", "new"))
    doubt = (
        "losses"
        if row["kind"] == "visit"
        else "impossible"
        if row["rule"] in IMPOSSIBLE_RULES
        else "surprise"
    )
    ends_on = (
        str(date.fromisoformat(row["since"][:10]) + timedelta(days=hold_days))
        if doubt == "surprise"
        else None
    )
    return Hold(
        row["id"], row["source"], row["url"], row["model"], row["provider"] or None, row["offer"] or None,
        name, old, new, row["reason"], row["since"], row["state"], row["rule"], doubt, _evidence(row, "old"),
        _evidence(row, "new"), tuple(_others(conn, row)), _if_undecided(doubt, ends_on), ends_on,
    )  # fmt: skip


def _evidence(row: sqlite3.Row, side: str) -> HoldEvidence | None:
    if row[f"{side}_document"] is None:
        return None
    return HoldEvidence(row[f"{side}_document"], row[f"{side}_locator"], row[f"{side}_seen"] or "")


def _others(conn: sqlite3.Connection, row: sqlite3.Row) -> Iterator[ClaimedValue]:
    """Yield what other sources say of the same fact."""
    found = conn.execute(
        "SELECT source, value, url, last_verified, via, authority FROM standing_claims WHERE model = ? AND offer = ?"
        " AND attribute = ? AND qualifier = ? AND source <> ? AND value IS NOT NULL ORDER BY source",
        [row["model"], row["offer"], row["attribute"], row["qualifier"], row["source"]],
    )
    for source, value, url, verified, via, authority in found:
        decoded = decode_value(row["attribute"], value)
        yield ClaimedValue(source, decoded, url, (verified or "")[:10], via=via, authority=authority)


def _if_undecided(doubt: str, ends_on: str | None) -> str:
    """Return in words what happens when no person decides."""
    if doubt == "surprise":
        return f"published when a second look agrees, and on {ends_on} marked unconfirmed"
    if doubt == "losses":
        return "the losses are published when a second run agrees"
    return "waits for its source to correct it, or for an independent source that says the same"
