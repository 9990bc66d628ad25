"""The audit of choices finds what is planted: a card that shows another claim than the rules would."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from support.card_builders import card, fact, offer

from cardwatch.auditing.choice_terms import LIMIT_DAYS, belongs_to, is_plan, is_within_limit
from cardwatch.auditing.choices import audit_choices, audit_conflicts
from cardwatch.auditing.freshness import FreshnessSurfaces, audit_freshness
from cardwatch.db.query.cards import ClaimedValue, ModelCard, PlainValue
from cardwatch.db.query.reports import Conflict, Hold
from cardwatch.db.query.reviewed_facts import ReviewedFact
from cardwatch.db.query.stated_claims import StatedClaim
from cardwatch.db.staleness.stale_facts import LevelCounts, StaleFact, StaleReport
from cardwatch.db.store.freshness_limits import DEFAULT_LIMITS, FreshnessLimits
from cardwatch.db.store.speakers import is_own_provider
from cardwatch.normalize.providers import DEVELOPERS, PROVIDERS

GPT, TODAY = "openai/gpt-4.1", date(2026, 5, 25)
OWN = StatedClaim(
    GPT, "", "context_window", "", "1000", "openai_model_pages", "first_party", "", "", "2026-05-20", 1
)
OTHER = OWN._replace(
    value="900", source="models_dev", authority="aggregator", provider="openai", via="openai"
)


def checks(made: ModelCard, *claims: StatedClaim, holds: tuple[Hold, ...] = ()) -> set[str]:
    return {found.check for found in audit_choices([made], claims, holds, TODAY)}


def window(value: PlainValue) -> ModelCard:
    return card(GPT, {"context_window": value})


@pytest.mark.parametrize(
    ("shown", "claims", "found"),
    [
        (1000, (OWN, OTHER), set()),
        (900, (OWN, OTHER), {"A1"}),
        (900, (OWN._replace(last_verified="2026-01-01"), OTHER), set()),
        (1000, (OWN._replace(still=0), OTHER), {"A2", "A3"}),
        (1000, (OWN._replace(last_verified="2025-12-01"), OTHER), {"A3"}),
    ],
)
def test_what_is_overruled_said_once_or_old_is_found(
    shown: int, claims: tuple[StatedClaim, ...], found: set[str]
) -> None:
    assert checks(window(shown), *claims) == found


def test_a_retired_model_that_is_sold_is_found() -> None:
    made = card(GPT, {"lifecycle": "retired"}, [offer(GPT, "openai")])
    assert "A4" in checks(made)
    assert "A4" not in checks(replace(made, offers=(replace(made.offers[0], listed=False),)))


def test_a_held_value_on_a_card_is_found() -> None:
    held = Hold(
        1, "models_dev", "https://a.example", GPT, None, None, "context_window", 1000, 9, "why", "2026-05-20"
    )
    assert checks(window(9), OWN._replace(authority="aggregator"), holds=(held,)) >= {"A5"}


def test_a_month_shown_as_its_first_day_is_found() -> None:
    claim = OWN._replace(attribute="release_date", value="2025-04")
    shown = {day: card(GPT, {"release_date": day}) for day in ("2025-04", "2025-04-01")}
    assert {day: "A6" in checks(made, claim) for day, made in shown.items()} == {
        "2025-04": False,
        "2025-04-01": True,
    }


def test_a_conflict_that_calls_a_strangers_row_own_is_found() -> None:
    value = ClaimedValue("models_dev", 1, "", "2026-05-20", "OpenAI's own row", "together", "aggregator")
    conflict = Conflict(GPT, None, None, "context_window", {}, (value,), 1, "why")
    assert [found.check for found in audit_conflicts([conflict])] == ["A7"]
    named = replace(conflict, values=(replace(value, listing="Together's row"),))
    assert list(audit_conflicts([named])) == []


def test_what_is_derived_needs_no_claim() -> None:
    made = card(GPT, {"lifecycle": "active"})
    derived = replace(fact(GPT, "lifecycle", "active"), rule="derived")
    assert checks(replace(made, facts={"lifecycle": derived})) == set()


OLD, LATE = "2026-05-20", StaleFact(
    GPT, None, "card", "context_window", "2026-04-01", 54, 30, "warn", "not due", None, 1, "context_window"
)  # fmt: skip


def surfaces(reviewed_on: str, stale: tuple[StaleFact, ...] = (), **pages: int) -> FreshnessSurfaces:
    """Return what surfaces say of one fact: its card has `OLD`, the views this date, the report these rows."""
    shown = replace(fact(GPT, "context_window", 1000), reviewed_on=OLD)
    made = replace(card(GPT), facts={"context_window": shown})
    viewed = ReviewedFact(GPT, "", "context_window", "", "card", "first_party", reviewed_on, 1)
    total = LevelCounts(1 - len(stale), len(stale))
    report = StaleReport("", stale, total, {}, {}, 0, 0, 0, None, None, None, False)
    return FreshnessSurfaces([made], [viewed], report, pages or {"fresh": 1})


@pytest.mark.parametrize(
    ("compared", "found"),
    [
        (surfaces(OLD), []),
        (surfaces("2026-05-21"), ["A8"]),
        (surfaces(OLD, (LATE,)), ["A9", "A9", "A9"]),
        (surfaces(OLD, warn=1), ["A9", "A9"]),
        (replace(surfaces(OLD), views=[]), ["A8", "A9", "A9"]),
    ],
    ids=["agree", "another date", "a stale row too many", "pages grade apart", "missing in the views"],
)
def test_surfaces_that_date_or_grade_a_fact_apart_are_found(
    compared: FreshnessSurfaces, found: list[str]
) -> None:
    assert [each.check for each in audit_freshness(compared, FreshnessLimits(), TODAY)] == found


def test_the_audit_states_the_terms_of_choice_itself_and_as_the_catalog_has_them() -> None:
    """A change of one of the two is a decision: it has to be made twice."""
    assert {topic: limit.error for topic, limit in DEFAULT_LIMITS.items()} == LIMIT_DAYS
    days = {
        day: is_within_limit("input_price", "curated", day, TODAY) for day in ("2026-03-26", "2026-03-25")
    }
    assert list(days.values()) == [True, False]
    apart = {
        (developer, provider)
        for developer in DEVELOPERS
        for provider in PROVIDERS
        if not is_plan(provider) and belongs_to(provider, developer) != is_own_provider(developer, provider)
    }
    assert apart == set()
