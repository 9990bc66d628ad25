"""What of the pages is not understood now, and how well each source is read over the weeks."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from cardwatch.db.store.freshness_limits import FreshnessLimits, age_days
from cardwatch.db.store.values import format_time

GROWN_SHARE = 0.05
"""By how much of a page's rows the unread share may grow within a week."""
USUAL_VISITS = 5
"""Visits, also those that brought the same bytes, that make a usual band of row counts."""
BAND = (0.8, 1.25)
"""The band reaches from so many times the fewest to so many times the most rows read before."""
DEFAULT_ERROR_DAYS = 14
"""How long a part may stay unread on a page without facts."""


class NotUnderstood(Struct, frozen=True):
    """One part, cell or whole page that is not understood now; `text` is all of it, `waiting` the facts it holds up."""

    source: str
    kind: str
    what: str
    wanted: str
    found: str
    text: str
    section: str
    locator: str
    url: str
    document: str
    since: str
    last_seen: str
    rows: int
    waiting: int


class NewShape(Struct, frozen=True):
    """A way of not being understood that is new to a source: since when, how often, and one example."""

    source: str
    shape: str
    since: str
    parts: int
    waiting: int


class ReadingFinding(Struct, frozen=True):
    """Something about how a source is read that a person should look at."""

    source: str
    url: str
    finding: str
    since: str


def list_not_understood(conn: sqlite3.Connection, source: str | None, since: str) -> list[NotUnderstood]:
    """Return what is not understood now, of one source or all, first met at `since` or later."""
    rows = conn.execute(
        """SELECT p.source, u.kind, u.what, u.wanted, u.found, u.text, u.section, u.locator, p.url, u.document,
          u.first_seen, u.last_seen, u.rows, u.waiting
        FROM unread_parts u JOIN pages p ON p.id = u.page_id WHERE u.until IS NULL
        UNION ALL
        SELECT p.source, CASE q.attribute WHEN 'row' THEN 'row' ELSE 'cell' END, q.attribute,
          iif(q.attribute GLOB 'unknown.*', 'a key or a word that its source has decided about', q.rule), q.raw,
          q.name || ' ' || q.raw, '', q.locator, p.url, q.document, q.first_seen, q.last_seen, 0,
          (SELECT count(*) FROM listings l JOIN claims c ON c.listing_id = l.id
            WHERE l.page_id = q.page_id AND l.name = q.name AND (q.attribute IN (c.attribute, 'row')
              OR (q.attribute GLOB 'unknown.*' AND c.id IN (SELECT claim_id FROM unread_claims)))
              AND c.until IS NULL AND c.value IS NOT NULL AND c.last_verified IS NOT NULL)
        FROM quarantine q JOIN pages p ON p.id = q.page_id WHERE q.until IS NULL"""
    )
    found = (*_pages_not_understood(conn), *(NotUnderstood(*row) for row in rows))
    wanted = [each for each in found if source in (None, each.source) and each.since >= since]
    return sorted(wanted, key=lambda each: (each.source, each.since, each.url, each.locator))


def _pages_not_understood(conn: sqlite3.Connection) -> Iterator[NotUnderstood]:
    """Yield the pages of which the last answer was not understood at all."""
    for page in conn.execute(
        """SELECT p.source, p.url, p.last_detail, a.body, p.failing_since, p.last_attempt,
          (SELECT count(*) FROM listings l JOIN claims c ON c.listing_id = l.id
            WHERE l.page_id = p.id AND c.until IS NULL AND c.value IS NOT NULL) AS waiting
        FROM pages p JOIN attempts a ON a.id = (SELECT max(id) FROM attempts WHERE page_id = p.id)
        WHERE p.last_outcome = 'unparsed'"""
    ):
        problem = _PROBLEM.fullmatch(page["last_detail"])
        what, wanted, found, where = problem.groups("") if problem else ("page", "", page["last_detail"], "")
        yield NotUnderstood(
            page["source"], "page", what, wanted, found, page["last_detail"], "", where, page["url"],
            page["body"], page["failing_since"], page["last_attempt"], 0, page["waiting"],
        )  # fmt: skip


_PROBLEM = re.compile(r"(.+?): wanted (.+?), found (.+?)(?:, at (.+))?", re.DOTALL)


def new_shapes(conn: sqlite3.Connection) -> list[NewShape]:
    """Return each way in which parts of a source are not understood now, once."""
    rows = conn.execute(
        "SELECT p.source, u.shape, min(u.first_seen), count(*), sum(u.waiting) FROM unread_parts u"
        " JOIN pages p ON p.id = u.page_id WHERE u.until IS NULL GROUP BY 1, 2 ORDER BY 1, 3, 2"
    )
    return [NewShape(*row) for row in rows]


def partial_sources(conn: sqlite3.Connection) -> dict[str, str]:
    """Return by source why it is not read whole: "read in part since 2026-05-03: 3 of 41 rows, 1 table"."""
    rows = conn.execute(
        f"""SELECT p.source, min(u.first_seen), sum(u.rows * (u.kind IN ('row', 'entry'))),
          sum(u.kind IN ('table', 'section')), sum(u.kind = 'cell'),
          (SELECT sum(r.rows + r.unread_rows) FROM ({_LATEST}) r WHERE r.source = p.source)
        FROM unread_parts u JOIN pages p ON p.id = u.page_id WHERE u.until IS NULL GROUP BY p.source"""
    )
    return {
        source: f"read in part since {since[:10]}: {', '.join(_counted_parts(*counts))}"
        for source, since, *counts in rows
    }


def _counted_parts(rows: int, tables: int, keys: int, shown: int | None) -> Iterator[str]:
    if rows:
        yield f"{rows} of {shown} rows" if shown else f"{rows} rows"
    for count, noun in ((tables, "table"), (keys, "key")):
        if count:
            yield f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def overdue_sources(conn: sqlite3.Connection, limits: FreshnessLimits, *, now: datetime) -> dict[str, int]:
    """Return the sources with a part that stayed unread past its facts' error limit, and for how many days.

    The limit is the strictest among what the page says.
    """
    strictest: dict[int, float] = {}
    for page_id, source, attribute in conn.execute(
        "SELECT DISTINCT u.page_id, p.source, c.attribute FROM unread_parts u CROSS JOIN pages p ON p.id = u.page_id"
        " CROSS JOIN listings l ON l.page_id = p.id CROSS JOIN claims c ON c.listing_id = l.id"
        " WHERE u.until IS NULL AND c.until IS NULL"
    ):
        limit = limits.of(attribute, source=source).error
        strictest[page_id] = min(limit, strictest.get(page_id, limit))
    found: dict[str, int] = {}
    for page_id, source, since in conn.execute(
        "SELECT u.page_id, p.source, min(u.first_seen) FROM unread_parts u JOIN pages p ON p.id = u.page_id"
        " WHERE u.until IS NULL GROUP BY u.page_id"
    ):
        days = age_days(datetime.fromisoformat(since).date(), now.date())
        if days > strictest.get(page_id, DEFAULT_ERROR_DAYS):
            found[source] = max(days, found.get(source, 0))
    return dict(sorted(found.items()))


def reading_findings(
    conn: sqlite3.Connection, limits: FreshnessLimits, *, now: datetime
) -> list[ReadingFinding]:
    """Return the sources that are read worse than usual: the weekly self-check.

    A share of unread rows that grew within a week, a row count outside its usual band, and a source that has
    not been read whole for longer than its limit.
    """
    overdue = overdue_sources(conn, limits, now=now)
    found = [
        ReadingFinding(source, "", f"not read whole for {days} days", format_time(now - timedelta(days=days)))
        for source, days in overdue.items()
    ]
    for page in conn.execute(f"SELECT * FROM ({_LATEST})").fetchall():
        found += _page_findings(conn, page)
    return sorted(found, key=lambda each: (each.source, each.url, each.finding))


_LATEST = (
    "SELECT p.source, p.url, r.* FROM page_readings r JOIN pages p ON p.id = r.page_id"
    " WHERE r.at = (SELECT max(at) FROM page_readings WHERE page_id = r.page_id)"
)


def _page_findings(conn: sqlite3.Connection, page: sqlite3.Row) -> Iterator[ReadingFinding]:
    week_ago = format_time(datetime.fromisoformat(page["at"]) - timedelta(days=7))
    before = conn.execute(
        "SELECT at, rows, unread_rows FROM page_readings WHERE page_id = ? AND at < ? ORDER BY at DESC LIMIT 30",
        [page["page_id"], page["at"]],
    ).fetchall()
    if not before:
        return
    then = next((each for each in before if each["at"] <= week_ago), before[-1])
    grown = _unread_share(page) - _unread_share(then)
    if grown > GROWN_SHARE:
        text = f"unread share grew from {_unread_share(then):.0%} to {_unread_share(page):.0%} of its rows"
        yield ReadingFinding(page["source"], page["url"], text, page["at"])
    counts = [each["rows"] for each in before]
    low, high = int(BAND[0] * min(counts)), BAND[1] * max(counts)
    if not low <= page["rows"] <= high and _visits(conn, page) >= USUAL_VISITS:
        text = f"{page['rows']} rows read, usually {min(counts)} to {max(counts)}"
        yield ReadingFinding(page["source"], page["url"], text, page["at"])


def _visits(conn: sqlite3.Connection, page: sqlite3.Row) -> int:
    """Return how often a page was seen, whole or unchanged, before its last reading."""
    row = conn.execute(
        "SELECT count(*) FROM attempts WHERE page_id = ? AND verified_at IS NOT NULL AND verified_at < ?",
        [page["page_id"], page["at"]],
    ).fetchone()
    return int(row[0])


def _unread_share(reading: sqlite3.Row) -> float:
    shown = reading["rows"] + reading["unread_rows"]
    return float(reading["unread_rows"] / shown) if shown else 0.0
