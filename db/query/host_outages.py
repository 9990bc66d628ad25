"""Hosts that fail as a whole, told apart from single pages that fail."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from cardwatch.crawler.url_host import host_of
from cardwatch.db.store.values import format_time

HOST_FAILED = "outcome = 'error' and (status is null or status = 429 or status >= 500)"
ROBOTS_BLOCKED = "outcome = 'blocked' and status is null"
"""Attempts that say something about the host rather than the page: it failed, or its robots.txt says no."""
LONGEST_SESSION = timedelta(days=30)
"""Attempts on one host that go on without a pause are looked at no further back than this."""


class HostAttempt(NamedTuple):
    """One attempt on a page of a host: whether the host failed it, or what its robots.txt had against it."""

    started: str
    failed: bool
    robots: str


class Outage(Struct, frozen=True):
    """A time in which a host gave no page whenever it was asked; `over` once it did again.

    `robots` is what in the end its robots.txt had against it, "" for nothing.
    """

    since: str
    over: bool
    robots: str


def find_outages(
    conn: sqlite3.Connection, since: Mapping[str, str], *, at: datetime, window: timedelta
) -> dict[str, list[Outage]]:
    """Return the outages of hosts up to `at`, worked out from the attempts, oldest first.

    `since` says of each host from when on: a time at which it gave a page, or "". Attempts less than `window` apart
    belong to one session, which failed if all of them did.
    """
    first = _first_failures(conn, since, format_time(at))
    rows = conn.execute(
        f"""select url, started, {HOST_FAILED}, iif({ROBOTS_BLOCKED}, coalesce(nullif(detail, ''), 'robots.txt'), '')
            from attempts a join pages p on p.id = a.page_id where started >= ? and started <= ? order by started""",
        [min((since[host] for host in first), default="~"), format_time(at)],
    )
    attempts: dict[str, list[HostAttempt]] = {}
    for url, *rest in rows:
        if (host := host_of(url)) in first and rest[0] >= since[host]:
            attempts.setdefault(host, []).append(HostAttempt(*rest))
    return {host: found for host, made in attempts.items() if (found := list(_outages(made, window)))}


def _first_failures(conn: sqlite3.Connection, since: Mapping[str, str], at: str) -> set[str]:
    """Return the hosts among those in `since` that failed a page from then on."""
    rows = conn.execute(
        f"""select url, max(started) from attempts a join pages p on p.id = a.page_id
            where verified_at is null and outcome in ('error', 'blocked') and ({HOST_FAILED} or {ROBOTS_BLOCKED})
              and started >= ? and started <= ? group by url""",
        [min(since.values(), default="~"), at],
    )
    return {host for url, last in rows if last >= since.get(host := host_of(url), "~")}


def find_failing_hosts(conn: sqlite3.Connection, *, at: datetime, window: timedelta) -> frozenset[str]:
    """Return the hosts that gave nothing when they were last asked: a page that failed last is on each of them."""
    rows = conn.execute(
        "select url, strftime('%Y-%m-%dT%H:%M:%SZ', coalesce(last_verified, last_attempt), iif(last_verified is null, ?,"
        " '-1 day')) from pages where failing_since is not null",
        [f"-{LONGEST_SESSION.days} days"],
    )
    since: dict[str, str] = {}
    for url, read_at in rows:
        since[host_of(url)] = max(since.get(host_of(url), ""), read_at)
    found = find_outages(conn, since, at=at, window=window)
    return frozenset(host for host, times in found.items() if not times[-1].over)


def _outages(attempts: Sequence[HostAttempt], window: timedelta) -> Iterator[Outage]:
    since, robots = "", ""
    for session in _sessions(attempts, window):
        if not all(attempt.failed or attempt.robots for attempt in session):
            if since:
                yield Outage(since, over=True, robots=robots)
            since = ""
        else:
            since, robots = since or session[0].started, session[-1].robots
    if since:
        yield Outage(since, over=False, robots=robots)


def _sessions(attempts: Sequence[HostAttempt], window: timedelta) -> Iterator[Sequence[HostAttempt]]:
    start = 0
    for number, (before, after) in enumerate(pairwise(attempts), 1):
        if datetime.fromisoformat(after.started) - datetime.fromisoformat(before.started) >= window:
            yield attempts[start:number]
            start = number
    yield attempts[start:]
