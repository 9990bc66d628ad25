"""When each rule of statement_rules.py holds: the wording, the slots and the facts leaned on, or None.

Nothing here reads an unknown fact as anything, and nothing fires because something is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cardwatch.compare.display_facts import PAIR_FACT_IDS, DisplayFact, FactIds, SideId, fact_ids
from cardwatch.compare.offers import MonthlyCost
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.rules.criteria import (
    ENDING_STATES,
    OPENNESS_RANKS,
    SIDES,
    Result,
    ending_facts,
)
from cardwatch.compare.rules.fit import best_for
from cardwatch.compare.rules.image_prices import SizedOffers, are_images, price_images
from cardwatch.compare.rules.verdict import Verdict
from cardwatch.compare.scores import ScoreRow, describe_scores
from cardwatch.compare.side import Side, cached_per_side
from cardwatch.compare.wording import number_format
from cardwatch.compare.wording.grammar import clean_text, count_noun, date_phrase, join_words, with_article
from cardwatch.compare.wording.labels import OTHER_PRODUCT, PRODUCT_PHRASES, TEXT_JOB

RuleMatch = tuple[str, dict[str, str], FactIds]


class RuleContext:
    """A pair as a rule looks at it: from one side, or from side a for rules about the pair."""

    def __init__(self, this: Side, other: Side, pair: ModelPair, verdict: Verdict) -> None:
        self.this, self.other, self.pair, self.verdict = this, other, pair, verdict
        self.this_id = this.side_id
        self.names = {"me": this.name, "it": other.name}

    def result_of(self, criterion: str) -> tuple[Result, FactIds]:
        """Return how a criterion came out, and the facts of it."""
        judgement = self.verdict.by_name[criterion]
        return judgement.result, judgement.facts

    def facts_of(self, criterion: str) -> FactIds:
        """Return the facts of a criterion."""
        return self.verdict.by_name[criterion].facts


RuleCondition = Callable[[RuleContext], RuleMatch | None]


def single_model_rule(make: Callable[[Side], RuleMatch | None]) -> RuleCondition:
    """Turn a rule about one model into one about a view."""
    return lambda view: make(view.this)


STATE_PHRASES: Mapping[str, str] = {
    "proprietary": "is proprietary",
    "open weights": "has open weights",
    "open source": "is open source",
    "preview": "is a preview",
    "active": "is active",
    "deprecated": "is deprecated",
    "retired": "is retired",
}
NOTICE_STATES = {"preview": "a preview", "deprecated": "deprecated", "retired": "retired"}
END_DATE_WORDS = {"deprecation_date": "deprecation date", "shutdown_date": "shutdown date"}


@single_model_rule
def lifecycle_notice(me: Side) -> RuleMatch | None:
    state = NOTICE_STATES.get(me.word("lifecycle") or "")
    dates = [fact for name in END_DATE_WORDS if (fact := me.known(name))]
    if not (state or dates):
        return None
    replacement = me.known("replacement")
    slots = {
        "state": state or "",
        **end_words(me, dates),
        "replacement": f"; suggested replacement: {replacement.display}" if replacement else "",
    }
    if me.retired and not replacement:
        slots["replacement"] = "; no replacement is on record"
    facts = [me.facts["lifecycle"]] if state else []
    leans = fact_ids((*facts, *dates, *((replacement,) if replacement else ())))
    return "retired" if me.retired else ("state" if state else "dates"), slots, leans


def end_words(me: Side, dates: Sequence[DisplayFact]) -> dict[str, str]:
    """Return the dates of a model's end in brackets, and since when a retired one is gone."""
    gone = me.known("shutdown_date") if me.retired else None
    other_ends = [
        f"{END_DATE_WORDS[fact.fact.attribute]} {fact.display}" for fact in dates if fact is not gone
    ]
    return {
        "dates": f" ({', '.join(other_ends)})" if other_ends else "",
        "since": f"since {gone.display}" if gone else "since a day that is not on record",
    }


@single_model_rule
def what_it_is(me: Side) -> RuleMatch | None:
    product = me.known("product_type") if me.word("product_type") != OTHER_PRODUCT else None
    released = me.known("release_date")
    facts = tuple(fact for fact in (product, released) if fact)
    if not facts:
        return None
    slots = {
        "product": product_phrase(me),
        "released": date_phrase(released.display) if released else "",
    }
    return "both" if len(facts) == 2 else ("product" if product else "released"), slots, fact_ids(facts)


@cached_per_side
def product_phrase(side: Side) -> str:
    """Return "a coding-specialized model"; "" if unknown."""
    kind = side.word("product_type")
    return PRODUCT_PHRASES.get(kind) or with_article(clean_text(kind)) if kind else ""


def types_differ(view: RuleContext) -> RuleMatch | None:
    mine, its = product_phrase(view.this), product_phrase(view.other)
    if not (mine and its) or mine == its:
        return None
    wording = "jobs" if view.pair.jobs_differ else ""
    return wording, {"mine": mine, "its": its}, PAIR_FACT_IDS["product_type"]


SAYS_NO_JOB = frozenset({"best_routed", "best_long_context"})
"""Phrases that say how a model is had, or how much it takes, and not what it is made for."""


def made_for(view: RuleContext) -> RuleMatch | None:
    """What each of two models for different jobs is for."""
    if not view.pair.jobs_differ:
        return None
    fits = [fit for fit in best_for(view.this) if fit.facts and fit.rule not in SAYS_NO_JOB]
    if not fits and view.this.job == TEXT_JOB:
        return "", {"jobs": "working with text"}, (view.this.facts["product_type"].id,)
    if not fits:
        return None
    facts = dict.fromkeys(fact for fit in fits for fact in fact_ids(fit.facts))
    return "", {"jobs": join_words([fit.name for fit in fits])}, tuple(facts)


def verdict_words(view: RuleContext) -> RuleMatch | None:
    """Say whom to pick, or what decides."""
    found, pair = view.verdict, view.pair
    if pair.jobs_differ or pair.jobs_open:
        return None
    gone = [side for side in (pair.a, pair.b) if side.retired]
    if gone:
        return retired_words(pair, gone)
    words = found.words()
    if not (words["a"] or words["b"] or words["tie"]):
        return None
    ahead: SideId = found.winner or ("a" if words["a"] else "b")
    behind: SideId = "b" if ahead == "a" else "a"
    slots = {
        "me": pair.side(ahead).name,
        "it": pair.side(behind).name,
        "mine": join_words(words[ahead]),
        "its": join_words(words[behind]),
        "level": join_words(words["tie"]),
    }
    return verdict_wording(found, words[ahead], words[behind], words["tie"]), slots, found.facts


def verdict_wording(found: Verdict, mine: Sequence[str], its: Sequence[str], level: Sequence[str]) -> str:
    """Return the key of the wording that fits."""
    if not mine:
        return "level"
    if found.winner:
        return "winner_trails" if its else "winner"
    if its:
        return "split"
    return "one_level" if level else "one"


def retired_words(pair: ModelPair, gone: Sequence[Side]) -> RuleMatch:
    """Say that what is retired is no choice."""
    facts = tuple(fact for side in gone for fact in ending_facts(side))
    if len(gone) == len(SIDES):
        return "both_retired", {}, facts
    left = pair.b if gone[0] is pair.a else pair.a
    slots = {"me": left.name, "it": gone[0].name}
    state = left.known("lifecycle")
    if state is None:
        return "retired", slots, facts
    return ("retired_ending" if ending_facts(left) else "retired_other"), slots, (*facts, state.id)


def cheaper(view: RuleContext) -> RuleMatch | None:
    x, y, facts = view.this.cost, view.other.cost, view.facts_of("price")
    if x.route is None or y.route is None:
        return None
    mine, its = cost_words(x, y)
    slots = {
        "mine": mine,
        "its": its,
        "my_route": x.route.name,
        "its_route": y.route.name,
        "traffic": view.this.traffic,
        "percent": view.pair.saving.percent if view.pair.saving else "",
    }
    if x.usd:
        return "", slots, facts
    limits = [fact for name in ROUTE_LIMITS if (fact := x.route.facts.get(name)) and fact.known]
    slots["limits"] = route_limit_words(limits)
    return "free", slots, (*facts, *fact_ids(limits))


ROUTE_LIMITS = {
    "context_window": "of context",
    "max_input_tokens": "of input",
    "max_output_tokens": "of output",
}


def route_limit_words(limits: Sequence[DisplayFact]) -> str:
    """Return what a free route is limited to: "limits: 131K tokens of context", or that nobody says."""
    if not limits:
        return "limits unknown"
    words = [f"{fact.display} tokens {ROUTE_LIMITS[fact.fact.attribute]}" for fact in limits]
    return f"limits: {join_words(words)}"


def cost_words(x: MonthlyCost, y: MonthlyCost) -> tuple[str, str]:
    """Return two costs in words, unrounded where rounding would make them look the same."""
    if x.display != y.display or x.usd is None or y.usd is None:
        return x.display, y.display
    return number_format.format_exact_amount(x.usd), number_format.format_exact_amount(y.usd)


def cost_changes(view: RuleContext) -> RuleMatch | None:
    result, facts = view.result_of("price")
    if None in {view.this.cost.usd, view.other.cost.usd}:
        return None
    mine, its = cost_words(view.this.cost, view.other.cost)
    verb = "goes" if "free" in {mine, its} else ("falls" if result == view.this_id else "rises")
    return "", {"verb": verb, "mine": mine, "its": its, "traffic": view.this.traffic}, facts


def larger_context(view: RuleContext) -> RuleMatch:
    return "", token_words(view, "context_window"), view.facts_of("context")


def longer_output(view: RuleContext) -> RuleMatch:
    return "", token_words(view, "max_output_tokens"), view.facts_of("output")


def same_context(view: RuleContext) -> RuleMatch:
    equal = view.this.window == view.other.window
    return "" if equal else "about", token_words(view, "context_window"), view.facts_of("context")


def context_changes(view: RuleContext) -> RuleMatch:
    result, facts = view.result_of("context")
    verb = "grows" if result == view.this_id else "shrinks"
    return "", {**token_words(view, "context_window"), "verb": verb}, facts


def token_words(view: RuleContext, attribute: str) -> dict[str, str]:
    """Return both numbers in words, exact where rounding would make different ones look the same."""
    mine, its = view.this.facts[attribute], view.other.facts[attribute]
    if mine.display == its.display and mine.exact != its.exact:
        return {"mine": mine.exact, "its": its.exact}
    return {"mine": mine.display, "its": its.display}


def newer_cutoff(view: RuleContext) -> RuleMatch:
    mine, its = (side.facts["knowledge_cutoff"].display for side in (view.this, view.other))
    return "", {"mine": mine, "its": its}, view.facts_of("cutoff")


def cheaper_images(view: RuleContext) -> RuleMatch | None:
    sized = price_images(view.pair)[0] if are_images(view.pair) else ()
    turned = [found if view.this_id == "a" else SizedOffers(found.b, found.a) for found in sized]
    less = [found for found in turned if found.prices[0].number < found.prices[1].number]
    if not less:
        return None
    mine, its = (price.display for price in less[0].prices)
    slots = {"mine": mine, "its": its, "my_route": less[0].a.name, "its_route": less[0].b.name}
    slots |= {"count": str(len(less)), "total": str(len(turned))}
    every = "one" if len(turned) == 1 else "all"
    return every if len(less) == len(turned) else "some", slots, view.facts_of("price")


def cheaper_cache(view: RuleContext) -> RuleMatch | None:
    x, y = view.this.cost.route, view.other.cost.route
    if x is None or y is None:
        return None
    mine, its = (route.facts["cache_read_price"].display for route in (x, y))
    slots = {"mine": mine, "its": its, "my_route": x.name, "its_route": y.name}
    return "", slots, view.facts_of("cache")


def benchmark_leads(view: RuleContext) -> RuleMatch | None:
    rows = view.pair.compared_scores
    leads = [lead_words(row, view.this_id) for row in rows if row.leader == view.this_id]
    if not leads:
        return None
    slots = {"leads": join_words(leads), "count": str(len(leads)), "total": str(len(rows))}
    return "one" if len(rows) == 1 else "many", slots, view.pair.shared_scores


def lead_words(row: ScoreRow, side_id: SideId) -> str:
    """Return "MMLU-Pro by 2.7 points (81.8 against 79.1)", and who measured where that is not the same."""
    mine, its = describe_scores(row)
    first, second = (mine, its) if side_id == "a" else (its, mine)
    return f"{row.name} by {row.gap} ({first} against {second})"


def more_providers(view: RuleContext) -> RuleMatch:
    mine, its = len(view.this.providers), len(view.other.providers)
    slots = {"mine": count_noun(mine, "provider"), "its": count_noun(its, "provider")}
    return "", slots, view.facts_of("routes")


def more_open(view: RuleContext) -> RuleMatch:
    phrases = (STATE_PHRASES[side.word("openness") or ""] for side in (view.this, view.other))
    return "", dict(zip(("mine", "its"), phrases, strict=True)), view.facts_of("openness")


def lifecycle_ahead(view: RuleContext) -> RuleMatch | None:
    """This one stays, the other one has a published end."""
    mine, its = state_that_stays(view.this), published_end(view.other)
    return ("", {**mine[0], **its[0]}, (*mine[1], *its[1])) if mine and its else None


@cached_per_side
def state_that_stays(side: Side) -> tuple[dict[str, str], FactIds] | None:
    """Return the lifecycle of a model of whose end nothing is on record, known or not."""
    state = side.known("lifecycle")
    ends = any(side.known(name) for name in END_DATE_WORDS) or not side.on_record.isdisjoint(END_DATE_WORDS)
    if state is None or side.word("lifecycle") in ENDING_STATES or ends:
        return None
    return {"mine": STATE_PHRASES[str(state.fact.value)]}, (state.id,)


@cached_per_side
def published_end(side: Side) -> tuple[dict[str, str], FactIds] | None:
    """Return in words that a model is on its way out, or has a date for it."""
    dates = [fact for name in END_DATE_WORDS if (fact := side.known(name))]
    ending = side.known("lifecycle") if side.word("lifecycle") in ENDING_STATES else None
    if not (ending or dates):
        return None
    slots = {
        "its": STATE_PHRASES[str(ending.fact.value)] if ending else "has a published end",
        "dates": end_words(side, dates)["dates"] if not side.retired else "",
    }
    return slots, fact_ids((*((ending,) if ending else ()), *dates))


def only_here(view: RuleContext) -> RuleMatch | None:
    return capabilities_of(view.pair, view.this_id, "mine")


def gains(view: RuleContext) -> RuleMatch | None:
    return capabilities_of(view.pair, view.this_id, "gained")


def loses(view: RuleContext) -> RuleMatch | None:
    return capabilities_of(view.pair, view.other.side_id, "lost")


def capabilities_of(pair: ModelPair, side_id: SideId, slot: str) -> RuleMatch | None:
    """Return all capabilities that only this side has, the other's No being known."""
    only = pair.only[side_id]
    return ("", {slot: only.words}, only.facts) if only.words else None


def shared_providers(view: RuleContext) -> RuleMatch | None:
    names = view.pair.shared_providers
    if not (names and view.this.routes_known and view.other.routes_known):
        return None
    facts = (*view.this.listing_ids, *view.other.listing_ids)
    return "one" if len(names) == 1 else "many", {"shared": join_words(names)}, facts


def no_shared_provider(view: RuleContext) -> RuleMatch | None:
    if view.pair.shared_providers or not (view.this.routes_known and view.other.routes_known):
        return None
    return "", {}, (*view.this.listing_ids, *view.other.listing_ids)


@single_model_rule
def in_plans(me: Side) -> RuleMatch | None:
    """The subscriptions that include it; they are no routes."""
    listed = [plan for plan in me.plans if plan.listing.known]
    if not listed:
        return None
    names = dict.fromkeys(clean_text(plan.offer.provider_name) for plan in listed)
    return "", {"plans": join_words([*names])}, fact_ids(plan.listing for plan in listed)


@single_model_rule
def listed_by(me: Side) -> RuleMatch | None:
    return (
        ("", {"providers": join_words(sorted(me.providers.values()))}, me.listing_ids)
        if me.routes_known
        else None
    )


@single_model_rule
def open_source(me: Side) -> RuleMatch | None:
    fact = me.known("openness")
    if fact is None or fact.fact.value not in OPENNESS_RANKS:
        return None
    license_ = me.known("license")
    slots = {"license": f" ({license_.display})" if license_ else ""}
    openness = str(fact.fact.value)
    phrase = openness if license_ or openness != "open weights" else "unlicensed"
    return phrase, slots, fact_ids((fact, *((license_,) if license_ else ())))
