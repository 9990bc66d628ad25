"""The rules a run can follow: the one that ships, and those it is measured against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from cardwatch.db.schedule import change_rates, page_choice
from cardwatch.db.schedule.change_rates import chance_unchanged, pack_likelihood
from cardwatch.db.schedule.change_signals import HeardSignal, combine_signals
from cardwatch.db.schedule.page_choice import Bools, Floats, Ints
from cardwatch.db.schedule.signal_quality import (
    SignalOutcomes,
    SignalQuality,
    describe_outcome,
    estimate_quality,
    sum_recent,
)
from cardwatch.simulation.world import World


class SchedulingRule(Protocol):
    """Gives every page a value before each run, and learns from the visits that succeeded."""

    def values(self, now: float, tau: Floats) -> Floats: ...

    def learn(self, page: Ints, gap: Floats, changed: Bools, now: float) -> None: ...


class ShippedRule:
    """What `refresh --budget` does: db.schedule.page_choice, with nothing known about rates at the start."""

    def __init__(self, world: World) -> None:
        self.weights = world.weights
        self.likelihood = page_choice.zero_likelihoods(world.pages)
        self.prior = page_choice.base_prior()

    def values(self, now: float, tau: Floats) -> Floats:
        self.prior = page_choice.learned_prior(self.likelihood, page_choice.base_prior())
        return page_choice.expected_gain(self.likelihood, self.prior, tau, self.weights)

    def learn(self, page: Ints, gap: Floats, changed: Bools, now: float) -> None:
        self.likelihood[page] += page_choice.visit_likelihoods(gap, changed)


class SignalledRule(ShippedRule):
    """The shipped rule where signals tell of changes, with nothing known of how good they are."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.world = world
        self.days: dict[int, SignalOutcomes] = {}

    @property
    def quality(self) -> SignalQuality:
        return estimate_quality(sum_recent(self.days[day] for day in sorted(self.days, reverse=True)))

    def values(self, now: float, tau: Floats) -> Floats:
        everything = np.arange(self.world.pages), np.full(tau.size, now)
        waiting = self.world.count_told(everything[0], now - tau, everything[1])
        spoke = self.world.count_told(everything[0], np.zeros(tau.size), everything[1])
        quality = self.quality
        counts, alike = np.unique(np.stack([waiting, spoke]), axis=1, return_inverse=True)
        heard = [
            combine_signals([HeardSignal("signal", quality, unanswered, ever, now)])
            for unanswered, ever in counts.T.tolist()
        ]
        signals = page_choice.SignalArrays.of([heard[number] for number in alike.ravel()])
        likelihood = self.likelihood + signals.likelihoods
        self.prior = page_choice.learned_prior(likelihood, page_choice.base_prior())
        return page_choice.expected_gain(likelihood, self.prior, tau, self.weights, signals)

    def learn(self, page: Ints, gap: Floats, changed: Bools, now: float) -> None:
        spoke = self.world.count_told(page, now - gap, np.full(gap.size, now))
        today = self.days.get(int(now), SignalOutcomes())
        for one, days, differs, count in zip(page, gap, changed, spoke, strict=True):
            kept = chance_unchanged(pack_likelihood(self.likelihood[one].tolist()), float(days))
            today = today.plus(describe_outcome(int(count), changed=bool(differs), unchanged_chance=kept))
        self.days[int(now)] = today
        super().learn(page, gap, changed, now)


class Oracle:
    """The same index, told the true rates."""

    def __init__(self, world: World) -> None:
        self.world = world

    def values(self, now: float, tau: Floats) -> Floats:
        late = now >= self.world.scenario.drift_at
        rates = self.world.late_rates if late else self.world.rates
        return self.world.weights * page_choice.visit_gain(rates, tau)

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


class AdaptiveInterval:
    """A page's interval shrinks by `shrink` when it changed, else grows by `grow`; most overdue first."""

    shrink, grow, shortest, longest, first = 0.8, 1.4, 1 / 1440, 90.0, 7.0

    def __init__(self, world: World) -> None:
        self.interval = np.full(world.pages, self.first)

    def values(self, now: float, tau: Floats) -> Floats:
        return np.asarray(tau - self.interval)

    def learn(self, page: Ints, gap: Floats, changed: Bools, now: float) -> None:
        step = np.where(changed, self.shrink, self.grow)
        self.interval[page] = np.clip(self.interval[page] * step, self.shortest, self.longest)


class Nutch(AdaptiveInterval):
    """Apache Nutch's adaptive schedule with its shipped rates, first interval seven days."""


class StormCrawler(AdaptiveInterval):
    """StormCrawler's adaptive scheduler: halve or add half, between an hour and a fortnight, first a day."""

    shrink, grow, shortest, longest, first = 0.5, 1.5, 1 / 24, 14.0, 1.0


class ChangeCounter:
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
        return np.where(n > 0, rate, 1.0 / change_rates.PRIOR_MEDIAN_DAYS)

    def learn(self, page: Ints, gap: Floats, changed: Bools, now: float) -> None:
        self.visits[page] += 1
        self.changes[page] += changed
        self.time[page] += gap


class RHat(ChangeCounter):
    """The index at the counted estimate."""

    def values(self, now: float, tau: Floats) -> Floats:
        return self.weights * page_choice.visit_gain(np.maximum(self.rates(), 1e-6), tau)


class Proportional(ChangeCounter):
    """Visits in proportion to the estimated rate: what intuition suggests."""

    def values(self, now: float, tau: Floats) -> Floats:
        return tau * self.rates()


SIGNAL_RULES: dict[str, Callable[[World], SchedulingRule]] = {
    "oracle": Oracle,
    "cardwatch": SignalledRule,
    "no_signal": ShippedRule,
    "uniform": Uniform,
}
"""Where signals tell of changes; the oracle knows the true rates and hears no signal."""
SCHEDULING_RULES: dict[str, Callable[[World], SchedulingRule]] = {
    "oracle": Oracle,
    "cardwatch": ShippedRule,
    "r-hat": RHat,
    "uniform": Uniform,
    "stormcrawler": StormCrawler,
    "nutch": Nutch,
    "proportional": Proportional,
}
