"""The page choice: laws of the index, and what a pick may never do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwatch.db.schedule import page_choice
from cardwatch.db.schedule.page_choice import Floats, PageArrays


def pages(value: Floats, **changed: Floats) -> PageArrays:
    n = value.size
    given_arrays = {
        "tau_days": np.ones(n),
        "limit_days": np.full(n, np.inf),
        "host": np.zeros(n, dtype=np.int64),
        "discovery": np.zeros(n, dtype=bool),
        "forced": np.zeros(n, dtype=bool),
        **changed,
    }
    return PageArrays(value=value, **given_arrays)


def picked(chosen: PageArrays, budget: int, allowance: Floats | None = None, share: float = 0.0) -> list[int]:
    allowed = np.array([float(budget)]) if allowance is None else allowance
    feasible = page_choice.compute_feasibility(chosen.limit_days, chosen.host, allowed, budget, 1.0)
    return page_choice.pick_pages(
        chosen,
        budget=budget,
        allowance=allowed,
        feasible=feasible,
        run_days=1.0,
        discovery_share=share,
    ).tolist()


@pytest.mark.parametrize(
    ("rate", "tau", "value"), [(1.0, 1.0, 0.26424112), (0.1, 2.0, 0.17523096), (5, 9, 0.2)]
)
def test_gain_is_the_integral_of_staleness_avoided(rate: float, tau: float, value: float) -> None:
    assert page_choice.visit_gain(np.array([rate]), np.array([tau]))[0] == pytest.approx(value, rel=1e-6)


@given(st.lists(st.tuples(st.floats(0.01, 60), st.booleans()), min_size=1, max_size=12))
def test_the_order_of_visits_does_not_matter(visits: list[tuple[float, bool]]) -> None:
    gaps, changed = (np.array(part) for part in zip(*visits, strict=True))
    forwards = page_choice.visit_likelihoods(gaps, changed).sum(axis=0)
    backwards = page_choice.visit_likelihoods(gaps[::-1], changed[::-1]).sum(axis=0)
    assert forwards == pytest.approx(backwards)


@given(st.floats(0.1, 30), st.booleans(), st.floats(0.1, 30), st.floats(0.1, 30))
def test_waiting_longer_never_lowers_a_page(gap: float, changed: bool, tau: float, more: float) -> None:
    seen = page_choice.visit_likelihoods(np.array([gap] * 2), np.array([changed] * 2))
    value = page_choice.expected_gain(seen, page_choice.base_prior(), np.array([tau, tau + more]), np.ones(2))
    assert value[0] <= value[1] * (1 + 1e-5)


def test_a_page_that_changed_at_every_visit_is_not_given_up() -> None:
    seen = np.vstack(
        [page_choice.visit_likelihoods(np.full(5, 3.0), np.full(5, bit)).sum(axis=0) for bit in (True, False)]
    )
    value = page_choice.expected_gain(seen, page_choice.base_prior(), np.array([3.0, 3.0]), np.ones(2))
    assert value[0] > value[1] > 0


def test_posteriors_narrow_around_the_true_rate() -> None:
    rng = np.random.default_rng(7)
    gaps = rng.exponential(4.0, 400)
    changed = rng.random(400) < -np.expm1(-gaps / 10)
    seen = page_choice.visit_likelihoods(gaps, changed).sum(axis=0, keepdims=True)
    best = page_choice.RATES[page_choice.rate_posterior(seen, page_choice.base_prior()).argmax()]
    assert 0.05 < best < 0.2


@given(st.integers(0, 40), st.integers(1, 5), st.integers(1, 12), st.floats(0, 1))
def test_budget_and_allowances_are_never_exceeded(
    budget: int, hosts: int, allowed: int, share: float
) -> None:
    rng = np.random.default_rng(budget * 100 + hosts)
    chosen = pages(
        rng.random(50),
        host=rng.integers(0, hosts, 50),
        discovery=rng.random(50) < 0.2,
        limit_days=rng.choice([3.0, np.inf], 50),
    )
    result = picked(chosen, budget, np.full(hosts, float(allowed)), share) if budget else []
    assert len(result) == len(set(result)) <= budget
    assert np.bincount(chosen.host[result], minlength=hosts).max(initial=0) <= allowed
    assert len(result) == min(budget, sum(min(allowed, n) for n in np.bincount(chosen.host, minlength=hosts)))


def test_discovery_keeps_its_share_and_no_more() -> None:
    value = np.array([1.0] * 20 + [0.01] * 10)
    chosen = pages(value, discovery=np.arange(30) >= 20)
    result = picked(chosen, 10, share=0.1)
    assert sum(index >= 20 for index in result) == 1


def test_pages_past_their_limit_go_first_only_while_limits_can_be_kept() -> None:
    value = np.linspace(1, 2, 10)
    late = np.where(np.arange(10) == 0, 30.0, 1.0)
    chosen = pages(value, tau_days=late, limit_days=np.full(10, 20.0))
    assert picked(chosen, 1)[0] == 0
    crowded = pages(value, tau_days=late, limit_days=np.full(10, 2.0))
    assert picked(crowded, 1)[0] == 9


def test_a_forced_page_leads() -> None:
    chosen = pages(np.linspace(0, 1, 10), forced=np.arange(10) == 3)
    assert picked(chosen, 2) == [3, 9]


def test_feasibility_names_the_stretch() -> None:
    chosen = page_choice.compute_feasibility(
        np.full(100, 10.0), np.zeros(100, dtype=np.int64), np.array([5.0]), 20.0, 1.0
    )
    assert (chosen.needed, chosen.ok, chosen.stretch) == (pytest.approx(10.0), False, pytest.approx(2.0))
