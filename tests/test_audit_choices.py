"""The audit of choices finds what is planted: a card that shows another claim than the rules would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from support.card_builders import card, fact, offer

from cardwatch.auditing.choices import audit_choices, audit_conflicts
from cardwatch.db.query.cards import ClaimedValue, ModelCard, PlainValue
from cardwatch.db.query.reports import Conflict, Hold
from cardwatch.db.query.stated_claims import StatedClaim

GPT, TODAY = "openai/gpt-4.1", date(2026, 5, 25)
OWN = StatedClaim(
    GPT, "", "context_window", "", "1000", "openai_model_pages", "first_party", "", "", "2026-05-20", 1
)
OTHER = OWN._replace(
    value="900", source="models_dev", authority="aggregator", provider="openai", via="openai"
)


def checks(made: ModelCard, *said: StatedClaim, holds: tuple[Hold, ...] = ()) -> set[str]:
    return {found.check for found in audit_choices([made], said, holds, TODAY)}


def window(value: PlainValue) -> ModelCard:
    return card(GPT, {"context_window": value})


@pytest.mark.parametrize(
    ("shown", "said", "found"),
    [
        (1000, (OWN, OTHER), set()),
        (900, (OWN, OTHER), {"A1"}),
        (900, (OWN._replace(last_verified="2026-01-01"), OTHER), set()),
        (1000, (OWN._replace(still=0), OTHER), {"A2", "A3"}),
        (1000, (OWN._replace(last_verified="2025-12-01"), OTHER), {"A3"}),
    ],
)
def test_what_is_overruled_said_once_or_old_is_found(
    shown: int, said: tuple[StatedClaim, ...], found: set[str]
) -> None:
    assert checks(window(shown), *said) == found


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
    said = OWN._replace(attribute="release_date", value="2025-04")
    shown = {day: card(GPT, {"release_date": day}) for day in ("2025-04", "2025-04-01")}
    assert {day: "A6" in checks(made, said) for day, made in shown.items()} == {
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
