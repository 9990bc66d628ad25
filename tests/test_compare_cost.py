"""Which offer sets the cost, what a month costs, and when one side is called cheaper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
import pytest
from support.card_builders import card, fact, offer

from cardwatch.compare.comparison import Comparison, compare_models
from cardwatch.compare.render.comparison_json import to_stored_json
from cardwatch.compare.settings import CompareSettings
from cardwatch.db.query.cards import Fact, Offer

A, B = "maker/alpha-1", "maker/beta-2"


def pair(mine: Iterable[Offer], its: Iterable[Offer] = (), **traffic: int) -> Comparison:
    settings = CompareSettings(template="test", **traffic)
    return compare_models(card(A, offers=mine), card(B, offers=its), settings=settings)


def costs(comparison: Comparison) -> dict[str, Any]:
    told: dict[str, Any] = orjson.loads(to_stored_json(comparison))["cost"]
    return told


def cost(*mine: Offer, **traffic: int) -> dict[str, Any]:
    told: dict[str, Any] = costs(pair(mine, **traffic))["a"]
    return told


def unknown_price(provider: str, name: str, reason: str) -> Fact:
    return Fact(A, name, "unknown", offer=provider, reason=reason)


def test_both_prices_come_from_one_offer() -> None:
    told = cost(offer(A, "openrouter", "1", "20"), offer(A, "openai", "4", "5"))
    assert (told["usd"], told["provider"], told["display"]) == ("4450", "openai", "$4,450")


def test_an_offer_without_both_prices_does_not_count() -> None:
    told = cost(offer(A, "openrouter", "0.01"), offer(A, "vercel-ai-gateway", "2", "8"))
    assert (told["usd"], told["provider"]) == ("3600", "vercel-ai-gateway")
    assert told["unpriced_offers"] == ["openrouter"]


@pytest.mark.parametrize(
    "other",
    [
        {"tier": "batch"},
        {"tier": "priority"},
        {"region": "data-zone"},
        {"region": "eu-west-1"},
        {"mode": "fine-tuned"},
        {"listed": False},
    ],
)
def test_only_a_listed_standard_offer_without_region_sets_the_cost(other: dict[str, Any]) -> None:
    odd = offer(A, "azure-openai", "0.1", "0.1", key="azure-openai;odd", **other)
    told = cost(odd, offer(A, "openai", "2", "8"))
    assert (told["usd"], told["provider"]) == ("3600", "openai")
    assert cost(odd)["state"] == "unknown"


@pytest.mark.parametrize("same", [{"region": "global"}, {"snapshot": "2025-04-14"}, {"quantization": "fp8"}])
def test_a_global_or_dated_or_quantized_offer_counts(same: dict[str, Any]) -> None:
    assert cost(offer(A, "azure-openai", "2", "8", **same))["usd"] == "3600"


def test_ties_go_to_the_first_party_then_to_the_name() -> None:
    azure, router = offer(A, "azure-openai", "2", "8"), offer(A, "openrouter", "2", "8")
    assert cost(router, azure)["provider"] == "azure-openai"
    assert cost(router, azure, offer(A, "openai", "2", "8"))["provider"] == "openai"


def test_prices_are_multiplied_unrounded() -> None:
    told = cost(offer(A, "openrouter", "0.065", "0.26"))
    assert (told["usd"], told["display"]) == ("117", "$117")
    told = cost(offer(A, "openrouter", "0.0371", "0.1"))
    assert (told["usd"], told["display"]) == ("54.68", "$54.68")


def test_traffic_is_a_setting() -> None:
    assert cost(offer(A, "openrouter", "2", "8"), input_mtok=10, output_mtok=5)["usd"] == "60"
    with pytest.raises(ValueError, match="wanted million tokens from 0 up, found -1 and 250"):
        CompareSettings(input_mtok=-1)


def test_a_paid_offer_sets_the_cost_and_free_ones_stand_beside_it() -> None:
    free = offer(A, "openrouter", "0", "0", key="openrouter;tier=free", tier="free")
    comparison = pair([free, offer(A, "openai", "2", "8")])
    assert costs(comparison)["a"]["usd"] == "3600"
    assert [route.name for route in comparison.a.routes if route.is_free] == ["OpenRouter (free)"]


def test_a_model_with_only_free_offers_is_free_and_has_no_gap() -> None:
    comparison = pair([offer(A, "openrouter", "0", "0")], [offer(B, "openai", "2", "8")])
    told = costs(comparison)
    assert (told["a"]["state"], told["a"]["usd"], told["a"]["display"]) == ("known", "0", "free")
    assert told["gap"] is None
    assert comparison.by_rule["cheaper", "a"].text == (
        "Alpha-1 is free from OpenRouter; Beta-2 costs $3,600 from OpenAI API "
        "at 800M input and 250M output tokens a month."
    )


def test_free_beside_an_unpriced_offer_is_not_free() -> None:
    free = offer(A, "openrouter", "0", "0", key="openrouter;tier=free", tier="free")
    assert cost(free)["display"] == "free"
    assert cost(free, offer(A, "openai"))["state"] == "unknown"


@pytest.mark.parametrize(
    ("offers", "reason"),
    [
        ([], "never_sourced"),
        ([offer(A, "openai", "1", "1", tier="batch")], "no_standard_offer"),
        ([offer(A, "openai")], "never_sourced"),
        (
            [offer(A, "openai", facts={"input_price": unknown_price("openai", "input_price", "held")})],
            "unpriced_offer",
        ),
        (
            [
                offer(
                    A,
                    "openai",
                    "2",
                    facts={"output_price": unknown_price("openai", "output_price", "not_published")},
                )
            ],
            "unpriced_offer",
        ),
    ],
)
def test_why_a_cost_is_unknown(offers: list[Offer], reason: str) -> None:
    told = cost(*offers)
    assert (told["state"], told["reason"], told["display"]) == ("unknown", reason, "unknown")


def test_the_gap_and_its_percent_come_from_unrounded_costs() -> None:
    comparison = pair([offer(A, "openrouter", "1.25", "10")], [offer(B, "openai", "1.75", "14")])
    assert costs(comparison)["gap"] == {"usd": "1400", "percent": "28.6", "cheaper": "a"}
    assert comparison.by_rule["cheaper", "a"].text == (
        "Alpha-1 is 28.6% cheaper at 800M input and 250M output tokens a month: "
        "$3,500 from OpenRouter, Beta-2 $4,900 from OpenAI API."
    )
    assert comparison.by_rule["cost_changes", "b"].text == (
        "The monthly cost rises from $3,500 to $4,900 at 800M input and 250M output tokens a month."
    )


def test_equal_costs_have_a_gap_of_nothing_and_no_cheaper_side() -> None:
    comparison = pair([offer(A, "openrouter", "2", "8")], [offer(B, "openai", "2", "8")])
    assert costs(comparison)["gap"] == {"usd": "0", "percent": "0.0", "cheaper": None}
    assert {("cheaper", "a"), ("cheaper", "b")}.isdisjoint(comparison.by_rule)
    assert comparison.verdict.by_name["price"].result == "tie"


def test_nothing_is_called_cheaper_while_an_unpriced_offer_could_undercut_it() -> None:
    told = pair([offer(A, "openrouter", "1", "1")], [offer(B, "openai", "2", "8"), offer(B, "openrouter")])
    assert costs(told)["gap"]["cheaper"] == "a"
    assert ("cheaper", "a") not in told.by_rule
    assert told.verdict.by_name["price"].result == "unknown"


def test_an_offer_that_its_source_says_has_no_token_price_undercuts_nothing() -> None:
    sold = {
        name: unknown_price("openrouter", name, "subscription") for name in ("input_price", "output_price")
    }
    told = pair(
        [offer(A, "openai", "1", "1")], [offer(B, "openai", "2", "8"), offer(B, "openrouter", facts=sold)]
    )
    assert ("cheaper", "a") in told.by_rule


def test_the_dearer_side_may_have_no_unpriced_offer_but_the_cheaper_may() -> None:
    told = pair([offer(A, "openrouter", "1", "1"), offer(A, "openai")], [offer(B, "openai", "2", "8")])
    assert ("cheaper", "a") in told.by_rule


def test_costs_that_look_the_same_are_told_apart() -> None:
    told = pair([offer(A, "openrouter", "2", "8")], [offer(B, "openai", "2.0001", "8")])
    assert "$3,600.00 from OpenRouter, Beta-2 $3,600.08 from OpenAI API" in told.by_rule["cheaper", "a"].text


def test_cheapest_input_and_output_name_their_offer_if_it_is_not_the_named_one() -> None:
    told = pair([offer(A, "openrouter", "1", "20"), offer(A, "openai", "4", "5")])
    shown = {line.signal: line.a for line in told.scorecard}
    assert getattr(shown["cheapest_input"], "plain", None) == "$1 (OpenRouter)"
    assert getattr(shown["cheapest_output"], "plain", None) == "$5"


def test_a_qualified_price_sets_no_cost_and_is_shown_beside_the_offer() -> None:
    above = fact(A, "input_price", "0.1", offer="openai", qualifier={"context_above": "200000"})
    told = pair([offer(A, "openai", "2", "8", tiers=(above,))])
    assert costs(told)["a"]["usd"] == "3600"
    labels = [shown.label for shown in told.a.route_facts]
    assert "Input price above 200K tokens, OpenAI API" in labels


def test_offers_are_ranked_paid_standard_ones_first_then_others_then_the_unpriced() -> None:
    told = pair(
        [
            offer(A, "openai"),
            offer(A, "openrouter", "3", "3"),
            offer(A, "vercel-ai-gateway", "2", "2"),
            offer(A, "azure-openai", "1", "1", key="azure-openai;tier=batch", tier="batch"),
        ]
    )
    assert [offer["offer"] for offer in orjson.loads(to_stored_json(told))["offers"]["a"]] == [
        "vercel-ai-gateway",
        "openrouter",
        "azure-openai;tier=batch",
        "openai",
    ]
