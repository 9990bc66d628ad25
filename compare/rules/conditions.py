"""When each rule of claims.py holds: the wording, the slots and the facts leaned on, or None.

Nothing here reads an unknown fact as anything, and nothing fires because something is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cardwatch.compare.display_facts import PAIR_FACT_IDS, FactIds, SideId, fact_ids
from cardwatch.compare.offers import MonthlyCost
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.render import number_format
from cardwatch.compare.render.grammar import clean_text, count_noun, date_phrase, join_words, with_article
from cardwatch.compare.rules.criteria import ENDING_STATES, OPENNESS_RANKS, Result, pair_fact_ids
from cardwatch.compare.rules.labels import OTHER_PRODUCT, PRODUCT_PHRASES, join_capabilities
from cardwatch.compare.rules.verdict import Verdict
from cardwatch.compare.scores import ScoreRow, describe_scores
from cardwatch.compare.side import Side, cached_per_side

RuleMatch = tuple[str, Mapping[str, str], FactIds]


@dataclass(slots=True, eq=False)
class RuleContext:
    """A pair as a rule looks at it: from one side, or from side a for rules about the pair."""

    this: Side
    other: Side
    this_id: SideId
    pair: ModelPair
    verdict: Verdict
    names: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = {"me": self.this.name, "it": self.other.name}

    def result_of(self, criterion: str) -> tuple[Result, FactIds]:
        """Return how a criterion came out, and the facts of it."""
        judgement = self.verdict.by_name[criterion]
        return judgement.result, judgement.facts


RuleCondition = Callable[[RuleContext], RuleMatch | None]


def single_model_rule(make: Callable[[Side], RuleMatch | None]) -> RuleCondition:
    """Turn a rule about one model into one about a view: worked out once per seated model."""
    kept = cached_per_side(make)
    return lambda view: kept(view.this)


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
    said = [f"{END_DATE_WORDS[fact.fact.attribute]} {fact.display}" for fact in dates]
    replacement = me.known("replacement")
    slots = {
        "state": state or "",
        "dates": f" ({', '.join(said)})" if said else "",
        "replacement": f"; suggested replacement: {replacement.display}" if replacement else "",
    }
    facts = [me.facts["lifecycle"]] if state else []
    leans = fact_ids((*facts, *dates, *((replacement,) if replacement else ())))
    return "state" if state else "dates", slots, leans


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
    return "", {"mine": mine, "its": its}, PAIR_FACT_IDS["product_type"]


LED_RESULTS: Sequence[Result] = ("a", "b", "tie")


def verdict_words(view: RuleContext) -> RuleMatch | None:
    found = view.verdict
    led = [(result, found.leads(result)) for result in LED_RESULTS]
    leads: dict[Result, str] = {result: join_words(words) for result, words in led if words}
    if not leads:
        return None
    ahead: SideId = found.winner or ("a" if "a" in leads else "b")
    behind: SideId = "b" if ahead == "a" else "a"
    slots = {
        "me": view.pair.side(ahead).name,
        "it": view.pair.side(behind).name,
        "mine": leads.get(ahead) or leads.get("tie", ""),
        "its": leads.get(behind, ""),
    }
    if ahead not in leads:
        return "level", slots, found.facts
    if found.winner:
        return "winner_trails" if behind in leads else "winner", slots, found.facts
    return "split" if behind in leads else "one", slots, found.facts


def cheaper(view: RuleContext) -> RuleMatch | None:
    result, facts = view.result_of("price")
    x, y = view.this.cost, view.other.cost
    if result != view.this_id or x.usd is None or y.usd is None or x.route is None or y.route is None:
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
    return "" if x.usd else "free", slots, facts


def cost_words(x: MonthlyCost, y: MonthlyCost) -> tuple[str, str]:
    """Return two costs in words, unrounded where rounding would make them look the same."""
    if x.display != y.display or x.usd is None or y.usd is None:
        return x.display, y.display
    return number_format.format_exact_amount(x.usd), number_format.format_exact_amount(y.usd)


def cost_changes(view: RuleContext) -> RuleMatch | None:
    result, facts = view.result_of("price")
    if result not in {"a", "b"}:
        return None
    mine, its = cost_words(view.this.cost, view.other.cost)
    verb = "goes" if "free" in {mine, its} else ("falls" if result == view.this_id else "rises")
    return "", {"verb": verb, "mine": mine, "its": its, "traffic": view.this.traffic}, facts


def larger_context(view: RuleContext) -> RuleMatch | None:
    result, facts = view.result_of("context")
    return ("", context_window_words(view), facts) if result == view.this_id else None


def same_context(view: RuleContext) -> RuleMatch | None:
    result, facts = view.result_of("context")
    return ("", context_window_words(view), facts) if result == "tie" else None


def context_changes(view: RuleContext) -> RuleMatch | None:
    result, facts = view.result_of("context")
    if result not in {"a", "b"}:
        return None
    return "", {**context_window_words(view), "verb": "grows" if result == view.this_id else "shrinks"}, facts


def context_window_words(view: RuleContext) -> dict[str, str]:
    """Return both windows in words, exact where rounding would make different ones look the same."""
    mine, its = view.this.facts["context_window"], view.other.facts["context_window"]
    if mine.display == its.display and mine.exact != its.exact:
        return {"mine": mine.exact, "its": its.exact}
    return {"mine": mine.display, "its": its.display}


def benchmark_leads(view: RuleContext) -> RuleMatch | None:
    rows = view.pair.compared_scores
    leads = [lead_words(row, view.this_id) for row in rows if row.leader == view.this_id]
    if not leads:
        return None
    slots = {"leads": join_words(leads), "count": str(len(leads)), "total": str(len(rows))}
    return "one" if len(rows) == 1 else "many", slots, view.pair.shared_scores


def lead_words(row: ScoreRow, seat: SideId) -> str:
    """Return "MMLU-Pro by 2.7 points (81.8 against 79.1)", and who measured where that is not the same."""
    mine, its = describe_scores(row)
    first, second = (mine, its) if seat == "a" else (its, mine)
    return f"{row.name} by {row.gap} ({first} against {second})"


def more_providers(view: RuleContext) -> RuleMatch | None:
    result, facts = view.result_of("routes")
    if result != view.this_id:
        return None
    mine, its = len(view.this.providers), len(view.other.providers)
    return "", {"mine": count_noun(mine, "provider"), "its": count_noun(its, "provider")}, facts


def more_open(view: RuleContext) -> RuleMatch | None:
    result, facts = view.result_of("openness")
    return ("", state_phrases(view, "openness"), facts) if result == view.this_id else None


def lifecycle_ahead(view: RuleContext) -> RuleMatch | None:
    result, facts = view.result_of("lifecycle")
    mine, its = view.this.word("lifecycle"), view.other.word("lifecycle")
    if result != view.this_id or mine in ENDING_STATES or its not in ENDING_STATES:
        return None
    return "", state_phrases(view, "lifecycle"), facts


def state_phrases(view: RuleContext, attribute: str) -> dict[str, str]:
    """Return what both models are, in words, from two known facts of a closed vocabulary."""
    return {
        key: STATE_PHRASES[side.word(attribute) or ""]
        for key, side in (("mine", view.this), ("its", view.other))
    }


def only_here(view: RuleContext) -> RuleMatch | None:
    return capabilities_of(view.pair, view.this_id, "mine")


def gains(view: RuleContext) -> RuleMatch | None:
    return capabilities_of(view.pair, view.this_id, "gained")


def loses(view: RuleContext) -> RuleMatch | None:
    return capabilities_of(view.pair, view.other.side_id, "lost")


def capabilities_of(pair: ModelPair, seat: SideId, slot: str) -> RuleMatch | None:
    """Return all capabilities that only this side has, the other's No being known."""
    names = pair.only[seat]
    return ("", {slot: join_capabilities(names)}, pair_fact_ids(names)) if names else None


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
    return str(fact.fact.value), slots, fact_ids((fact, *((license_,) if license_ else ())))
