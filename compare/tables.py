"""Tables that one model's card alone decides: its offers, its price steps, its gaps, its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cardwatch.compare import escape, figures
from cardwatch.compare.blocks import Column, Drawer, Joined, Kept, Linked, Rows, Text
from cardwatch.compare.history import Conflict, Series, change_ends, change_label, series
from cardwatch.compare.history import changes as changes_of
from cardwatch.compare.history import conflicts as conflicts_of
from cardwatch.compare.offers import BOTH, Route, terms
from cardwatch.compare.rules.criteria import CRITERIA
from cardwatch.compare.rules.names import CAPABILITIES, EXTRA_SPECS, SPECS, UNKNOWN
from cardwatch.compare.scores import conditions
from cardwatch.compare.shown import LABELS, Shown, offer_label, qualified_text
from cardwatch.compare.side import Side, per_side
from cardwatch.compare.sparkline import Sparkline
from cardwatch.compare.words import clean
from cardwatch.db.cards import Change, Evidence, Fact, Plain

NONE = "none"
MOST_OFFERS, MOST_LONE_SCORES = 24, 12
"""Rows shown of one model before "+n more"; the JSON has all."""
SHORT_DIGEST = len("sha256:") + 12


@per_side
def offers(side: Side) -> Kept:
    """The offers that are shown, the named route first, with prices per million tokens and a month's cost."""
    shown = shown_offers(side)
    marks = [_offer_marks(side, route) for route in shown]
    return Kept(Rows([_offer(route) for route in shown], marks))


@per_side
def shown_offers(side: Side) -> Sequence[Route]:
    """All plain and all free offers, and as many of the others as there is room for, ranked."""
    room = MOST_OFFERS - sum(_plain(route) for route in side.routes)
    others = [route for route in side.routes if not _plain(route)]
    left_out = {*others[max(room, 0) :]}
    return [route for route in side.routes if route not in left_out]


def _plain(route: Route) -> bool:
    return route.counts or route.is_free


def _offer(route: Route) -> tuple[Text, ...]:
    cost = UNKNOWN if route.monthly is None else figures.monthly(route.monthly)
    model = clean(route.offer.provider_model) or UNKNOWN
    also = [_also(fact) for fact in (*route.facts.values(), *route.tiers) if _worth_a_note(fact)]
    return (route.name, *route.prices, cost, Joined(also or [NONE]), model, reviewed_on(route) or UNKNOWN)


def _worth_a_note(fact: Shown) -> bool:
    return fact.known and not (fact.fact.attribute in BOTH and not fact.fact.qualifier)


def _also(fact: Shown) -> Text:
    name = f"{offer_label(fact.fact.attribute)} {terms(fact.fact.qualifier)}".strip()
    return Joined((name.lower(), fact), " ")


def reviewed_on(route: Route) -> str | None:
    """Return the oldest review date of a route's known facts."""
    facts = (route.listing, *route.facts.values(), *route.tiers)
    return min((f.fact.reviewed_on for f in facts if f.known and f.fact.reviewed_on), default=None)


def _offer_marks(side: Side, route: Route) -> str:
    marks = {
        "seat": side.seat,
        "offer": route.offer.key,
        "provider": route.offer.provider,
        "tier": route.offer.tier,
        "counts": "yes" if route.counts else "no",
    }
    for name, price in zip(("input-price", "output-price"), route.prices, strict=True):
        marks[name] = str(price.fact.value) if price.known else ""
    return "".join(f' data-{name}="{escape.html(value)}"' for name, value in marks.items())


@per_side
def price_steps(side: Side) -> Kept:
    """One row per price that changed, or of a plain offer."""
    return Kept(Rows([(side.name, found.price.label, Sparkline(found)) for found in _telling(side)]))


@per_side
def steady_prices(side: Side) -> int:
    """How many prices with a known history have no row."""
    return len(series(side)) - len(_telling(side))


def _telling(side: Side) -> Sequence[Series]:
    plain = {route.offer.key for route in side.routes if route.counts}
    return [found for found in series(side) if len(found.points) > 1 or found.price.fact.offer in plain]


@per_side
def evidence_rows(side: Side) -> Kept:
    """One row per document: source, document, dates, model, and which of its facts were read there."""
    groups: dict[tuple[str, str, str, str, str], list[str]] = {}
    for fact, found in evidence(side):
        key = (found.source, found.url, found.document, found.fetched_at, found.reviewed_on)
        groups.setdefault(key, []).append(fact.label)
    rows = [(*_document(*key), side.name, "; ".join(labels)) for key, labels in groups.items()]
    return Kept(Rows(rows))


@per_side
def unknown_labels(side: Side) -> Mapping[str, str]:
    """The labels of what is unknown whatever the other model is, by the reason why."""
    by_reason: dict[str, list[str]] = {}
    for fact in side.unknown:
        by_reason.setdefault(fact.why, []).append(fact.label)
    return {why: "; ".join(labels) for why, labels in by_reason.items()}


@per_side
def unknown(side: Side) -> Kept:
    """One row per reason why something is unknown whatever the other model is."""
    return Kept(Rows([(side.name, why, labels) for why, labels in unknown_labels(side).items()]))


@per_side
def changes(side: Side) -> Sequence[tuple[str, Kept]]:
    """When each published change was made, newest first, and its row."""
    return [(change.at, Kept(Rows([_change(side, change)]))) for change in changes_of(side)]


def _change(side: Side, change: Change) -> tuple[Text, ...]:
    source = Linked(clean(change.source), change.url)
    return (change.at[:10], side.name, change_label(side, change), *change_ends(change), source)


@per_side
def ahead(side: Side) -> Mapping[str, Kept]:
    """The row of every criterion as it stands where this model is ahead."""
    return criteria(side.name)


def criteria(who: str) -> Mapping[str, Kept]:
    """Return the row of every criterion with the same result."""
    return {c.name: Kept(Rows([(c.label, who, c.wins)])) for c in CRITERIA}


@per_side
def specs(side: Side) -> Column:
    """Every attribute of the specification table."""
    return Column(side.seat, LABELS, {name: side.facts[name] for name in (*SPECS, *EXTRA_SPECS)})


@per_side
def capabilities(side: Side) -> Column:
    """The answer on every capability."""
    return Column(side.seat, CAPABILITIES, {name: answer(side, name) for name in CAPABILITIES})


def answer(side: Side, capability: str) -> Text:
    """Return a capability's cell, with its scope if that is a route, and the modalities of Multimodal."""
    fact = side.facts[capability]
    notes: list[Text] = ["on a route"] if fact.known and fact.fact.scope == "route" else []
    listed = side.facts["modality.input"]
    if capability == "capability.multimodal" and side.answers[capability] == "yes" and listed.known:
        notes.append(listed)
    return Joined((fact, Joined(("(", Joined(notes), ")"), "")), " ") if notes else fact


@per_side
def conflicts(side: Side) -> Kept:
    """One row per fact on which sources disagree, with every value on record."""
    return Kept(Rows([_conflict(found) for found in conflicts_of(side)]))


def _conflict(found: Conflict) -> tuple[Text, ...]:
    values = [_value(found.fact.fact, *told) for told in found.values]
    why = clean(found.fact.fact.why) or found.fact.why or "no rule decides"
    return found.side.name, found.fact.label, found.fact, Joined(values, "; "), why


def _value(fact: Fact, source: str, value: Plain, url: str) -> Text:
    text = qualified_text(fact.attribute, value, fact.qualifier)
    return Joined((text, Linked(clean(source), url)), ": ")


def _document(source: str, url: str, document: str, fetched: str, reviewed: str) -> tuple[Text, ...]:
    short = document[:SHORT_DIGEST] or UNKNOWN
    return Linked(clean(source), url), short, fetched[:10] or UNKNOWN, reviewed or UNKNOWN


def evidence(side: Side) -> Iterator[tuple[Shown, Evidence]]:
    """Yield every look at every known fact of one model."""
    return ((fact, found) for fact in side.all_facts if fact.known for found in fact.fact.evidence)


@per_side
def evidence_drawer(side: Side) -> Drawer:
    """Every known fact with all that is needed to find it in the archive again."""
    return Drawer(side.name, "evidence", HEAD_EVIDENCE, lambda: _evidence_rows(side))


HEAD_EVIDENCE = ("Fact", "Value", "Source", "Document", "Place in it", "Fetched", "Reviewed")


def _evidence_rows(side: Side) -> Rows:
    facts = [fact for fact in side.all_facts if fact.known]
    return Rows([_drawer_row(fact) for fact in facts], [f' id="{fact.id}"' for fact in facts])


def _drawer_row(fact: Shown) -> tuple[Text, ...]:
    found = fact.fact.evidence[0]
    return (
        fact.label,
        fact.display,
        Linked(clean(found.source), found.url),
        found.document or UNKNOWN,
        clean(found.locator) or UNKNOWN,
        found.fetched_at or UNKNOWN,
        fact.fact.reviewed_on or UNKNOWN,
    )


@per_side
def lone_scores(side: Side) -> Mapping[str, Kept]:
    """The row of every known score as it stands where the other model has no such score, by fact id."""
    return {s.id: Kept(Rows([(s.label, side.name, score(s))])) for s in side.known_scores}


def score(shown: Shown | None) -> Text:
    """Return a score with its reporter, harness and date, as far as they are known."""
    if shown is None:
        return UNKNOWN
    said = conditions(shown)
    return Joined((shown, f"({said})"), " ") if said else shown
