"""Hosts that fail as a whole, told apart from single pages that fail."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from db.values import stamp

FAILED = "outcome = 'error' and (status is null or status = 429 or status >= 500)"
"""An attempt that says something about the host rather than the page."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which a host gave no usable answer whenever it was asked; `over` once it did again."""

    since: str
    over: bool


def host_of(url: str) -> str:
    """Return the host that serves a page."""
    return urlsplit(url).hostname or ""


def outages(conn: sqlite3.Connection, *, at: datetime, window: timedelta) -> dict[str, list[Outage]]:
    """Return the outages of each host up to `at`, told from the attempts, oldest first.

    Attempts less than `window` apart belong to one asking, which failed if all of them did.
    """
    rows = conn.execute(
        f"""select url, started, {FAILED} from attempts a join pages p on p.id = a.page_id
            where started <= ? order by started""",
        [stamp(at)],
    )
    attempts: dict[str, list[tuple[str, bool]]] = {}
    for url, started, failed in rows:
        attempts.setdefault(host_of(url), []).append((started, bool(failed)))
    return {host: found for host, made in attempts.items() if (found := list(_outages(made, window)))}


def _outages(attempts: Sequence[tuple[str, bool]], window: timedelta) -> Iterator[Outage]:
    since = ""
    for asking in _askings(attempts, window):
        if not all(failed for _, failed in asking):
            if since:
                yield Outage(since, over=True)
            since = ""
        else:
            since = since or asking[0][0]
    if since:
        yield Outage(since, over=False)


def _askings(attempts: Sequence[tuple[str, bool]], window: timedelta) -> Iterator[Sequence[tuple[str, bool]]]:
    start = 0
    for number, ((before, _), (after, _)) in enumerate(pairwise(attempts), 1):
        if datetime.fromisoformat(after) - datetime.fromisoformat(before) >= window:
            yield attempts[start:number]
            start = number
    yield attempts[start:]


def failing(found: Mapping[str, Sequence[Outage]]) -> frozenset[str]:
    """Return the hosts that failed when they were last asked."""
    return frozenset(host for host, times in found.items() if not times[-1].over)
