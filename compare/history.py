"""What became of prices and facts: price steps per offer, published changes, and sources that disagree."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cardwatch.compare.display_facts import LABELS, DisplayFact, offer_label, qualified_text, score_label
from cardwatch.compare.offers import ListedOffer, distinct_offer_names, qualifier_text
from cardwatch.compare.side import Side, cached_per_side
from cardwatch.compare.wording.benchmarks import BENCHMARK_NAMES
from cardwatch.compare.wording.grammar import clean_text
from cardwatch.compare.wording.labels import MAIN_PRICES
from cardwatch.compare.wording.number_format import format_unit_price
from cardwatch.db.query.cards import Change, ClaimedValue, PricePoint
from cardwatch.db.query.disagreement import contradicting_values, monthly_difference
from cardwatch.db.query.reports import Conflict
from cardwatch.db.store.values import provider_of


class PriceSeries(Struct, frozen=True, eq=False):
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
    timelines = ((price, steps.get(_key(route, price), [])) for route, price in prices if price.known)
    found = (
        PriceSeries(price, tuple(sorted(points, key=_step_order))) for price, points in timelines if points
    )
    return tuple(s for s in found if s.points[-1].value == s.price.fact.value)


def _key(route: ListedOffer, price: DisplayFact) -> tuple[str, str, str]:
    return route.offer.key, price.fact.attribute, price.fact.evidence[0].source


def _step_order(point: PricePoint) -> tuple[str, str]:
    return point.since, point.until or OPEN_END


OPEN_END = "9999"
"""After every date: the step that goes on."""


class FactConflict(Struct, frozen=True, eq=False):
    """A fact of the page whose sources disagree: what is shown, and what every other one says."""

    side: Side
    fact: DisplayFact
    others: tuple[ClaimedValue, ...]

    @property
    def conflict(self) -> Conflict:
        """The same as the catalog lists it: every value, the chosen one first."""
        fact = self.fact.fact
        shown = self.fact.known
        values = (*(fact.agreeing if shown else ()), *self.others)
        return Conflict(
            fact.model, provider_of(fact.offer) if fact.offer else None, fact.offer, fact.attribute,
            fact.qualifier, values, fact.value if shown else None, fact.why,
            monthly_difference(fact.attribute, bool(fact.qualifier), [v.value for v in values], self.side.settings),
            fact.rule,
        )  # fmt: skip


@cached_per_side
def find_conflicts(side: Side) -> tuple[FactConflict, ...]:
    """Return the facts of one model about which sources disagree, by the rule of the catalog's own list."""
    found = ((fact, contradicting_values(fact.fact)) for fact in side.all_facts if fact.fact.others)
    return tuple(
        FactConflict(side, fact, tuple(sorted(others, key=_by_source))) for fact, others in found if others
    )


def _by_source(other: ClaimedValue) -> tuple[str, str, str]:
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


def change_when(change: Change) -> str:
    """Return when it happened: the day its source gives, or the looks between which nobody saw it happen."""
    return change.at[:10] if change.stated else looks_text(change.seen_before, change.at)


def group_when(changes: Sequence[Change]) -> str:
    """Return when changes that are told together happened: the narrowest looks that hold for each of them."""
    known = [change for change in changes if change.stated or change.seen_before]
    return change_when(min(known, key=lambda change: change.seen_before or "") if known else changes[0])


def step_words(points: Sequence[PricePoint]) -> str:
    """Return steps in words: "$3 first seen 2026-01-01, $2 between 2026-03-02 and 2026-03-10"."""
    return ", ".join(f"{format_unit_price(point.value)} {_step_when(point)}" for point in points)


def _step_when(point: PricePoint) -> str:
    if point.stated and point.seen_after is None:
        return f"from {point.since[:10]}"
    return looks_text(point.seen_before, point.seen_after or point.since)


def looks_text(before: str | None, after: str) -> str:
    """Return what two looks prove of a day: "between 2026-03-02 and 2026-03-10", "first seen 2026-03-10"."""
    if before is None:
        return f"first seen {after[:10]}"
    return f"on {after[:10]}" if before[:10] == after[:10] else f"between {before[:10]} and {after[:10]}"


def change_ends(change: Change) -> tuple[str, str]:
    """Return what it was before and after, in the page's words; an offer that was never seen was not listed."""
    old, new = (qualified_text(change.attribute, v, change.qualifier) for v in (change.old, change.new))
    return ("not listed" if change.attribute == "availability" and change.old is None else old), new


@cached_per_side
def _offer_names(side: Side) -> dict[str, str]:
    """Names of every offer that was ever listed, by key."""
    return distinct_offer_names(side.card.offers)
