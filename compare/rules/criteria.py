"""The criteria of the verdict: what each compares, when a side wins, which a recommendation may not lose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cardwatch.compare.pair import Pair
from cardwatch.compare.shown import BOTH_IDS, Ids, ids
from cardwatch.compare.side import Side

Result = Literal["a", "b", "tie", "unknown"]
Judged = tuple[Result, Ids]
Critical = Literal["", "not lost", "known and not lost"]

OPENNESS: Mapping[str, int] = {"proprietary": 0, "open weights": 1, "open source": 2}
LIFECYCLE: Mapping[str, int] = {"retired": 0, "deprecated": 1, "preview": 2, "active": 3}
ENDING = frozenset({"deprecated", "retired"})
"""A model in one of these states, or with one of these dates, is never recommended."""
END_DATES = ("deprecation_date", "shutdown_date")

UNKNOWN: Judged = ("unknown", ())


@dataclass(frozen=True, slots=True)
class Criterion:
    """`label` heads its table row, `word` stands in the verdict; `critical`: what a recommendation needs."""

    name: str
    label: str
    word: str
    wins: str
    judge: Callable[[Pair], Judged]
    critical: Critical = ""


def price(pair: Pair) -> Judged:
    x, y = pair.a.cost, pair.b.cost
    if x.usd is None or y.usd is None:
        return UNKNOWN
    result = larger(y.usd, x.usd)
    dearer = {"a": y.certain, "b": x.certain}.get(result, x.certain and y.certain)
    return (result, (*x.priced, *y.priced)) if dearer else UNKNOWN


def context(pair: Pair) -> Judged:
    mine, its = pair.a.window, pair.b.window
    if mine is None or its is None:
        return UNKNOWN
    return larger(mine, its), BOTH_IDS["context_window"]


def shared_benchmarks(pair: Pair) -> Judged:
    rows = pair.compared_scores
    if not rows or not pair.scores_settled:
        return UNKNOWN
    leads = [row.leader for row in rows]
    return larger(leads.count("a"), leads.count("b")), pair.shared_scores


def routes(pair: Pair) -> Judged:
    a, b = pair.a, pair.b
    if not (a.routes_known and b.routes_known):
        return UNKNOWN
    return larger(len(a.providers), len(b.providers)), (*a.listing_ids, *b.listing_ids)


def openness(pair: Pair) -> Judged:
    return ranked(pair, "openness", OPENNESS)


def lifecycle(pair: Pair) -> Judged:
    return ranked(pair, "lifecycle", LIFECYCLE)


def capabilities(pair: Pair) -> Judged:
    known = pair.answered_by_both
    if not known:
        return UNKNOWN
    return larger(len(pair.only["a"]), len(pair.only["b"])), both_ids(known)


def ranked(pair: Pair, attribute: str, order: Mapping[str, int]) -> Judged:
    """Judge two known words by their place in `order`."""
    mine, its = order.get(pair.a.word(attribute) or ""), order.get(pair.b.word(attribute) or "")
    if mine is None or its is None:
        return UNKNOWN
    return larger(mine, its), BOTH_IDS[attribute]


def larger(x: int | Decimal, y: int | Decimal) -> Result:
    return "tie" if x == y else ("a" if x > y else "b")


def both_ids(attributes: Sequence[str]) -> Ids:
    """Return the ids of several facts on both sides."""
    return tuple([id_ for name in attributes for id_ in BOTH_IDS[name]])


CRITERIA = (
    Criterion("price", "Price", "price", "lower cost at this traffic", price, "known and not lost"),
    Criterion("context", "Context window", "context size", "larger", context),
    Criterion("shared_benchmarks", "Shared benchmarks", "shared benchmarks", "leads more", shared_benchmarks),
    Criterion("routes", "Provider routes", "provider choice", "more providers", routes),
    Criterion("openness", "Openness", "openness", "open source, open weights, then proprietary", openness),
    Criterion("lifecycle", "Lifecycle", "lifecycle", "active, preview, then ending", lifecycle, "not lost"),
    Criterion("capabilities", "Capabilities", "capabilities", "more that the other lacks", capabilities),
)
"""Unknown on either side is unknown; a price is unknown as long as an unpriced offer could turn it round."""


def ending(side: Side) -> Ids:
    """Return the facts by which a model is known to be on its way out, none if it is not."""
    state = (side.facts["lifecycle"],) if side.word("lifecycle") in ENDING else ()
    return ids((*state, *(fact for name in END_DATES if (fact := side.known(name)))))
