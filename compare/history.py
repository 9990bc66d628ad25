"""What became of prices and facts: price steps per offer, published changes, and sources that disagree."""

from __future__ import annotations

from dataclasses import dataclass

from cardwatch.compare.offers import BOTH, Route, route_name, terms
from cardwatch.compare.rules.benchmarks import NAMES
from cardwatch.compare.shown import LABELS, Shown, offer_label, qualified_text, score_label
from cardwatch.compare.side import Side, per_side
from cardwatch.compare.words import clean
from cardwatch.db.cards import Change, OtherValue, Plain, PricePoint


@dataclass(frozen=True, eq=False)
class Series:
    """The steps of one price of one offer, oldest first; the last one is the price on the page."""

    price: Shown
    points: tuple[PricePoint, ...]


@per_side
def series(side: Side) -> tuple[Series, ...]:
    """Return the known steps of both prices of every priced offer, in the order of the offers.

    Only the steps of the source whose price is shown, and only if they end in that price.
    """
    steps: dict[tuple[str, str, str], list[PricePoint]] = {}
    for point in side.card.prices:
        steps.setdefault((point.offer, point.attribute, point.source), []).append(point)
    prices = ((route, route.facts[name]) for route in side.routes for name in BOTH)
    told = ((price, steps.get(_key(route, price), [])) for route, price in prices if price.known)
    found = (Series(price, tuple(sorted(points, key=_in_time))) for price, points in told if points)
    return tuple(s for s in found if s.points[-1].value == s.price.fact.value)


def _key(route: Route, price: Shown) -> tuple[str, str, str]:
    return route.offer.key, price.fact.attribute, price.fact.evidence[0].source


def _in_time(point: PricePoint) -> tuple[str, str]:
    return point.since, point.until or LAST


LAST = "9999"
"""After every date: the step that goes on."""


@dataclass(frozen=True, eq=False)
class Conflict:
    """A fact whose sources disagree: what is shown, and every other value."""

    side: Side
    fact: Shown
    others: tuple[OtherValue, ...]

    @property
    def values(self) -> list[tuple[str, Plain, str]]:
        """Source, value and address of every value, the chosen one first."""
        chosen = [(e.source, self.fact.fact.value, e.url) for e in self.fact.fact.evidence[:1]]
        shown = chosen if self.fact.known else []
        return [*shown, *((o.source, o.value, o.url) for o in self.others)]


@per_side
def conflicts(side: Side) -> tuple[Conflict, ...]:
    """Return the facts of one model about which sources disagree."""
    found = ((fact, disagreeing(fact)) for fact in side.all_facts if fact.fact.others)
    return tuple(Conflict(side, fact, others) for fact, others in found if others)


def disagreeing(fact: Shown) -> tuple[OtherValue, ...]:
    """Return the other sources' values that are not the one shown."""
    chosen = fact.fact.value if fact.known else None
    return tuple(sorted((other for other in fact.fact.others if other.value != chosen), key=_by_source))


def _by_source(other: OtherValue) -> tuple[str, str, str]:
    return other.source, str(other.value), other.url


@per_side
def changes(side: Side) -> list[Change]:
    """Return the published changes of a model, newest first."""
    ordered = sorted(side.card.changes, key=lambda c: (c.attribute, c.offer or "", c.source))
    return sorted(ordered, key=lambda c: c.at, reverse=True)


def change_label(side: Side, change: Change) -> str:
    """Return what changed: "Input price above 200K tokens, OpenRouter"."""
    name = change.attribute
    if name.startswith("benchmark."):
        return score_label(name, NAMES)
    if not change.offer:
        return LABELS.get(name) or offer_label(name)
    what = f"{offer_label(name)} {terms(change.qualifier)}".strip()
    return f"{what}, {_offer_names(side).get(change.offer) or clean(change.offer)}"


def change_ends(change: Change) -> tuple[str, str]:
    """Return what it was before and after, in the page's words."""
    old, new = (qualified_text(change.attribute, v, change.qualifier) for v in (change.old, change.new))
    return old, new


@per_side
def _offer_names(side: Side) -> dict[str, str]:
    """Names of every offer that was ever listed, by key."""
    return {offer.key: route_name(offer) for offer in side.card.offers}
