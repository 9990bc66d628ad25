"""Run rules over worlds and sum up: freshness against the oracle and against visiting all alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cardwatch.db.schedule import page_choice
from cardwatch.db.schedule.page_choice import Floats, Ints
from cardwatch.simulation.scheduling_rules import (
    SCHEDULING_RULES,
    SIGNAL_RULES,
    SchedulingRule,
    ShippedRule,
    SignalledRule,
)
from cardwatch.simulation.world import DAYS, SCENARIOS, WINDOW_START, World, draw_world

TARGETS = {"catalog": (0.99, 0.80), "base": (0.985, None), "polite": (0.985, None)}
"""Per scenario: least share of the oracle's freshness, least share of the uniform-to-oracle gap."""
BELOW_UNIFORM = 0.002
SIGNALLED_FRESHNESS = 0.98
PRECISION_ERROR = 0.05
LOST_TO_SIGNALS = 0.005


@dataclass(frozen=True, slots=True)
class RuleResult:
    """`freshness`: weighted share of time the copy was true; `late`: most pages past their limit at once.

    `precision` is what the rule came to think of the signals, None where it hears none.
    """

    freshness: float
    visits: int
    late: int
    precision: float | None = None


def simulate_rule(world: World, rule: SchedulingRule, *, limits: bool, seed: int) -> RuleResult:
    """Let `rule` spend the budget of every run; all pages are visited once at the start."""
    rng = np.random.default_rng(seed)
    verified, stale, visits, late, carry = np.zeros(world.pages), np.zeros(world.pages), 0, 0, 0.0
    broken = world.next_change(np.arange(world.pages), verified)
    run_days = 1.0 / world.scenario.runs_a_day
    for run in range(1, int(DAYS * world.scenario.runs_a_day)):
        now = run * run_days
        budget = int(carry + world.budget)
        carry = carry + world.budget - budget
        tau = now - verified
        chosen = _choose(world, rule.values(now, tau), tau, budget, run_days, limits=limits)
        visits += chosen.size
        chosen = chosen[rng.random(chosen.size) >= world.scenario.failures]
        changed = broken[chosen] <= now
        stale[chosen] += _stale_days(broken[chosen], now)
        rule.learn(
            chosen, tau[chosen], changed | (rng.random(chosen.size) < world.scenario.false_changes), now
        )
        verified[chosen] = now
        broken[chosen] = world.next_change(chosen, np.full(chosen.size, now))
        if now >= WINDOW_START:
            late = max(late, int((now - verified > world.scenario.limit_days + run_days).sum()))
    stale += _stale_days(broken, DAYS)
    fresh = 1.0 - stale / (DAYS - WINDOW_START)
    precision = rule.quality.precision if isinstance(rule, SignalledRule) else None
    return RuleResult(float((fresh * world.weights).mean()), visits, late, precision)


def rules_of(scenario: str) -> Mapping[str, Callable[[World], SchedulingRule]]:
    """Return the rules that are compared on a scenario."""
    return SIGNAL_RULES if SCENARIOS[scenario].signals else SCHEDULING_RULES


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _stale_days(broken: Floats, until: float) -> Floats:
    return np.maximum(0.0, until - np.maximum(broken, WINDOW_START)) * (until > WINDOW_START)


def _choose(world: World, value: Floats, tau: Floats, budget: int, run_days: float, *, limits: bool) -> Ints:
    """Pick through the production function; only the shipped rule is given freshness limits."""
    limit = np.full(world.pages, world.scenario.limit_days if limits else np.inf)
    allowance = np.full(world.scenario.hosts, max(1.0, world.scenario.host_share * budget))
    if world.scenario.hosts == 1:
        allowance[:] = budget
    none = np.zeros(world.pages, dtype=bool)
    feasible = page_choice.compute_feasibility(limit, world.host, allowance, max(budget, 1), run_days)
    pages = page_choice.PageArrays(value, tau, limit, world.host, none, none)
    return page_choice.pick_pages(
        pages, budget=budget, allowance=allowance, feasible=feasible, run_days=run_days, discovery_share=0.0
    )


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """One scenario's outcome, means over the seeds."""

    scenario: str
    results: Mapping[str, float]
    visits: Mapping[str, float]
    late: int
    precision: float | None = None
    """What the signals were taken for in the end; None where there are none."""

    def ratio(self, rule: str) -> float:
        """Return a rule's freshness as a share of the oracle's."""
        return self.results[rule] / self.results["oracle"]

    def gap(self, rule: str) -> float:
        """Return how much of the way from uniform to the oracle a rule goes."""
        uniform = self.results["uniform"]
        return (self.results[rule] - uniform) / (self.results["oracle"] - uniform)

    def failures(self) -> list[str]:
        """Return each target the shipped policy missed, in words."""
        least, gap = TARGETS.get(self.scenario, (0.0, None))
        missed = []
        if self.ratio("cardwatch") < least:
            missed.append(f"{self.scenario}: {self.ratio('cardwatch'):.4f} of the oracle, wanted {least}")
        if gap is not None and self.gap("cardwatch") < gap:
            missed.append(f"{self.scenario}: {self.gap('cardwatch'):.1%} of the gap, wanted {gap:.0%}")
        if self.ratio("cardwatch") < self.ratio("uniform") - BELOW_UNIFORM:
            missed.append(f"{self.scenario}: below uniform by more than {BELOW_UNIFORM}")
        missed += self._signal_failures()
        if self.late:
            missed.append(f"{self.scenario}: {self.late} pages past a limit that can be kept")
        return missed

    def _signal_failures(self) -> list[str]:
        """Return what signals failed to bring, or cost."""
        quality = SCENARIOS[self.scenario].signals
        if quality is None:
            return []
        missed, gain = [], self.results["cardwatch"] - self.results["no_signal"]
        if gain < -LOST_TO_SIGNALS:
            missed.append(f"{self.scenario}: {-gain:.4f} lost to signals, wanted {LOST_TO_SIGNALS} at most")
        if not quality.blind and np.isinf(quality.dies_at):
            if self.results["cardwatch"] < SIGNALLED_FRESHNESS:
                fresh = self.results["cardwatch"]
                missed.append(f"{self.scenario}: {fresh:.4f} fresh, wanted {SIGNALLED_FRESHNESS}")
            if self.precision is not None and abs(self.precision - quality.precision) > PRECISION_ERROR:
                missed.append(f"{self.scenario}: precision {self.precision:.2f}, wanted {quality.precision}")
        return missed


def run_study(
    *,
    scenarios: Iterable[str],
    seeds: int,
    pages: int,
    tick: Callable[[], None] = lambda: None,
) -> list[ScenarioResult]:
    """Play every rule on every scenario; the same worlds for all rules of one."""
    lines = []
    for name in scenarios:
        rules = rules_of(name)
        played: dict[str, list[RuleResult]] = {rule: [] for rule in rules}
        for seed in range(seeds):
            world = draw_world(SCENARIOS[name], pages=pages, seed=seed)
            for rule, results in played.items():
                made = rules[rule](world)
                results.append(simulate_rule(world, made, limits=isinstance(made, ShippedRule), seed=seed))
                tick()
        lines.append(
            ScenarioResult(
                name,
                {rule: float(np.mean([r.freshness for r in results])) for rule, results in played.items()},
                {rule: float(np.mean([r.visits for r in results])) for rule, results in played.items()},
                max(r.late for r in played["cardwatch"]),
                _mean([r.precision for r in played["cardwatch"] if r.precision is not None]),
            )
        )
    return lines
