"""The rules a run can follow: the one that ships, and those it is measured against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from cardwatch.db import policy
from cardwatch.db.policy import Bools, Floats, Ints
from cardwatch.simulation.world import World


class Rule(Protocol):
    """Gives every page a value before each run, and learns from the visits that succeeded."""

    def values(self, now: float, tau: Floats) -> Floats: ...

    def learn(self, page: Ints, gap: Floats, changed: Bools, now: float) -> None: ...


class Shipped:
    """What `refresh --budget` does: db.policy with nothing known about rates at the start."""

    def __init__(self, world: World) -> None:
        self.weights = world.weights
        self.likelihood = policy.no_evidence(world.pages)
        self.prior = policy.base_prior()

    def values(self, now: float, tau: Floats) -> Floats:
        self.prior = policy.learned_prior(self.likelihood, policy.base_prior())
        return policy.expected_gain(self.likelihood, self.prior, tau, self.weights)

    def learn(self, page: Ints, gap: Floats, changed: Bools, now: float) -> None:
        self.likelihood[page] += policy.evidence(gap, changed)


class Oracle:
    """The same index, told the true rates."""

    def __init__(self, world: World) -> None:
        self.world = world

    def values(self, now: float, tau: Floats) -> Floats:
        late = now >= self.world.scenario.drift_at
        rates = self.world.late_rates if late else self.world.rates
        return self.world.weights * policy.gain(rates, tau)

    def learn(self, page: Ints, gap: Floats, changed: Bools, now: float) -> None:
        pass


class Uniform:
    """Oldest first: one fixed interval for every page."""

    def __init__(self, world: World) -> None:
        pass

    def values(self, now: float, tau: Floats) -> Floats:
        return tau

    def learn(self, page: Ints, gap: Floats, changed: Bools, now: float) -> None:
        pass


class Interval:
    """A page's interval shrinks by `shrink` when it changed, else grows by `grow`; most overdue first."""

    shrink, grow, shortest, longest, first = 0.8, 1.4, 1 / 1440, 90.0, 7.0

    def __init__(self, world: World) -> None:
        self.interval = np.full(world.pages, self.first)

    def values(self, now: float, tau: Floats) -> Floats:
        return np.asarray(tau - self.interval)

    def learn(self, page: Ints, gap: Floats, changed: Bools, now: float) -> None:
        step = np.where(changed, self.shrink, self.grow)
        self.interval[page] = np.clip(self.interval[page] * step, self.shortest, self.longest)


class Nutch(Interval):
    """Apache Nutch's adaptive schedule with its shipped rates, first interval seven days."""


class StormCrawler(Interval):
    """StormCrawler's adaptive scheduler: halve or add half, between an hour and a fortnight, first a day."""

    shrink, grow, shortest, longest, first = 0.5, 1.5, 1 / 24, 14.0, 1.0


class Counting:
    """Keeps visits, changes and time per page: Cho and Garcia-Molina's estimator, which errs low."""

    def __init__(self, world: World) -> None:
        self.weights = world.weights
        self.visits, self.changes = np.zeros(world.pages), np.zeros(world.pages)
        self.time = np.zeros(world.pages)

    def rates(self) -> Floats:
        n, x = self.visits, self.changes
        share = np.where(x > 0, (n - x + 0.5) / (n + 0.5), n / (n + 0.5))
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = -np.log(share) * n / self.time
        return np.where(n > 0, rate, 1.0 / policy.PRIOR_MEDIAN_DAYS)

    def learn(self, page: Ints, gap: Floats, changed: Bools, now: float) -> None:
        self.visits[page] += 1
        self.changes[page] += changed
        self.time[page] += gap


class RHat(Counting):
    """The index at the counted estimate."""

    def values(self, now: float, tau: Floats) -> Floats:
        return self.weights * policy.gain(np.maximum(self.rates(), 1e-6), tau)


class Proportional(Counting):
    """Visits in proportion to the estimated rate: what intuition suggests."""

    def values(self, now: float, tau: Floats) -> Floats:
        return tau * self.rates()


RULES: dict[str, Callable[[World], Rule]] = {
    "oracle": Oracle,
    "cardwatch": Shipped,
    "r-hat": RHat,
    "uniform": Uniform,
    "stormcrawler": StormCrawler,
    "nutch": Nutch,
    "proportional": Proportional,
}
