"""The scorecard: the few lines by which two models are usually told apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from compare.blocks import Joined, Text
from compare.comparison import Comparison
from compare.offers import Route
from compare.rules.fit import Fitted, abridged
from compare.rules.names import UNKNOWN
from compare.shown import Seat
from compare.side import Side, per_side
from compare.words import plural

SEATS: tuple[Seat, Seat] = ("a", "b")


@dataclass(frozen=True, slots=True)
class Line:
    """One signal on both sides."""

    signal: str
    label: str
    a: Text
    b: Text


def lines(comparison: Comparison) -> Iterator[Line]:
    """Yield the lines in page order; the product type only when the two differ."""
    a, b = comparison.sides
    if ("types_differ", "pair") in comparison.by_rule:
        yield Line("product_type", "Product type", a.facts["product_type"], b.facts["product_type"])
    yield Line("best_for", "Best for", *(shown_names(comparison.best_for[s]) for s in SEATS))
    yield Line("decision_fit", "Decision fit", *(shown_names(comparison.tags[s]) for s in SEATS))
    yield Line("context_window", "Context window", a.facts["context_window"], b.facts["context_window"])
    yield Line("cheapest_input", "Cheapest input per 1M", cheapest_input(a), cheapest_input(b))
    yield Line("cheapest_output", "Cheapest output per 1M", cheapest_output(a), cheapest_output(b))
    yield Line("provider_routes", "Provider routes", provider_count(a), provider_count(b))
    yield Line(
        "shared_benchmarks", "Shared benchmarks", *(leads(comparison, s.seat) for s in comparison.sides)
    )
    yield Line("lifecycle", "Lifecycle", a.facts["lifecycle"], b.facts["lifecycle"])


def shown_names(found: tuple[Fitted, ...]) -> str:
    """Return up to three names and "+n"; "general" where no tag applies."""
    return abridged(tuple(fit.name for fit in found)) or "general"


def cheapest_input(side: Side) -> Text:
    return _cheapest(side)[0]


def cheapest_output(side: Side) -> Text:
    return _cheapest(side)[1]


@per_side
def _cheapest(side: Side) -> tuple[Text, Text]:
    return cheapest(side, "input_price"), cheapest(side, "output_price")


def cheapest(side: Side, name: str) -> Text:
    """Return the lowest known price among the default offers, naming the offer if it is not the named route.

    Paid offers come before free ones, as for the cost.
    """
    priced = [route for route in side.routes if route.counts and route.facts[name].known]
    if not priced:
        named = side.cost.route
        return named.facts[name] if named else UNKNOWN
    best = min(priced, key=lambda route: (not usd(route, name), usd(route, name), route.rank))
    if best is side.cost.route or _same_as_named(side, best, name):
        return best.facts[name]
    return Joined((best.facts[name], f"({best.name})"), " ")


def usd(route: Route, name: str) -> Decimal:
    """Return a known price of a route."""
    return Decimal(str(route.facts[name].fact.value))


def _same_as_named(side: Side, best: Route, name: str) -> bool:
    named = side.cost.route
    return named is not None and named.facts[name].known and usd(named, name) == usd(best, name)


def provider_count(side: Side) -> str:
    """Return "4 providers"; unknown where no route is on record."""
    return plural(len(side.providers), "provider") if side.routes_known else UNKNOWN


def leads(comparison: Comparison, seat: Seat) -> str:
    """Return on how many of the compared benchmarks a side leads."""
    compared = comparison.pair.compared_scores
    if not compared:
        return "none shared"
    ahead = sum(row.leader == seat for row in compared)
    return f"leads {ahead} of {len(compared)}"
