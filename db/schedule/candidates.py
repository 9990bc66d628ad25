"""What the catalog knows about each page's changes, weight and limits: what a plan chooses from."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import numpy as np

from cardwatch.crawler.crawl_history import INDEX_PAGE_KIND, PageRequest
from cardwatch.db.query.host_outages import host_of
from cardwatch.db.schedule import page_choice
from cardwatch.db.schedule.change_rates import unpack_likelihood
from cardwatch.db.schedule.change_signals import UNWATCHED, PageSignals, page_signals
from cardwatch.db.schedule.page_choice import Floats
from cardwatch.db.store.freshness_limits import FreshnessLimits

DAY = timedelta(days=1)
EARLY = 0.1
"""Share of an interval by which a page may be early: a run starts at its hour, but answers come minutes later."""
DUE_CHANCE = 0.2
"""A page that has changed so likely, by what signals tell, is due whatever its source wants."""
INDEX_DAYS = 1.0
CURATED_KINDS = ("import", "review")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page that a run may visit: one the catalog knows, or one a source names for the first time.

    `tau_days` is the time since it was last verified, or first tried if it never was; infinite for a page
    never tried. `failures` are those in a row up to now, `requests` the answers its listing goes on over.
    """

    source: str
    request: PageRequest
    page_id: int | None
    tau_days: float
    limit_days: float
    max_age_days: float
    weight: float
    likelihood: Floats
    forced: str
    verified: bool = False
    failures: int = 0
    requests: int = 1
    signals: PageSignals = UNWATCHED

    @property
    def host(self) -> str:
        return host_of(self.request.url)

    @property
    def chance(self) -> float:
        """How likely a visit brings anything, by the rule of succession; 1 while nothing fails."""
        return 1 / (1 + self.failures)

    @property
    def signalled(self) -> bool:
        """Whether signals make a change likely enough for a visit of its own."""
        return self.verified and self.signals.changed_chance >= DUE_CHANCE

    @property
    def known_days(self) -> float:
        """Days since it was last known to be as it is in the catalog: a visit or the commit it stands at tells."""
        return min(self.tau_days, self.signals.vouched_days)

    def due(self, run_days: float) -> bool:
        """Say whether its source wants it by now, a signal calls, or a limit would be passed before the next run."""
        if self.forced or not self.verified or self.signalled:
            return True
        early = EARLY * min(run_days, self.max_age_days)
        return self.known_days + early >= self.max_age_days or self.tau_days + run_days > self.limit_days


def list_candidates(
    conn: sqlite3.Connection,
    named: Mapping[str, Sequence[PageRequest]],
    *,
    now: datetime,
    limits: FreshnessLimits,
    intervals: Mapping[str, timedelta] = MappingProxyType({}),
) -> list[Candidate]:
    """Return every page a run could visit: `named` by the sources, or found on earlier visits.

    `intervals` say for some sources after how long their pages are due, whatever they declare themselves.
    """
    limit, forced, answers = strictest_limits(conn, limits), _forced(conn, now), _answers(conn)
    signals = page_signals(conn, now)
    rows = conn.execute(
        """select p.id, p.source, p.url, p.kind, p.last_verified, p.first_seen, p.weight, p.posterior,
             p.failures, s.max_age_days
           from pages p join sources s on s.id = p.source where p.kind not in (?, ?) order by p.id""",
        CURATED_KINDS,
    )
    known = [
        Candidate(
            row["source"],
            PageRequest(row["url"], row["kind"]),
            row["id"],
            (now - datetime.fromisoformat(row["last_verified"] or row["first_seen"])) / DAY,
            limit.get(row["id"], math.inf),
            _max_age_days(row, intervals),
            row["weight"],
            np.array(unpack_likelihood(row["posterior"])),
            forced.get(row["id"], ""),
            verified=row["last_verified"] is not None,
            failures=row["failures"],
            requests=answers.get(row["id"], 1),
            signals=signals.get(row["id"], UNWATCHED),
        )
        for row in rows
        if row["source"] in named
    ]
    seen = {(c.source, c.request.url) for c in known}
    new = (
        (source, page) for source, pages in named.items() for page in pages if (source, page.url) not in seen
    )
    return [*known, *(_unseen(source, page) for source, page in dict.fromkeys(new))]


def _max_age_days(row: sqlite3.Row, intervals: Mapping[str, timedelta]) -> float:
    """Return the days after which a page is due; one that tells of others is asked daily, since it spares visits."""
    days = row["max_age_days"] if row["max_age_days"] is not None else math.inf
    if row["source"] in intervals:
        days = intervals[row["source"]] / DAY
    return min(days, INDEX_DAYS) if row["kind"] == INDEX_PAGE_KIND else float(days)


def _unseen(source: str, request: PageRequest) -> Candidate:
    return Candidate(
        source, request, None, math.inf, math.inf, 0.0, 1.0, page_choice.zero_likelihoods(1)[0], ""
    )


def strictest_limits(conn: sqlite3.Connection, limits: FreshnessLimits) -> dict[int, float]:
    """Return per page the smallest warning limit, in days, among the attributes it verifies."""
    strictest: dict[int, float] = {}
    rows = conn.execute(
        """select distinct l.page_id, p.source, c.attribute from claims c
           join listings l on l.id = c.listing_id join pages p on p.id = l.page_id
           where c.until is null and p.kind not in (?, ?)""",
        CURATED_KINDS,
    )
    for page_id, source, attribute in rows:
        limit = float(limits.of(attribute, source=source).warn)
        strictest[page_id] = min(strictest.get(page_id, math.inf), limit)
    return strictest


def _answers(conn: sqlite3.Connection) -> dict[int, int]:
    """Return of how many addresses the present facts of each page were read: the answers of its listing."""
    rows = conn.execute(
        """select l.page_id, count(distinct d.url) as answers from claims c
           join listings l on l.id = c.listing_id join documents d on d.id = c.document_id
           where c.until is null group by l.page_id"""
    )
    return {row["page_id"]: row["answers"] for row in rows}


def _forced(conn: sqlite3.Connection, now: datetime) -> dict[int, str]:
    """Return the pages to visit at once, with the reason: a date on them has come, or a held change needs a second visit."""
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
        **{page_id: f"its date {day} has come" for page_id, day in dated},
    }
