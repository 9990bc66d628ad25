"""Lifecycle and product type, worked out for a day from what is stated and who lists it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.card_builders import card, evidence, fact, offer, score

from cardwatch.db.query.cards import PlainValue
from cardwatch.db.query.lifecycle import derive_lifecycle, is_over, lifecycle_changes, lists_as_current
from cardwatch.db.query.modalities import derive_input
from cardwatch.db.query.product_type import derive_product_type
from cardwatch.db.store.lifecycle_rules import (
    StatedLife,
    last_day,
    lifecycle_sql,
    lifecycle_state,
    lists_as_current_sql,
)
from cardwatch.normalize.providers import PROVIDERS

GPT, GUARD, LLAMA = "openai/gpt-4.1", "meta/llama-guard-3-8b", "meta/llama-13b"


@pytest.mark.parametrize(
    ("values", "day", "state"),
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
def test_lifecycle_is_a_function_of_the_day(values: dict[str, PlainValue], day: str, state: str) -> None:
    made = card(GPT, values, [offer(GPT, "openai", "2", "8")])
    found = derive_lifecycle(GPT, made.facts, made.offers, day)
    assert found is not None
    assert (found.value, found.state, bool(found.evidence)) == (state, "known", True)


DAYS = st.sampled_from([None, "2025", "2026-02", "2026-07", "2026-07-22", "2026-07-23", "2027-01-01"])


@given(
    life=st.builds(
        StatedLife,
        st.sampled_from([None, "active", "preview", "deprecated", "retired"]),
        DAYS,
        DAYS,
        st.booleans(),
        st.booleans(),
    ),
    day=st.sampled_from(["2025-12-30", "2025-12-31", "2026-02-28", "2026-07-22", "2026-07-23"]),
)
def test_python_and_sql_say_the_same_of_every_life(life: StatedLife, day: str) -> None:
    fields = ", ".join(f":{name} AS {name}" for name in StatedLife._fields)
    sql = lifecycle_sql("day", **{name: name for name in StatedLife._fields})
    with closing(sqlite3.connect(":memory:")) as conn:
        query = f"SELECT {sql} FROM (SELECT {fields}, :day AS day)"
        (found,) = conn.execute(query, {**life._asdict(), "day": day}).fetchone()
    assert found == lifecycle_state(life, day)


def test_python_and_sql_agree_on_whose_listing_counts() -> None:
    models = ["openai/gpt-4.1", "google/gemini-2.5-pro", "meta/llama-13b", "nobody/model-1", "zhipu/glm-5"]
    with closing(sqlite3.connect(":memory:")) as conn:
        query = f"SELECT {lists_as_current_sql(':model', ':provider')}"
        for model, provider in product(models, PROVIDERS):
            (found,) = conn.execute(query, {"model": model, "provider": provider}).fetchone()
            assert bool(found) == lists_as_current(model, [provider]), (model, provider)


def test_a_gateway_does_not_make_a_model_active_where_its_developer_sells_others() -> None:
    made = card(GPT, {}, [offer(GPT, "openrouter", "2", "8")])
    assert derive_lifecycle(GPT, made.facts, made.offers, "2026-07-23") is None


def test_an_offer_past_its_own_end_counts_for_nothing_from_that_day() -> None:
    made = offer(GPT, "openai", "2", "8", facts={"shutdown_date": fact(GPT, "shutdown_date", "2026-07-23")})
    days = ("2026-07-22", "2026-07-23")
    assert [is_over(made, day) for day in days] == [False, True]
    assert not is_over(offer(GPT, "openai"), days[1])
    assert lifecycle_changes(GPT, {}, [made], days[0]) == []
    (change,) = lifecycle_changes(GPT, {}, [made], days[1])
    assert (change.at, change.offer, change.old, change.new) == (
        "2026-07-23T00:00:00Z", "openai", "deprecated", "retired"
    )  # fmt: skip


@pytest.mark.parametrize(("text", "day"), [("2024-02", "2024-02-29"), ("2025", "2025-12-31")])
def test_a_month_is_over_on_its_last_day(text: str, day: str) -> None:
    assert last_day(text) == day


@pytest.mark.parametrize(
    ("model", "values", "sold", "kind"),
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
    model: str, values: dict[str, PlainValue], sold: bool, kind: str | None
) -> None:
    made = card(model, values, [offer(model, "together", "2", "8")] if sold else [])
    found = derive_product_type(model, made.facts, made.offers)
    assert (found and found.value) == kind


@pytest.mark.parametrize(
    ("listed", "authority", "source", "taken"),
    [
        (("image", "text"), "first_party", "curated", ("image", "text", "video")),
        (("text", "video"), "first_party", "curated", None),
        (("image", "text"), "first_party", "openai_model_pages", None),  # another page, which names every input
        (("image", "text"), "aggregator", "curated", None),
    ],
)  # fmt: skip
def test_a_card_that_measures_video_takes_it(
    listed: tuple[str, ...], authority: str, source: str, taken: tuple[str, ...] | None
) -> None:
    told = fact(GPT, "modality.input", listed, authority=authority, evidence=evidence("2026-05-22", source))
    measured = fact(GPT, "benchmark.videomme", "83.5", authority="first_party", on="2026-05-20")
    found = derive_input({"modality.input": told}, [score(GPT, "mmlu", "80"), measured])
    assert (found and found.value) == taken
    if found:
        assert (found.rule, found.reviewed_on, len(found.evidence)) == ("derived", "2026-05-20", 2)
