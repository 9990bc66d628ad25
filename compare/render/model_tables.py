"""Tables that one model's card alone decides: its offers, its price steps, its gaps, its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cardwatch.compare.display_facts import LABELS, DisplayFact, offer_label, qualified_text
from cardwatch.compare.history import FactConflict, PriceSeries, change_ends, change_label, price_series
from cardwatch.compare.history import find_conflicts as conflicts_of
from cardwatch.compare.history import published_changes as changes_of
from cardwatch.compare.offers import MAIN_PRICES, ListedOffer, qualifier_text
from cardwatch.compare.render import escaping, number_format
from cardwatch.compare.render.blocks import (
    CachedRows,
    CellText,
    Details,
    ExternalLink,
    Joined,
    ModelColumn,
    TableRows,
)
from cardwatch.compare.render.grammar import clean_text
from cardwatch.compare.render.sparkline import Sparkline
from cardwatch.compare.rules.criteria import CRITERIA
from cardwatch.compare.rules.labels import CAPABILITY_LABELS, EXTRA_SPECS, SPECS, UNKNOWN
from cardwatch.compare.scores import score_conditions
from cardwatch.compare.side import Side, cached_per_side
from cardwatch.db.query.cards import Change, Evidence, Fact
from cardwatch.db.store.values import PlainValue

NONE = "none"
MOST_OFFERS, MOST_LONE_SCORES = 24, 12
"""Rows shown of one model before "+n more"; the JSON has all."""
SHORT_DIGEST = len("sha256:") + 12


@cached_per_side
def offer_rows(side: Side) -> CachedRows:
    """The offers that are shown, the named route first, with prices per million tokens and a month's cost."""
    shown = shown_offers(side)
    marks = [_offer_marks(side, route) for route in shown]
    return CachedRows(TableRows([_offer_cells(route) for route in shown], marks))


@cached_per_side
def shown_offers(side: Side) -> Sequence[ListedOffer]:
    """All plain and all free offers, and as many of the others as there is room for, ranked."""
    room = MOST_OFFERS - sum(_always_shown(route) for route in side.routes)
    others = [route for route in side.routes if not _always_shown(route)]
    left_out = {*others[max(room, 0) :]}
    return [route for route in side.routes if route not in left_out]


def _always_shown(route: ListedOffer) -> bool:
    return route.counts or route.is_free


def _offer_cells(route: ListedOffer) -> tuple[CellText, ...]:
    cost = UNKNOWN if route.monthly is None else number_format.format_monthly_cost(route.monthly)
    model = clean_text(route.offer.provider_model) or UNKNOWN
    also = [
        _extra_value_cell(fact) for fact in (*route.facts.values(), *route.tiers) if _is_extra_value(fact)
    ]
    return (
        route.name,
        *route.prices,
        cost,
        Joined(also or [NONE]),
        model,
        oldest_offer_review(route) or UNKNOWN,
    )


def _is_extra_value(fact: DisplayFact) -> bool:
    return fact.known and not (fact.fact.attribute in MAIN_PRICES and not fact.fact.qualifier)


def _extra_value_cell(fact: DisplayFact) -> CellText:
    name = f"{offer_label(fact.fact.attribute)} {qualifier_text(fact.fact.qualifier)}".strip()
    return Joined((name.lower(), fact), " ")


def oldest_offer_review(route: ListedOffer) -> str | None:
    """Return the oldest review date of a route's known facts."""
    facts = (route.listing, *route.facts.values(), *route.tiers)
    return min((f.fact.reviewed_on for f in facts if f.known and f.fact.reviewed_on), default=None)


def _offer_marks(side: Side, route: ListedOffer) -> str:
    marks = {
        "seat": side.side_id,
        "offer": route.offer.key,
        "provider": route.offer.provider,
        "tier": route.offer.tier,
        "counts": "yes" if route.counts else "no",
    }
    for name, price in zip(("input-price", "output-price"), route.prices, strict=True):
        marks[name] = str(price.fact.value) if price.known else ""
    return "".join(f' data-{name}="{escaping.escape_html(value)}"' for name, value in marks.items())


@cached_per_side
def price_step_rows(side: Side) -> CachedRows:
    """One row per price that changed, or of a plain offer."""
    return CachedRows(
        TableRows([(side.name, found.price.label, Sparkline(found)) for found in _series_with_row(side)])
    )


@cached_per_side
def count_steady_prices(side: Side) -> int:
    """How many prices with a known history have no row."""
    return len(price_series(side)) - len(_series_with_row(side))


def _series_with_row(side: Side) -> Sequence[PriceSeries]:
    plain = {route.offer.key for route in side.routes if route.counts}
    return [found for found in price_series(side) if len(found.points) > 1 or found.price.fact.offer in plain]


@cached_per_side
def evidence_rows(side: Side) -> CachedRows:
    """One row per document: source, document, dates, model, and which of its facts were read there."""
    groups: dict[tuple[str, str, str, str, str], list[str]] = {}
    for fact, found in known_evidence(side):
        key = (found.source, found.url, found.document, found.fetched_at, found.reviewed_on)
        groups.setdefault(key, []).append(fact.label)
    rows = [(*_document_cells(*key), side.name, "; ".join(labels)) for key, labels in groups.items()]
    return CachedRows(TableRows(rows))


@cached_per_side
def unknown_labels(side: Side) -> Mapping[str, str]:
    """The labels of what is unknown whatever the other model is, by the reason why."""
    by_reason: dict[str, list[str]] = {}
    for fact in side.unknown:
        by_reason.setdefault(fact.why, []).append(fact.label)
    return {why: "; ".join(labels) for why, labels in by_reason.items()}


@cached_per_side
def unknown_rows(side: Side) -> CachedRows:
    """One row per reason why something is unknown whatever the other model is."""
    return CachedRows(TableRows([(side.name, why, labels) for why, labels in unknown_labels(side).items()]))


@cached_per_side
def change_rows(side: Side) -> Sequence[tuple[str, CachedRows]]:
    """When each published change was made, newest first, and its row."""
    return [(change.at, CachedRows(TableRows([_change_cells(side, change)]))) for change in changes_of(side)]


def _change_cells(side: Side, change: Change) -> tuple[CellText, ...]:
    source = ExternalLink(clean_text(change.source), change.url)
    return (change.at[:10], side.name, change_label(side, change), *change_ends(change), source)


@cached_per_side
def criteria_rows_won(side: Side) -> Mapping[str, CachedRows]:
    """The row of every criterion as it stands where this model is ahead."""
    return criteria_rows(side.name)


def criteria_rows(who: str) -> Mapping[str, CachedRows]:
    """Return the row of every criterion with the same result."""
    return {c.name: CachedRows(TableRows([(c.label, who, c.wins)])) for c in CRITERIA}


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
def conflict_rows(side: Side) -> CachedRows:
    """One row per fact on which sources disagree, with every value on record."""
    return CachedRows(TableRows([_conflict_cells(found) for found in conflicts_of(side)]))


def _conflict_cells(found: FactConflict) -> tuple[CellText, ...]:
    values = [_value_with_source(found.fact.fact, *told) for told in found.values]
    why = clean_text(found.fact.fact.why) or found.fact.why or "no rule decides"
    return found.side.name, found.fact.label, found.fact, Joined(values, "; "), why


def _value_with_source(fact: Fact, source: str, value: PlainValue, url: str) -> CellText:
    text = qualified_text(fact.attribute, value, fact.qualifier)
    return Joined((text, ExternalLink(clean_text(source), url)), ": ")


def _document_cells(
    source: str, url: str, document: str, fetched: str, reviewed: str
) -> tuple[CellText, ...]:
    short = document[:SHORT_DIGEST] or UNKNOWN
    return ExternalLink(clean_text(source), url), short, fetched[:10] or UNKNOWN, reviewed or UNKNOWN


def known_evidence(side: Side) -> Iterator[tuple[DisplayFact, Evidence]]:
    """Yield every look at every known fact of one model."""
    return ((fact, found) for fact in side.all_facts if fact.known for found in fact.fact.evidence)


@cached_per_side
def evidence_details(side: Side) -> Details:
    """Every known fact with all that is needed to find it in the archive again."""
    return Details(side.name, "evidence", HEAD_EVIDENCE, lambda: _evidence_by_fact(side))


HEAD_EVIDENCE = ("Fact", "Value", "Source", "Document", "Place in it", "Fetched", "Reviewed")


def _evidence_by_fact(side: Side) -> TableRows:
    facts = [fact for fact in side.all_facts if fact.known]
    return TableRows([_evidence_cells(fact) for fact in facts], [f' id="{fact.id}"' for fact in facts])


def _evidence_cells(fact: DisplayFact) -> tuple[CellText, ...]:
    found = fact.fact.evidence[0]
    return (
        fact.label,
        fact.display,
        ExternalLink(clean_text(found.source), found.url),
        found.document or UNKNOWN,
        clean_text(found.locator) or UNKNOWN,
        found.fetched_at or UNKNOWN,
        fact.fact.reviewed_on or UNKNOWN,
    )


@cached_per_side
def lone_score_rows(side: Side) -> Mapping[str, CachedRows]:
    """The row of every known score as it stands where the other model has no such score, by fact id."""
    return {s.id: CachedRows(TableRows([(s.label, side.name, score_cell(s))])) for s in side.known_scores}


def score_cell(shown: DisplayFact | None) -> CellText:
    """Return a score with its reporter, harness and date, as far as they are known."""
    if shown is None:
        return UNKNOWN
    said = score_conditions(shown)
    return Joined((shown, f"({said})"), " ") if said else shown
