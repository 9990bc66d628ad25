"""What a model cost on a day: looks on either side, told dates, withdrawals, and what nobody knows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from support.made_catalogs import GPT, START, CatalogWorld, Row, aggregator, card, offer

from cardwatch.db.query.dated_prices import Cost


def on(day: int) -> date:
    return (START + timedelta(days=day)).date()


def cost(world: CatalogWorld, day: int, **asked: object) -> Cost:
    return world.catalog.cost("gpt-4.1", **{"on": on(day), "input": 2_000_000, **asked})  # type: ignore[arg-type]


def two_prices(world: CatalogWorld) -> None:
    """Look on days 0, 4 and 9; the price is $2, $2 and $1.80."""
    for day, price in ((0, "2"), (4, "2"), (9, "1.8")):
        world.see(offer(GPT, input_price=price, output_price="8"), day=day)


def test_a_day_between_two_looks_at_one_price_has_it(world: CatalogWorld) -> None:
    two_prices(world)
    found = cost(world, 2)
    assert (found.usd, found.offer) == (Decimal("4"), "openrouter")
    assert (found.seen_before, found.seen_after) == (f"{on(0)}T12:00:00Z", f"{on(4)}T12:00:00Z")
    assert found.evidence[0].document.startswith("sha256:")
    assert cost(world, 9).usd == Decimal("3.6")


def test_between_the_last_look_and_the_first_nobody_knows_which(world: CatalogWorld) -> None:
    two_prices(world)
    found = cost(world, 6)
    assert found.usd is None
    assert found.reason == f"input price: between two looks: $2 on {on(4)}, $1.80 on {on(9)}"
    assert found.prices
    assert found.prices["input_price"].candidates == (Decimal("2"), Decimal("1.8"))
    assert (found.seen_before, found.seen_after) == (f"{on(4)}T12:00:00Z", f"{on(9)}T12:00:00Z")
    assert cost(world, 6, input=0, output=1_000_000).usd == 8, "the output price was the same at both"


def test_before_the_first_look_and_after_the_last(world: CatalogWorld) -> None:
    two_prices(world)
    early, late = cost(world, -3), cost(world, 12)
    assert (early.usd, early.reason) == (None, f"input price: no look before this day, first seen {on(0)}")
    assert (late.usd, late.seen_after) == (Decimal("3.6"), None)


def test_a_withdrawn_offer_has_no_price_until_it_returns(world: CatalogWorld) -> None:
    others = [offer(f"acme/m{number}", input_price="1") for number in range(12)]
    for day, listed in ((0, True), (3, False), (4, False), (5, False), (9, True)):
        rows = [offer(GPT, input_price="2"), *others] if listed else others
        world.see(*rows, day=day)
    assert cost(world, 0).usd == 4
    assert "withdrawn since" in cost(world, 5).reason
    assert cost(world, 9).usd == 4


def test_a_dated_series_answers_for_its_own_dates(world: CatalogWorld) -> None:
    series = aggregator("llm_prices")
    rows = [
        Row(GPT, {"input_price": "3"}, "openai", qualifier={"from": "2025-04-14", "to": "2025-11-01"}),
        Row(GPT, {"input_price": "2"}, "openai", qualifier={"from": "2025-11-01"}),
    ]
    world.see(*rows, card=series)
    found = world.catalog.cost(GPT, provider="OpenAI API", on="2025-06-01", input=1_000_000)
    assert (found.usd, found.seen_before, found.seen_after) == (Decimal("3"), "2025-04-14", "2025-11-01")
    assert world.catalog.cost(GPT, provider="openai", on="2025-12-01", input=1_000_000).usd == 2
    assert world.catalog.cost(GPT, provider="openai", on="2025-01-01", input=1).usd is None


def test_without_a_provider_the_cheapest_paid_offer_of_that_day(world: CatalogWorld) -> None:
    dear = card("azure_retail_prices", providers=("azure-openai",))
    world.see(
        offer(GPT, input_price="2"), Row(GPT, {"input_price": "0"}, "openrouter", variant={"tier": "free"})
    )
    world.see(offer(GPT, "azure-openai", input_price="3"), card=dear)
    assert (cost(world, 0).usd, cost(world, 0).provider) == (4, "openrouter")
    assert cost(world, 0, tier="free").usd == 0
    assert cost(world, 0, provider="azure-openai").usd == 6
    assert cost(world, 0, provider="groq").reason == "no standard offer at groq was ever seen"
    assert cost(world, 0, cache_read=5).reason == "cache read price: never sourced"
    with pytest.raises(ValueError, match="wanted numbers of tokens"):
        cost(world, 0, output=-1)


def test_a_price_beside_which_another_waits_is_unknown_and_both_are_named(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2", output_price="8"))
    world.see(offer(GPT, input_price="0", output_price="8"), day=4)
    assert cost(world, 3).usd == 4, "on a day before the doubtful look nothing was in doubt"
    found = cost(world, 4)
    assert found.usd is None
    assert found.reason == f"input price: held since {on(4)}: openrouter_models now says free; $2 before"
    assert found.prices
    assert found.prices["input_price"].candidates == (Decimal(2), Decimal(0))
    assert cost(world, 4, input=0, output=1_000_000).usd == 8
    (held,) = world.catalog.holds()
    world.catalog.decide(held.id, "reject", by="Reviewer")
    assert cost(world, 4).usd == 4, "a person said which"


def test_a_price_held_at_first_sight_is_told_so(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="300000", cache_write_price="8"))
    assert cost(world, 0).reason == (
        f"input price: held since {on(0)}: openrouter_models now says $300000; unknown before"
    )


def test_prices_under_conditions_stand_apart_and_are_not_multiplied(world: CatalogWorld) -> None:
    long = Row(GPT, {"input_price": "4"}, "openrouter", qualifier={"context_above": "200000"})
    yuan = Row(GPT, {"input_price": "14"}, "openrouter", qualifier={"currency": "CNY"})
    world.see(offer(GPT, input_price="2"), long, yuan)
    found = cost(world, 0)
    assert found.usd == 4
    assert [(price.usd, dict(price.qualifier)) for price in found.conditional] == [
        (4, {"context_above": "200000"})
    ]
    (listed,) = world.catalog.offers_on(GPT, on(0))
    assert {price.qualifier.get("currency") for price in listed.conditional} == {None, "CNY"}
