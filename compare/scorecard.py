"""The scorecard: the few lines by which two models are usually told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from cardwatch.compare.blocks import Column, Joined, Text
from cardwatch.compare.offers import Route
from cardwatch.compare.pair import Pair
from cardwatch.compare.rules.fit import abridged, best_for, tags
from cardwatch.compare.rules.names import UNKNOWN
from cardwatch.compare.shown import Seat
from cardwatch.compare.side import Side, per_side
from cardwatch.compare.words import plural


class Line(NamedTuple):
    """One signal on both sides."""

    signal: str
    label: str
    a: Text
    b: Text


def lines(pair: Pair) -> Iterator[Line]:
    """Yield the lines in page order; the product type only where both are known and differ."""
    a, b = cells(pair.a), cells(pair.b)
    before, after = signals(pair)
    yield from (Line(signal, a.labels[signal], a.cells[signal], b.cells[signal]) for signal in before)
    yield Line("shared_benchmarks", LEADS, leads(pair, "a"), leads(pair, "b"))
    yield from (Line(signal, a.labels[signal], a.cells[signal], b.cells[signal]) for signal in after)


def signals(pair: Pair) -> tuple[Sequence[str], Sequence[str]]:
    """Return the signals of a pair above and below the one that needs both models."""
    return (BEFORE if products_differ(pair) else BEFORE[1:]), AFTER


def products_differ(pair: Pair) -> bool:
    mine, its = pair.a.word("product_type"), pair.b.word("product_type")
    return None not in {mine, its} and mine != its


@per_side
def cells(side: Side) -> Column:
    """Return one model's cell of every signal that does not need the other model."""
    return Column(side.seat, LABELS, {signal: cell(side) for signal, (_, cell) in SIGNALS.items()})


def product_type(side: Side) -> Text:
    return side.facts["product_type"]


def best_for_cell(side: Side) -> Text:
    return abridged(tuple(fit.name for fit in best_for(side)))


def decision_fit(side: Side) -> Text:
    """Return up to three tags and "+n"; "general" where none applies."""
    return abridged(tuple(fit.name for fit in tags(side))) or "general"


def context_window(side: Side) -> Text:
    return side.facts["context_window"]


def cheapest_input(side: Side) -> Text:
    return cheapest(side, "input_price")


def cheapest_output(side: Side) -> Text:
    return cheapest(side, "output_price")


def cheapest(side: Side, name: str) -> Text:
    """Return the lowest known price among the default offers, naming the offer if it is not the named route.

    Paid offers come before free ones, as for the cost.
    """
    named = side.cost.route
    priced = [route for route in side.routes if route.counts and route.facts[name].known]
    if not priced:
        return named.facts[name] if named else UNKNOWN
    best = min(priced, key=lambda route: (not usd(route, name), usd(route, name), route.rank))
    if named is not None and named.facts[name].known and usd(named, name) == usd(best, name):
        return named.facts[name]
    return Joined((best.facts[name], f"({best.name})"), " ")


def usd(route: Route, name: str) -> Decimal:
    """Return a known price of a route."""
    return route.facts[name].number


def provider_routes(side: Side) -> Text:
    """Return "4 providers"; unknown where no route is on record."""
    return plural(len(side.providers), "provider") if side.routes_known else UNKNOWN


def lifecycle(side: Side) -> Text:
    return side.facts["lifecycle"]


SIGNALS: Mapping[str, tuple[str, Callable[[Side], Text]]] = {
    "product_type": ("Product type", product_type),
    "best_for": ("Best for", best_for_cell),
    "decision_fit": ("Decision fit", decision_fit),
    "context_window": ("Context window", context_window),
    "cheapest_input": ("Cheapest input per 1M", cheapest_input),
    "cheapest_output": ("Cheapest output per 1M", cheapest_output),
    "provider_routes": ("Provider routes", provider_routes),
    "lifecycle": ("Lifecycle", lifecycle),
}
"""Label of each line that one model decides, and its cell; the shared benchmarks stand before the last."""
LABELS = {signal: label for signal, (label, _) in SIGNALS.items()}
BEFORE, AFTER = (*SIGNALS,)[:-1], (*SIGNALS,)[-1:]
LEADS = "Shared benchmarks"


def leads(pair: Pair, seat: Seat) -> str:
    """Return on how many of the compared benchmarks a side leads."""
    compared = pair.compared_scores
    if not compared:
        return "none shared"
    ahead = [row.leader for row in compared].count(seat)
    return f"leads {ahead} of {len(compared)}"
