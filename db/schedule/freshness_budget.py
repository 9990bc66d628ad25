"""Whether runs of a size can look at every page within its strictest freshness limit."""

from __future__ import annotations

import math
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType

from msgspec import Struct, field

from cardwatch.db.query.page_classes import PageClass, load_classes
from cardwatch.db.store.freshness_limits import FreshnessLimits, days_text


class FreshnessBudget(Struct, frozen=True):
    """Whether the freshness limits can be kept by a run every so often, for all pages and per host.

    `needed` are visits a run that the limits ask for; `crowded` the hosts that would need more than they may
    be given; `stretch` the factor by which all limits would have to grow, 1 when none has to.
    """

    needed: float
    budget: int
    host_allowance: int
    crowded: Mapping[str, float]
    stretch: float
    host_allowances: Mapping[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.stretch <= 1.0

    def keeps_limits(self, host: str) -> bool:
        """Say whether runs of this size can look at the pages of a host within their limits."""
        return self.needed <= self.budget and host not in self.crowded

    def sentence(self, limit_days: float) -> str:
        """Say it in one line, with what becomes of a limit of so many days."""
        if self.ok:
            return f"limits need {self.needed:.1f} visits a run, the budget has {self.budget}"
        short = [f"{self.needed:.1f} visits a run are needed, the budget is {self.budget}"]
        if self.needed <= self.budget:
            short = [
                f"{host} needs {needed:.1f} visits a run, a host gets"
                f" {self.host_allowances.get(host, self.host_allowance)}"
                for host, needed in self.crowded.items()
            ]
        return (
            f"freshness limits cannot be kept: {'; '.join(short)}; achievable: limits {self.stretch:.1f} times"
            f" as long, {_achievable(limit_days * self.stretch)} instead of {days_text(limit_days)}"
        )


def _achievable(days: float) -> str:
    """Return a limit that can be kept, rounded up: to days, below one to hours."""
    return days_text(math.ceil(days) if days >= 1 else math.ceil(24 * days) / 24)


def check_freshness_budget(
    conn: sqlite3.Connection,
    *,
    limits: FreshnessLimits,
    budget: int,
    host_allowance: int,
    run_days: float,
    host_allowances: Mapping[str, int] = MappingProxyType({}),
) -> FreshnessBudget:
    """Say whether runs of this size can keep every page within its strictest limit."""
    a_day = visits_a_day(load_classes(conn).counts(), strictest_limits(limits))
    needed = {host: run_days * visits for host, visits in a_day.items()}
    allowed = {host: host_allowances.get(host, host_allowance) for host in needed}
    in_all = sum(needed.values())
    return FreshnessBudget(
        in_all,
        budget,
        host_allowance,
        {host: visits for host, visits in needed.items() if visits > allowed[host]},
        max(
            1.0,
            in_all / budget,
            *(visits / allowed[host] for host, visits in needed.items() if allowed[host]),
        ),
        host_allowances,
    )


def strictest_limits(limits: FreshnessLimits) -> Callable[[PageClass], float]:
    """Return what tells the smallest warning limit, in days, among the attributes that a page verifies."""
    return cache(
        lambda pages: min(
            (float(limits.of(name, source=pages.source).warn) for name in pages.names), default=math.inf
        )
    )


def visits_a_day(
    counts: Iterable[tuple[PageClass, int]], limit: Callable[[PageClass], float]
) -> dict[str, float]:
    """Return by host how many visits a day keep so many pages of each class within their limit."""
    found = defaultdict[str, float](float)
    for pages, count in counts:
        if (days := limit(pages)) < math.inf:
            found[pages.host] += count / days
    return found
