"""When each rule of claims.py holds: the wording, the slots and the facts leaned on, or None.

Nothing here reads an unknown fact as anything, and nothing fires because something is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cardwatch.compare import figures
from cardwatch.compare.offers import Cost
from cardwatch.compare.pair import Pair
from cardwatch.compare.rules.criteria import ENDING, OPENNESS, Result, both_ids
from cardwatch.compare.rules.names import OTHER, PRODUCTS, in_a_sentence
from cardwatch.compare.rules.verdict import Verdict
from cardwatch.compare.scores import Row, scored
from cardwatch.compare.shown import BOTH_IDS, Ids, Seat, ids
from cardwatch.compare.side import Side, per_side
from cardwatch.compare.words import clean, listing, plural, when, with_article

Said = tuple[str, Mapping[str, str], Ids]


@dataclass(slots=True, eq=False)
class View:
    """A pair as a rule looks at it: from one side, or from side a for rules about the pair."""

    me: Side
    it: Side
    mine: Seat
    pair: Pair
    verdict: Verdict
    names: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = {"me": self.me.name, "it": self.it.name}

    def judged(self, criterion: str) -> tuple[Result, Ids]:
        """Return how a criterion came out, and the facts of it."""
        judgement = self.verdict.by_name[criterion]
        return judgement.result, judgement.facts


Condition = Callable[[View], Said | None]


def alone(make: Callable[[Side], Said | None]) -> Condition:
    """Turn a rule about one model into one about a view: worked out once per seated model."""
    kept = per_side(make)
    return lambda view: kept(view.me)


PHRASES: Mapping[str, str] = {
    "proprietary": "is proprietary",
    "open weights": "has open weights",
    "open source": "is open source",
    "preview": "is a preview",
    "active": "is active",
    "deprecated": "is deprecated",
    "retired": "is retired",
}
STATES = {"preview": "a preview", "deprecated": "deprecated", "retired": "retired"}
END_DATES = {"deprecation_date": "deprecation date", "shutdown_date": "shutdown date"}


@alone
def lifecycle_notice(me: Side) -> Said | None:
    state = STATES.get(me.word("lifecycle") or "")
    dates = [fact for name in END_DATES if (fact := me.known(name))]
    if not (state or dates):
        return None
    said = [f"{END_DATES[fact.fact.attribute]} {fact.display}" for fact in dates]
    replacement = me.known("replacement")
    slots = {
        "state": state or "",
        "dates": f" ({', '.join(said)})" if said else "",
        "replacement": f"; suggested replacement: {replacement.display}" if replacement else "",
    }
    facts = [me.facts["lifecycle"]] if state else []
    leans = ids((*facts, *dates, *((replacement,) if replacement else ())))
    return "state" if state else "dates", slots, leans


@alone
def what_it_is(me: Side) -> Said | None:
    product = me.known("product_type") if me.word("product_type") != OTHER else None
    released = me.known("release_date")
    facts = tuple(fact for fact in (product, released) if fact)
    if not facts:
        return None
    slots = {
        "product": product_phrase(me),
        "released": when(released.display) if released else "",
    }
    return "both" if len(facts) == 2 else ("product" if product else "released"), slots, ids(facts)


@per_side
def product_phrase(side: Side) -> str:
    """Return "a coding-specialized model"; "" if unknown."""
    kind = side.word("product_type")
    return PRODUCTS.get(kind) or with_article(clean(kind)) if kind else ""


def types_differ(view: View) -> Said | None:
    mine, its = product_phrase(view.me), product_phrase(view.it)
    if not (mine and its) or mine == its:
        return None
    return "", {"mine": mine, "its": its}, BOTH_IDS["product_type"]


LED: Sequence[Result] = ("a", "b", "tie")


def verdict_words(view: View) -> Said | None:
    found = view.verdict
    led = [(result, found.leads(result)) for result in LED]
    leads: dict[Result, str] = {result: listing(words) for result, words in led if words}
    if not leads:
        return None
    ahead: Seat = found.winner or ("a" if "a" in leads else "b")
    behind: Seat = "b" if ahead == "a" else "a"
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


def cheaper(view: View) -> Said | None:
    result, facts = view.judged("price")
    x, y = view.me.cost, view.it.cost
    if result != view.mine or x.usd is None or y.usd is None or x.route is None or y.route is None:
        return None
    mine, its = money(x, y)
    slots = {
        "mine": mine,
        "its": its,
        "my_route": x.route.name,
        "its_route": y.route.name,
        "traffic": view.me.traffic,
        "percent": view.pair.saving.percent if view.pair.saving else "",
    }
    return "" if x.usd else "free", slots, facts


def money(x: Cost, y: Cost) -> tuple[str, str]:
    """Return two costs in words, unrounded where rounding would make them look the same."""
    if x.display != y.display or x.usd is None or y.usd is None:
        return x.display, y.display
    return figures.in_full(x.usd), figures.in_full(y.usd)


def cost_changes(view: View) -> Said | None:
    result, facts = view.judged("price")
    if result not in {"a", "b"}:
        return None
    mine, its = money(view.me.cost, view.it.cost)
    verb = "goes" if "free" in {mine, its} else ("falls" if result == view.mine else "rises")
    return "", {"verb": verb, "mine": mine, "its": its, "traffic": view.me.traffic}, facts


def larger_context(view: View) -> Said | None:
    result, facts = view.judged("context")
    return ("", windows(view), facts) if result == view.mine else None


def same_context(view: View) -> Said | None:
    result, facts = view.judged("context")
    return ("", windows(view), facts) if result == "tie" else None


def context_changes(view: View) -> Said | None:
    result, facts = view.judged("context")
    if result not in {"a", "b"}:
        return None
    return "", {**windows(view), "verb": "grows" if result == view.mine else "shrinks"}, facts


def windows(view: View) -> dict[str, str]:
    """Return both windows in words, exact where rounding would make different ones look the same."""
    mine, its = view.me.facts["context_window"], view.it.facts["context_window"]
    if mine.display == its.display and mine.exact != its.exact:
        return {"mine": mine.exact, "its": its.exact}
    return {"mine": mine.display, "its": its.display}


def benchmark_leads(view: View) -> Said | None:
    rows = view.pair.compared_scores
    leads = [lead(row, view.mine) for row in rows if row.leader == view.mine]
    if not leads:
        return None
    slots = {"leads": listing(leads), "count": str(len(leads)), "total": str(len(rows))}
    return "one" if len(rows) == 1 else "many", slots, view.pair.shared_scores


def lead(row: Row, seat: Seat) -> str:
    """Return "MMLU-Pro by 2.7 points (81.8 against 79.1)", and who measured where that is not the same."""
    mine, its = scored(row)
    first, second = (mine, its) if seat == "a" else (its, mine)
    return f"{row.name} by {row.gap} ({first} against {second})"


def more_providers(view: View) -> Said | None:
    result, facts = view.judged("routes")
    if result != view.mine:
        return None
    mine, its = len(view.me.providers), len(view.it.providers)
    return "", {"mine": plural(mine, "provider"), "its": plural(its, "provider")}, facts


def more_open(view: View) -> Said | None:
    result, facts = view.judged("openness")
    return ("", phrases(view, "openness"), facts) if result == view.mine else None


def lifecycle_ahead(view: View) -> Said | None:
    result, facts = view.judged("lifecycle")
    mine, its = view.me.word("lifecycle"), view.it.word("lifecycle")
    if result != view.mine or mine in ENDING or its not in ENDING:
        return None
    return "", phrases(view, "lifecycle"), facts


def phrases(view: View, attribute: str) -> dict[str, str]:
    """Return what both models are, in words, from two known facts of a closed vocabulary."""
    return {key: PHRASES[side.word(attribute) or ""] for key, side in (("mine", view.me), ("its", view.it))}


def only_here(view: View) -> Said | None:
    return capabilities_of(view.pair, view.mine, "mine")


def gains(view: View) -> Said | None:
    return capabilities_of(view.pair, view.mine, "gained")


def loses(view: View) -> Said | None:
    return capabilities_of(view.pair, view.it.seat, "lost")


def capabilities_of(pair: Pair, seat: Seat, slot: str) -> Said | None:
    """Return all capabilities that only this side has, the other's No being known."""
    names = pair.only[seat]
    return ("", {slot: in_a_sentence(names)}, both_ids(names)) if names else None


def shared_providers(view: View) -> Said | None:
    names = view.pair.shared_providers
    if not (names and view.me.routes_known and view.it.routes_known):
        return None
    facts = (*view.me.listing_ids, *view.it.listing_ids)
    return "one" if len(names) == 1 else "many", {"shared": listing(names)}, facts


def no_shared_provider(view: View) -> Said | None:
    if view.pair.shared_providers or not (view.me.routes_known and view.it.routes_known):
        return None
    return "", {}, (*view.me.listing_ids, *view.it.listing_ids)


@alone
def listed_by(me: Side) -> Said | None:
    return (
        ("", {"providers": listing(sorted(me.providers.values()))}, me.listing_ids)
        if me.routes_known
        else None
    )


@alone
def open_source(me: Side) -> Said | None:
    fact = me.known("openness")
    if fact is None or fact.fact.value not in OPENNESS:
        return None
    license_ = me.known("license")
    slots = {"license": f" ({license_.display})" if license_ else ""}
    return str(fact.fact.value), slots, ids((fact, *((license_,) if license_ else ())))
