"""What each verified visit teaches about how often a page changes; kept per page as 16 doubles.

A page changes as a Poisson process of unknown rate. The catalog keeps the log likelihood of all that was seen
under each of 16 candidate rates; sums of these do not depend on their order, so a replay reaches the same state.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from struct import Struct

GRID = 16
SLOWEST, FASTEST = 1e-4, 20.0
RATES = tuple(SLOWEST * (FASTEST / SLOWEST) ** (n / (GRID - 1)) for n in range(GRID))
"""Candidate rates, changes per day, evenly spaced by ratio."""

PRIOR_MEDIAN_DAYS = 14.0
PRIOR_SIGMA = 2.0
LOG_PRIOR = tuple(-0.5 * (math.log(rate * PRIOR_MEDIAN_DAYS) / PRIOR_SIGMA) ** 2 for rate in RATES)
"""A lognormal prior over the candidate rates, not normed: the median page changes every fortnight."""
DAY = timedelta(days=1)
SHORTEST_GAP = 1e-9
_PACKED = Struct(f"<{GRID}d")


def unpack_likelihood(posterior: bytes | None) -> tuple[float, ...]:
    """Return the 16 log likelihoods of a page, zeros when nothing was learned yet."""
    return (0.0,) * GRID if posterior is None else _PACKED.unpack(posterior)


def pack_likelihood(likelihood: Sequence[float]) -> bytes:
    """Return the 16 log likelihoods of a page as the catalog keeps them."""
    return _PACKED.pack(*likelihood)


def update_likelihood(posterior: bytes | None, gap_days: float, changed: bool) -> bytes:
    """Return the log likelihoods after one more verified visit, `gap_days` after the one before.

    Only verified visits teach: a failed one says nothing about the page.
    """
    seen = (max(gap_days, SHORTEST_GAP) * rate for rate in RATES)
    steps = (math.log(-math.expm1(-u)) if changed else -u for u in seen)
    return pack_likelihood(
        [old + step for old, step in zip(unpack_likelihood(posterior), steps, strict=True)]
    )


def chance_unchanged(posterior: bytes | None, days: float) -> float:
    """Return how likely a page is as it was `days` ago, by its own past and a prior that knows no page kind."""
    scores = [old + log for old, log in zip(unpack_likelihood(posterior), LOG_PRIOR, strict=True)]
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    kept = sum(weight * math.exp(-rate * days) for weight, rate in zip(weights, RATES, strict=True))
    return kept / sum(weights)


def days_between(before: str | None, now: str) -> float | None:
    """Return the days between two verifications (ISO times), None unless the second is later."""
    if before is None or now <= before:
        return None
    return (datetime.fromisoformat(now) - datetime.fromisoformat(before)) / DAY


def learn_visit(
    conn: sqlite3.Connection, page_id: int, before: str | None, now: str, *, changed: bool
) -> None:
    """Add one verified visit to what the catalog knows of a page."""
    days = days_between(before, now)
    if days is None:
        return
    posterior = conn.execute("SELECT posterior FROM pages WHERE id = ?", [page_id]).fetchone()[0]
    conn.execute(
        "UPDATE pages SET posterior = ?, last_gap = ? WHERE id = ?",
        [update_likelihood(posterior, days, changed), days, page_id],
    )


def relearn_pages(conn: sqlite3.Connection) -> int:
    """Learn everything again from the attempts alone; return how many pages have something to show for it."""
    conn.execute("UPDATE pages SET posterior = NULL, last_gap = NULL")
    rows = conn.execute(
        "SELECT page_id, verified_at, outcome FROM attempts WHERE verified_at IS NOT NULL"
        " ORDER BY page_id, started, id"
    ).fetchall()
    for page_id, visits in groupby(rows, key=lambda row: row[0]):
        before = None
        for _, verified_at, outcome in visits:
            learn_visit(conn, page_id, before, verified_at, changed=outcome == "verified_changed")
            before = max(verified_at, before or "")
    return int(conn.execute("SELECT count(*) FROM pages WHERE posterior IS NOT NULL").fetchone()[0])
