"""Which receiver was sent which event, and since when events count for it: each event at most once per receiver.

An event is written down before it is sent. When the receiver accepts it, that is noted; when it does not, the
row is deleted and the event stays pending. One that was under way when its run was killed is not sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cardwatch.db.catalog import CatalogStore
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.store.values import format_time

EventKind = Literal["price", "held", "retired", "failing", "stale", "unread"]
LASTING_KINDS = ("retired", "failing", "stale", "unread")
"""Kinds that describe a state: sent once while it lasts, and again when it comes back."""
NEWS_DAYS = 30
"""Days after which an event that could not be sent is dropped; a source that still fails is sent all the same."""
NOTIFYING_RUNS = "kind IN ('refresh', 'normalize') AND finished IS NOT NULL"
"""Finished runs that send messages, if there is a receiver."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something worth a message: `text` in one line, `subject` its name in the catalog, `at` when it began (ISO 8601)."""

    kind: EventKind
    subject: str
    at: str
    source: str
    model: str | None
    text: str


def news_horizon(now: datetime) -> str:
    """Return the time before which an event is too old to be sent."""
    return format_time(now - timedelta(days=NEWS_DAYS))


def news_since(catalog: CatalogReports, receiver: str, now: datetime) -> str:
    """Return the time after which events are sent to a receiver.

    That is since the last run finished before it was put into the settings, or put back there.
    """
    known = catalog.conn.execute("SELECT since, run FROM receivers WHERE id = ?", [receiver]).fetchone()
    if (
        known
        and not catalog.conn.execute(
            f"SELECT 1 FROM runs WHERE {NOTIFYING_RUNS} AND id > ?", [known[1]]
        ).fetchone()
    ):
        return str(known[0])
    last = catalog.conn.execute("SELECT max(finished) FROM runs").fetchone()[0]
    return str(last or format_time(now - timedelta(seconds=1)))


def register_receiver(catalog: CatalogStore, receiver: str, now: datetime, *, before_run: bool) -> None:
    """Note that a receiver is in the settings, of the run that is about to be written down or of the last one."""
    catalog.conn.execute(
        "INSERT INTO receivers VALUES (?, ?, (SELECT coalesce(max(id), 0) + ? FROM runs))"
        " ON CONFLICT DO UPDATE SET since = excluded.since, run = excluded.run",
        [receiver, news_since(catalog, receiver, now), before_run],
    )


def pending_events(
    catalog: CatalogReports, receiver: str, events: Iterable[Event], now: datetime
) -> list[Event]:
    """Return the events that began after the receiver was added and were not sent to it yet."""
    after, oldest = news_since(catalog, receiver, now), news_horizon(now)
    rows = catalog.conn.execute(
        "SELECT kind, subject, at, over FROM told WHERE receiver = ?", [receiver]
    ).fetchall()
    delivered = {(kind, subject, at) for kind, subject, at, _ in rows}
    lasting = {(kind, subject) for kind, subject, _, over in rows if over is None}
    return [
        event
        for event in events
        if event.at > after
        and (event.at >= oldest or event.kind in ("failing", "stale"))
        and (event.kind, event.subject, event.at) not in delivered
        and (event.kind, event.subject) not in lasting
    ]


def close_lasting_events(catalog: CatalogStore, events: Iterable[Event], at: str) -> None:
    """Note that the states sent before and not among these `events` are over."""
    now = {(event.kind, event.subject) for event in events}
    rows = catalog.conn.execute("SELECT DISTINCT kind, subject FROM told WHERE over IS NULL").fetchall()
    catalog.conn.executemany(
        "UPDATE told SET over = ? WHERE over IS NULL AND kind = ? AND subject = ?",
        [(at, kind, subject) for kind, subject in rows if (kind, subject) not in now],
    )


def record_sending(catalog: CatalogStore, receiver: str, events: Sequence[Event], at: str) -> None:
    """Write down that these events are about to be sent."""
    catalog.conn.executemany(
        "INSERT INTO told VALUES (?, ?, ?, ?, ?, ?, NULL, ?)",
        [
            (receiver, e.kind, e.subject, e.at, e.text, at, None if e.kind in LASTING_KINDS else e.at)
            for e in events
        ],
    )


def mark_delivered(catalog: CatalogStore, receiver: str, events: Sequence[Event], at: str) -> None:
    """Note that the receiver accepted them."""
    _update_deliveries("UPDATE told SET taken = ?", catalog, receiver, events, at)


def cancel_delivery(catalog: CatalogStore, receiver: str, events: Sequence[Event]) -> None:
    """Leave events that the receiver did not accept for the next run."""
    _update_deliveries("DELETE FROM told", catalog, receiver, events)


def _update_deliveries(
    change: str, catalog: CatalogStore, receiver: str, events: Sequence[Event], *values: str
) -> None:
    catalog.conn.executemany(
        f"{change} WHERE receiver = ? AND kind = ? AND subject = ? AND at = ?",
        [(*values, receiver, event.kind, event.subject, event.at) for event in events],
    )


def uncertain(catalog: CatalogReports, receiver: str, now: datetime) -> list[tuple[str, str, str]]:
    """Return kind, at and text of what was under way when a run was killed, if not long ago."""
    rows = catalog.conn.execute(
        "SELECT kind, at, text FROM told WHERE receiver = ? AND taken IS NULL AND sent >= ? ORDER BY at",
        [receiver, news_horizon(now)],
    )
    return [(kind, at, text) for kind, at, text in rows]
