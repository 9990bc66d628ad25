"""Tables that one model's card alone decides: its offers, its price steps, its gaps, its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cardwatch.compare.display_facts import LABELS, DisplayFact, qualified_text
from cardwatch.compare.history import FactConflict, change_ends, change_label, change_when, price_series
from cardwatch.compare.history import find_conflicts as conflicts_of
from cardwatch.compare.history import published_changes as changes_of
from cardwatch.compare.offers import ListedOffer
from cardwatch.compare.render.blocks import (
    CellText,
    ExternalLink,
    Joined,
    ModelColumn,
    TableRows,
)
from cardwatch.compare.render.sparkline import Sparkline
from cardwatch.compare.rules.criteria import CRITERIA
from cardwatch.compare.scores import score_conditions
from cardwatch.compare.side import Side, cached_per_side
from cardwatch.compare.wording.grammar import clean_text, count_noun
from cardwatch.compare.wording.labels import (
    CAPABILITY_LABELS,
    EXTRA_SPECS,
    MAIN_PRICES,
    OFFER_LABELS,
    SPECS,
    UNKNOWN,
)
from cardwatch.db.query.cards import Change, Evidence

NONE = "none"
MOST_LONE_SCORES = 12
"""Rows shown of one model before "+n more"; the JSON has all."""


@cached_per_side
def provider_rows(side: Side) -> TableRows:
    """One row per provider, the one of the named route first: its offers, their prices, the cheapest of them."""
    groups: dict[str, list[ListedOffer]] = {}
    for route in side.routes:
        groups.setdefault(route.offer.provider, []).append(route)
    return TableRows([_provider_cells(routes) for routes in groups.values()])


def _provider_cells(routes: Sequence[ListedOffer]) -> tuple[CellText, ...]:
    first = min(routes, key=lambda route: (route.monthly is None, route.monthly or 0, route.rank))
    days = [day for route in routes if (day := oldest_offer_review(route))]
    return (
        clean_text(first.offer.provider_name),
        str(len(routes)),
        *[price_range(routes, name) for name in MAIN_PRICES],
        first.name if first.monthly is not None else UNKNOWN,
        other_prices_text(routes) or "none known",
        min(days, default=UNKNOWN),
    )


def price_range(routes: Sequence[ListedOffer], name: str) -> CellText:
    """Return "$1 to $2" over the known prices; the only fact, with its reason, where none is known."""
    known = [route.facts[name] for route in routes if route.facts[name].known]
    if not known:
        return routes[0].facts[name]
    words = _range_text(known)
    return known[0] if words == known[0].display else words


def _range_text(prices: Sequence[DisplayFact]) -> str:
    low, high = (pick(prices, key=lambda price: price.number).display for pick in (min, max))
    return low if low == high else f"{low} to {high}"


def other_prices_text(routes: Sequence[ListedOffer]) -> str:
    """Return what offers ask beside the plain prices of tokens: "price per image $0.04 to $0.06, cache read price $0.50".

    A price that depends on a size or a quality counts with all its steps.
    """
    found: dict[str, list[DisplayFact]] = {}
    for route in routes:
        for fact in (*route.facts.values(), *route.tiers):
            name = fact.fact.attribute
            if name in OFFER_LABELS and name.endswith("_price") and name not in MAIN_PRICES and fact.known:
                found.setdefault(name, []).append(fact)
    ordered = (name for name in OFFER_LABELS if name in found)
    return ", ".join(
        f"{OFFER_LABELS[name].lower().replace('1m', '1M')} {_range_text(found[name])}" for name in ordered
    )


def oldest_offer_review(route: ListedOffer) -> str | None:
    """Return the oldest review date of a route's known facts."""
    facts = (route.listing, *route.facts.values(), *route.tiers)
    return min((f.fact.reviewed_on for f in facts if f.known and f.fact.reviewed_on), default=None)


@cached_per_side
def price_step_rows(side: Side) -> TableRows:
    """One row per price that moved."""
    moved = [found for found in price_series(side) if len(found.points) > 1]
    return TableRows([(side.name, found.price.label, Sparkline(found)) for found in moved])


@cached_per_side
def source_rows(side: Side) -> TableRows:
    """One row per model: every source of its facts, with how many it gives and the oldest look at one of them."""
    facts: dict[str, set[str]] = {}
    days: dict[str, str] = {}
    for fact, found in known_evidence(side):
        facts.setdefault(found.source, set()).add(fact.id)
        days[found.source] = min(days.get(found.source, found.reviewed_on), found.reviewed_on)
    cited = [
        f"{clean_text(source)} ({count_noun(len(ids), 'fact')}, {days[source] or UNKNOWN})"
        for source, ids in facts.items()
    ]
    return TableRows([(side.name, "; ".join(cited))] if cited else [])


@cached_per_side
def unknown_labels(side: Side) -> Mapping[str, str]:
    """The labels of what is unknown whatever the other model is, by the reason why."""
    by_reason: dict[str, list[str]] = {}
    for fact in side.unknown:
        by_reason.setdefault(fact.why, []).append(fact.label)
    return {why: "; ".join(labels) for why, labels in by_reason.items()}


@cached_per_side
def unknown_rows(side: Side) -> TableRows:
    """One row per reason why something is unknown whatever the other model is."""
    return TableRows([(side.name, why, labels) for why, labels in unknown_labels(side).items()])


@cached_per_side
def change_rows(side: Side) -> Sequence[tuple[str, TableRows]]:
    """When each published change was made, newest first, and its row."""
    return [(change.at, TableRows([_change_cells(side, change)])) for change in changes_of(side)]


def _change_cells(side: Side, change: Change) -> tuple[CellText, ...]:
    source = ExternalLink(clean_text(change.source), change.url)
    return (change_when(change), side.name, change_label(side, change), *change_ends(change), source)


@cached_per_side
def criteria_rows_won(side: Side) -> Mapping[str, TableRows]:
    """The row of every criterion as it stands where this model is ahead."""
    return criteria_rows(side.name)


def criteria_rows(who: str) -> Mapping[str, TableRows]:
    """Return the row of every criterion with the same result."""
    return {c.name: TableRows([(c.label, who)]) for c in CRITERIA}


@cached_per_side
def spec_column(side: Side) -> ModelColumn:
    """Every attribute of the specification table."""
    return ModelColumn(side.side_id, LABELS, {name: side.facts[name] for name in (*SPECS, *EXTRA_SPECS)})


@cached_per_side
def capability_column(side: Side) -> ModelColumn:
    """The answer on every capability."""
    return ModelColumn(
        side.side_id, CAPABILITY_LABELS, {name: capability_cell(side, name) for name in CAPABILITY_LABELS}
    )


def capability_cell(side: Side, capability: str) -> CellText:
    """Return a capability's cell, with its scope if that is a route, and the modalities of Multimodal."""
    fact = side.facts[capability]
    notes: list[CellText] = ["on a route"] if fact.known and fact.fact.scope == "route" else []
    listed = side.facts["modality.input"]
    if capability == "capability.multimodal" and side.answers[capability] == "yes" and listed.known:
        notes.append(listed)
    return Joined((fact, Joined(("(", Joined(notes), ")"), "")), " ") if notes else fact


@cached_per_side
def conflict_rows(side: Side) -> TableRows:
    """One row per fact on which sources disagree: what is shown, and by which rule."""
    return TableRows([_conflict_cells(found) for found in conflicts_of(side)])


def _conflict_cells(found: FactConflict) -> tuple[CellText, ...]:
    fact = found.fact.fact
    others = [
        f"{clean_text(o.source)}: {qualified_text(fact.attribute, o.value, fact.qualifier)}"
        for o in found.others
    ]
    why = clean_text(fact.why) or "no rule decides"
    return found.side.name, found.fact.label, found.fact, "; ".join(others), why


def known_evidence(side: Side) -> Iterator[tuple[DisplayFact, Evidence]]:
    """Yield every look at every known fact of one model."""
    return ((fact, found) for fact in side.all_facts if fact.known for found in fact.fact.evidence)


@cached_per_side
def lone_score_rows(side: Side) -> Mapping[str, TableRows]:
    """The row of every known score as it stands where the other model has no such score, by fact id."""
    cells = score_cells(side)
    return {s.id: TableRows([(s.label, side.name, cells[s.id])]) for s in side.known_scores}


@cached_per_side
def score_cells(side: Side) -> Mapping[str, CellText]:
    """Every known score with its reporter, harness and date, as far as they are known, by fact id."""
    scored = [(score, score_conditions(score)) for score in side.known_scores]
    return {s.id: Joined((s, f"({conditions})"), " ") if conditions else s for s, conditions in scored}
