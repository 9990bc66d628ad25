"""What a model is for, from its own shown facts: the tags of "Decision fit" and the phrases of "Best for".

Each line: id, words on the page, condition. A condition returns the facts that fulfil it, none if it does not
hold; an unknown fact fulfils nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cardwatch.compare.rules.benchmarks import CODE
from cardwatch.compare.rules.names import CODING
from cardwatch.compare.shown import Shown
from cardwatch.compare.side import Side, per_side

Facts = tuple[Shown, ...]
Condition = Callable[[Side], Facts]


@dataclass(frozen=True, slots=True)
class Fit:
    """One tag or phrase."""

    id: str
    name: str
    when: Condition


def product(kind: str) -> Condition:
    """It is sold as this."""

    def condition(side: Side) -> Facts:
        fact = side.known("product_type")
        return (fact,) if fact and fact.fact.value == kind else ()

    return condition


def yes(*capabilities: str) -> Condition:
    """At least one of these capabilities is a Yes."""
    names = tuple(f"capability.{capability}" for capability in capabilities)

    def condition(side: Side) -> Facts:
        return tuple(side.facts[name] for name in names if side.answers[name] == "yes")

    return condition


def window(at_least: int) -> Condition:
    """The context window is known and this large, in tokens."""

    def condition(side: Side) -> Facts:
        tokens = side.window
        return (side.facts["context_window"],) if tokens is not None and tokens >= at_least else ()

    return condition


def code_score(side: Side) -> Facts:
    """A score on a benchmark about code is on the page."""
    return tuple(s for s in side.scores if s.known and s.fact.attribute.removeprefix("benchmark.") in CODE)


def providers(at_least: int) -> Condition:
    """This many providers list it."""

    def condition(side: Side) -> Facts:
        return side.listings if side.routes_known and len(side.providers) >= at_least else ()

    return condition


def any_of(*conditions: Condition) -> Condition:
    """One of these holds; the facts of all that do."""
    return lambda side: tuple(fact for condition in conditions for fact in condition(side))


def all_of(*conditions: Condition) -> Condition:
    """All of these hold."""

    def condition(side: Side) -> Facts:
        found = [each(side) for each in conditions]
        return tuple(fact for facts in found for fact in facts) if all(found) else ()

    return condition


LONG = 128_000
VERY_LONG = 1_000_000

TAGS = (
    Fit("tag_coding", "Coding", any_of(product(CODING), yes("code_execution"), code_score)),
    Fit("tag_rag", "RAG", all_of(window(LONG), yes("function_calling", "structured_outputs"))),
    Fit("tag_agents", "Agents", yes("function_calling", "tool_use")),
    Fit("tag_long_context", "Long context", window(LONG)),
    Fit("tag_vision", "Vision", yes("vision")),
)

BEST_FOR_CODING = (
    Fit("best_coding_agents", "custom coding agents", product(CODING)),
    Fit("best_code_generation", "code generation", product(CODING)),
    Fit("best_tool_loops", "tool loops", all_of(product(CODING), yes("function_calling", "tool_use"))),
)
"""For products sold for coding; everything else is read by the next table."""

BEST_FOR = (
    Fit("best_reasoning", "reasoning-heavy apps", yes("reasoning")),
    Fit("best_multimodal", "multimodal apps", yes("vision", "multimodal")),
    Fit("best_tools", "tool-calling agents", yes("function_calling", "tool_use")),
    Fit("best_long_context", "long-context analysis", window(VERY_LONG)),
    Fit("best_routed", "provider-routed production", providers(3)),
)
BEST_FOR_DEFAULT = "general evaluation"
MOST_SHOWN = 3
"""Tags or phrases shown before "+n"; the data keeps all."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A rule that applied, and the facts it leans on."""

    rule: str
    name: str
    facts: Facts


def fitted(table: tuple[Fit, ...], side: Side) -> tuple[Fitted, ...]:
    """Return the lines of `table` that apply to a model."""
    found = ((fit, fit.when(side)) for fit in table)
    return tuple(Fitted(fit.id, fit.name, facts) for fit, facts in found if facts)


@per_side
def tags(side: Side) -> tuple[Fitted, ...]:
    """Return every tag of a model."""
    return fitted(TAGS, side)


@per_side
def best_for(side: Side) -> tuple[Fitted, ...]:
    """Return every phrase of a model; the default, without facts, if no other applies."""
    sold_for_coding = side.word("product_type") == CODING
    found = fitted(BEST_FOR_CODING if sold_for_coding else BEST_FOR, side)
    return found or (Fitted("best_default", BEST_FOR_DEFAULT, ()),)


def abridged(names: tuple[str, ...]) -> str:
    """Return up to three names and "+n" for the rest."""
    rest = len(names) - MOST_SHOWN
    return ", ".join(names[:MOST_SHOWN]) + (f" +{rest}" if rest > 0 else "")
