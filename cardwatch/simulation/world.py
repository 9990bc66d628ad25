"""Pages that change at random, the runs that visit them, and exact freshness over a window."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cardwatch.db.schedule.page_choice import Floats, Ints

DAYS, WINDOW_START = 120.0, 60.0


@dataclass(frozen=True, slots=True)
class SignalScenario:
    """What tells of changes: `recall` of them, and so much else that `precision` of what it tells is true.

    `blind`: it speaks as often, at random, with nothing known about any page. It falls silent on `dies_at`.
    """

    precision: float = 0.8
    recall: float = 0.9
    blind: bool = False
    dies_at: float = np.inf


@dataclass(frozen=True, slots=True)
class Scenario:
    """How pages change, what they weigh and what may be spent.

    `budget_days`: the budget visits every page once in so many days. `classes`: shares and median days
    between changes of page classes. `cv`: spread of the gaps between changes (1 is Poisson). `hosts` Zipf
    hosts share the pages, each with `host_share` of the budget a day. `signals` tell of changes.
    """

    name: str
    budget_days: float = 7.0
    classes: tuple[tuple[float, float], ...] = ((1.0, 30.0),)
    sigma: float = 1.5
    weight_sigma: float = 0.0
    runs_a_day: int = 4
    hosts: int = 1
    host_share: float = 1.0
    false_changes: float = 0.0
    failures: float = 0.0
    drift_at: float = np.inf
    cv: float = 1.0
    limit_days: float = np.inf
    signals: SignalScenario | None = None


_BASE = Scenario("base")
_CATALOG = Scenario(
    "catalog", classes=((0.70, 180.0), (0.25, 21.0), (0.05, 0.5)), sigma=0.5, weight_sigma=1.0
)
_SIGNALS = replace(_CATALOG, name="signals", runs_a_day=24, signals=SignalScenario())
SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        _BASE,
        replace(_BASE, name="base + limit", limit_days=30.0),
        replace(_BASE, name="daily_cron", runs_a_day=1),
        replace(_BASE, name="hetero", sigma=2.5),
        replace(_BASE, name="fast", classes=((1.0, 7.0),)),
        replace(_BASE, name="scarce", budget_days=30.0),
        _CATALOG,
        replace(_CATALOG, name="catalog + limit", limit_days=30.0),
        replace(_CATALOG, name="catalog30", budget_days=30.0),
        replace(_BASE, name="weights", weight_sigma=1.0),
        replace(_BASE, name="polite", weight_sigma=1.0, hosts=40, host_share=1 / 20),
        replace(_BASE, name="drift", drift_at=60.0),
        replace(_BASE, name="bursty", cv=2.0),
        replace(_BASE, name="regular", cv=0.5),
        replace(_BASE, name="noise10", false_changes=0.1),
        replace(_BASE, name="fail10", failures=0.1),
        _SIGNALS,
        replace(_SIGNALS, name="lying_signals", signals=SignalScenario(blind=True)),
        replace(_SIGNALS, name="dying_signals", signals=SignalScenario(dies_at=75.0)),
    )
}


@dataclass(frozen=True, slots=True)
class World:
    """One draw of a scenario: the same change times for every policy.

    `changes` are sorted keys page·SPAN + time, so that one search answers "the next change after"; so are `told`,
    the times at which a signal speaks of a page.
    """

    scenario: Scenario
    rates: Floats
    late_rates: Floats
    weights: Floats
    host: Ints
    changes: Floats
    signal_times: Floats

    @property
    def pages(self) -> int:
        return int(self.rates.size)

    @property
    def budget(self) -> float:
        """Visits a run; runs carry what is left over as a fraction."""
        return self.pages / self.scenario.budget_days / self.scenario.runs_a_day

    def next_change(self, page: Ints, after: Floats) -> Floats:
        """Return the time of each page's first change later than `after`, inf when there is none."""
        at = np.searchsorted(self.changes, page * SPAN + after, side="right")
        key = np.append(self.changes, np.inf)[at]
        return np.where(key < (page + 1) * SPAN, key - page * SPAN, np.inf)

    def count_told(self, page: Ints, after: Floats, until: Floats) -> Ints:
        """Return how often a signal spoke of each page later than `after` and not after `until`."""
        ends = np.searchsorted(self.signal_times, page * SPAN + until, side="right")
        return np.asarray(ends - np.searchsorted(self.signal_times, page * SPAN + after, side="right"))


SPAN = 1024.0


def draw_world(scenario: Scenario, *, pages: int, seed: int) -> World:
    """Return the world of one seed."""
    rng = np.random.default_rng(seed)
    rates, late = _rates(scenario, pages, rng), None
    if np.isfinite(scenario.drift_at):
        late = np.where(rng.random(pages) < 0.2, _rates(scenario, pages, rng), rates)
    weights = rng.lognormal(0.0, scenario.weight_sigma, pages) if scenario.weight_sigma else np.ones(pages)
    zipf = 1.0 / np.arange(1, scenario.hosts + 1)
    host = rng.choice(scenario.hosts, pages, p=zipf / zipf.sum())
    late_rates = rates if late is None else late
    changes = _changes(scenario, rates, late_rates, rng)
    return World(
        scenario,
        rates,
        late_rates,
        weights / weights.mean(),
        host,
        changes,
        _told(scenario.signals, rates, changes, rng) if scenario.signals else np.empty(0),
    )


def _told(signals: SignalScenario, rates: Floats, changes: Floats, rng: np.random.Generator) -> Floats:
    """Draw when signals speak: with the changes they tell of, and at random in between."""
    often = rates * signals.recall / signals.precision
    if signals.blind:
        true, false = changes[:0], np.full(rates.size, often.mean())
    else:
        true, false = changes[rng.random(changes.size) < signals.recall], often * (1.0 - signals.precision)
    page = np.repeat(np.arange(rates.size), rng.poisson(false * DAYS))
    moments = np.concatenate([true, page * SPAN + rng.uniform(0.0, DAYS, page.size)])
    return np.sort(moments[moments % SPAN < signals.dies_at])


def _rates(scenario: Scenario, pages: int, rng: np.random.Generator) -> Floats:
    shares = [share for share, _ in scenario.classes]
    medians = np.array([median for _, median in scenario.classes])
    median = medians[rng.choice(len(shares), pages, p=shares)]
    return np.asarray(np.clip(rng.lognormal(np.log(1.0 / median), scenario.sigma), 1e-5, 48.0))


def _changes(scenario: Scenario, early: Floats, late: Floats, rng: np.random.Generator) -> Floats:
    """Draw change times; gaps are gamma with the scenario's spread, started in equilibrium."""
    keys = []
    shape = 1.0 / scenario.cv**2
    for page, (rate, late_rate) in enumerate(zip(early, late, strict=True)):
        end = min(DAYS, scenario.drift_at)
        keys.append(page * SPAN + _times(rate, 0.0, end, shape, rng))
        if end < DAYS:
            keys.append(page * SPAN + _times(late_rate, end, DAYS, shape, rng))
    return np.concatenate(keys)


def _times(rate: float, start: float, end: float, shape: float, rng: np.random.Generator) -> Floats:
    expected = rate * (end - start)
    if shape == 1.0:
        return np.sort(rng.uniform(start, end, rng.poisson(expected)))
    lead = 20.0 / rate
    count = int((expected + 20.0) + 6.0 * np.sqrt(expected + 20.0) / min(shape, 1.0)) + 10
    times = start - lead + np.cumsum(rng.gamma(shape, 1.0 / (shape * rate), count))
    return np.asarray(times[(times > start) & (times < end)])
