"""Tags, phrases, criteria, sentences: each rule by the smallest case that fires it and one that must not."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from support.card_builders import card, fact, offer, score

from cardwatch.compare.comparison import Comparison, compare_models
from cardwatch.compare.rules.fit import best_for, decision_tags
from cardwatch.compare.rules.statement_rules import RULES
from cardwatch.compare.settings import CompareSettings
from cardwatch.db.query.cards import ONLY_OTHERS, ModelCard
from cardwatch.db.store.values import PlainValue

A, B = "maker/alpha-1", "maker/beta-2"
SETTINGS = CompareSettings(template="test")
Facts = dict[str, PlainValue]


def capability_facts(**capabilities: bool) -> Facts:
    return {f"capability.{name}": answer for name, answer in capabilities.items()}


def pair(mine: ModelCard | Facts, its: ModelCard | Facts) -> Comparison:
    cards = [made if isinstance(made, ModelCard) else card(id_, made) for id_, made in ((A, mine), (B, its))]
    return compare_models(*cards, settings=SETTINGS)


def text(comparison: Comparison, rule: str, about: str) -> str | None:
    claim = comparison.by_rule.get((rule, about))
    return claim.text if claim else None


CODING: Facts = {"product_type": "coding-specialized model"}


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, []),
        (CODING, ["Coding"]),
        (capability_facts(code_execution=True), ["Coding"]),
        (capability_facts(code_execution=False), []),
        (capability_facts(function_calling=True), ["Agents"]),
        (capability_facts(tool_use=True), ["Agents"]),
        ({"context_window": 127_999}, []),
        ({"context_window": 128_000}, ["Long context"]),
        ({"context_window": 128_000, **capability_facts(structured_outputs=True)}, ["RAG", "Long context"]),
        ({"context_window": 128_000, **capability_facts(tool_use=True)}, ["Agents", "Long context"]),
        (capability_facts(multimodal=True), []),
        (capability_facts(vision=True), ["Vision"]),
    ],
)
def test_tags(facts: Facts, found: list[str]) -> None:
    assert [tag.name for tag in decision_tags(pair(facts, {}).a)] == found


def test_a_score_on_a_code_benchmark_is_a_reason_for_the_tag_coding() -> None:
    coder = pair(card(A, scores=[score(A, "humaneval", "90")]), {}).a
    other = pair(card(A, scores=[score(A, "mmlu_pro", "90")]), {}).a
    assert ([tag.name for tag in decision_tags(coder)], decision_tags(other)) == (["Coding"], ())


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, ["general evaluation"]),
        (CODING, ["custom coding agents", "code generation"]),
        (
            {**CODING, **capability_facts(tool_use=True, reasoning=True)},
            ["custom coding agents", "code generation", "tool loops"],
        ),
        (capability_facts(reasoning=True), ["reasoning-heavy apps"]),
        (capability_facts(multimodal=True), ["multimodal apps"]),
        ({"context_window": 999_999}, ["general evaluation"]),
        ({"context_window": 1_000_000}, ["long-context analysis"]),
    ],
)
def test_best_for(facts: Facts, found: list[str]) -> None:
    assert [fit.name for fit in best_for(pair(facts, {}).a)] == found


def test_three_providers_make_it_fit_for_routing() -> None:
    three = [offer(A, provider, "1", "1") for provider in ("openai", "openrouter", "vercel-ai-gateway")]
    assert [fit.name for fit in best_for(pair(card(A, offers=three), {}).a)] == ["provider-routed production"]
    assert [fit.name for fit in best_for(pair(card(A, offers=three[:2]), {}).a)] == ["general evaluation"]


def test_every_tag_names_its_facts() -> None:
    side = pair({"context_window": 200_000, **capability_facts(function_calling=True)}, {}).a
    assert {tag.name: [fact.label for fact in tag.facts] for tag in decision_tags(side)} == {
        "RAG": ["Context window", "Function calling"],
        "Agents": ["Function calling"],
        "Long context": ["Context window"],
    }


@pytest.mark.parametrize(
    ("mine", "its", "rule", "about", "words"),
    [
        ({"context_window": 200_000}, {"context_window": 128_000}, "larger_context", "a",
         "Alpha-1 has the larger context window: 200K tokens against 128K."),
        ({"context_window": 1_048_576}, {"context_window": 1_047_576}, "larger_context", "a", None),
        ({"context_window": 1_048_576}, {"context_window": 1_047_576}, "same_context", "pair",
         "Neither: 1,048,576 and 1,047,576 tokens are about the same."),
        ({"context_window": 100_000}, {"context_window": 95_000}, "larger_context", "a",
         "Alpha-1 has the larger context window: 100K tokens against 95K."),
        ({"max_output_tokens": 64_000}, {"max_output_tokens": 32_000}, "longer_output", "a",
         "Alpha-1 writes longer outputs: up to 64K tokens against 32K."),
        ({"max_output_tokens": 8_192}, {"max_output_tokens": 8_191}, "longer_output", "a", None),
        ({"knowledge_cutoff": "2025-04"}, {"knowledge_cutoff": "2024-09-30"}, "newer_cutoff", "a",
         "Alpha-1 has the newer knowledge cutoff: 2025-04 against 2024-09-30."),
        ({"knowledge_cutoff": "2025-04"}, {"knowledge_cutoff": "2025-04-14"}, "newer_cutoff", "b", None),
        ({"lifecycle": "active"}, {"lifecycle": "active", "shutdown_date": "2026-07-23"}, "lifecycle_ahead", "a",
         "Alpha-1 is active; Beta-2 has a published end (shutdown date 2026-07-23)."),
        ({"lifecycle": "retired"}, {}, "lifecycle_notice", "a",
         "Alpha-1 has been retired since a day that is not on record; no replacement is on record."),
        ({"context_window": 200_000}, {}, "larger_context", "a", None),
        ({"context_window": 200_000}, {"context_window": 200_000}, "larger_context", "a", None),
        ({"context_window": 200_000}, {"context_window": 200_000}, "same_context", "pair",
         "Neither: both have a context window of 200K tokens."),
        ({"context_window": 8_192}, {"context_window": 200_000}, "context_changes", "b",
         "The context window grows from 8.19K to 200K tokens."),
        (capability_facts(vision=True), capability_facts(vision=False), "only_here", "a", "Only Alpha-1 has vision."),
        (capability_facts(vision=True), {}, "only_here", "a", None),
        (capability_facts(multimodal=True, tool_use=True, ide_integration=True),
         capability_facts(multimodal=False, tool_use=False, ide_integration=False), "loses", "b",
         "You lose multimodal input, tool use and IDE integration."),
        (capability_facts(vision=False), capability_facts(vision=True), "gains", "b", "You gain vision."),
        ({"openness": "open weights"}, {"openness": "proprietary"}, "more_open", "a",
         "Alpha-1 has open weights; Beta-2 is proprietary."),
        ({"openness": "open weights"}, {}, "more_open", "a", None),
        ({"openness": "open source", "license": "MIT"}, {}, "open_source", "a",
         "Yes, Alpha-1 is open source (MIT)."),
        ({"openness": "open weights", "license": "Llama 3.1"}, {}, "open_source", "a",
         "No, the weights of Alpha-1 are open but its license is not open source (Llama 3.1)."),
        ({"openness": "open weights"}, {}, "open_source", "a",
         "No, not by what is on record: the weights of Alpha-1 are open, nothing is said of its license."),
        ({"openness": "proprietary"}, {}, "open_source", "a", "No, Alpha-1 is proprietary."),
        ({"license": "MIT"}, {}, "open_source", "a", None),
        ({"lifecycle": "active"}, {"lifecycle": "retired"}, "lifecycle_ahead", "a",
         "Alpha-1 is active; Beta-2 is retired."),
        ({"lifecycle": "active"}, {"lifecycle": "preview"}, "lifecycle_ahead", "a", None),
        ({"lifecycle": "retired", "shutdown_date": "2024-12-06", "replacement": "gpt-4o"}, {},
         "lifecycle_notice", "a",
         "Alpha-1 has been retired since 2024-12-06; suggested replacement: gpt-4o."),
        ({"shutdown_date": "2026-07-23"}, {}, "lifecycle_notice", "a",
         "Alpha-1 has an end on record (shutdown date 2026-07-23)."),
        ({"lifecycle": "preview"}, {}, "lifecycle_notice", "a", "Alpha-1 is a preview."),
        ({"lifecycle": "active"}, {}, "lifecycle_notice", "a", None),
        ({"replacement": "gpt-4o"}, {}, "lifecycle_notice", "a", None),
        ({"product_type": "embedding model", "release_date": "2025"}, {}, "what_it_is", "a",
         "Alpha-1 is an embedding model, released in 2025."),
        ({"product_type": "other"}, {}, "what_it_is", "a", None),
        ({"product_type": "other", "release_date": "2025"}, {}, "what_it_is", "a", "Alpha-1 was released in 2025."),
        ({"product_type": "image model"}, {"product_type": "other"}, "types_differ", "pair",
         "Alpha-1 is an image model and Beta-2 is a model of another kind: they do different jobs, "
         "so neither price nor verdict compares them."),
        ({"product_type": "open-weights model"}, {"product_type": "standalone API model"}, "types_differ", "pair",
         "These are different products: Alpha-1 is an open-weights model and Beta-2 is a standalone API model."),
        ({"product_type": "image model"}, {}, "types_differ", "pair", None),
    ],
)  # fmt: skip
def test_sentences(mine: Facts, its: Facts, rule: str, about: str, words: str | None) -> None:
    assert text(pair(mine, its), rule, about) == words


def with_providers(model: str, *providers: str) -> ModelCard:
    return card(model, offers=[offer(model, provider, "1", "1") for provider in providers])


def test_providers_are_compared_only_where_both_have_some() -> None:
    two, one, none = with_providers(A, "openai", "openrouter"), with_providers(B, "openrouter"), card(B)
    assert (
        text(pair(two, one), "more_providers", "a")
        == "Alpha-1 has 2 providers to fall back on, against 1 provider for Beta-2."
    )
    assert text(pair(two, none), "more_providers", "a") is None
    many = [f"p{number}" for number in range(27)]
    assert text(pair(with_providers(A, *many), with_providers(B, *many[1:])), "more_providers", "a") is None
    assert text(pair(two, none), "no_shared_provider", "pair") is None
    assert text(pair(two, one), "shared_providers", "pair") == "OpenRouter serves both models."
    apart = pair(with_providers(A, "openai"), one)
    assert text(apart, "no_shared_provider", "pair") == (
        "No provider listed here serves both models: plan a new account and endpoint."
    )
    assert text(apart, "listed_by", "b") == "Beta-2 is listed by OpenRouter."


def test_two_offers_of_one_provider_are_one_route() -> None:
    twice = card(
        A, offers=[offer(A, "openai", "1", "1"), offer(A, "openai", key="openai;tier=batch", tier="batch")]
    )
    assert text(pair(twice, with_providers(B, "openrouter")), "more_providers", "a") is None


def scored(mine: list[Any], its: list[Any]) -> Comparison:
    return pair(card(A, scores=mine), card(B, scores=its))


@pytest.mark.parametrize(
    ("mine", "its", "comparable", "why", "leader", "delta"),
    [
        ({}, {}, True, None, "a", "2.7"),
        ({"mode": "thinking"}, {"mode": "thinking"}, True, None, "a", "2.7"),
        ({"mode": "thinking"}, {}, False, "different_modes", None, None),
        ({"version": "v5"}, {"version": "v6"}, False, "different_versions", None, None),
        ({"harness": "x"}, {"harness": "y"}, True, None, "a", "2.7"),
    ],
)
def test_scores_are_compared_for_one_version_and_mode(
    mine: dict[str, str],
    its: dict[str, str],
    comparable: bool,
    why: str | None,
    leader: str | None,
    delta: str | None,
) -> None:
    [row] = scored([score(A, "mmlu_pro", "81.8", **mine)], [score(B, "mmlu_pro", "79.1", **its)]).pair.scores
    assert (row.comparable, row.why_not, row.leader) == (comparable, why, leader)
    assert (None if row.delta is None else str(row.delta)) == delta


def test_who_measured_is_said_where_it_is_not_the_same() -> None:
    made = scored([score(A, "mmlu_pro", "81.8")], [score(B, "mmlu_pro", "79.1", reporter="Alibaba")])
    assert text(made, "benchmark_leads", "a") == (
        "Alpha-1 leads on MMLU-Pro by 2.7 points (81.8 by an unknown reporter against 79.1 by Alibaba)."
    )


def test_several_leads_are_all_listed_with_their_share() -> None:
    made = scored(
        [
            score(A, "mmlu_pro", "81"),
            score(A, "ifeval", "70"),
            score(A, "aime_2025", "52.5"),
            score(A, "wer", "5"),
        ],
        [
            score(B, "mmlu_pro", "79"),
            score(B, "ifeval", "72"),
            score(B, "aime_2025", "49.5"),
            score(B, "wer", "7"),
        ],
    )
    assert text(made, "benchmark_leads", "a") == (
        "Alpha-1 leads on 3 of 4 shared benchmarks: AIME 2025 by 3 points (52.5 against 49.5), "
        "MMLU-Pro by 2 points (81 against 79) and WER by 2 points (5 against 7)."
    )


@pytest.mark.parametrize(
    ("mine", "harness", "leader"), [("80", "", "tie"), ("80.1", "", "a"), ("79.1", "lm-eval", "a")]
)
def test_one_point_says_nothing_while_a_harness_is_unknown(mine: str, harness: str, leader: str) -> None:
    qualifier = {"harness": harness} if harness else {}
    [row] = scored(
        [score(A, "mmlu_pro", mine, **qualifier)], [score(B, "mmlu_pro", "79", **qualifier)]
    ).pair.scores
    assert row.leader == leader


def test_a_score_whose_reporter_names_no_source_decides_nothing() -> None:
    made = scored(
        [score(A, "mmlu_pro", "81.8", reporter="Somebody (names no source)")], [score(B, "mmlu_pro", "70")]
    )
    assert text(made, "benchmark_leads", "a") is None
    assert made.verdict.by_name["shared_benchmarks"].result == "unknown"


def test_scores_that_contradict_each_other_lead_nothing() -> None:
    made = scored(
        [score(A, "mmlu_pro", "81.8", harness="x"), score(A, "mmlu_pro", "70", harness="y")],
        [score(B, "mmlu_pro", "79.1", harness="x")],
    )
    assert text(made, "benchmark_leads", "a") is None
    assert made.verdict.by_name["shared_benchmarks"].result == "unknown"


def strong(model: str = A, **more: PlainValue) -> ModelCard:
    """Return a model that beats `weak` on six of seven criteria."""
    facts: Facts = {
        "context_window": 200_000,
        "openness": "open source",
        "lifecycle": "active",
        "product_type": "standalone API model",
        **capability_facts(vision=True, tool_use=True),
        **more,
    }
    return card(model, facts, [offer(model, p, "1", "1") for p in ("openai", "openrouter")])


def weak(**more: PlainValue) -> ModelCard:
    facts: Facts = {
        "context_window": 128_000,
        "openness": "proprietary",
        "lifecycle": "active",
        "product_type": "standalone API model",
        **capability_facts(vision=False, tool_use=True),
        **more,
    }
    return card(B, facts, [offer(B, "openrouter", "2", "2")])


def known(facts: Facts) -> Facts:
    """Return facts with the rest of a specification filled in, so that little is unknown."""
    rest: Facts = {
        "release_date": "2025", "max_output_tokens": 1, "parameters_total": 1, "architecture": "x",
        "license": "MIT", "commercial_use": "allowed", "knowledge_cutoff": "2024",
    }  # fmt: skip
    return {**rest, **facts}


def test_a_side_ahead_on_all_that_is_known_is_recommended() -> None:
    made = pair(strong(**known({})), weak(**known({})))
    assert made.verdict.winner == "a"
    assert text(made, "verdict", "pair") == (
        "Alpha-1 is the pick on what is known, for a lower cost, a larger context window, more providers, "
        "open source and vision."
    )


@pytest.mark.parametrize(
    ("mine", "its", "why"),
    [
        ({"lifecycle": "retired"}, {"lifecycle": "retired"}, "ending"),
        ({"shutdown_date": "2027-01-01"}, {}, "ending"),
        ({"deprecation_date": "2026-07-23"}, {}, "ending"),
        ({"lifecycle": "preview"}, {}, "lifecycle"),
        ({"product_type": "coding-specialized model"}, {}, None),
        ({"product_type": "embedding model"}, {}, "products"),
        ({"product_type": "open-weights model"}, {}, None),
    ],
)
def test_what_keeps_the_side_ahead_from_being_recommended(mine: Facts, its: Facts, why: str | None) -> None:
    assert pair(strong(**known(mine)), weak(**known(its))).verdict.why == why


@pytest.mark.parametrize(("reason", "why"), [("never_sourced", "open"), (ONLY_OTHERS, None)])
def test_an_end_that_only_others_state_rules_nobody_out(reason: str, why: str | None) -> None:
    end = fact(A, "deprecation_date", None, reason=reason)
    ahead = strong(**known({}))
    ahead = replace(ahead, facts={**ahead.facts, "deprecation_date": end})
    assert pair(ahead, weak(**known({}))).verdict.why == why


def test_above_half_unknown_nobody_is_recommended() -> None:
    assert (
        pair(
            {"context_window": 2, "openness": "open source"}, {"context_window": 1, "openness": "proprietary"}
        ).verdict.why
        == "unknown"
    )


def test_a_dearer_side_is_not_recommended_whatever_else_it_wins() -> None:
    dear = card(
        A, {name: fact.value for name, fact in strong(**known({})).facts.items()},
        [offer(A, p, "9", "9") for p in ("openai", "openrouter")],
    )  # fmt: skip
    made = pair(dear, weak(**known({})))
    assert (made.verdict.winner, made.verdict.why) == (None, "price")
    assert text(made, "verdict", "pair") == (
        "Pick Alpha-1 for a larger context window, more providers, open source and vision, Beta-2 for a lower cost."
    )


def test_nothing_known_says_nothing() -> None:
    made = pair({}, {})
    assert made.claims == ()
    assert made.verdict.winner is None
    assert made.faq == []


def test_rules_are_named_once_and_say_when_they_hold() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    assert all(rule.holds and rule.words for rule in RULES)
    wordings = [words for rule in RULES for words in rule.words.values()]
    assert all(words.endswith(".") for words in wordings)
