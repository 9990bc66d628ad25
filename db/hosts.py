"""Hosts that fail as a whole, told apart from single pages that fail."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from db.values import stamp

FAILED = "(outcome = 'error' and (status is null or status = 429 or status >= 500))"
"""An attempt that says something about the host rather than the page."""


def host_of(url: str) -> str:
    """Return the host that serves a page."""
    return urlsplit(url).hostname or ""


def failing_hosts(conn: sqlite3.Connection, *, at: datetime, window: timedelta) -> dict[str, str]:
    """Return the hosts that gave no usable answer when they were last asked before `at`, and since when.

    An answer less than `window` before the newest failure belongs to the same asking.
    """
    moment = {"at": stamp(at)}
    answered = _latest(
        conn.execute(
            f"""select url, max(started) from attempts a join pages p on p.id = a.page_id
                where not {FAILED} and started <= :at group by page_id""",
            moment,
        )
    )
    failures = conn.execute(
        f"""select url, started from attempts a join pages p on p.id = a.page_id
            where {FAILED} and started <= :at order by started""",
        moment,
    )
    since: dict[str, str] = {}
    for url, started in failures:
        host = host_of(url)
        last = answered.get(host)
        if last is None or datetime.fromisoformat(started) - last >= window:
            since.setdefault(host, started)
    return since


def _latest(rows: Iterable[tuple[str, str]]) -> dict[str, datetime]:
    latest: dict[str, datetime] = {}
    for url, started in rows:
        moment, host = datetime.fromisoformat(started), host_of(url)
        latest[host] = max(moment, latest.get(host, moment))
    return latest
