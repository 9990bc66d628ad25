"""What became of prices and facts: price steps per offer, published changes, and sources that disagree."""

from __future__ import annotations

from dataclasses import dataclass

from cardwatch.compare.display_facts import LABELS, DisplayFact, offer_label, qualified_text, score_label
from cardwatch.compare.offers import ListedOffer, distinct_offer_names, qualifier_text
from cardwatch.compare.render.grammar import clean_text
from cardwatch.compare.rules.benchmarks import BENCHMARK_NAMES
from cardwatch.compare.rules.labels import MAIN_PRICES
from cardwatch.compare.side import Side, cached_per_side
from cardwatch.db.query.cards import Change, OtherValue, PricePoint
from cardwatch.db.store.values import PlainValue


@dataclass(frozen=True, eq=False)
class PriceSeries:
    """The steps of one price of one offer, oldest first; the last one is the price on the page."""

    price: DisplayFact
    points: tuple[PricePoint, ...]


@cached_per_side
def price_series(side: Side) -> tuple[PriceSeries, ...]:
    """Return the known steps of both prices of every priced offer, in the order of the offers.

    Only the steps of the source whose price is shown, and only if they end in that price.
    """
    steps: dict[tuple[str, str, str], list[PricePoint]] = {}
    for point in side.card.prices:
        steps.setdefault((point.offer, point.attribute, point.source), []).append(point)
    prices = ((route, route.facts[name]) for route in side.routes for name in MAIN_PRICES)
    told = ((price, steps.get(_key(route, price), [])) for route, price in prices if price.known)
    found = (PriceSeries(price, tuple(sorted(points, key=_step_order))) for price, points in told if points)
    return tuple(s for s in found if s.points[-1].value == s.price.fact.value)


def _key(route: ListedOffer, price: DisplayFact) -> tuple[str, str, str]:
    return route.offer.key, price.fact.attribute, price.fact.evidence[0].source


def _step_order(point: PricePoint) -> tuple[str, str]:
    return point.since, point.until or OPEN_END


OPEN_END = "9999"
"""After every date: the step that goes on."""


@dataclass(frozen=True, eq=False)
class FactConflict:
    """A fact whose sources disagree: what is shown, and every other value."""

    side: Side
    fact: DisplayFact
    others: tuple[OtherValue, ...]

    @property
    def values(self) -> list[tuple[str, PlainValue, str]]:
        """Source, value and address of every value, the chosen one first."""
        chosen = [(e.source, self.fact.fact.value, e.url) for e in self.fact.fact.evidence[:1]]
        shown = chosen if self.fact.known else []
        return [*shown, *((o.source, o.value, o.url) for o in self.others)]


@cached_per_side
def find_conflicts(side: Side) -> tuple[FactConflict, ...]:
    """Return the facts of one model about which sources disagree."""
    found = ((fact, disagreeing_values(fact)) for fact in side.all_facts if fact.fact.others)
    return tuple(FactConflict(side, fact, others) for fact, others in found if others)


def disagreeing_values(fact: DisplayFact) -> tuple[OtherValue, ...]:
    """Return the other sources' values that are not the one shown."""
    chosen = fact.fact.value if fact.known else None
    return tuple(sorted((other for other in fact.fact.others if other.value != chosen), key=_by_source))


def _by_source(other: OtherValue) -> tuple[str, str, str]:
    return other.source, str(other.value), other.url


@cached_per_side
def published_changes(side: Side) -> list[Change]:
    """Return the published changes of a model, newest first."""
    ordered = sorted(side.card.changes, key=lambda c: (c.attribute, c.offer or "", c.source))
    return sorted(ordered, key=lambda c: c.at, reverse=True)


def change_label(side: Side, change: Change) -> str:
    """Return what changed: "Input price above 200K tokens, OpenRouter"."""
    name = change.attribute
    if name.startswith("benchmark."):
        return score_label(name, BENCHMARK_NAMES)
    if not change.offer:
        return LABELS.get(name) or offer_label(name)
    what = f"{offer_label(name)} {qualifier_text(change.qualifier)}".strip()
    return f"{what}, {_offer_names(side).get(change.offer) or clean_text(change.offer)}"


def change_ends(change: Change) -> tuple[str, str]:
    """Return what it was before and after, in the page's words."""
    old, new = (qualified_text(change.attribute, v, change.qualifier) for v in (change.old, change.new))
    return old, new


@cached_per_side
def _offer_names(side: Side) -> dict[str, str]:
    """Names of every offer that was ever listed, by key."""
    return distinct_offer_names(side.card.offers)
