"""Which pages one run visits, and why: the catalog's candidates through the choice of db.schedule.page_choice."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from cardwatch.crawler.crawl_history import INDEX_PAGE_KIND
from cardwatch.crawler.planned_visits import PlannedVisits, Validators
from cardwatch.db.schedule import page_choice
from cardwatch.db.schedule.candidates import PATIENCE, Candidate, Candidates
from cardwatch.db.schedule.page_choice import Feasibility, Floats, Ints
from cardwatch.db.schedule.page_values import LONG_AGO


@dataclass(frozen=True, slots=True)
class PageChoice:
    """One candidate and why a run visits it or leaves it; `value` is its index, higher is sooner."""

    candidate: Candidate
    chosen: bool
    value: float
    why: str


@dataclass(frozen=True, slots=True)
class CrawlPlan:
    """The pages of one run, best first; `spare` visits are kept for pages found on the way.

    No host gets more than `host_allowance`, or its own of `host_allowances`. `found` is what was chosen from, `left`
    tells why the others of it are not visited.
    """

    found: Candidates
    picked: tuple[PageChoice, ...]
    left: Callable[[], Iterator[PageChoice]]
    spare: int
    host_allowance: int
    host_allowances: Mapping[str, int] = field(default_factory=dict)

    def allowance(self, host: str) -> int:
        """Return how many pages a host gets at most."""
        return self.host_allowances.get(host, self.host_allowance)

    @property
    def chosen(self) -> list[Candidate]:
        return [choice.candidate for choice in self.picked]


def plan_crawl(
    among: Candidates,
    *,
    budget: int,
    host_allowance: int,
    run_days: float,
    due_only: bool,
    suspects: Container[str] = frozenset(),
    host_allowances: Mapping[str, int] = MappingProxyType({}),
) -> CrawlPlan:
    """Choose at most `budget` pages for one run, of those that are due or of all.

    A host takes `host_allowance` of them or its own of `host_allowances`, one if it is among `suspects`, which
    failed when last asked.
    """
    found = among.pages
    hosts, names = page_choice.number_hosts([candidate.host for candidate in found])
    pages = _page_arrays(among, hosts)
    eligible = np.flatnonzero([not due_only or c.due(run_days) for c in found])
    wide = page_choice.host_allowances(names, host_allowance, host_allowances)
    allowance = np.array([1.0 if name in suspects else wide[n] for n, name in enumerate(names)] or [1.0])
    allowance -= np.minimum([among.further.get(name, 0.0) for name in names] or [0.0], allowance - 1)
    needed = np.array([run_days * among.a_day.get(name, 0.0) for name in names] or [0.0])
    feasible = Feasibility(run_days * sum(among.a_day.values()), budget, needed, wide)
    wanted = min(budget, eligible.size)
    picked = page_choice.pick_pages(
        pages.take(eligible), budget=wanted, allowance=allowance, feasible=feasible, run_days=run_days,
        floor=among.floor,
    )  # fmt: skip
    chosen = [int(index) for index in eligible[picked]]
    why = _ChoiceReasons(
        found,
        pages,
        feasible,
        run_days,
        budget,
        Counter(int(hosts[i]) for i in chosen),
        allowance,
        due_only,
        suspects,
    )

    def list_left() -> Iterator[PageChoice]:
        taken = {*chosen}
        for i in map(int, np.argsort(-pages.value, kind="stable")):
            if i not in taken:
                yield PageChoice(found[i], False, float(pages.value[i]), why.left(i))

    picks = tuple(PageChoice(found[i], True, float(pages.value[i]), why.chosen(i)) for i in chosen)
    return CrawlPlan(among, picks, list_left, budget - len(chosen), host_allowance, host_allowances)


def _page_arrays(among: Candidates, hosts: Ints) -> page_choice.PageArrays:
    found = among.pages
    tau = np.array([min(c.tau_days, LONG_AGO) for c in found])
    return page_choice.PageArrays(
        value=_index(among, tau),
        tau_days=tau,
        limit_days=np.array([c.limit_days if c.failures < PATIENCE else math.inf for c in found]),
        host=hosts,
        discovery=np.array([c.page_id is None or c.kind == INDEX_PAGE_KIND for c in found], dtype=bool),
        forced=np.array([bool(c.forced) for c in found], dtype=bool),
    )


def _index(among: Candidates, tau: Floats) -> Floats:
    """Score every page with the prior of its kind, and with how likely a visit brings anything."""
    found = among.pages
    value = np.zeros(len(found))
    kinds = np.array([c.kind for c in found])
    for kind in dict.fromkeys(kinds.tolist()):
        rows = np.flatnonzero(kinds == kind)
        own = [found[int(row)] for row in rows]
        weight = np.array([page.weight * page.chance for page in own])
        value[rows] = among.values.of(
            kind, [(page.posterior, page.signals) for page in own], tau[rows], weight
        )
    return value


@dataclass(frozen=True, slots=True)
class _ChoiceReasons:
    """Says of each candidate why it is visited or left."""

    found: Sequence[Candidate]
    pages: page_choice.PageArrays
    feasible: Feasibility
    run_days: float
    budget: int
    by_host: Counter[int]
    allowance: Floats
    due_only: bool
    suspects: Container[str]

    def chosen(self, index: int) -> str:
        candidate = self.found[index]
        if candidate.forced:
            return candidate.forced
        if candidate.page_id is None:
            return "never visited"
        if not candidate.verified:
            return f"never read well, tried {candidate.failures} times"
        why = page_choice.explain_choice(self.pages, self.feasible, self.run_days, index)
        return f"{candidate.signals.why}; {why}" if candidate.signals.why else why

    def left(self, index: int) -> str:
        candidate, host = self.found[index], int(self.pages.host[index])
        if self.due_only and not candidate.due(self.run_days):
            days = max(candidate.max_age_days - candidate.known_days, 0.0)
            if candidate.known_days < candidate.tau_days:
                return f"its commit is the one it was read at, told {_short_days(candidate.known_days)} ago"
            return f"not due for {_short_days(days)}" if math.isfinite(days) else "not due"
        if self.by_host[host] >= self.allowance[host]:
            probed = candidate.host in self.suspects
            return (
                f"{candidate.host} failed last time: one probe"
                if probed
                else f"{candidate.host} has its share"
            )
        return f"budget of {self.budget} spent"


def _short_days(days: float) -> str:
    return f"{days:.1f} d" if days >= 1 else f"{24 * days:.1f} h"


class PlannedCrawl(PlannedVisits):
    """The catalog's answers to the crawler during one run: the plan, and pages found on the way.

    Pages that no plan knew (an index named them in this very run) are taken while spare visits last.
    """

    def __init__(self, made: CrawlPlan, validators: Validators) -> None:
        planned = {(page.source, page.url) for page in made.found.pages}
        super().__init__(
            ((each.source, each.request) for each in made.chosen),
            (each.host for each in made.chosen),
            lambda source, url: (source, url) in planned or made.found.knows(source, url),
            spare=made.spare,
            allowance=made.allowance,
            validators=validators,
        )
