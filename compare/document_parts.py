"""The parts of the JSON document that one model alone decides, serialised once per seated model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from compare import figures
from compare.history import Series, series
from compare.offers import Route
from compare.pair import Pair
from compare.rules.fit import best_for, tags
from compare.rules.names import REASONS, UNKNOWN
from compare.shown import Shown
from compare.side import Side, per_side
from compare.tables import reviewed_on
from db.cards import Evidence

Json = dict[str, Any]


def facts(pair: Pair, *, dated: bool) -> orjson.Fragment:
    """Return every fact of the page as a JSON array."""
    of_side = _facts_dated if dated else _facts_undated
    parts = [part for side in (pair.a, pair.b) for part in (of_side(side), *_gaps(pair, side, dated)) if part]
    return orjson.Fragment(b"[" + b",".join(parts) + b"]")


def _gaps(pair: Pair, side: Side, dated: bool) -> Sequence[bytes]:
    return [orjson.dumps(_fact(fact, dated=dated)) for fact in pair.gaps(side)]


@per_side
def _facts_dated(side: Side) -> bytes:
    return orjson.dumps([_fact(fact, dated=True) for fact in side.all_facts])[1:-1]


@per_side
def _facts_undated(side: Side) -> bytes:
    return orjson.dumps([_fact(fact, dated=False) for fact in side.all_facts])[1:-1]


def _fact(shown: Shown, *, dated: bool) -> Json:
    fact = shown.fact
    return {
        "id": shown.id,
        "model": fact.model,
        "offer": fact.offer,
        "attribute": fact.attribute,
        "qualifier": dict(fact.qualifier),
        "label": shown.label,
        "state": shown.state,
        "value": fact.value if shown.known else None,
        "unit": fact.unit,
        "display": shown.display,
        "reason": shown.reason,
        "scope": fact.scope,
        "evidence": [_evidence(found, dated=dated) for found in fact.evidence] if shown.known else [],
        "others": [{"source": o.source, "value": o.value, "url": o.url} for o in fact.others],
        "why": fact.why if fact.others else "",
        "published_on": fact.published_on,
        "effective_from": fact.effective_from,
        "reviewed_on": fact.reviewed_on if dated and shown.known else None,
        "confirmed_by_person_on": fact.confirmed_by_person_on if dated else None,
    }


def _evidence(found: Evidence, *, dated: bool) -> Json:
    return {
        "source": found.source,
        "url": found.url,
        "document": found.document if dated else None,
        "locator": found.locator if dated else None,
        "fetched_at": found.fetched_at if dated else None,
        "reviewed_on": found.reviewed_on if dated else None,
    }


def offers(side: Side, *, dated: bool) -> orjson.Fragment:
    """Return the listed offers of one side, ranked, as a JSON array."""
    return orjson.Fragment((_offers_dated if dated else _offers_undated)(side))


OFFER_VALUES = ("context_window", "max_output_tokens", "cache_read_price")


@per_side
def _offers_dated(side: Side) -> bytes:
    return orjson.dumps([_offer(rank, route, dated=True) for rank, route in enumerate(side.routes, 1)])


@per_side
def _offers_undated(side: Side) -> bytes:
    return orjson.dumps([_offer(rank, route, dated=False) for rank, route in enumerate(side.routes, 1)])


def _offer(rank: int, route: Route, *, dated: bool) -> Json:
    offer = route.offer
    facts = (route.listing, *route.facts.values(), *route.tiers)
    values = {
        name: _value(route, name) for name in ("context_window", "max_output_tokens", "cache_read_price")
    }
    return {
        "provider": offer.provider,
        "tier": offer.tier,
        "region": offer.region,
        "input_price": _value(route, "input_price"),
        "output_price": _value(route, "output_price"),
        **values,
        "reviewed_on": reviewed_on(route) if dated else None,
        "rank": rank,
        "offer": offer.key,
        "name": route.name,
        "kind": offer.provider_kind,
        "model": offer.provider_model,
        "snapshot": offer.snapshot,
        "quantization": offer.quantization,
        "mode": offer.mode,
        "counts": route.counts,
        "monthly_usd": None if route.monthly is None else figures.plain(route.monthly),
        "facts": [fact.id for fact in facts],
    }


def _value(route: Route, name: str) -> object:
    fact = route.facts.get(name)
    return fact.fact.value if fact and fact.known else None


@per_side
def price_history(side: Side) -> orjson.Fragment:
    """Return the price steps of one side; the last point of each series is the price shown."""
    return orjson.Fragment(orjson.dumps([_series(found) for found in series(side)]))


def _series(found: Series) -> Json:
    fact = found.price.fact
    points = [
        {"value": p.value, "since": p.since, "until": p.until, "source": p.source} for p in found.points
    ]
    return {"offer": fact.offer, "attribute": fact.attribute, "fact": found.price.id, "points": points}


@per_side
def fit(side: Side) -> orjson.Fragment:
    """Return the rules behind tags and phrases, with the facts they lean on."""
    found = [
        {"rule": one.rule, "name": one.name, "facts": list(dict.fromkeys(fact.id for fact in one.facts))}
        for one in (*tags(side), *best_for(side))
    ]
    return orjson.Fragment(orjson.dumps(found))


@per_side
def cost_of(side: Side) -> orjson.Fragment:
    """Return one side's cost, unrounded and as shown."""
    return orjson.Fragment(orjson.dumps(_cost(side)))


def _cost(side: Side) -> Json:
    found = side.cost
    if found.usd is None or found.route is None:
        words = REASONS.get(found.reason or "", UNKNOWN)
        return {"state": UNKNOWN, "reason": found.reason, "why": words, "display": UNKNOWN, "facts": []}
    return {
        "state": "known",
        "usd": figures.plain(found.usd),
        "display": found.display,
        "provider": found.route.offer.provider,
        "offer": found.route.offer.key,
        "route": found.route.name,
        "facts": [fact.id for fact in found.facts],
        "unpriced_offers": [route.offer.key for route in side.routes if route.could_be_cheaper],
    }
