"""Which pages one run visits, and why: the catalog's candidates through the choice of db.policy."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np

from crawler.past import PageRequest
from db import policy
from db.policy import Feasibility, Floats, Ints
from db.scheduling import Candidate

LONG_AGO = 3650.0
Validators = Callable[[str, str, int], Mapping[str, str]]
"""Conditional headers by source, URL and parser version."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One candidate and why a run visits it or leaves it; `value` is its index, higher is sooner."""

    candidate: Candidate
    chosen: bool
    value: float
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The pages of one run, best first, those left, and whether the limits can be kept at this budget."""

    choices: tuple[Choice, ...]
    feasible: Feasibility

    def requests(self, source: str) -> list[PageRequest]:
        """Return the chosen pages of one source, best first."""
        return [
            choice.candidate.request
            for choice in self.choices
            if choice.chosen and choice.candidate.source == source
        ]


def plan(
    found: Sequence[Candidate],
    *,
    budget: int | None,
    host_allowance: int,
    run_days: float,
    everything: bool = False,
) -> Plan:
    """Choose the pages of one run.

    Without a `budget` the due pages are chosen; with one, exactly so many of the best pages, due or not, as
    far as there are pages and hosts allow. `everything` makes all pages due.
    """
    hosts, names = policy.names([urlsplit(c.request.url).hostname or "" for c in found])
    pages = _pages(found, hosts)
    eligible = np.flatnonzero([everything or budget is not None or c.due for c in found])
    wanted = eligible.size if budget is None else min(budget, eligible.size)
    allowance = np.full(max(len(names), 1), float(host_allowance))
    feasible = policy.feasibility(pages.limit_days, hosts, allowance, max(budget or wanted, 1), run_days)
    picked = policy.pick(
        pages.take(eligible), budget=wanted, allowance=allowance, feasible=feasible, run_days=run_days
    )
    chosen = [int(index) for index in eligible[picked]]
    left = [int(index) for index in np.argsort(-pages.value, kind="stable") if int(index) not in set(chosen)]
    return Plan(
        tuple(
            Choice(
                found[i],
                i in set(chosen),
                float(pages.value[i]),
                _why(found[i], pages, feasible, run_days, i),
            )
            for i in (*chosen, *left)
        ),
        feasible,
    )


def _pages(found: Sequence[Candidate], hosts: Ints) -> policy.Pages:
    tau = np.array([min(c.tau_days, LONG_AGO) for c in found])
    return policy.Pages(
        value=_index(found, tau),
        tau_days=tau,
        limit_days=np.array([c.limit_days for c in found]),
        host=hosts,
        discovery=np.array([c.page_id is None for c in found], dtype=bool),
        forced=np.array([bool(c.forced) for c in found], dtype=bool),
    )


def _index(found: Sequence[Candidate], tau: Floats) -> Floats:
    """Score every page with the prior of its kind."""
    value = np.zeros(len(found))
    kinds = np.array([c.request.page_kind for c in found])
    for kind in dict.fromkeys(kinds.tolist()):
        rows = np.flatnonzero(kinds == kind)
        likelihood = np.array([found[int(row)].likelihood for row in rows])
        prior = policy.learned_prior(likelihood, policy.base_prior())
        weight = np.array([found[int(row)].weight for row in rows])
        value[rows] = policy.expected_gain(likelihood, prior, tau[rows], weight)
    return value


def _why(
    candidate: Candidate, pages: policy.Pages, feasible: Feasibility, run_days: float, index: int
) -> str:
    if candidate.forced:
        return candidate.forced
    if candidate.page_id is None:
        return "never visited"
    if math.isinf(candidate.tau_days):
        return "never read well"
    return policy.explain(pages, feasible, run_days, index)


class Planned:
    """The catalog's answers to the crawler during one run: the plan, and pages found on the way.

    Pages that no plan knew (an index named them in this very run) are taken while `spare` visits last.
    """

    def __init__(self, made: Plan, validators: Validators, spare: int) -> None:
        self._plan = made
        self._validators = validators
        self._spare = spare
        self._known = {(c.candidate.source, c.candidate.request.url) for c in made.choices}

    def validators(self, source: str, url: str, parser_version: int) -> Mapping[str, str]:
        return self._validators(source, url, parser_version)

    def choose(self, source: str, pages: Sequence[PageRequest]) -> Sequence[PageRequest]:
        urls = {page.url for page in pages}
        planned = [request for request in self._plan.requests(source) if request.url in urls]
        fresh = [page for page in pages if (source, page.url) not in self._known][: max(self._spare, 0)]
        self._spare -= len(fresh)
        self._known |= {(source, page.url) for page in fresh}
        return [*planned, *fresh]
