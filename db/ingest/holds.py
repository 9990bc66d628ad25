"""Holds: values and visits that wait for a second look or a person; the old value stays published."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from cardwatch.crawler.documents import Visit
from cardwatch.db.ingest.page_diff import ClaimChange, PageDiff
from cardwatch.db.ingest.plausibility import HoldReason
from cardwatch.db.ingest.screening import HeldChange
from cardwatch.db.store.errors import UnknownHoldError
from cardwatch.db.store.values import ClaimKey

HoldDecision = Literal["release", "reject"]


class ValueHold(NamedTuple):
    """A value hold that is not over: open, or rejected while the source goes on saying it."""

    id: int
    new: str | None
    archive: str
    state: str


class VisitHold(NamedTuple):
    """A whole visit held; `signature` is what it would have taken away or changed."""

    id: int
    signature: list[str]
    archive: str
    state: str


def active_value_holds(conn: sqlite3.Connection, page_id: int) -> dict[tuple[int, ClaimKey], ValueHold]:
    """Return the value holds of a page that are not over."""
    rows = conn.execute(
        "SELECT listing_id, attribute, qualifier, valid_from, valid_to, id, new, archive, state FROM holds"
        " WHERE page_id = ? AND kind = 'value' AND until IS NULL",
        [page_id],
    )
    return {(row[0], (row[1], row[2], row[3], row[4])): ValueHold(*row[5:]) for row in rows}


def active_visit_hold(conn: sqlite3.Connection, page_id: int) -> VisitHold | None:
    """Return the visit hold of a page that is not over."""
    row = conn.execute(
        "SELECT id, proposal, archive, state FROM holds WHERE page_id = ? AND kind = 'visit' AND until IS NULL",
        [page_id],
    ).fetchone()
    return VisitHold(row[0], json.loads(row[1]), row[2], row[3]) if row else None


def archive_of(visit: Visit) -> str:
    """Return the archive file that tells of a visit, which stands for the run it was made in.

    Bytes seen before stand in an older file: where the documents are says nothing of the run.
    """
    return visit.warc or (visit.documents[0].warc if visit.documents else "")


def is_other_run(visit: Visit, archive: str) -> bool:
    """Say whether a visit belongs to another run than the one that wrote `archive`."""
    now = archive_of(visit)
    return not now or not archive or now != archive


def hold_value(
    conn: sqlite3.Connection, plan: PageDiff, listing_id: int, item: HeldChange, proposal: Mapping[str, Any]
) -> None:
    """Keep a doubtful value back."""
    move, doubt = item
    old = move.old.value if move.old else None
    _insert(
        conn,
        plan,
        "value",
        listing_id,
        move.key,
        old,
        move.new.text,
        doubt,
        json.dumps(proposal, sort_keys=True),
    )


def hold_visit(conn: sqlite3.Connection, plan: PageDiff, doubt: HoldReason, signature: list[str]) -> None:
    """Keep a whole visit back."""
    _insert(conn, plan, "visit", None, ("", "", "", ""), None, None, doubt, json.dumps(signature))


def _insert(
    conn: sqlite3.Connection, plan: PageDiff, kind: str, listing_id: int | None, key: ClaimKey, old: str | None,
    new: str | None, doubt: HoldReason, proposal: str,
) -> None:  # fmt: skip
    conn.execute(
        f"INSERT INTO holds VALUES (NULL{', ?' * 14}, 'open', NULL, NULL)",
        (
            kind, plan.page.id, listing_id, *key, old, new, doubt.reason, doubt.rule, proposal,
            archive_of(plan.visit), plan.at,
        ),
    )  # fmt: skip


def end_hold(conn: sqlite3.Connection, hold_id: int, state: str, at: str, by: str | None = None) -> None:
    """Close a hold; a rejected one that the source stopped saying keeps its state."""
    conn.execute(
        "UPDATE holds SET state = CASE WHEN state = 'rejected' THEN state ELSE ? END, until = ?,"
        " decided_by = coalesce(?, decided_by) WHERE id = ?",
        [state, at, by, hold_id],
    )


def publish_confirmed(conn: sqlite3.Connection, page_id: int, visit: Visit, at: str) -> list[str]:
    """Publish the values of a page that waited for a second look and were now seen unchanged.

    Returns the models concerned, one per value.
    """
    rows = conn.execute(
        "SELECT h.*, l.model FROM holds h JOIN listings l ON l.id = h.listing_id WHERE h.page_id = ?"
        " AND h.kind = 'value' AND h.state = 'open' AND h.until IS NULL ORDER BY h.id",
        [page_id],
    ).fetchall()
    seen_twice = [row for row in rows if is_other_run(visit, row["archive"])]
    for row in seen_twice:
        end_hold(conn, row["id"], "released", at)
        publish_held(conn, row, at)
    return [row["model"] for row in seen_twice]


def proposal_of(move: ClaimChange, document_id: int) -> dict[str, Any]:
    """Return all that publishing the value later needs."""
    value = move.new.value
    return {
        "unit": value.unit, "state": value.state, "raw": value.raw, "raw_unit": value.raw_unit,
        "locator": value.locator, "document_id": document_id, "effective_from": value.effective_from,
        "published_on": value.published_on,
    }  # fmt: skip


def decide_hold(
    conn: sqlite3.Connection, hold_id: int, decision: HoldDecision, *, by: str, at: str
) -> set[str]:
    """Carry out a person's decision; returns the models it touched. Raises UnknownHoldError.

    A released visit is read again from the archive: its page is marked for it.
    """
    hold = conn.execute(
        "SELECT * FROM holds WHERE id = ? AND state = 'open' AND until IS NULL", [hold_id]
    ).fetchone()
    if hold is None:
        raise UnknownHoldError(hold_id)
    if decision == "reject":
        conn.execute("UPDATE holds SET state = 'rejected', decided_by = ? WHERE id = ?", [by, hold_id])
        return set()
    if hold["kind"] == "visit":
        conn.execute("UPDATE holds SET state = 'released', decided_by = ? WHERE id = ?", [by, hold_id])
        conn.execute("UPDATE pages SET rules = '' WHERE id = ?", [hold["page_id"]])
        return set()
    end_hold(conn, hold_id, "released", at, by)
    publish_held(conn, hold, at)
    row = conn.execute("SELECT model FROM listings WHERE id = ?", [hold["listing_id"]]).fetchone()
    return {row[0]}


def publish_held(conn: sqlite3.Connection, hold: sqlite3.Row, at: str) -> None:
    """Make a held value the present one, as of `at`."""
    key = (hold["listing_id"], hold["attribute"], hold["qualifier"], hold["valid_from"], hold["valid_to"])
    same_claim = "listing_id = ? AND attribute = ? AND qualifier = ? AND valid_from = ? AND valid_to = ?"
    old = conn.execute(
        f"SELECT id, first_seen FROM claims WHERE {same_claim} AND until IS NULL", key
    ).fetchone()
    replaced, first = (old["id"], old["first_seen"]) if old is not None else (None, at)
    conn.execute("UPDATE claims SET until = ? WHERE id = ?", [at, replaced])
    said = json.loads(hold["proposal"])
    conn.execute(
        f"INSERT INTO claims VALUES (NULL{', ?' * 21})",
        (
            *key, hold["new"], said["unit"], said["state"], said["raw"], said["raw_unit"], said["locator"],
            said["document_id"], said["effective_from"], said["published_on"], first, at, None, None, None, None,
            replaced,
        ),
    )  # fmt: skip
