"""Impossible values published before a rule forbade them: each gives way to the last plausible value."""

from __future__ import annotations

import json
import sqlite3

from cardwatch.db.ingest import plausibility
from cardwatch.db.ingest.plausibility import HoldReason
from cardwatch.db.query.reports import IngestReport

RULES = "1"
"""Raised when a rule against impossible values is added, so that what is published is judged by it once."""


def hold_back_impossible(conn: sqlite3.Connection, source: str, report: IngestReport, at: str) -> None:
    """Hold the impossible values of a source that are published, once for each set of rules."""
    name = f"held back {source}"
    if conn.execute("SELECT 1 FROM settings WHERE name = ? AND value = ?", [name, RULES]).fetchone():
        return
    conn.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [name, RULES])
    for claim in _present_claims(conn, source):
        doubt = plausibility.impossible_value(claim["attribute"], claim["value"])
        if doubt is not None and not _person_agrees(conn, claim):
            _hold_back(conn, claim, doubt, at)
            report.held += 1
            report.dirty_models.add(claim["model"])


def _present_claims(conn: sqlite3.Connection, source: str) -> list[sqlite3.Row]:
    return conn.execute(
        "SELECT c.*, l.page_id, l.model, l.offer FROM claims c JOIN listings l ON l.id = c.listing_id"
        " JOIN pages p ON p.id = l.page_id WHERE p.source = ? AND p.kind NOT IN ('import', 'review')"
        " AND c.until IS NULL AND c.value IS NOT NULL AND (c.attribute = 'context_window' OR c.attribute IN"
        " (SELECT name FROM attributes WHERE type = 'price'))",
        [source],
    ).fetchall()


def _person_agrees(conn: sqlite3.Connection, claim: sqlite3.Row) -> bool:
    """Say whether a person released or confirmed this very value."""
    row = conn.execute(
        "SELECT 1 FROM holds WHERE listing_id = :listing AND attribute = :name AND new = :value"
        " AND decided_by IS NOT NULL AND state = 'released' UNION ALL SELECT 1 FROM confirmations"
        " WHERE model = :model AND offer = :offer AND attribute = :name AND value = :value",
        {"listing": claim["listing_id"], "name": claim["attribute"], "value": claim["value"],
         "model": claim["model"], "offer": claim["offer"]},
    ).fetchone()  # fmt: skip
    return row is not None


def _hold_back(conn: sqlite3.Connection, claim: sqlite3.Row, doubt: HoldReason, at: str) -> None:
    """End an impossible claim, let the last plausible one stand again with its old date, and hold the value."""
    plausible = _last_plausible(conn, claim)
    conn.execute("UPDATE claims SET until = ? WHERE id = ?", [at, claim["id"]])
    if plausible is not None:
        conn.execute(
            "INSERT INTO claims SELECT NULL, listing_id, attribute, qualifier, valid_from, valid_to, value, unit, state,"
            " raw, raw_unit, locator, document_id, effective_from, published_on, first_seen, ?, NULL,"
            " coalesce(last_verified, until), reviewer, observed_at, id FROM claims WHERE id = ?",
            [at, plausible["id"]],
        )
    known = {
        name: claim[name] for name in ("unit", "state", "raw", "raw_unit", "locator", "document_id",
                                       "effective_from", "published_on")
    }  # fmt: skip
    conn.execute(
        f"INSERT INTO holds VALUES (NULL, 'value'{', ?' * 13}, 'open', NULL, NULL)",
        (
            claim["page_id"], claim["listing_id"], claim["attribute"], claim["qualifier"], claim["valid_from"],
            claim["valid_to"], plausible["value"] if plausible else None, claim["value"], doubt.reason, doubt.rule,
            json.dumps({**known, "seen_after": claim["since"]}, sort_keys=True), "", at,
        ),
    )  # fmt: skip


def _last_plausible(conn: sqlite3.Connection, claim: sqlite3.Row) -> sqlite3.Row | None:
    """Return the latest earlier claim in the place of this one whose value is possible."""
    earlier: sqlite3.Row | None = claim
    while earlier is not None:
        if plausibility.impossible_value(earlier["attribute"], earlier["value"]) is None:
            return earlier
        earlier = conn.execute("SELECT * FROM claims WHERE id = ?", [earlier["previous_id"]]).fetchone()
    return None
