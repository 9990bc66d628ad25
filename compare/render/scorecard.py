"""The scorecard: the few lines by which two models are usually told apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from cardwatch.compare.display_facts import SideId
from cardwatch.compare.offers import ListedOffer, billed_prices
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.render.blocks import CellText, Joined, ModelColumn
from cardwatch.compare.rules.fit import abridge_names, best_for, decision_tags
from cardwatch.compare.side import Side, cached_per_side
from cardwatch.compare.wording.grammar import count_noun
from cardwatch.compare.wording.labels import NOT_APPLICABLE, UNKNOWN


def line_names(pair: ModelPair) -> tuple[Sequence[str], Sequence[str]]:
    """Return the lines of a pair above and below the one that needs both models."""
    return (BEFORE if products_differ(pair) else BEFORE[1:]), AFTER


def products_differ(pair: ModelPair) -> bool:
    mine, its = pair.a.word("product_type"), pair.b.word("product_type")
    return None not in {mine, its} and mine != its


@cached_per_side
def line_column(side: Side) -> ModelColumn:
    """Return one model's cell of every line that does not need the other model."""
    return ModelColumn(side.side_id, LABELS, {name: cell(side) for name, (_, cell) in LINES.items()})


def product_type_cell(side: Side) -> CellText:
    return side.facts["product_type"]


def best_for_cell(side: Side) -> CellText:
    return abridge_names(tuple(fit.name for fit in best_for(side)))


def decision_fit_cell(side: Side) -> CellText:
    """Return up to three tags and "+n"; "general" where none applies."""
    return abridge_names(tuple(fit.name for fit in decision_tags(side))) or "general"


def context_window_cell(side: Side) -> CellText:
    return side.facts["context_window"]


def cheapest_input_cell(side: Side) -> CellText:
    return cheapest_price_cell(side, "input_price")


def cheapest_output_cell(side: Side) -> CellText:
    return cheapest_price_cell(side, "output_price")


def cheapest_price_cell(side: Side, name: str) -> CellText:
    """Return the lowest known price among the default offers, naming the offer if it is not the named route.

    Paid offers come before free ones, as for the cost. What an embedding puts out is not free of charge: nobody
    bills that job by it.
    """
    billed = billed_prices(side.card)
    if billed and name not in billed:
        return NOT_APPLICABLE
    named = side.cost.route
    priced = [route for route in side.routes if route.counts and route.facts[name].known]
    if not priced:
        return named.facts[name] if named else UNKNOWN
    best = min(priced, key=lambda route: (not price_usd(route, name), price_usd(route, name), route.rank))
    if named is not None and named.facts[name].known and price_usd(named, name) == price_usd(best, name):
        return named.facts[name]
    return Joined((best.facts[name], f"({best.name})"), " ")


def price_usd(route: ListedOffer, name: str) -> Decimal:
    """Return a known price of a route."""
    return route.facts[name].number


def provider_count_cell(side: Side) -> CellText:
    """Return "4 providers"; unknown where no route is on record."""
    return count_noun(len(side.providers), "provider") if side.routes_known else UNKNOWN


def lifecycle_cell(side: Side) -> CellText:
    return side.facts["lifecycle"]


LINES: Mapping[str, tuple[str, Callable[[Side], CellText]]] = {
    "product_type": ("Product type", product_type_cell),
    "best_for": ("Best for", best_for_cell),
    "decision_fit": ("Decision fit", decision_fit_cell),
    "context_window": ("Context window", context_window_cell),
    "cheapest_input": ("Cheapest input per 1M", cheapest_input_cell),
    "cheapest_output": ("Cheapest output per 1M", cheapest_output_cell),
    "provider_routes": ("Provider routes", provider_count_cell),
    "lifecycle": ("Lifecycle", lifecycle_cell),
}
"""Label of each line that one model decides, and its cell; the shared benchmarks stand before the last."""
LABELS = {name: label for name, (label, _) in LINES.items()}
BEFORE, AFTER = (*LINES,)[:-1], (*LINES,)[-1:]
LEADS_LABEL = "Shared benchmarks"


def benchmark_lead_text(pair: ModelPair, side_id: SideId) -> str:
    """Return on how many of the compared benchmarks a side leads."""
    compared = pair.compared_scores
    if not compared:
        return "none shared"
    ahead = [row.leader for row in compared].count(side_id)
    return f"leads {ahead} of {len(compared)}"
