"""Which pages to visit next: a greedy index over what past visits taught about each page's changes.

A page changes as a Poisson process of unknown rate D (per day). Per page the catalog keeps one number for
each of 16 candidate rates, the log likelihood of all that was seen; with the prior of its kind that is a
posterior. The index is the expected gain in freshness of a visit now, averaged over the posterior (never at
its mean: an overestimated rate would starve the page).

Sources: Cho & Garcia-Molina 2003; Olston & Pandey 2008.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cardwatch.db.schedule import change_rates
from cardwatch.db.schedule.change_signals import PageSignals
from cardwatch.db.store.freshness_limits import days_text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

RATES: Floats = np.array(change_rates.RATES)
"""Candidate rates, changes per day."""

DISCOVERY_SHARE = 0.10
EM_STEPS = 2
EM_SAMPLE = 20_000
EM_STRENGTH = 500.0
CHUNK = 100_000
LARGEST_RECALL = 0.98


def zero_likelihoods(pages: int) -> Floats:
    """Return the log likelihoods of pages never seen twice, shape (pages, 16)."""
    return np.zeros((pages, RATES.size))


def stored_likelihoods(posteriors: Sequence[bytes | None]) -> Floats:
    """Return the log likelihoods that the catalog keeps of pages, shape (pages, 16); zeros where it has none."""
    unlearned = bytes(8 * RATES.size)
    packed = b"".join(posterior or unlearned for posterior in posteriors)
    return np.frombuffer(packed, dtype="<f8").astype(np.float64).reshape(-1, RATES.size)


def visit_likelihoods(gap_days: Floats, changed: Bools) -> Floats:
    """Return what each visit adds to a page's log likelihoods, shape (visits, 16).

    `gap_days` is the time since the page was last verified. A failed visit teaches nothing: leave it out.
    Sums of these do not depend on their order, so a replay reaches the same state.
    """
    expected = np.maximum(gap_days, 1e-9)[:, None] * RATES
    return np.where(changed[:, None], np.log(-np.expm1(-expected)), -expected)


def base_prior(
    median_days: float = change_rates.PRIOR_MEDIAN_DAYS, sigma: float = change_rates.PRIOR_SIGMA
) -> Floats:
    """Return a lognormal prior over the 16 rates whose median page changes every `median_days`."""
    z = (np.log(RATES) + np.log(median_days)) / sigma
    weight = np.exp(-0.5 * z * z)
    return np.asarray(weight / weight.sum())


def rate_posterior(likelihood: Floats, prior: Floats) -> Floats:
    """Return the probability of each rate for each page, shape (pages, 16)."""
    score = likelihood + np.log(prior)
    score -= score.max(axis=1, keepdims=True)
    np.exp(score, out=score)
    return np.asarray(score / score.sum(axis=1, keepdims=True))


def learned_prior(likelihood: Floats, start: Floats) -> Floats:
    """Return the prior of one page kind: `start`, moved towards what its own pages have shown.

    Empirical Bayes in two EM steps over at most 20,000 pages, with `start` worth 500 pages.
    """
    sample = likelihood[:: max(1, likelihood.shape[0] // EM_SAMPLE)]
    seen = sample[np.any(sample != 0.0, axis=1)]
    prior = start
    for _ in range(EM_STEPS if seen.size else 0):
        total = rate_posterior(seen, prior).sum(axis=0) + EM_STRENGTH * start
        prior = total / total.sum()
    return prior


def visit_gain(rates: Floats, tau_days: Floats) -> Floats:
    """Return (1/D)·[1 − (1 + Dτ)·e^(−Dτ)]: what a visit after `tau_days` gains at weight 1."""
    u = rates * tau_days
    return np.asarray((1.0 - (1.0 + u) * np.exp(-u)) / rates)


@dataclass(frozen=True, slots=True)
class SignalArrays:
    """What change signals say, one entry a page: see db.schedule.change_signals.PageSignals."""

    precision: Floats
    recall: Floats
    doubt: Floats
    spoke: Floats
    exposure: Floats

    @classmethod
    def of(cls, signals: Sequence[PageSignals]) -> SignalArrays:
        """Return what signals say of these pages, in their order."""
        columns = [(each.precision, each.recall, each.doubt, each.spoke, each.exposure) for each in signals]
        return cls(*np.array(columns, dtype=np.float64).reshape(-1, 5).T)

    @property
    def likelihoods(self) -> Floats:
        """What the number of signals adds to the pages' log likelihoods, shape (pages, 16)."""
        return np.asarray(self.spoke[:, None] * np.log(RATES) - self.exposure[:, None] * RATES)

    def take(self, part: slice) -> SignalArrays:
        """Return these pages only, as columns beside the 16 rates."""
        columns = (self.precision, self.recall, self.doubt, self.spoke, self.exposure)
        return SignalArrays(*(column[part, None] for column in columns))


def signalled_gain(rates: Floats, tau_days: Floats, signals: SignalArrays) -> Floats:
    """Return what a visit gains at weight 1 where signals tell of some changes, and are sometimes wrong.

    With nothing told it is visit_gain. The chance that the page is as it was falls with time only by the
    changes nobody tells of, and at every signal by its precision; what is gained is the freshness of waiting
    no longer than until this chance, less what waiting itself costs (Busa-Fekete et al. 2025, first two terms).
    """
    untold = rates * (1.0 - np.minimum(signals.recall, LARGEST_RECALL))
    spoken = rates * np.maximum(signals.recall, 1e-6) / signals.precision
    step = -np.log1p(-signals.precision) / untold
    waited = tau_days + signals.doubt / untold
    later = np.maximum(waited - step, 0.0)
    both = spoken + untold
    fresh = -np.expm1(-both * waited) / both
    fresh += (1.0 - signals.precision) * spoken / both**2 * _second_residual(both * later)
    wait = (-np.expm1(-spoken * waited) + _second_residual(spoken * later)) / spoken
    return np.asarray(fresh - np.exp(-untold * waited) * wait)


def _second_residual(x: Floats) -> Floats:
    """Return 1 − (1 + x)·e^(−x)."""
    return np.asarray(-np.expm1(-x) - x * np.exp(-x))


def expected_gain(
    likelihood: Floats, prior: Floats, tau_days: Floats, weight: Floats, signals: SignalArrays | None = None
) -> Floats:
    """Return the index of each page: its weight times the gain averaged over its posterior.

    `likelihood` has shape (pages, 16), `prior` (16,). `told` is what signals say, None where none watches.
    """
    value = np.empty(tau_days.size)
    for start in range(0, tau_days.size, CHUNK):
        part = slice(start, start + CHUNK)
        score = likelihood[part].astype(np.float32)
        score += np.log(prior).astype(np.float32)
        score -= score.max(axis=1, keepdims=True)
        np.exp(score, out=score)
        tau = tau_days[part, None]
        each = visit_gain(RATES, tau) if signals is None else signalled_gain(RATES, tau, signals.take(part))
        value[part] = np.einsum("ij,ij->i", score, each) / score.sum(axis=1)
    return np.asarray(value * weight)


@dataclass(frozen=True, slots=True)
class PageArrays:
    """What the pick needs to know, one entry a page.

    `tau_days` since last verified; `limit_days` the strictest freshness limit among its facts (inf: none);
    `host` indexes `allowance`; `forced` pages (a scheduled date has arrived, a surprise wants confirming)
    go first.
    """

    value: Floats
    tau_days: Floats
    limit_days: Floats
    host: Ints
    discovery: Bools
    forced: Bools

    def take(self, index: Ints) -> PageArrays:
        """Return these pages only, in this order."""
        return PageArrays(
            self.value[index],
            self.tau_days[index],
            self.limit_days[index],
            self.host[index],
            self.discovery[index],
            self.forced[index],
        )


@dataclass(frozen=True, slots=True)
class Feasibility:
    """Whether the limits can be kept: visits a run they need, by host and in all, against what is allowed."""

    needed: float
    budget: float
    needed_by_host: Floats
    allowance: Floats

    @property
    def host_ok(self) -> Bools:
        return np.asarray(self.needed_by_host <= self.allowance)

    @property
    def ok(self) -> bool:
        return bool(self.needed <= self.budget and self.host_ok.all())

    @property
    def stretch(self) -> float:
        """The factor by which every limit would have to grow to become achievable; 1 when all are."""
        by_host = np.divide(
            self.needed_by_host,
            self.allowance,
            out=np.zeros_like(self.allowance, dtype=float),
            where=self.allowance > 0,
        )
        return max(1.0, self.needed / self.budget, float(by_host.max(initial=0.0)))


def compute_feasibility(
    limit_days: Floats, host: Ints, allowance: Floats, budget: float, run_days: float
) -> Feasibility:
    """Say whether a budget of requests a run, every `run_days`, can keep every limit (Σ 1/limit)."""
    rate = np.divide(run_days, limit_days, out=np.zeros_like(limit_days), where=np.isfinite(limit_days))
    by_host = np.bincount(host, weights=rate, minlength=allowance.size).astype(np.float64)
    return Feasibility(float(rate.sum()), budget, by_host, allowance)


def pick_pages(
    pages: PageArrays,
    *,
    budget: int,
    allowance: Floats,
    feasible: Feasibility,
    run_days: float,
    discovery_share: float = DISCOVERY_SHARE,
    floor: float = -np.inf,
) -> Ints:
    """Return the indices of at most `budget` pages, first the most urgent.

    Forced pages lead; then pages that would be past their limit by the next run, on hosts that can keep
    their limits; then the rest by index, down to `floor`. `discovery_share` of the budget is kept for discovery pages.
    """
    hurried = feasible.host_ok[pages.host] & (feasible.needed <= feasible.budget)
    past = hurried & (pages.tau_days + run_days > pages.limit_days)
    rank = np.where(pages.forced, 2.0, past.astype(np.float64))
    reserved = int(np.ceil(budget * discovery_share))
    discovery = _best(rank, pages.value, np.flatnonzero(pages.discovery), reserved)
    others = np.delete(np.arange(rank.size), discovery)
    others = others[(rank[others] > 0.0) | (pages.value[others] >= floor)]
    depth = budget
    while True:
        order = np.concatenate([discovery, _best(rank, pages.value, others, depth)])
        chosen = _within(order, pages.host, allowance)[:budget]
        if chosen.size == budget or depth >= others.size:
            return chosen
        depth *= 4


def _best(rank: Floats, value: Floats, among: Ints, most: int) -> Ints:
    """Return at most `most` of `among`, best first: by rank, then by value, then by number."""
    if 0 < most < among.size:
        score = rank[among] * (1.0 + value.max(initial=0.0)) + value[among]
        among = among[score >= np.partition(score, -most)[-most]]
    return among[np.lexsort((-value[among], -rank[among]))][:most]


def _within(order: Ints, host: Ints, allowance: Floats) -> Ints:
    """Drop from `order` what comes after a host's allowance is spent."""
    hosts = host[order]
    grouped = np.argsort(hosts, kind="stable")
    starts = np.searchsorted(hosts[grouped], np.arange(allowance.size))
    turn = np.empty(order.size, dtype=np.int64)
    turn[grouped] = np.arange(order.size) - starts[hosts[grouped]]
    return order[turn < allowance[hosts]]


def explain_choice(pages: PageArrays, feasible: Feasibility, run_days: float, index: int) -> str:
    """Return in a few words why a page has its rank."""
    if pages.forced[index]:
        return "asked for: a scheduled date arrived or a surprise wants confirming"
    if pages.tau_days[index] + run_days > pages.limit_days[index]:
        days = f"{days_text(float(pages.limit_days[index]))} limit"
        if feasible.host_ok[pages.host[index]] and feasible.needed <= feasible.budget:
            return f"would pass its {days} before the next run"
        return f"past its {days}, which the budget cannot keep; index {pages.value[index]:.4g}"
    return f"index {pages.value[index]:.4g} after {pages.tau_days[index]:.1f} d"


def host_allowances(names: Sequence[str], usual: int, own: Mapping[str, int]) -> Floats:
    """Return how many pages each host gets at most, one number where there is no host."""
    return np.array([float(own.get(name, usual)) for name in names] or [float(usual)])


def number_hosts(hosts: Sequence[str]) -> tuple[Ints, list[str]]:
    """Number host names in order of first appearance."""
    known = {name: number for number, name in enumerate(dict.fromkeys(hosts))}
    return np.array([known[name] for name in hosts], dtype=np.int64), list(known)
