"""Age against limit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwatch.db.store.freshness_limits import DEFAULT_LIMITS, FreshnessLimit, FreshnessLimits, age_days
from cardwatch.normalize.attributes import ATTRIBUTES


@pytest.mark.parametrize(
    ("age", "level"),
    [(0, "fresh"), (7, "fresh"), (8, "warn"), (14, "warn"), (15, "error")],
)
def test_an_age_equal_to_the_limit_is_fresh(age: int, level: str) -> None:
    assert DEFAULT_LIMITS["price"].level(age) == level


@pytest.mark.parametrize(
    ("attribute", "warn", "error"),
    [
        ("input_price", 7, 14),
        ("availability", 7, 14),
        ("context_window", 30, 60),
        ("capability.vision", 30, 60),
        ("shutdown_date", 14, 30),
        ("license", 90, 180),
        ("knowledge_cutoff", 90, 180),
        ("parameters_total", 90, 180),
        ("benchmark.mmlu_pro", 90, 180),
    ],
)
def test_defaults_are_those_of_the_design(attribute: str, warn: int, error: int) -> None:
    assert FreshnessLimits().of(attribute) == FreshnessLimit(warn, error)


def test_curated_prices_have_limits_of_their_own() -> None:
    assert FreshnessLimits().of("output_price", source="curated", authority="curated") == FreshnessLimit(
        30, 60
    )
    assert FreshnessLimits().of("license", source="curated", authority="curated") == FreshnessLimit(90, 180)


def test_the_closest_override_wins() -> None:
    limits = FreshnessLimits(
        everywhere={"price": FreshnessLimit(3, 6), "output_price": FreshnessLimit(2, 4)},
        by_source={
            "litellm_prices": {"price": FreshnessLimit(20, 40), "input_price": FreshnessLimit(10, 20)}
        },
    )
    assert limits.of("cache_read_price") == FreshnessLimit(3, 6)
    assert limits.of("output_price") == FreshnessLimit(2, 4)
    assert limits.of("output_price", source="litellm_prices") == FreshnessLimit(20, 40)
    assert limits.of("input_price", source="litellm_prices") == FreshnessLimit(10, 20)


def test_every_attribute_has_a_limit() -> None:
    assert all(FreshnessLimits().of(name).warn < FreshnessLimits().of(name).error for name in ATTRIBUTES)


@given(st.dates(min_value=date(2020, 1, 1)), st.integers(0, 400), st.integers(0, 400))
def test_waiting_never_makes_a_fact_fresher(verified: date, days: int, more: int) -> None:
    order = ["fresh", "warn", "error"]
    now = verified + timedelta(days=days) if verified.year < 9990 else verified
    later = now + timedelta(days=more) if now.year < 9990 else now
    limit = FreshnessLimit(7, 14)
    levels = [limit.level(age_days(verified, day)) for day in (now, later)]
    assert order.index(levels[0]) <= order.index(levels[1])
