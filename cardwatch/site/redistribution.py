"""What may be passed on: values of sources whose terms forbid it are replaced by a way to the source."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count
from typing import Any

from msgspec.structs import replace

from cardwatch.compare.offers import model_cost, rank_offers
from cardwatch.compare.settings import CompareSettings
from cardwatch.db.query.card_reader import name_of, vendor_of
from cardwatch.db.query.cards import Change, Fact, ModelCard, Offer
from cardwatch.db.query.reports import Conflict, Hold, ModelSummary

WITHHELD = "not redistributable, see source"
"""Why a known value is not shown; its evidence still says where to read it."""


def redact_card(card: ModelCard, closed: Collection[str]) -> ModelCard:
    """Return the card without what only sources in `closed` say."""
    if not closed or not _mentions(card, closed):
        return card
    facts = {name: redact_fact(fact, closed) for name, fact in card.facts.items()}
    return replace(
        card,
        name=name_of(card.id, facts),
        vendor=vendor_of(card.id, facts),
        facts=facts,
        offers=tuple(_redact_offer(offer, closed) for offer in card.offers),
        benchmarks=tuple(redact_fact(fact, closed) for fact in card.benchmarks),
        changes=tuple(change for change in card.changes if change.source not in closed),
        prices=tuple(point for point in card.prices if point.source not in closed),
    )


def redact_summary(summary: ModelSummary, card: ModelCard, settings: CompareSettings) -> ModelSummary:
    """Return the line about a model as its open card has it."""
    values: dict[str, Any] = {name: f.value for name, f in card.facts.items() if f.state == "known"}
    route = model_cost(card, rank_offers(card, count(1), "a", settings)).route
    prices = [str(p.fact.value) if p.known else None for p in route.prices] if route else [None, None]
    return replace(
        summary,
        name=card.name,
        vendor=card.vendor,
        product_type=values.get("product_type"),
        lifecycle=values.get("lifecycle"),
        context_window=values.get("context_window"),
        cheapest_input=prices[0],
        cheapest_output=prices[1],
    )


def _mentions(card: ModelCard, closed: Collection[str]) -> bool:
    facts = [*card.facts.values(), *card.benchmarks]
    facts += [fact for offer in card.offers for fact in (*offer.facts.values(), *offer.tiers)]
    sources = {e.source for fact in facts for e in fact.evidence} | {
        o.source for f in facts for o in f.others
    }
    sources |= {fact.held.source for fact in facts if fact.held}
    sources |= {change.source for change in card.changes} | {point.source for point in card.prices}
    return not sources.isdisjoint(closed)


def redact_fact(fact: Fact, closed: Collection[str]) -> Fact:
    """Return the fact as other sources state it, or without its value when none does."""
    others = tuple(other for other in fact.others if other.source not in closed)
    held = fact.held if fact.held and fact.held.source not in closed else None
    agreeing = tuple(other for other in fact.agreeing if other.source not in closed)
    fact = replace(fact, others=others, agreeing=agreeing, held=held)
    left = tuple(found for found in fact.evidence if found.source not in closed)
    if len(left) == len(fact.evidence):
        return fact
    if not left:
        return replace(fact, state="unknown", value=None, reason=WITHHELD)
    day = left[0].reviewed_on
    return replace(fact, evidence=left, last_verified=day, reviewed_on=day, confirmed_by_person_on=None)


def _redact_offer(offer: Offer, closed: Collection[str]) -> Offer:
    facts = {name: redact_fact(fact, closed) for name, fact in offer.facts.items()}
    return replace(offer, facts=facts, tiers=tuple(redact_fact(fact, closed) for fact in offer.tiers))


def is_open_change(change: Change, closed: Collection[str]) -> bool:
    """Say whether a change may be listed."""
    return change.source not in closed


def redact_conflict(conflict: Conflict, closed: Collection[str]) -> Conflict | None:
    """Return the disagreement among the open sources, None when there is none."""
    left = tuple(value for value in conflict.values if value.source not in closed)
    if len(left) == len(conflict.values):
        return conflict
    if len({str(value.value) for value in left}) < 2:
        return None
    lost = conflict.values[0].source in closed and all(value.value != conflict.chosen for value in left)
    chosen, why = (None, WITHHELD) if lost else (conflict.chosen, conflict.why)
    return replace(conflict, values=left, chosen=chosen, why=why, monthly_usd=None)


def redact_hold(held: Hold, closed: Collection[str]) -> Hold:
    """Return what waits, without its values when they may not be passed on."""
    return replace(held, old=None, new=None, reason=WITHHELD) if held.source in closed else held
