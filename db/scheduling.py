"""What the catalog knows about each page's changes, weight and limits: what a plan chooses from."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from crawler.past import PageRequest
from db import policy
from db.freshness import Limits
from db.learning import likelihood
from db.policy import Floats

DAY = timedelta(days=1)
TYPED = ("import", "review")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page that a run may visit: one the catalog knows, or one a source names for the first time."""

    source: str
    request: PageRequest
    page_id: int | None
    tau_days: float
    limit_days: float
    max_age_days: float
    weight: float
    likelihood: Floats
    forced: str

    @property
    def due(self) -> bool:
        """Say whether its source wants it visited again by now."""
        return bool(self.forced) or self.tau_days >= self.max_age_days


def weigh(conn: sqlite3.Connection) -> None:
    """Set each page's weight: the facts it verifies, each counted once and once per stored comparison."""
    conn.execute(
        """with shown(model, times) as (
             select model, count(*)
             from (select a as model from comparisons union all select b from comparisons) group by model),
           facts(page_id, weight) as (
             select l.page_id, sum(1 + coalesce(s.times, 0))
             from claims c join listings l on l.id = c.listing_id left join shown s on s.model = l.model
             where c.until is null group by l.page_id)
           update pages set weight = coalesce((select weight from facts where page_id = pages.id), 1.0)"""
    )


def candidates(
    conn: sqlite3.Connection, named: Mapping[str, Sequence[PageRequest]], *, now: datetime, limits: Limits
) -> list[Candidate]:
    """Return every page a run could visit: `named` by the sources, or found on earlier visits."""
    strictest, forced = _strictest(conn, limits), _forced(conn, now)
    found = []
    known: set[tuple[str, str]] = set()
    rows = conn.execute(
        """select p.id, p.source, p.url, p.kind, p.last_verified, p.weight, p.posterior, s.max_age_days
           from pages p join sources s on s.id = p.source where p.kind not in (?, ?) order by p.id""",
        TYPED,
    )
    for page_id, source, url, kind, verified, weight, posterior, max_age in rows:
        if source not in named:
            continue
        known.add((source, url))
        tau = (now - datetime.fromisoformat(verified)) / DAY if verified else math.inf
        found.append(
            Candidate(
                source,
                PageRequest(url, kind),
                page_id,
                tau,
                strictest.get(page_id, math.inf),
                max_age if max_age is not None else math.inf,
                weight,
                np.array(likelihood(posterior)),
                forced.get(page_id, ""),
            )
        )
    for source, requests in named.items():
        found += [_unseen(source, request) for request in requests if (source, request.url) not in known]
    return found


def _unseen(source: str, request: PageRequest) -> Candidate:
    return Candidate(source, request, None, math.inf, math.inf, 0.0, 1.0, policy.no_evidence(1)[0], "")


def _strictest(conn: sqlite3.Connection, limits: Limits) -> dict[int, float]:
    """Return per page the smallest warning limit, in days, among the attributes it verifies."""
    strictest: dict[int, float] = {}
    rows = conn.execute(
        """select distinct l.page_id, p.source, c.attribute from claims c
           join listings l on l.id = c.listing_id join pages p on p.id = l.page_id where c.until is null"""
    )
    for page_id, source, attribute in rows:
        limit = float(limits.of(attribute, source=source).warn)
        strictest[page_id] = min(strictest.get(page_id, math.inf), limit)
    return strictest


def _forced(conn: sqlite3.Connection, now: datetime) -> dict[int, str]:
    """Return the pages that cannot wait: a date they told has come, or a surprise wants a second look."""
    today = now.date().isoformat()
    dated = conn.execute(
        """select l.page_id, min(told) from (
             select listing_id, valid_from as told from claims where until is null and valid_from <> ''
             union all select listing_id, valid_to from claims where until is null and valid_to <> ''
             union all select listing_id, value from claims where until is null
               and attribute in ('deprecation_date', 'shutdown_date') and length(value) = 10) d
           join listings l on l.id = d.listing_id join pages p on p.id = l.page_id
           where told <= ? and told > substr(p.last_verified, 1, 10) group by l.page_id""",
        (today,),
    ).fetchall()
    held = conn.execute("select distinct page_id from holds where state = 'open'").fetchall()
    return {
        **{page_id: "a surprising change wants a second look" for (page_id,) in held},
        **{page_id: f"its date {told} has come" for page_id, told in dated},
    }
