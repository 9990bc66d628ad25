"""What the catalog knows about each page's changes, weight and limits: what a plan chooses from."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from types import MappingProxyType
from typing import NamedTuple

from cardwatch.crawler.crawl_history import INDEX_PAGE_KIND, PageRequest
from cardwatch.crawler.planned_visits import host_of
from cardwatch.db.schedule.change_signals import UNWATCHED, PageSignals, page_signals
from cardwatch.db.schedule.freshness_budget import strictest_limits
from cardwatch.db.store.freshness_limits import FreshnessLimits

DAY = timedelta(days=1)
EARLY = 0.1
"""Share of an interval by which a page may be early: a run starts at its hour, but answers come minutes later."""
DUE_CHANCE = 0.2
"""A page that has changed so likely, by what signals tell, is due whatever its source wants."""
INDEX_DAYS = 1.0
CURATED_KINDS = ("import", "review")


class Candidate(NamedTuple):
    """A page that a run may visit: one the catalog knows, or one a source names for the first time.

    A tuple, since a plan makes one of every page. `tau_days` is the time since it was last verified, or first tried if
    it never was; infinite for a page never tried. `failures` are those in a row up to now, `requests` the answers its
    listing goes on over.
    """

    source: str
    url: str
    kind: str
    page_id: int | None
    tau_days: float
    limit_days: float
    max_age_days: float
    weight: float
    posterior: bytes | None
    forced: str
    verified: bool = False
    failures: int = 0
    requests: int = 1
    signals: PageSignals = UNWATCHED

    @property
    def request(self) -> PageRequest:
        return PageRequest(self.url, self.kind)

    @property
    def host(self) -> str:
        return host_of(self.url)

    @property
    def chance(self) -> float:
        """How likely a visit is to succeed, by the failures so far (Laplace's rule of succession); 1 without any."""
        return 1 / (1 + self.failures)

    @property
    def signalled(self) -> bool:
        """Whether signals make a change likely enough for a visit of its own."""
        watched = self.signals is not UNWATCHED  # most pages are not, and a plan asks this of every page
        return watched and self.verified and self.signals.changed_chance >= DUE_CHANCE

    @property
    def known_days(self) -> float:
        """Days since it was last known to be as it is in the catalog: a visit or the commit it stands at tells."""
        return self.tau_days if self.signals is UNWATCHED else min(self.tau_days, self.signals.vouched_days)

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
    limit, forced = strictest_limits(conn, limits), _forced(conn, now)
    signals = page_signals(conn, now)
    since = cache(lambda moment: (now - datetime.fromisoformat(moment)) / DAY)
    max_age = cache(partial(_max_age_days, intervals))
    cursor = conn.cursor()
    cursor.row_factory = None
    rows = cursor.execute(
        """select p.id, p.source, p.url, p.kind, p.last_verified, p.first_seen, p.weight, p.posterior, p.failures,
             coalesce(w.answers, 1), s.max_age_days
           from pages p join sources s on s.id = p.source left join long_listings w on w.page_id = p.id
           where p.kind not in (?, ?) order by p.id""",
        CURATED_KINDS,
    )
    known = [
        Candidate(
            source, url, kind, page_id, since(verified or first_seen), limit.get(page_id, math.inf),
            max_age(source, kind, days), weight, posterior, forced.get(page_id, ""), verified is not None, failures,
            requests, signals.get(page_id, UNWATCHED),
        )
        for page_id, source, url, kind, verified, first_seen, weight, posterior, failures, requests, days in rows
        if source in named
    ]  # fmt: skip
    seen = {(page.source, page.url) for page in known}
    new = (
        (source, page) for source, pages in named.items() for page in pages if (source, page.url) not in seen
    )
    return [*known, *(_unseen(source, page) for source, page in dict.fromkeys(new))]


def _max_age_days(
    intervals: Mapping[str, timedelta], source: str, kind: str, declared: float | None
) -> float:
    """Return the days after which a page is due; one that tells of others is asked daily, since it spares visits."""
    days = math.inf if declared is None else declared
    if source in intervals:
        days = intervals[source] / DAY
    return min(days, INDEX_DAYS) if kind == INDEX_PAGE_KIND else float(days)


def _unseen(source: str, request: PageRequest) -> Candidate:
    return Candidate(source, request.url, request.page_kind, None, math.inf, math.inf, 0.0, 1.0, None, "")


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
