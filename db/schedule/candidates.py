"""What the catalog knows about each page's changes, weight and limits: what a plan chooses from."""

from __future__ import annotations

import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, cached_property
from types import MappingProxyType
from typing import NamedTuple

from cardwatch.crawler.crawl_history import INDEX_PAGE_KIND, PageRequest
from cardwatch.crawler.url_host import host_of
from cardwatch.db.query.page_classes import CURATED_KINDS, PageClass, load_classes
from cardwatch.db.schedule.change_signals import UNWATCHED, PageSignals, page_signals
from cardwatch.db.schedule.freshness_budget import strictest_limits, visits_a_day
from cardwatch.db.schedule.page_values import PageValues
from cardwatch.db.store.freshness_limits import FreshnessLimits

DAY = timedelta(days=1)
EARLY = 0.1
"""Share of an interval by which a page may be early: a run starts at its hour, but answers come minutes later."""
DUE_CHANCE = 0.2
"""A page that has changed so likely, by what signals tell, is due whatever its source wants."""
INDEX_DAYS = 1.0
PATIENCE = 3
"""Failures in a row after which a page past its limit no longer goes before all others."""


def success_chance(failures: int) -> float:
    """Return how likely a visit succeeds after so many failures in a row (Laplace's rule of succession); 1 after none."""
    return 1 / (1 + failures)


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
        """How likely a visit is to succeed, by the failures so far."""
        return success_chance(self.failures)

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


@dataclass(frozen=True, slots=True)
class Candidates:
    """The pages that a plan chooses from, and beside them what all pages tell, whichever those are.

    Pages that are due and left out are worth less than `floor`. `a_day` are by host the visits a day that keep the
    limits, `further` the answers over which listings go on; `knows` says whether the catalog has a page of a source.
    """

    pages: Sequence[Candidate] = ()
    values: PageValues = field(default_factory=PageValues)
    a_day: Mapping[str, float] = field(default_factory=dict)
    further: Mapping[str, float] = field(default_factory=dict)
    knows: Callable[[str, str], bool] = lambda source, url: False
    floor: float = -math.inf


class PageGroup(NamedTuple):
    """One page by its number, or several `members` without a past that a visit gains the same at, by their class."""

    number: int
    pages: PageClass
    last_verified: str | None
    failures: int
    weight: float
    posterior: bytes | None = None
    signals: PageSignals = UNWATCHED
    members: int = 1
    class_id: int | None = None


class KnownPages:
    """The pages of some sources, as plans look at them: counted by class, and each one where it is wanted."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        named: Mapping[str, Sequence[PageRequest]],
        *,
        now: datetime,
        limits: FreshnessLimits,
        intervals: Mapping[str, timedelta] = MappingProxyType({}),
    ) -> None:
        self.conn, self.named, self.now, self._intervals = conn, named, now, intervals
        self.limit_days = strictest_limits(limits)
        self.max_age_days = cache(self._max_age_days)
        self.days_since = cache(lambda moment: (now - datetime.fromisoformat(moment)) / DAY)
        self.classed = load_classes(conn)
        self.signals = page_signals(conn, now)
        self.forced = _forced(conn, now)
        self._declared = dict(conn.execute("SELECT id, max_age_days FROM sources").fetchall())

    def includes(self, pages: PageClass) -> bool:
        """Say whether these sources visit pages of a class."""
        return pages.crawled and pages.source in self.named

    def _max_age_days(self, pages: PageClass) -> float:
        """Return the days after which a page is due; one that tells of others is asked daily, since it spares visits."""
        declared = self._declared[pages.source]
        days = math.inf if declared is None else float(declared)
        if pages.source in self._intervals:
            days = self._intervals[pages.source] / DAY
        return min(days, INDEX_DAYS) if pages.kind == INDEX_PAGE_KIND else days

    @cached_property
    def distinct(self) -> list[PageGroup]:
        """The pages that no other stands for, by number: those with a past of their own, and those a signal watches."""
        cursor = self.conn.cursor()
        cursor.row_factory = None
        rows = cursor.execute(
            "SELECT id, class_id, last_verified, failures, weight, posterior FROM pages INDEXED BY pages_learned"
            " WHERE posterior IS NOT NULL UNION ALL SELECT id, class_id, last_verified, failures, weight, NULL"
            " FROM (SELECT DISTINCT page_id FROM watched_pages) w CROSS JOIN pages p ON p.id = w.page_id"
            " WHERE posterior IS NULL"
        )
        kept, apart = (
            {number: pages for number, pages in found.items() if self.includes(pages)}
            for found in (self.classed.classes, self.classed.classless)
        )
        return sorted(
            PageGroup(
                number, pages, verified, failures, weight, posterior, self.signals.get(number, UNWATCHED)
            )
            for number, class_id, verified, failures, weight, posterior in rows
            if (pages := kept.get(class_id) or apart.get(number))
        )

    @cached_property
    def values(self) -> PageValues:
        """What a visit is worth, by the past of all these pages."""
        kinds = defaultdict[str, list[tuple[bytes | None, PageSignals]]](list)
        for page in self.distinct:
            kinds[page.pages.kind].append((page.posterior, page.signals))
        return PageValues.learn(kinds)

    @cached_property
    def a_day(self) -> dict[str, float]:
        """By host the visits a day that keep the limits of pages that do not fail."""
        failing = self.conn.execute(
            "SELECT id, class_id FROM pages WHERE failing_since IS NOT NULL AND failures >= ?", [PATIENCE]
        )
        counts = [*self.classed.counts(), *((self.classed.class_of(*page), -1) for page in failing)]
        return visits_a_day(
            ((pages, count) for pages, count in counts if self.includes(pages)), self.limit_days
        )

    def candidates(self, numbers: Iterable[int] | None = None) -> list[Candidate]:
        """Return the pages of these numbers, or all, by number."""
        pages = "pages p" if numbers is None else "json_each(?) n CROSS JOIN pages p ON p.id = n.value"
        cursor = self.conn.cursor()
        cursor.row_factory = None
        rows = cursor.execute(
            f"""SELECT p.id, p.class_id, p.url, p.last_verified, p.first_seen, p.weight, p.posterior, p.failures,
                  coalesce(w.answers, 1)
                FROM {pages} LEFT JOIN long_listings w ON w.page_id = p.id ORDER BY p.id""",
            [] if numbers is None else [json.dumps(sorted({*numbers}))],
        )
        return [
            Candidate(
                own.source, url, own.kind, page_id, self.days_since(verified or first_seen), self.limit_days(own),
                self.max_age_days(own), weight, posterior, self.forced.get(page_id, ""), verified is not None,
                failures, requests, self.signals.get(page_id, UNWATCHED),
            )
            for page_id, class_id, url, verified, first_seen, weight, posterior, failures, requests in rows
            if self.includes(own := self.classed.class_of(page_id, class_id))
        ]  # fmt: skip

    def choose_from(self, pages: Sequence[Candidate], floor: float = -math.inf) -> Candidates:
        """Return these pages and those that sources name for the first time, with what all pages tell."""
        further = defaultdict[str, float](float)
        for page_id, class_id, answers in self.conn.execute(
            "SELECT p.id, class_id, answers FROM long_listings w JOIN pages p ON p.id = w.page_id"
        ):
            if self.includes(found := self.classed.class_of(page_id, class_id)):
                further[found.host] += answers - 1
        new = dict.fromkeys((source, page) for source, named in self.named.items() for page in named)
        unseen = [_unseen(source, page) for source, page in new if not self.has(source, page.url)]
        return Candidates([*pages, *unseen], self.values, self.a_day, further, self.has, floor)

    def has(self, source: str, url: str) -> bool:
        """Say whether a source was asked for a URL."""
        row = self.conn.execute(
            "SELECT EXISTS (SELECT 1 FROM pages WHERE (source, url) = (?, ?) AND kind NOT IN (?, ?))",
            [source, url, *CURATED_KINDS],
        ).fetchone()
        return bool(row[0])


def all_candidates(known: KnownPages) -> Candidates:
    """Return every page a run could visit: named by the sources, or found on earlier visits."""
    return known.choose_from(known.candidates())


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
