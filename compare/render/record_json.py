"""What a fact, an offer, a change and a conflict look like in JSON, wherever they are printed.

`show`, `compare`, the site, exports and the MCP server take them from here and add only what is their own: a
page its labels and ranks, an export whether an offer is listed. docs/reference/json.md says what each key means.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from cardwatch.compare.wording.labels import MAIN_PRICES
from cardwatch.db.query.cards import Change, ClaimedValue, Evidence, Fact, HeldValue, ModelCard, Offer
from cardwatch.db.query.reports import Conflict

SCHEMA = 2
"""Version of every shape; keys are only ever added within one."""
Json = dict[str, Any]
EXPECTED_VALUES = (*MAIN_PRICES, "cache_read_price", "context_window", "max_output_tokens")
"""What every offer has a key for; null is unknown."""


def fact_json(fact: Fact, id_: str) -> Json:
    """Return a fact with where it was read, who else says something, and its dates."""
    from cardwatch.compare.display_facts import fact_text  # the words of pages: lists do without

    return {
        "id": id_,
        "model": fact.model,
        "offer": fact.offer,
        "attribute": fact.attribute,
        "qualifier": dict(fact.qualifier),
        "state": fact.state,
        "value": fact.value,
        "unit": fact.unit,
        "display": fact_text(fact),
        "reason": fact.reason,
        "scope": fact.scope,
        "evidence": [_fields(evidence) for evidence in fact.evidence],
        "others": [_fields(other) for other in fact.others],
        "why": fact.why,
        "rule": fact.rule,
        "first_seen": fact.first_seen,
        "last_changed": fact.last_changed,
        "last_verified": fact.last_verified,
        "reviewed_on": fact.reviewed_on,
        "confirmed_by_person_on": fact.confirmed_by_person_on,
        "effective_from": fact.effective_from,
        "published_on": fact.published_on,
        "held": _fields(fact.held) if fact.held else None,
    }


def _fields(record: Evidence | ClaimedValue | HeldValue) -> Json:
    """Return a flat record by the names of its fields; one that copies deeply takes ten times as long."""
    return {name: getattr(record, name) for name in record.__struct_fields__}


def offer_names(offers: Sequence[Offer]) -> dict[str, str]:
    """Return a name for each offer by key, different ones among those that are listed and among all."""
    from cardwatch.compare.offers import distinct_offer_names

    return distinct_offer_names(offers) | distinct_offer_names([offer for offer in offers if offer.listed])


def offer_identity_json(offer: Offer, name: str) -> Json:
    """Return who sells what in which variant."""
    from cardwatch.compare.offers import PLAN_KIND

    return {
        "offer": offer.key,
        "model": offer.model,
        "name": name,
        "kind": "plan" if offer.provider_kind == PLAN_KIND else "route",
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
    }


def offer_json(offer: Offer, name: str) -> Json:
    """Return an offer with its known plain values, those under a condition, and its oldest review date."""
    facts = [*offer.facts.values(), *offer.tiers]
    return {
        **offer_identity_json(offer, name),
        **dict.fromkeys(EXPECTED_VALUES),
        **{attribute: fact.value for attribute, fact in offer.facts.items() if fact.state == "known"},
        "tiers": [
            {"attribute": fact.attribute, "value": fact.value, "qualifier": dict(fact.qualifier)}
            for fact in offer.tiers
        ],
        "reviewed_on": min(
            (f.reviewed_on for f in facts if f.value is not None and f.reviewed_on), default=None
        ),
        "held": {attribute: _fields(fact.held) for attribute, fact in offer.facts.items() if fact.held},
    }


def offers_json(offers: Sequence[Offer]) -> list[Json]:
    """Return the offers of one model, each under a name of its own."""
    names = offer_names(offers)
    return [offer_json(offer, names[offer.key]) for offer in offers]


def change_json(change: Change) -> Json:
    """Return one published change; `provider` is None for a fact about the model as such."""
    return {
        "at": change.at,
        "model": change.model,
        "provider": change.provider,
        "offer": change.offer,
        "attribute": change.attribute,
        "qualifier": dict(change.qualifier),
        "from": change.old,
        "to": change.new,
        "source": change.source,
        "url": change.url,
        "kind": change.kind,
        "seen_before": change.seen_before,
        "seen_after": None if change.stated else change.at,
        "published_at": change.published_at,
        "told": change.stated,
        "percent": _percent_text(change.percent),
        "reverted": change.reverted,
        "unconfirmed": change.unconfirmed,
    }


def _percent_text(percent: Decimal | None) -> str | None:
    return None if percent is None else str(percent.quantize(Decimal("0.1"), ROUND_HALF_UP))


def conflict_json(conflict: Conflict) -> Json:
    """Return one conflict with every claim, who was chosen and why."""
    return {
        "model": conflict.model,
        "provider": conflict.provider,
        "offer": conflict.offer,
        "attribute": conflict.attribute,
        "qualifier": dict(conflict.qualifier),
        "values": [_fields(value) for value in conflict.values],
        "chosen": conflict.chosen,
        "why": conflict.why,
        "rule": conflict.rule,
        "monthly_usd": conflict.monthly_usd,
    }


def card_json(card: ModelCard, conflicts: Sequence[Conflict]) -> Json:
    """Return the shape of `show`."""
    facts = [fact for _, fact in sorted(card.facts.items())]
    documents = [fact_json(fact, f"f{number}") for number, fact in enumerate((*facts, *card.benchmarks), 1)]
    return {
        "model": {"id": card.id, "name": card.name, "vendor": card.vendor, "aliases": list(card.aliases)},
        "facts": documents[: len(facts)],
        "offers": offers_json(card.offers),
        "benchmarks": documents[len(facts) :],
        "conflicts": [conflict_json(conflict) for conflict in conflicts],
        "changes": [change_json(change) for change in card.changes],
    }
