"""What a model is for, from its own shown facts: the tags of "Decision fit" and the phrases of "Best for".

Each line: id, words on the page, condition. A condition returns the facts that fulfil it, none if it does not
hold; an unknown fact fulfils nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from cardwatch.compare.display_facts import DisplayFact
from cardwatch.compare.side import Side, cached_per_side
from cardwatch.compare.wording.benchmarks import CODE_BENCHMARKS
from cardwatch.compare.wording.labels import CODING_PRODUCT

Facts = tuple[DisplayFact, ...]
FitCondition = Callable[[Side], Facts]


class FitRule(Struct, frozen=True):
    """One tag or phrase."""

    id: str
    name: str
    when: FitCondition


def sold_as(kind: str) -> FitCondition:
    """It is sold as this."""

    def condition(side: Side) -> Facts:
        fact = side.known("product_type")
        return (fact,) if fact and fact.fact.value == kind else ()

    return condition


def has_capability(*capabilities: str) -> FitCondition:
    """At least one of these capabilities is a Yes."""
    names = tuple(f"capability.{capability}" for capability in capabilities)

    def condition(side: Side) -> Facts:
        return tuple(side.facts[name] for name in names if side.answers[name] == "yes")

    return condition


def has_context_window(at_least: int) -> FitCondition:
    """The context window is known and this large, in tokens."""

    def condition(side: Side) -> Facts:
        tokens = side.window
        return (side.facts["context_window"],) if tokens is not None and tokens >= at_least else ()

    return condition


def has_code_score(side: Side) -> Facts:
    """A score on a benchmark about code is on the page."""
    return tuple(
        s for s in side.scores if s.known and s.fact.attribute.removeprefix("benchmark.") in CODE_BENCHMARKS
    )


def has_providers(at_least: int) -> FitCondition:
    """This many providers list it."""

    def condition(side: Side) -> Facts:
        return side.listings if side.routes_known and len(side.providers) >= at_least else ()

    return condition


def any_of(*conditions: FitCondition) -> FitCondition:
    """One of these holds; the facts of all that do."""
    return lambda side: tuple(fact for condition in conditions for fact in condition(side))


def all_of(*conditions: FitCondition) -> FitCondition:
    """All of these hold."""

    def condition(side: Side) -> Facts:
        found = [each(side) for each in conditions]
        return tuple(fact for facts in found for fact in facts) if all(found) else ()

    return condition


LONG_CONTEXT = 128_000
VERY_LONG_CONTEXT = 1_000_000

TAGS = (
    FitRule(
        "tag_coding",
        "Coding",
        any_of(sold_as(CODING_PRODUCT), has_capability("code_execution"), has_code_score),
    ),
    FitRule(
        "tag_rag",
        "RAG",
        all_of(has_context_window(LONG_CONTEXT), has_capability("function_calling", "structured_outputs")),
    ),
    FitRule("tag_agents", "Agents", has_capability("function_calling", "tool_use")),
    FitRule("tag_long_context", "Long context", has_context_window(LONG_CONTEXT)),
    FitRule("tag_vision", "Vision", has_capability("vision")),
)

BEST_FOR_CODING = (
    FitRule("best_coding_agents", "custom coding agents", sold_as(CODING_PRODUCT)),
    FitRule("best_code_generation", "code generation", sold_as(CODING_PRODUCT)),
    FitRule(
        "best_tool_loops",
        "tool loops",
        all_of(sold_as(CODING_PRODUCT), has_capability("function_calling", "tool_use")),
    ),
)
"""For products sold for coding."""


def made_for(kind: str, *phrases: str) -> tuple[FitRule, ...]:
    """Return the phrases of a type that is made for one job."""
    return tuple(
        FitRule(f"best_{kind}_{number}", phrase, sold_as(f"{kind} model"))
        for number, phrase in enumerate(phrases, 1)
    )


BEST_FOR = (
    FitRule("best_reasoning", "reasoning-heavy apps", has_capability("reasoning")),
    FitRule("best_multimodal", "multimodal apps", has_capability("vision", "multimodal")),
    FitRule("best_tools", "tool-calling agents", has_capability("function_calling", "tool_use")),
    FitRule("best_long_context", "long-context analysis", has_context_window(VERY_LONG_CONTEXT)),
    FitRule("best_routed", "provider-routed production", has_providers(3)),
)
MADE_FOR: Mapping[str, tuple[FitRule, ...]] = {
    CODING_PRODUCT: BEST_FOR_CODING,
    "embedding model": made_for("embedding", "semantic search", "retrieval"),
    "reranker model": made_for("reranker", "reordering search results"),
    "image model": made_for("image", "making images"),
    "audio model": made_for("audio", "speech and audio"),
    "video model": made_for("video", "making video"),
    "moderation model": made_for("moderation", "screening content"),
}
"""By product type; everything else is read by the table above."""
BEST_FOR_DEFAULT = "general evaluation"
MOST_SHOWN = 3
"""Tags or phrases shown before "+n"; the data keeps all."""


class FitMatch(Struct, frozen=True):
    """A rule that applied, and the facts it leans on."""

    rule: str
    name: str
    facts: Facts


def match_fit_rules(table: tuple[FitRule, ...], side: Side) -> tuple[FitMatch, ...]:
    """Return the lines of `table` that apply to a model."""
    found = ((fit, fit.when(side)) for fit in table)
    return tuple(FitMatch(fit.id, fit.name, facts) for fit, facts in found if facts)


@cached_per_side
def decision_tags(side: Side) -> tuple[FitMatch, ...]:
    """Return every tag of a model."""
    return match_fit_rules(TAGS, side)


@cached_per_side
def best_for(side: Side) -> tuple[FitMatch, ...]:
    """Return every phrase of a model; the default, without facts, if no other applies."""
    found = match_fit_rules(MADE_FOR.get(side.word("product_type") or "", BEST_FOR), side)
    return found or (FitMatch("best_default", BEST_FOR_DEFAULT, ()),)


def abridge_names(names: tuple[str, ...]) -> str:
    """Return up to three names and "+n" for the rest."""
    rest = len(names) - MOST_SHOWN
    return ", ".join(names[:MOST_SHOWN]) + (f" +{rest}" if rest > 0 else "")
