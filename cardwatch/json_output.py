"""The JSON shapes that contract.md promises, made from what the catalog answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from cardwatch.db.query.cards import Change, Fact, ModelCard, Offer
from cardwatch.db.query.reports import Conflict, ModelSummary

PRICES = ("input_price", "output_price")


def model_json(row: ModelSummary) -> dict[str, Any]:
    """Return one line of `models`."""
    return asdict(row)


def change_json(change: Change) -> dict[str, Any]:
    """Return one published change; `provider` is None for a fact about the model as such."""
    return {
        "at": change.at,
        "model": change.model,
        "provider": change.provider,
        "attribute": change.attribute,
        "from": change.old,
        "to": change.new,
        "source": change.source,
        "url": change.url,
        "offer": change.offer,
        "qualifier": dict(change.qualifier),
    }


def conflict_json(conflict: Conflict) -> dict[str, Any]:
    """Return one conflict with every claim, who was chosen and why."""
    return {
        "model": conflict.model,
        "provider": conflict.provider,
        "attribute": conflict.attribute,
        "values": [asdict(value) for value in conflict.values],
        "chosen": conflict.chosen,
        "why": conflict.why,
        "monthly_usd": conflict.monthly_usd,
        "offer": conflict.offer,
        "qualifier": dict(conflict.qualifier),
    }


def fact_json(fact: Fact, number: int) -> dict[str, Any]:
    """Return a fact object as comparison.md has it, with its own dates beside."""
    from cardwatch.compare.display_facts import fact_text

    return {
        "id": f"f{number}",
        "model": fact.model,
        "offer": fact.offer,
        "attribute": fact.attribute,
        "state": fact.state,
        "value": fact.value,
        "display": fact_text(fact),
        "reason": fact.reason,
        "unit": fact.unit,
        "scope": fact.scope,
        "qualifier": dict(fact.qualifier),
        "evidence": [asdict(evidence) for evidence in fact.evidence],
        "others": [asdict(other) for other in fact.others],
        "why": fact.why,
        "first_seen": fact.first_seen,
        "last_changed": fact.last_changed,
        "last_verified": fact.last_verified,
        "reviewed_on": fact.reviewed_on,
        "confirmed_by_person_on": fact.confirmed_by_person_on,
        "effective_from": fact.effective_from,
        "published_on": fact.published_on,
    }


def offer_json(offer: Offer) -> dict[str, Any]:
    """Return one offer: its variant, its plain values, and when they were last reviewed."""
    known = {name: fact.value for name, fact in offer.facts.items() if fact.state == "known"}
    dates = [fact.reviewed_on for name, fact in offer.facts.items() if name in PRICES and fact.reviewed_on]
    return {
        "key": offer.key,
        "provider": offer.provider,
        "provider_name": offer.provider_name,
        "provider_kind": offer.provider_kind,
        "provider_model": offer.provider_model,
        "tier": offer.tier,
        "region": offer.region,
        "snapshot": offer.snapshot,
        "quantization": offer.quantization,
        "mode": offer.mode,
        "listed": offer.listed,
        "input_price": None,
        "output_price": None,
        **known,
        "tiers": [
            {"attribute": fact.attribute, "value": fact.value, "qualifier": dict(fact.qualifier)}
            for fact in offer.tiers
        ],
        "reviewed_on": min(dates, default=None),
    }


def card_json(card: ModelCard, conflicts: Sequence[Conflict]) -> dict[str, Any]:
    """Return the shape of `show`."""
    facts = [fact for _, fact in sorted(card.facts.items())]
    return {
        "model": {"id": card.id, "name": card.name, "vendor": card.vendor, "aliases": list(card.aliases)},
        "facts": [fact_json(fact, number) for number, fact in enumerate(facts, 1)],
        "offers": [offer_json(offer) for offer in card.offers],
        "benchmarks": [
            fact_json(fact, number) for number, fact in enumerate(card.benchmarks, len(facts) + 1)
        ],
        "conflicts": [conflict_json(conflict) for conflict in conflicts],
        "changes": [change_json(change) for change in card.changes],
    }
