"""Which offer sets the cost, what a month costs, and when one side is called cheaper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import orjson
import pytest
from msgspec.structs import replace
from support.audited_pages import audit_pair
from support.card_builders import URL, card, fact, offer

from cardwatch.compare.comparison import Comparison, compare_models
from cardwatch.compare.render.comparison_json import to_json
from cardwatch.compare.render.cost_section import gap_rows
from cardwatch.compare.render.review import RenderContext, ReviewDay
from cardwatch.compare.settings import CompareSettings
from cardwatch.db.query.cards import ClaimedValue, Fact, ModelCard, Offer

A, B = "maker/alpha-1", "maker/beta-2"
STAMP = RenderContext("2026-05-25T00:00:00Z", ReviewDay(date(2026, 5, 25)))


def pair(mine: Iterable[Offer], its: Iterable[Offer] = (), **traffic: int) -> Comparison:
    settings = CompareSettings(template="test", **traffic)
    return compare_models(card(A, offers=mine), card(B, offers=its), settings=settings)


def costs(comparison: Comparison) -> dict[str, Any]:
    cost: dict[str, Any] = document(comparison)["cost"]
    return cost


def document(comparison: Comparison) -> dict[str, Any]:
    loaded: dict[str, Any] = orjson.loads(to_json(comparison, STAMP))
    return loaded


def cost(*mine: Offer, **traffic: int) -> dict[str, Any]:
    found: dict[str, Any] = costs(pair(mine, **traffic))["a"]
    return found


def unknown_price(provider: str, name: str, reason: str) -> Fact:
    return Fact(A, name, "unknown", offer=provider, reason=reason)


def test_both_prices_come_from_one_offer() -> None:
    found = cost(offer(A, "openrouter", "1", "20"), offer(A, "openai", "4", "5"))
    assert (found["usd"], found["provider"], found["display"]) == ("4450", "openai", "$4,450")


def test_an_offer_without_both_prices_does_not_count() -> None:
    found = cost(offer(A, "openrouter", "0.01"), offer(A, "vercel-ai-gateway", "2", "8"))
    assert (found["usd"], found["provider"]) == ("3600", "vercel-ai-gateway")
    assert found["unpriced_offers"] == ["openrouter"]


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
    found = cost(odd, offer(A, "openai", "2", "8"))
    assert (found["usd"], found["provider"]) == ("3600", "openai")
    assert cost(odd)["state"] == "unknown"


@pytest.mark.parametrize("same", [{"region": "global"}, {"snapshot": "2025-04-14"}, {"quantization": "fp8"}])
def test_a_global_or_dated_or_quantized_offer_counts(same: dict[str, Any]) -> None:
    assert cost(offer(A, "azure-openai", "2", "8", **same))["usd"] == "3600"


def test_ties_go_to_the_first_party_then_to_the_name() -> None:
    azure, router = offer(A, "azure-openai", "2", "8"), offer(A, "openrouter", "2", "8")
    assert cost(router, azure)["provider"] == "azure-openai"
    assert cost(router, azure, offer(A, "openai", "2", "8"))["provider"] == "openai"


def test_prices_are_multiplied_unrounded() -> None:
    found = cost(offer(A, "openrouter", "0.065", "0.26"))
    assert (found["usd"], found["display"]) == ("117", "$117")
    found = cost(offer(A, "openrouter", "0.0371", "0.1"))
    assert (found["usd"], found["display"]) == ("54.68", "$54.68")


def test_traffic_is_a_setting() -> None:
    assert cost(offer(A, "openrouter", "2", "8"), input_mtok=10, output_mtok=5)["usd"] == "60"
    with pytest.raises(ValueError, match="wanted million tokens from 0 up, found -1 and 250"):
        CompareSettings(input_mtok=-1)


def test_a_paid_offer_sets_the_cost_and_free_ones_stand_beside_it() -> None:
    free = offer(A, "openrouter", "0", "0", key="openrouter;tier=free", tier="free")
    comparison = pair([free, offer(A, "openai", "2", "8")])
    assert costs(comparison)["a"]["usd"] == "3600"
    assert [route.name for route in comparison.a.routes if route.is_free] == ["OpenRouter (free)"]


def test_a_model_with_only_free_offers_is_free_and_saves_all_that_the_other_costs() -> None:
    comparison = pair([offer(A, "openrouter", "0", "0")], [offer(B, "openai", "2", "8")])
    found = costs(comparison)
    assert (found["a"]["state"], found["a"]["usd"], found["a"]["display"]) == ("known", "0", "free")
    assert found["gap"] == {"usd": "3600", "percent": "100.0", "cheaper": "a"}
    assert comparison.by_rule["cheaper", "a"].text == (
        "Alpha-1 is free from OpenRouter (limits unknown), which saves the $3,600 that Beta-2 costs "
        "from OpenAI API at 800M input and 250M output tokens a month."
    )


def test_the_limits_of_a_free_route_stand_beside_the_saving() -> None:
    limits = {"max_output_tokens": fact(A, "max_output_tokens", 4_096, offer="openrouter")}
    comparison = pair([offer(A, "openrouter", "0", "0", facts=limits)], [offer(B, "openai", "2", "8")])
    assert "(limits: 4.1K tokens of output)" in comparison.by_rule["cheaper", "a"].text


def test_two_free_models_have_no_difference() -> None:
    comparison = pair([offer(A, "openrouter", "0", "0")], [offer(B, "openai", "0", "0")])
    assert (costs(comparison)["gap"], comparison.verdict.by_name["price"].result) == (None, "tie")


def typed(model: str, kind: str, *offers: Offer, **values: str) -> ModelCard:
    return card(model, {"product_type": kind, **values}, offers)


def test_a_retired_model_has_no_route_and_no_cost_whoever_lists_it() -> None:
    gone = typed(A, "standalone API model", offer(A, "openai", "1", "1"), lifecycle="retired")
    comparison = compare_models(gone, card(B, {}, [offer(B, "openai", "2", "8")]), settings=CompareSettings())
    page = document(comparison)
    assert page["cost"]["a"] == {
        "state": "not_applicable", "reason": "retired", "why": "it is retired", "display": "not applicable",
        "facts": [],
    }  # fmt: skip
    assert (page["cost"]["b"]["state"], page["cost"]["gap"]) == ("known", None)
    [ended] = page["offers"]["a"]
    assert (ended["provider"], ended["listed"], ended["counts"]) == ("openai", False, False)
    assert {rule for rule, about in comparison.by_rule if about == "a"} == {"lifecycle_notice", "what_it_is"}
    assert comparison.by_rule["verdict", "pair"].text == "Alpha-1 is retired and no longer a choice."


def test_embeddings_are_priced_on_input_alone() -> None:
    embedder = typed(A, "embedding model", offer(A, "openai", "0.02"))
    comparison = compare_models(embedder, typed(B, "embedding model", offer(B, "openai", "0.13")))
    assert (costs(comparison)["a"]["usd"], costs(comparison)["b"]["usd"]) == ("16", "104")
    assert comparison.by_rule["cheaper", "a"].text.startswith("Alpha-1 is 84.6% cheaper")
    card = {line["signal"]: line["a"] for line in document(comparison)["scorecard"]}
    assert (card["cheapest_input"], card["cheapest_output"]) == ("$0.02", "not applicable")


@pytest.mark.parametrize("kind", ["image model", "audio model", "video model"])
def test_what_no_text_tokens_bill_has_no_cost_here(kind: str) -> None:
    comparison = compare_models(typed(A, kind, offer(A, "openai", "5", "40")), typed(B, kind))
    assert {(cost["state"], cost["reason"]) for cost in (costs(comparison)["a"], costs(comparison)["b"])} == {
        ("not_applicable", "other_job")
    }


def image_offers(model: str, prices: Mapping[str, str | None]) -> list[Offer]:
    """Return offers of one image, by their mode."""
    made = []
    for mode, usd in prices.items():
        key = f"openai;mode={mode}" if mode else "openai"
        price = {"image_price": fact(model, "image_price", usd, offer=key)} if usd else {}
        made.append(offer(model, "openai", key=key, mode=mode or None, facts=price))
    return made


SMALL, LARGE = "low-1024-x-1024", "high-1024-x-1536"


@pytest.mark.parametrize(
    ("mine", "its", "ahead", "words"),
    [
        ({SMALL: "0.01"}, {SMALL: "0.04"}, "a",
         f"Alpha-1 is cheaper per image: $0.01 from OpenAI API ({SMALL}), against $0.04 from OpenAI API ({SMALL})."),
        ({SMALL: "0.01", LARGE: "0.2"}, {SMALL: "0.04", LARGE: "0.2"}, "a",
         "Alpha-1 is cheaper per image at 1 of the 2 sizes and qualities that both state, and dearer at no other: "
         f"$0.01 from OpenAI API ({SMALL}), against $0.04 from OpenAI API ({SMALL})."),
        ({SMALL: "0.01", LARGE: "0.2"}, {SMALL: "0.04", LARGE: "0.1"}, "unknown", None),  # cheaper at one, dearer at one
        ({SMALL: "0.01", LARGE: "0.2"}, {SMALL: "0.04", LARGE: None}, "unknown", None),  # might be dearer there
        ({SMALL: "0.01"}, {LARGE: "0.2"}, "unknown", None),  # other sizes
        ({"": "0.01"}, {"": "0.04"}, "unknown", None),  # no size
    ],
)  # fmt: skip
def test_images_are_compared_at_a_size_that_both_state(
    mine: dict[str, str | None], its: dict[str, str | None], ahead: str, words: str | None
) -> None:
    models = [typed(one, "image model", *image_offers(one, sold)) for one, sold in ((A, mine), (B, its))]
    comparison = compare_models(*models)
    assert comparison.verdict.by_name["price"].result == ahead
    told = comparison.by_rule.get(("cheaper_images", "a"))
    assert (told and told.text) == words
    assert [*audit_pair(*models)] == []


def test_models_for_different_jobs_are_not_compared_on_price_or_verdict() -> None:
    embedder = typed(A, "embedding model", offer(A, "openai", "0.02"))
    comparison = compare_models(embedder, typed(B, "open-weights model", offer(B, "openai", "2", "8")))
    assert {costs(comparison)[side_id]["reason"] for side_id in ("a", "b")} == {"other_job"}
    assert (comparison.verdict.winner, comparison.verdict.why) == (None, "products")
    assert comparison.by_rule["made_for", "a"].text == "Alpha-1 is made for semantic search and retrieval."
    assert comparison.by_rule["types_differ", "pair"].text == (
        "Alpha-1 is an embedding model and Beta-2 is an open-weights model: they do different jobs, "
        "so neither price nor verdict compares them."
    )
    assert {("cheaper", "a"), ("cost_changes", "a"), ("verdict", "pair")}.isdisjoint(comparison.by_rule)


@pytest.mark.parametrize(
    ("mine", "its", "compared"),
    [("standalone API model", "open-weights model", True), ("image model", "image model", False),
     ("standalone API model", "image model", False)],
)  # fmt: skip
def test_windows_are_compared_where_both_do_one_job_that_text_measures(
    mine: str, its: str, compared: bool
) -> None:
    said = {"context_window": 200_000, "max_output_tokens": 8_192, "knowledge_cutoff": "2025-01"}
    less = {"context_window": 480, "max_output_tokens": 480, "knowledge_cutoff": "2024-01"}
    told = compare_models(card(A, {**said, "product_type": mine}), card(B, {**less, "product_type": its}))
    rules = {("larger_context", "a"), ("longer_output", "a"), ("newer_cutoff", "a"), ("context_changes", "a")}
    assert rules & told.by_rule.keys() == (rules if compared else set())


def test_a_text_model_beside_another_job_is_made_for_text() -> None:
    told = compare_models(
        typed(A, "standalone API model", offer(A, "openai", "2", "8")), typed(B, "image model")
    )
    assert told.by_rule["made_for", "a"].text == "Alpha-1 is made for working with text."


def test_a_plan_is_no_route_no_provider_and_no_price() -> None:
    plan = offer(A, "github-copilot", provider_name="GitHub Copilot", provider_kind="subscription")
    comparison = pair([plan, offer(A, "openai", "2", "8")], [offer(B, "openai", "2", "8")])
    assert [(o["provider"], o["kind"], o["counts"]) for o in document(comparison)["offers"]["a"]] == [
        ("openai", "route", True),
        ("github-copilot", "plan", False),
    ]
    assert comparison.by_rule["in_plans", "a"].text == (
        "Alpha-1 is also included in GitHub Copilot, a plan rather than a route."
    )
    assert ("more_providers", "a") not in comparison.by_rule


def test_offers_that_differ_in_a_hidden_column_show_it() -> None:
    comparison = pair(
        [
            offer(A, "azure-openai", "2", "8", key="azure-openai", provider_model="a-v1"),
            offer(A, "azure-openai", "2", "8", key="azure-openai;n=2", provider_model="a-v2"),
            offer(A, "openai", "2", "8", key="openai"),
            offer(A, "openai", "2", "8", key="openai;region=global", region="global"),
        ]
    )
    assert sorted(route.name for route in comparison.a.routes) == [
        "Azure OpenAI (a-v1)", "Azure OpenAI (a-v2)", "OpenAI API", "OpenAI API (global)",
    ]  # fmt: skip


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
    found = cost(*offers)
    assert (found["state"], found["reason"], found["display"]) == ("unknown", reason, "unknown")


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
    comparison = pair(
        [offer(A, "openrouter", "1", "1")], [offer(B, "openai", "2", "8"), offer(B, "openrouter")]
    )
    assert costs(comparison)["gap"]["cheaper"] == "a"
    assert ("cheaper", "a") not in comparison.by_rule
    assert comparison.verdict.by_name["price"].result == "unknown"


def test_an_offer_that_its_source_says_has_no_token_price_undercuts_nothing() -> None:
    sold = {
        name: unknown_price("openrouter", name, "subscription") for name in ("input_price", "output_price")
    }
    comparison = pair(
        [offer(A, "openai", "1", "1")], [offer(B, "openai", "2", "8"), offer(B, "openrouter", facts=sold)]
    )
    assert ("cheaper", "a") in comparison.by_rule


def test_the_dearer_side_may_have_no_unpriced_offer_but_the_cheaper_may() -> None:
    comparison = pair([offer(A, "openrouter", "1", "1"), offer(A, "openai")], [offer(B, "openai", "2", "8")])
    assert ("cheaper", "a") in comparison.by_rule


@pytest.mark.parametrize(("least", "result"), [("1.5", "a"), ("1", "unknown"), ("0.5", "unknown")])
def test_a_price_in_dispute_undercuts_nothing_below_the_lowest_that_is_said(least: str, result: str) -> None:
    said = [ClaimedValue(source, value, URL, "2026-05-22") for source, value in (("x", "9"), ("y", least))]
    disputed = {
        name: Fact(B, name, "conflicting", offer="openrouter", others=tuple(said))
        for name in ("input_price", "output_price")
    }
    comparison = pair(
        [offer(A, "openrouter", "1", "1")],
        [offer(B, "openai", "2", "8"), offer(B, "openrouter", facts=disputed)],
    )
    assert comparison.verdict.by_name["price"].result == result


def test_costs_that_look_the_same_are_told_apart() -> None:
    comparison = pair([offer(A, "openrouter", "2", "8")], [offer(B, "openai", "2.0001", "8")])
    assert (
        "$3,600.00 from OpenRouter, Beta-2 $3,600.08 from OpenAI API"
        in comparison.by_rule["cheaper", "a"].text
    )


def test_cheapest_input_and_output_name_their_offer_if_it_is_not_the_named_one() -> None:
    comparison = pair([offer(A, "openrouter", "1", "20"), offer(A, "openai", "4", "5")])
    shown = {line["signal"]: line["a"] for line in document(comparison)["scorecard"]}
    assert shown["cheapest_input"] == "$1 (OpenRouter)"
    assert shown["cheapest_output"] == "$5"


def test_a_qualified_price_sets_no_cost_and_is_shown_beside_the_offer() -> None:
    above = fact(A, "input_price", "0.1", offer="openai", qualifier={"context_above": "200000"})
    comparison = pair([offer(A, "openai", "2", "8", tiers=(above,))])
    assert costs(comparison)["a"]["usd"] == "3600"
    labels = [shown.label for shown in comparison.a.route_facts]
    assert "Input price above 200K tokens, OpenAI API" in labels


def test_offers_are_ranked_paid_standard_ones_first_then_others_then_the_unpriced() -> None:
    comparison = pair(
        [
            offer(A, "openai"),
            offer(A, "openrouter", "3", "3"),
            offer(A, "vercel-ai-gateway", "2", "2"),
            offer(A, "azure-openai", "1", "1", key="azure-openai;tier=batch", tier="batch"),
        ]
    )
    assert [offer["offer"] for offer in document(comparison)["offers"]["a"]] == [
        "vercel-ai-gateway",
        "openrouter",
        "azure-openai;tier=batch",
        "openai",
    ]


@pytest.mark.parametrize(
    ("state", "mine", "its", "why"),
    [
        ("conflicting", ("1", "4"), ("2", "8"), "what one of them is sold as, or its lifecycle, is in doubt"),
        ("known", ("0", "0"), ("0", "0"), "both are free"),
        ("known", ("1", "4"), (None, None), "a cost is unknown"),
    ],
)
def test_no_difference_says_why(
    state: str, mine: tuple[str, str], its: tuple[str | None, str | None], why: str
) -> None:
    kind = fact(A, "product_type", "standalone API model")
    doubtful = replace(kind, state=state, value=kind.value if state == "known" else None)
    one = replace(card(A, offers=[offer(A, "openai", *mine)]), facts={"product_type": doubtful})
    other = card(B, offers=[offer(B, "openai", *its)])
    comparison = compare_models(one, other, settings=CompareSettings(template="test"))
    assert gap_rows(comparison) == [("Per month", "unknown"), ("Why", why)]
