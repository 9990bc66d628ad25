"""The criteria of the verdict: what each compares, when a side wins, which a recommendation may not lose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cardwatch.compare.display_facts import PAIR_FACT_IDS, FactIds, fact_ids
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.side import Side

Result = Literal["a", "b", "tie", "unknown"]
ResultWithFacts = tuple[Result, FactIds]
Critical = Literal["", "not lost", "known and not lost"]

OPENNESS_RANKS: Mapping[str, int] = {"proprietary": 0, "open weights": 1, "open source": 2}
LIFECYCLE_RANKS: Mapping[str, int] = {"retired": 0, "deprecated": 1, "preview": 2, "active": 3}
ENDING_STATES = frozenset({"deprecated", "retired"})
"""A model in one of these states, or with one of these dates, is never recommended."""
END_DATES = ("deprecation_date", "shutdown_date")

UNKNOWN_RESULT: ResultWithFacts = ("unknown", ())


@dataclass(frozen=True, slots=True)
class Criterion:
    """`label` heads its table row, `word` stands in the verdict; `critical`: what a recommendation needs."""

    name: str
    label: str
    word: str
    wins: str
    judge: Callable[[ModelPair], ResultWithFacts]
    critical: Critical = ""


def compare_price(pair: ModelPair) -> ResultWithFacts:
    x, y = pair.a.cost, pair.b.cost
    if x.usd is None or y.usd is None:
        return UNKNOWN_RESULT
    result = larger_side(y.usd, x.usd)
    dearer = {"a": y.certain, "b": x.certain}.get(result, x.certain and y.certain)
    return (result, (*x.priced, *y.priced)) if dearer else UNKNOWN_RESULT


def compare_context(pair: ModelPair) -> ResultWithFacts:
    mine, its = pair.a.window, pair.b.window
    if mine is None or its is None:
        return UNKNOWN_RESULT
    return larger_side(mine, its), PAIR_FACT_IDS["context_window"]


def compare_benchmarks(pair: ModelPair) -> ResultWithFacts:
    rows = pair.compared_scores
    if not rows or not pair.scores_settled:
        return UNKNOWN_RESULT
    leads = [row.leader for row in rows]
    return larger_side(leads.count("a"), leads.count("b")), pair.shared_scores


def compare_providers(pair: ModelPair) -> ResultWithFacts:
    a, b = pair.a, pair.b
    if not (a.routes_known and b.routes_known):
        return UNKNOWN_RESULT
    return larger_side(len(a.providers), len(b.providers)), (*a.listing_ids, *b.listing_ids)


def compare_openness(pair: ModelPair) -> ResultWithFacts:
    return compare_rank(pair, "openness", OPENNESS_RANKS)


def compare_lifecycle(pair: ModelPair) -> ResultWithFacts:
    return compare_rank(pair, "lifecycle", LIFECYCLE_RANKS)


def compare_capabilities(pair: ModelPair) -> ResultWithFacts:
    known = pair.answered_by_both
    if not known:
        return UNKNOWN_RESULT
    return larger_side(len(pair.only["a"]), len(pair.only["b"])), pair_fact_ids(known)


def compare_rank(pair: ModelPair, attribute: str, order: Mapping[str, int]) -> ResultWithFacts:
    """Judge two known words by their place in `order`."""
    mine, its = order.get(pair.a.word(attribute) or ""), order.get(pair.b.word(attribute) or "")
    if mine is None or its is None:
        return UNKNOWN_RESULT
    return larger_side(mine, its), PAIR_FACT_IDS[attribute]


def larger_side(x: int | Decimal, y: int | Decimal) -> Result:
    return "tie" if x == y else ("a" if x > y else "b")


def pair_fact_ids(attributes: Sequence[str]) -> FactIds:
    """Return the ids of several facts on both sides."""
    return tuple([id_ for name in attributes for id_ in PAIR_FACT_IDS[name]])


CRITERIA = (
    Criterion("price", "Price", "price", "lower cost at this traffic", compare_price, "known and not lost"),
    Criterion("context", "Context window", "context size", "larger", compare_context),
    Criterion(
        "shared_benchmarks", "Shared benchmarks", "shared benchmarks", "leads more", compare_benchmarks
    ),
    Criterion("routes", "Provider routes", "provider choice", "more providers", compare_providers),
    Criterion(
        "openness", "Openness", "openness", "open source, open weights, then proprietary", compare_openness
    ),
    Criterion(
        "lifecycle", "Lifecycle", "lifecycle", "active, preview, then ending", compare_lifecycle, "not lost"
    ),
    Criterion(
        "capabilities", "Capabilities", "capabilities", "more that the other lacks", compare_capabilities
    ),
)
"""Unknown on either side is unknown; a price is unknown as long as an unpriced offer could turn it round."""


def ending_facts(side: Side) -> FactIds:
    """Return the facts by which a model is known to be on its way out, none if it is not."""
    state = (side.facts["lifecycle"],) if side.word("lifecycle") in ENDING_STATES else ()
    return fact_ids((*state, *(fact for name in END_DATES if (fact := side.known(name)))))
