"""Holds: values and visits that wait for a second look or a person; the old value stays published."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from cardwatch.crawler.documents import Visit
from cardwatch.db.ingest import corroboration
from cardwatch.db.ingest.page_diff import ClaimChange, PageDiff
from cardwatch.db.ingest.plausibility import HoldReason, moves_alike
from cardwatch.db.ingest.screening import HeldChange
from cardwatch.db.store.errors import UnknownHoldError
from cardwatch.db.store.hold_rules import IMPOSSIBLE_RULES
from cardwatch.db.store.values import ClaimKey

HoldDecision = Literal["release", "reject"]
Settlement = Literal["hold", "waiting", "rejected", "confirmed", "unconfirmed"]


class ValueHold(NamedTuple):
    """A value hold that is not over: open, or rejected while the source goes on saying it.

    `since` is the first look that was in doubt, `seen_after` the first that showed this very value.
    """

    id: int
    old: str | None
    new: str | None
    archive: str
    state: str
    rule: str
    since: str
    seen_after: str


class VisitHold(NamedTuple):
    """The losses of a visit held; `signature` is what it would have taken away."""

    id: int
    signature: list[str]
    archive: str
    state: str


def active_value_holds(conn: sqlite3.Connection, page_id: int) -> dict[tuple[int, ClaimKey], ValueHold]:
    """Return the value holds of a page that are not over."""
    rows = conn.execute(
        "SELECT listing_id, attribute, qualifier, valid_from, valid_to, id, old, new, archive, state, rule, since,"
        " coalesce(json_extract(proposal, '$.seen_after'), since) FROM holds"
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
    """Return the archive file of a visit; each run writes its own file.

    Bytes seen before stand in an older file: where the documents are says nothing of the run.
    """
    return visit.warc or (visit.documents[0].warc if visit.documents else "")


def is_other_run(visit: Visit, archive: str) -> bool:
    """Say whether a visit belongs to another run than the one that wrote `archive`."""
    now = archive_of(visit)
    return not now or not archive or now != archive


def settle_doubt(known: ValueHold | None, item: HeldChange, visit: Visit, at: str, days: int) -> Settlement:
    """Say what becomes of a doubtful change, given what waits at its place already.

    A second look settles a surprise when it agrees with the first against the old value; so does time. Nothing a
    source repeats settles what is impossible.
    """
    new = item.change.new.text
    if known is None or (known.state == "rejected" and known.new != new):
        return "hold"
    if known.state == "rejected":
        return "rejected"
    both_surprise = not item.doubt.impossible and known.rule not in IMPOSSIBLE_RULES
    if both_surprise and is_other_run(visit, known.archive):
        if moves_alike(known.old, known.new, new):
            return "confirmed"
        if is_overdue(known.since, at, days):
            return "unconfirmed"
    return "waiting" if known.new == new else "hold"


def is_overdue(since: str, at: str, days: int) -> bool:
    """Say whether a surprise has waited as long as it may."""
    return datetime.fromisoformat(since) + timedelta(days=days) <= datetime.fromisoformat(at)


def hold_value(
    conn: sqlite3.Connection, diff: PageDiff, listing_id: int, item: HeldChange, document_id: int, since: str
) -> None:
    """Keep a doubtful value back; `since` is the first look that was in doubt about its place."""
    change, doubt = item
    old = change.old.value if change.old else None
    proposal = json.dumps(_proposal(change, document_id, diff), sort_keys=True)
    _insert(conn, diff, "value", listing_id, change.key, old, change.new.text, doubt, proposal, since)


def hold_visit(conn: sqlite3.Connection, diff: PageDiff, doubt: HoldReason, signature: list[str]) -> None:
    """Keep the losses of a visit back."""
    _insert(conn, diff, "visit", None, ("", "", "", ""), None, None, doubt, json.dumps(signature), diff.at)


def _insert(
    conn: sqlite3.Connection, diff: PageDiff, kind: str, listing_id: int | None, key: ClaimKey, old: str | None,
    new: str | None, doubt: HoldReason, proposal: str, since: str,
) -> None:  # fmt: skip
    conn.execute(
        f"INSERT INTO holds VALUES (NULL{', ?' * 14}, 'open', NULL, NULL)",
        (
            kind, diff.page.id, listing_id, *key, old, new, doubt.reason, doubt.rule, proposal,
            archive_of(diff.visit), since,
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
    """Publish the surprises of a page that waited for a second look and were now seen unchanged.

    Returns the models concerned, one per value.
    """
    rows = _open_value_holds(conn, "h.page_id = ?", page_id)
    seen_twice = [
        row for row in rows if row["rule"] not in IMPOSSIBLE_RULES and is_other_run(visit, row["archive"])
    ]
    for row in seen_twice:
        end_hold(conn, row["id"], "released", at)
        publish_held(conn, row, at)
    return [row["model"] for row in seen_twice]


def settle_open_holds(conn: sqlite3.Connection, at: str, days: int) -> list[str]:
    """Publish what an independent source has come to say too, and the surprises that waited long enough.

    Returns the models concerned, one per value.
    """
    settled = []
    for row in _open_value_holds(conn, "1"):
        place = corroboration.CorroborationPlace(
            row["model"], row["offer"], row["attribute"], row["qualifier"]
        )
        confirmed = corroboration.is_confirmed(
            conn, place, row["new"], source=row["source"], rank=row["rank"], at=at
        )
        late = row["rule"] not in IMPOSSIBLE_RULES and is_overdue(row["since"], at, days)
        if confirmed or late:
            end_hold(conn, row["id"], "released" if confirmed else "unconfirmed", at)
            publish_held(conn, row, at, unconfirmed=not confirmed)
            settled.append(row["model"])
    return settled


def _open_value_holds(conn: sqlite3.Connection, where: str, *args: object) -> list[sqlite3.Row]:
    return conn.execute(
        "SELECT h.*, l.model, l.offer, l.rank, p.source FROM holds h JOIN listings l ON l.id = h.listing_id"
        " JOIN pages p ON p.id = h.page_id"
        f" WHERE {where} AND h.kind = 'value' AND h.state = 'open' AND h.until IS NULL ORDER BY h.id",
        args,
    ).fetchall()


def _proposal(move: ClaimChange, document_id: int, diff: PageDiff) -> dict[str, Any]:
    """Return all that publishing the value later needs."""
    value = move.new.value
    return {
        "unit": value.unit, "state": value.state, "raw": value.raw, "raw_unit": value.raw_unit,
        "locator": value.locator, "document_id": document_id, "effective_from": value.effective_from,
        "published_on": value.published_on, "seen_after": diff.at,
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


def publish_held(conn: sqlite3.Connection, hold: sqlite3.Row, at: str, *, unconfirmed: bool = False) -> None:
    """Make a held value the present one, as of `at`."""
    key = (hold["listing_id"], hold["attribute"], hold["qualifier"], hold["valid_from"], hold["valid_to"])
    same_claim = "listing_id = ? AND attribute = ? AND qualifier = ? AND valid_from = ? AND valid_to = ?"
    old = conn.execute(
        f"SELECT id, first_seen FROM claims WHERE {same_claim} AND until IS NULL", key
    ).fetchone()
    replaced, first = (old["id"], old["first_seen"]) if old is not None else (None, at)
    conn.execute("UPDATE claims SET until = ? WHERE id = ?", [at, replaced])
    new = json.loads(hold["proposal"])
    made = conn.execute(
        f"INSERT INTO claims VALUES (NULL{', ?' * 21})",
        (
            *key, hold["new"], new["unit"], new["state"], new["raw"], new["raw_unit"], new["locator"],
            new["document_id"], new["effective_from"], new["published_on"], first, at, None, None, None, None,
            replaced,
        ),
    )  # fmt: skip
    seen = new.get("seen_after", hold["since"])
    conn.execute("INSERT INTO delayed_claims VALUES (?, ?, ?)", [made.lastrowid, seen, int(unconfirmed)])
