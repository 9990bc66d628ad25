"""Every sentence a comparison can say: its rule, its section, when it holds, and its words.

`{me}` and `{it}` are the two models as the rule sees them; a rule about a side is tried on both. The other
slots, and the facts leaned on, come from the function named last (conditions.py). Where a rule has several
wordings, the function picks one by its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cardwatch.compare.render.grammar import SentenceTemplate
from cardwatch.compare.rules import conditions as when
from cardwatch.compare.rules.conditions import RuleCondition

StatementSection = Literal["status", "intro", "verdict", "choose", "switching", "pricing", "faq"]


@dataclass(slots=True, eq=False)
class StatementRule:
    """One row: `holds` is for people, `condition` for the machine; they must agree."""

    name: str
    section: StatementSection
    about: Literal["side", "pair"]
    holds: str
    words: Mapping[str, str]
    condition: RuleCondition
    templates: Mapping[str, SentenceTemplate] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.templates = {key: SentenceTemplate(words) for key, words in self.words.items()}


RULES = (
    StatementRule(
        "lifecycle_notice", "status", "side",
        "it is a preview, deprecated or retired, or its end has a date",
        {
            "state": "{me} is {state}{dates}{replacement}.",
            "dates": "{me} has an end on record{dates}{replacement}.",
        },
        when.lifecycle_notice,
    ),
    StatementRule(
        "what_it_is", "intro", "side",
        "its product type or its release date is known",
        {
            "both": "{me} is {product}, released {released}.",
            "product": "{me} is {product}.",
            "released": "{me} was released {released}.",
        },
        when.what_it_is,
    ),
    StatementRule(
        "types_differ", "verdict", "pair",
        "both product types are known and differ",
        {"": "These are different products: {me} is {mine} and {it} is {its}."},
        when.types_differ,
    ),
    StatementRule(
        "verdict", "verdict", "pair",
        "at least one criterion is known",
        {
            "winner": "{me} is the pick on what is known: it leads on {mine}.",
            "winner_trails": "{me} is the pick on what is known: it leads on {mine}, and trails on {its}.",
            "split": "{me} leads on {mine}; {it} leads on {its}.",
            "one": "On what is known, {me} leads on {mine}.",
            "level": "The two are level on {mine}.",
        },
        when.verdict_words,
    ),
    StatementRule(
        "cheaper", "choose", "side",
        "both costs are known, this one is lower, and no unpriced offer of the other could undercut it",
        {
            "": "{me} is {percent}% cheaper at {traffic}: {mine} from {my_route}, "
            "{it} {its} from {its_route}.",
            "free": "{me} is free from {my_route}; {it} costs {its} from {its_route} at {traffic}.",
        },
        when.cheaper,
    ),
    StatementRule(
        "larger_context", "choose", "side",
        "both context windows are known and this one is larger",
        {"": "{me} has the larger context window: {mine} tokens against {its}."},
        when.larger_context,
    ),
    StatementRule(
        "benchmark_leads", "choose", "side",
        "it leads on at least one benchmark that may be compared",
        {
            "one": "{me} leads on {leads}.",
            "many": "{me} leads on {count} of {total} shared benchmarks: {leads}.",
        },
        when.benchmark_leads,
    ),
    StatementRule(
        "more_providers", "choose", "side",
        "providers of both are known and this one has more",
        {"": "{me} has {mine} to fall back on, against {its} for {it}."},
        when.more_providers,
    ),
    StatementRule(
        "more_open", "choose", "side",
        "the openness of both is known and this one is more open",
        {"": "{me} {mine}; {it} {its}."},
        when.more_open,
    ),
    StatementRule(
        "lifecycle_ahead", "choose", "side",
        "the lifecycle of both is known and only the other is deprecated or retired",
        {"": "{me} {mine}; {it} {its}."},
        when.lifecycle_ahead,
    ),
    StatementRule(
        "only_here", "choose", "side",
        "it has capabilities that the other is known to lack",
        {"": "Only {me} has {mine}."},
        when.only_here,
    ),
    StatementRule(
        "shared_providers", "switching", "pair",
        "providers of both are known and some serve both",
        {"one": "{shared} serves both models.", "many": "{shared} serve both models."},
        when.shared_providers,
    ),
    StatementRule(
        "no_shared_provider", "switching", "pair",
        "providers of both are known and none serves both",
        {"": "No provider listed here serves both models: plan a new account and endpoint."},
        when.no_shared_provider,
    ),
    StatementRule(
        "loses", "switching", "side",
        "moving here loses capabilities that this model is known to lack",
        {"": "You lose {lost}."},
        when.loses,
    ),
    StatementRule(
        "gains", "switching", "side",
        "moving here gains capabilities that the other model is known to lack",
        {"": "You gain {gained}."},
        when.gains,
    ),
    StatementRule(
        "context_changes", "switching", "side",
        "both context windows are known and differ",
        {"": "The context window {verb} from {its} to {mine} tokens."},
        when.context_changes,
    ),
    StatementRule(
        "cost_changes", "switching", "side",
        "as for cheaper, in either direction",
        {"": "The monthly cost {verb} from {its} to {mine} at {traffic}."},
        when.cost_changes,
    ),
    StatementRule(
        "listed_by", "pricing", "side",
        "its providers are known",
        {"": "{me} is listed by {providers}."},
        when.listed_by,
    ),
    StatementRule(
        "same_context", "faq", "pair",
        "both context windows are known and equal",
        {"": "Neither: both have a context window of {mine} tokens."},
        when.same_context,
    ),
    StatementRule(
        "open_source", "faq", "side",
        "its openness is known",
        {
            "open source": "Yes, {me} is open source{license}.",
            "open weights": "No, the weights of {me} are open but its license is not open source{license}.",
            "proprietary": "No, {me} is proprietary.",
        },
        when.open_source,
    ),
)  # fmt: skip
