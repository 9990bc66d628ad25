"""Every sentence a comparison can say: its rule, its section, when it holds, and its words.

`{me}` and `{it}` are the two models as the rule sees them; a rule about a side is tried on both. The other
slots, and the facts leaned on, come from the function named last (conditions.py). Where a rule has several
wordings, the function picks one by its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from cardwatch.compare.display_facts import FactIds, SideId
from cardwatch.compare.rules import conditions as when
from cardwatch.compare.rules.conditions import RuleCondition, RuleContext
from cardwatch.compare.rules.criteria import SIDES, Result
from cardwatch.compare.wording.grammar import SentenceTemplate

StatementSection = Literal["status", "intro", "verdict", "choose", "switching", "pricing", "faq"]


class StatementRule(Struct, eq=False):
    """One row: `holds` is for people, `condition` for the machine; they must agree.

    A rule with a `criterion` is tried only where that came out as it `wants`: on the side that leads there, where
    either does, or where the two are level. What a rule says of one model `alone` is the same in all its pairs.
    """

    name: str
    section: StatementSection
    about: Literal["side", "pair"]
    holds: str
    words: Mapping[str, str]
    condition: RuleCondition
    criterion: str = ""
    wants: Literal["ahead", "differ", "level"] = "ahead"
    alone: bool = False
    templates: Mapping[str, SentenceTemplate] = {}

    def __post_init__(self) -> None:
        self.templates = {key: SentenceTemplate(words) for key, words in self.words.items()}

    def results(self, at: SideId) -> tuple[Result, ...]:
        """Return how the criterion must have come out for a try from this side."""
        wanted: dict[str, tuple[Result, ...]] = {"ahead": (at,), "differ": SIDES, "level": ("tie",)}
        return wanted[self.wants]

    def remembered(self, view: RuleContext) -> tuple[str, FactIds] | None:
        """Return what `say` does, worked out once per side."""
        memo = view.this.memo
        try:
            found: tuple[str, FactIds] | None = memo[self.name]
        except KeyError:
            found = memo[self.name] = self.say(view)
        return found

    def say(self, view: RuleContext) -> tuple[str, FactIds] | None:
        """Return the sentence and the facts it leans on, None where the rule does not hold."""
        found = self.condition(view)
        if found is None:
            return None
        wording, slots, facts = found
        return self.templates[wording].fill(view.names | slots), facts


RULES = (
    StatementRule(
        "lifecycle_notice", "status", "side",
        "it is a preview, deprecated or retired, or its end has a date",
        {
            "retired": "{me} has been retired {since}{dates}{replacement}.",
            "state": "{me} is {state}{dates}{replacement}.",
            "dates": "{me} has an end on record{dates}{replacement}.",
        },
        when.lifecycle_notice,
        alone=True,
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
        alone=True,
    ),
    StatementRule(
        "types_differ", "verdict", "pair",
        "both product types are known and differ",
        {
            "": "These are different products: {me} is {mine} and {it} is {its}.",
            "jobs": "{me} is {mine} and {it} is {its}: they do different jobs, "
            "so neither price nor verdict compares them.",
        },
        when.types_differ,
    ),
    StatementRule(
        "verdict", "verdict", "pair",
        "both do one job, and at least one criterion or reason is known, or one of the two is retired",
        {
            "winner": "{me} is the pick on what is known, for {mine}.",
            "winner_trails": "{me} is the pick on what is known, for {mine}; {it} has {its}.",
            "split": "Pick {me} for {mine}, {it} for {its}.",
            "one": "Pick {me} for {mine}.",
            "one_level": "Pick {me} for {mine}; the two are level on {level}.",
            "level": "The two are level on {level}.",
            "retired": "{it} is retired and no longer a choice.",
            "retired_other": "{me} is the choice left: {it} is retired.",
            "retired_ending": "{it} is retired, and {me} is on its way out.",
            "both_retired": "Both models are retired.",
        },
        when.verdict_words,
    ),
    StatementRule(
        "cheaper", "choose", "side",
        "both costs are known, this one is lower, and no unpriced offer of the other could undercut it",
        {
            "": "{me} is {percent}% cheaper at {traffic}: {mine} from {my_route}, "
            "{it} {its} from {its_route}.",
            "free": "{me} is free from {my_route} ({limits}), which saves the {its} that {it} costs "
            "from {its_route} at {traffic}.",
        },
        when.cheaper,
        criterion="price",
    ),
    StatementRule(
        "cheaper_images", "choose", "side",
        "both make images and offers of both state a size: this one asks less at one of them and at none more",
        {
            "one": "{me} is cheaper per image: {mine} from {my_route}, against {its} from {its_route}.",
            "all": "{me} is cheaper per image at each of the {total} sizes and qualities that both state: "
            "{mine} from {my_route}, against {its} from {its_route}.",
            "some": "{me} is cheaper per image at {count} of the {total} sizes and qualities that both state, "
            "and dearer at no other: {mine} from {my_route}, against {its} from {its_route}.",
        },
        when.cheaper_images,
        criterion="price",
    ),
    StatementRule(
        "larger_context", "choose", "side",
        "both context windows are known and this one is larger by 5% at least",
        {"": "{me} has the larger context window: {mine} tokens against {its}."},
        when.larger_context,
        criterion="context",
    ),
    StatementRule(
        "longer_output", "choose", "side",
        "the longest output of both is known and this one is longer by 5% at least",
        {"": "{me} writes longer outputs: up to {mine} tokens against {its}."},
        when.longer_output,
        criterion="output",
    ),
    StatementRule(
        "newer_cutoff", "choose", "side",
        "both knowledge cutoffs are known and this one is later",
        {"": "{me} has the newer knowledge cutoff: {mine} against {its}."},
        when.newer_cutoff,
        criterion="cutoff",
    ),
    StatementRule(
        "cheaper_cache", "choose", "side",
        "as for cheaper, both named routes sell cached input and this one for less",
        {"": "{me} has the cheaper cached input: {mine} per 1M tokens from {my_route}, against {its} from {its_route}."},
        when.cheaper_cache,
        criterion="cache",
    ),
    StatementRule(
        "benchmark_leads", "choose", "side",
        "it leads on at least one benchmark that may be compared, by more than a point if a harness is unknown",
        {
            "one": "{me} leads on {leads}.",
            "many": "{me} leads on {count} of {total} shared benchmarks: {leads}.",
        },
        when.benchmark_leads,
    ),
    StatementRule(
        "more_providers", "choose", "side",
        "providers of both are known and this one has more by 5% at least",
        {"": "{me} has {mine} to fall back on, against {its} for {it}."},
        when.more_providers,
        criterion="routes",
    ),
    StatementRule(
        "more_open", "choose", "side",
        "the openness of both is known and this one is more open",
        {"": "{me} {mine}; {it} {its}."},
        when.more_open,
        criterion="openness",
    ),
    StatementRule(
        "lifecycle_ahead", "choose", "side",
        "its lifecycle is known, and only the other is deprecated or retired or has a date for its end",
        {"": "{me} {mine}; {it} {its}{dates}."},
        when.lifecycle_ahead,
    ),
    StatementRule(
        "only_here", "choose", "side",
        "it has capabilities that the other is known to lack",
        {"": "Only {me} has {mine}."},
        when.only_here,
    ),
    StatementRule(
        "made_for", "choose", "side",
        "both product types are known and are for different jobs",
        {"": "{me} is made for {jobs}."},
        when.made_for,
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
        criterion="context",
        wants="differ",
    ),
    StatementRule(
        "cost_changes", "switching", "side",
        "as for cheaper, in either direction",
        {"": "The monthly cost {verb} from {its} to {mine} at {traffic}."},
        when.cost_changes,
        criterion="price",
        wants="differ",
    ),
    StatementRule(
        "listed_by", "pricing", "side",
        "its providers are known",
        {"": "{me} is listed by {providers}."},
        when.listed_by,
        alone=True,
    ),
    StatementRule(
        "in_plans", "pricing", "side",
        "a subscription includes it",
        {"": "{me} is also included in {plans}, a plan rather than a route."},
        when.in_plans,
        alone=True,
    ),
    StatementRule(
        "same_context", "faq", "pair",
        "both context windows are known and equal, or differ by less than 5%",
        {
            "": "Neither: both have a context window of {mine} tokens.",
            "about": "Neither: {mine} and {its} tokens are about the same.",
        },
        when.same_context,
        criterion="context",
        wants="level",
    ),
    StatementRule(
        "open_source", "faq", "side",
        "its openness is known",
        {
            "open source": "Yes, {me} is open source{license}.",
            "open weights": "No, the weights of {me} are open but its license is not open source{license}.",
            "unlicensed": "No, not by what is on record: the weights of {me} are open, nothing is said of its license.",
            "proprietary": "No, {me} is proprietary.",
        },
        when.open_source,
        alone=True,
    ),
)  # fmt: skip
