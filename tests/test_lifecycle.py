"""Lifecycle and product type, worked out for a day from what is stated and who lists it."""

from __future__ import annotations

import pytest
from support.card_builders import card, fact, offer

from cardwatch.db.query.cards import PlainValue
from cardwatch.db.query.lifecycle import (
    derive_lifecycle,
    ended_offer,
    last_day,
    lifecycle_changes,
    state_by_dates,
)
from cardwatch.db.query.product_type import derive_product_type

GPT, GUARD, LLAMA = "openai/gpt-4.1", "meta/llama-guard-3-8b", "meta/llama-13b"


@pytest.mark.parametrize(
    ("said", "day", "state"),
    [
        ({"shutdown_date": "2026-07-23"}, "2026-07-22", "deprecated"),
        ({"shutdown_date": "2026-07-23"}, "2026-07-23", "retired"),
        ({"shutdown_date": "2026-07"}, "2026-07-30", "deprecated"),
        ({"shutdown_date": "2026-07"}, "2026-07-31", "retired"),
        ({"deprecation_date": "2026-07-23"}, "2026-07-22", "active"),
        ({"deprecation_date": "2026-07-23"}, "2026-07-23", "deprecated"),
        ({"lifecycle": "preview"}, "2026-07-23", "preview"),
        ({"lifecycle": "retired"}, "2026-07-23", "retired"),
        ({"lifecycle": "retired", "shutdown_date": "2026-07-23"}, "2026-07-01", "deprecated"),
        ({}, "2026-07-23", "active"),
    ],
)
def test_lifecycle_is_a_function_of_the_day(said: dict[str, PlainValue], day: str, state: str) -> None:
    made = card(GPT, said, [offer(GPT, "openai", "2", "8")])
    found = derive_lifecycle(GPT, made.facts, made.offers, day)
    assert found is not None
    assert (found.value, found.state, bool(found.evidence)) == (state, "known", True)
    stated = [
        str(said[name]) if name in said else None
        for name in ("lifecycle", "deprecation_date", "shutdown_date")
    ]
    assert (state_by_dates(*stated, day) or "active") == state


def test_a_gateway_does_not_make_a_model_active_where_its_developer_sells_others() -> None:
    made = card(GPT, {}, [offer(GPT, "openrouter", "2", "8")])
    assert derive_lifecycle(GPT, made.facts, made.offers, "2026-07-23") is None


def test_an_offer_past_its_own_end_counts_for_nothing_from_that_day() -> None:
    made = offer(GPT, "openai", "2", "8", facts={"shutdown_date": fact(GPT, "shutdown_date", "2026-07-23")})
    days = ("2026-07-22", "2026-07-23")
    assert [ended_offer(made, day, retired=False).listed for day in days] == [True, False]
    assert not ended_offer(offer(GPT, "openai"), days[0], retired=True).listed
    assert lifecycle_changes(GPT, {}, [made], days[0]) == []
    (change,) = lifecycle_changes(GPT, {}, [made], days[1])
    assert (change.at, change.offer, change.old, change.new) == (
        "2026-07-23T00:00:00Z", "openai", "deprecated", "retired"
    )  # fmt: skip


@pytest.mark.parametrize(("text", "day"), [("2024-02", "2024-02-29"), ("2025", "2025-12-31")])
def test_a_month_is_over_on_its_last_day(text: str, day: str) -> None:
    assert last_day(text) == day


@pytest.mark.parametrize(
    ("model", "said", "sold", "kind"),
    [
        (GPT, {"product_type": "image model"}, True, "image model"),
        (GPT, {"product_type": "other", "modality.output": ("video",)}, True, "video model"),
        (GPT, {"modality.output": ("image", "text")}, True, "standalone API model"),
        (GUARD, {"openness": "open weights"}, True, "moderation model"),
        ("alibaba/qwen3-coder", {"openness": "open weights", "name": "Qwen3 Coder"}, True, "coding-specialized model"),
        ("alibaba/qwen3.5-4b", {"openness": "open weights"}, True, "open-weights model"),
        (GPT, {}, True, "standalone API model"),
        (LLAMA, {"name": "Llama 13B"}, False, "open-weights model"),
        ("meta/muse-spark", {"name": "Muse Spark"}, False, None),
    ],
)  # fmt: skip
def test_product_type_follows_from_a_rule(
    model: str, said: dict[str, PlainValue], sold: bool, kind: str | None
) -> None:
    made = card(model, said, [offer(model, "together", "2", "8")] if sold else [])
    found = derive_product_type(model, made.facts, made.offers)
    assert (found and found.value) == kind
