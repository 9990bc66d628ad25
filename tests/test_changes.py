"""What kind of change it was, between which looks it happened, and whether it was taken back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from support.made_catalogs import GPT, QWEN, CatalogWorld, Row, about, aggregator, offer

from cardwatch.db.query.cards import Change


def day(number: int) -> str:
    return f"2026-03-{10 + number:02}"


def changed(world: CatalogWorld, attribute: str = "input_price") -> list[Change]:
    return [change for change in world.catalog.changes() if change.attribute == attribute]


def bounds(change: Change) -> tuple[str | None, str, str]:
    """Return the days of the last look at the old value, of the first at the new one, and of publication."""
    return change.seen_before and change.seen_before[:10], change.at[:10], change.published_at[:10]


@pytest.mark.parametrize(
    ("attribute", "old", "new", "kind"),
    [
        ("input_price", "2", "3", "price"),
        ("context_window", 128000, 256000, "limit"),
        ("capability.vision", False, True, "capability"),
        ("lifecycle", "active", "deprecated", "lifecycle"),
        ("shutdown_date", "2027-01-01", "2027-06-01", "lifecycle"),
        ("license", "MIT", "Apache-2.0", "fact"),
    ],
)
def test_a_value_that_became_another_has_a_kind_and_the_looks_around_it(
    world: CatalogWorld, attribute: str, old: Any, new: Any, kind: str
) -> None:
    row = offer if attribute == "input_price" else about
    for number, value in ((0, old), (2, old), (5, new)):
        world.see(row(GPT, **{attribute: value}), day=number)
    (change,) = changed(world, attribute)
    assert (change.kind, change.old, change.new) == (kind, old, new)
    assert bounds(change) == (day(2), day(5), day(5))
    assert (change.stated, change.reverted, change.unconfirmed) == (False, False, False)


@pytest.mark.parametrize(
    ("attribute", "old", "new", "percent", "ratio"),
    [
        ("input_price", "2", "1", "-50", "2"),
        ("input_price", "2", "0", None, "Infinity"),
        ("input_price", "0", "2", None, "Infinity"),
        ("context_window", 1, 2, None, "0"),
        ("input_price", None, "2", None, "0"),
    ],
)
def test_a_price_from_or_to_free_is_the_largest_move(
    attribute: str, old: Any, new: Any, percent: str | None, ratio: str
) -> None:
    change = Change(day(1), GPT, "openai", "openai", attribute, old, new, "openai_pricing", "")
    assert (change.percent, change.ratio) == (percent and Decimal(percent), Decimal(ratio))


def test_an_end_that_becomes_known_is_a_change(world: CatalogWorld) -> None:
    world.see(about(GPT, context_window=1))
    world.see(about(GPT, context_window=1, shutdown_date="2027-01-01"), day=3)
    (change,) = changed(world, "shutdown_date")
    assert (change.kind, change.old, change.new, change.at[:10]) == ("lifecycle", None, "2027-01-01", day(3))


def test_rows_that_come_and_go_are_changes(world: CatalogWorld) -> None:
    kept = [offer(f"acme/m{number}", input_price="1") for number in range(12)]
    world.see(*kept, offer(GPT, input_price="2"))
    for number in (2, 3):
        world.see(*kept, day=number)
    world.see(*kept, offer(GPT, input_price="2"), offer(QWEN, input_price="1"), day=5)
    world.see(
        *kept,
        offer(GPT, input_price="2"),
        offer(QWEN, input_price="1"),
        offer(GPT, "groq", input_price="3"),
        day=6,
    )
    found = [
        (c.kind, c.model, c.provider, c.seen_before and c.seen_before[:10], c.at[:10])
        for c in world.catalog.changes()
    ]
    assert found == [
        ("withdrawn", GPT, "openrouter", day(0), day(2)),
        ("new_model", QWEN, None, None, day(5)),
        ("returned", GPT, "openrouter", None, day(5)),
        ("new_offer", GPT, "groq", None, day(6)),
    ]  # fmt: skip


def test_a_held_change_happened_when_it_was_first_seen(world: CatalogWorld) -> None:
    for number, price in ((0, "2"), (3, "0.1"), (4, "0.1")):
        world.see(offer(GPT, input_price=price), day=number)
    (change,) = changed(world)
    assert bounds(change) == (day(0), day(3), day(4))
    assert not change.unconfirmed


def test_a_change_nobody_confirmed_in_time_says_so(world: CatalogWorld) -> None:
    for number, price in ((0, "2"), (1, "0.1")):
        world.see(offer(GPT, input_price=price), day=number)
    world.see(offer(QWEN, input_price="1"), card=aggregator("models_dev"), day=5)
    (change,) = changed(world)
    assert (bounds(change), change.unconfirmed) == ((day(0), day(1), day(5)), True)


@pytest.mark.parametrize(("back", "reverted"), [(13, True), (14, True), (15, False)])
def test_a_change_is_marked_when_the_old_value_is_back_within_14_days(
    world: CatalogWorld, back: int, *, reverted: bool
) -> None:
    for number, price in ((0, "2"), (1, "3"), (1 + back, "2")):
        world.see(offer(GPT, input_price=price), day=number)
    assert [change.reverted for change in changed(world)] == [reverted, False]


def test_the_days_of_a_reversal_count_from_when_it_was_seen_not_published(world: CatalogWorld) -> None:
    for number, price in ((0, "2"), (1, "0.1"), (4, "0.1"), (16, "2")):
        world.see(offer(GPT, input_price=price), day=number)
    assert [(bounds(change), change.reverted) for change in changed(world)] == [
        ((day(0), day(1), day(4)), False),
        ((day(4), day(16), day(16)), False),
    ]


def test_a_dated_series_schedules_a_price_and_then_it_takes_effect(world: CatalogWorld) -> None:
    prices = [
        Row(GPT, {"input_price": "2"}, "openai", qualifier={"from": "2025-04-14", "to": day(6)}),
        Row(GPT, {"input_price": "1"}, "openai", qualifier={"from": day(6)}),
    ]
    world.see(*prices, card=aggregator("llm_prices"))
    found = [(c.kind, c.at[:10], c.old, c.new, c.stated) for c in changed(world)]
    assert found == [("scheduled", day(0), "2", "1", True)]
    world.see(*prices, card=aggregator("llm_prices"), day=8)
    assert [(c.kind, c.at[:10]) for c in changed(world)] == [("scheduled", day(0)), ("took_effect", day(6))]


def test_a_card_of_a_past_day_shows_the_conflicts_of_that_day(world: CatalogWorld) -> None:
    second = aggregator("portkey_pricing")
    world.see(offer(GPT, "groq", input_price="2"), card=aggregator("models_dev"))
    world.see(offer(GPT, "groq", input_price="3"), card=second)
    world.see(offer(GPT, "groq", input_price="2"), card=second, day=4)

    def conflicts(at: str) -> list[Any]:
        return [conflict.attribute for conflict in world.catalog.as_of(at).conflicts(GPT)]

    assert [conflicts(day(number)) for number in (0, 3, 4)] == [["input_price"], ["input_price"], []]
    assert [*world.catalog.conflicts(model=GPT)] == []
