"""The parts of the JSON document that one model alone decides, serialised once per seated model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from cardwatch.compare import history
from cardwatch.compare.display_facts import DisplayFact, fact_ids
from cardwatch.compare.offers import ListedOffer
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.render import number_format
from cardwatch.compare.render.model_tables import oldest_offer_review
from cardwatch.compare.rules.fit import best_for, decision_tags
from cardwatch.compare.rules.labels import REASONS, UNKNOWN
from cardwatch.compare.scores import ScoreRow, lone_row
from cardwatch.compare.side import Side, cached_per_side
from cardwatch.db.query.cards import Change, Evidence

Json = dict[str, Any]


def array_items(values: Sequence[object]) -> bytes:
    """Return a JSON array without its brackets, to be joined with others."""
    return orjson.dumps(values)[1:-1]


def join_arrays(*parts: bytes) -> orjson.Fragment:
    """Return one JSON array of what `items` returned for several."""
    return orjson.Fragment(b"[%b]" % b",".join([part for part in parts if part]))


@cached_per_side
def model_json(side: Side) -> orjson.Fragment:
    """Return what one model is called."""
    return orjson.Fragment(orjson.dumps({"id": side.id, "name": side.name, "vendor": side.vendor}))


def facts_json(pair: ModelPair, *, dated: bool) -> orjson.Fragment:
    """Return every fact of the page as a JSON array."""
    of_side = _facts_dated if dated else _facts_undated
    a, b = pair.gaps["a"], pair.gaps["b"]
    return join_arrays(of_side(pair.a), *_facts(a, dated), of_side(pair.b), *_facts(b, dated))


def _facts(gaps: Sequence[DisplayFact], dated: bool) -> Sequence[bytes]:
    return [orjson.dumps(_fact(fact, dated=dated)) for fact in gaps]


@cached_per_side
def _facts_dated(side: Side) -> bytes:
    return array_items([_fact(fact, dated=True) for fact in side.all_facts])


@cached_per_side
def _facts_undated(side: Side) -> bytes:
    return array_items([_fact(fact, dated=False) for fact in side.all_facts])


def _fact(shown: DisplayFact, *, dated: bool) -> Json:
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


def offers_json(side: Side, *, dated: bool) -> orjson.Fragment:
    """Return the listed offers of one side, ranked, as a JSON array."""
    return orjson.Fragment((_offers_dated if dated else _offers_undated)(side))


OFFER_VALUES = ("context_window", "max_output_tokens", "cache_read_price")


@cached_per_side
def _offers_dated(side: Side) -> bytes:
    return orjson.dumps([_offer(rank, route, dated=True) for rank, route in enumerate(side.routes, 1)])


@cached_per_side
def _offers_undated(side: Side) -> bytes:
    return orjson.dumps([_offer(rank, route, dated=False) for rank, route in enumerate(side.routes, 1)])


def _offer(rank: int, route: ListedOffer, *, dated: bool) -> Json:
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
        "reviewed_on": oldest_offer_review(route) if dated else None,
        "rank": rank,
        "offer": offer.key,
        "name": route.name,
        "kind": offer.provider_kind,
        "model": offer.provider_model,
        "snapshot": offer.snapshot,
        "quantization": offer.quantization,
        "mode": offer.mode,
        "counts": route.counts,
        "monthly_usd": None if route.monthly is None else number_format.plain_decimal(route.monthly),
        "facts": [fact.id for fact in facts],
    }


def _value(route: ListedOffer, name: str) -> object:
    fact = route.facts.get(name)
    return fact.fact.value if fact and fact.known else None


@cached_per_side
def price_history_json(side: Side) -> orjson.Fragment:
    """Return the price steps of one side; the last point of each series is the price shown."""
    return orjson.Fragment(orjson.dumps([_series(found) for found in history.price_series(side)]))


def _series(found: history.PriceSeries) -> Json:
    fact = found.price.fact
    points = [
        {"value": p.value, "since": p.since, "until": p.until, "source": p.source} for p in found.points
    ]
    return {"offer": fact.offer, "attribute": fact.attribute, "fact": found.price.id, "points": points}


@cached_per_side
def fit_json(side: Side) -> orjson.Fragment:
    """Return the rules behind tags and phrases, with the facts they lean on."""
    found: list[Json] = [
        {"rule": one.rule, "name": one.name, "facts": list(dict.fromkeys(fact.id for fact in one.facts))}
        for one in (*decision_tags(side), *best_for(side))
    ]
    return orjson.Fragment(orjson.dumps(found))


@cached_per_side
def side_cost_json(side: Side) -> orjson.Fragment:
    """Return one side's cost, unrounded and as shown."""
    return orjson.Fragment(orjson.dumps(_cost(side)))


def _cost(side: Side) -> Json:
    found = side.cost
    if found.usd is None or found.route is None:
        words = REASONS.get(found.reason or "", UNKNOWN)
        return {"state": UNKNOWN, "reason": found.reason, "why": words, "display": UNKNOWN, "facts": []}
    return {
        "state": "known",
        "usd": number_format.plain_decimal(found.usd),
        "display": found.display,
        "provider": found.route.offer.provider,
        "offer": found.route.offer.key,
        "route": found.route.name,
        "facts": [fact.id for fact in found.facts],
        "unpriced_offers": [route.offer.key for route in side.routes if route.could_be_cheaper],
    }


@cached_per_side
def tag_names(side: Side) -> Sequence[str]:
    return [one.name for one in decision_tags(side)]


@cached_per_side
def best_for_phrases(side: Side) -> Sequence[str]:
    return [one.name for one in best_for(side)]


def unknown_ids(pair: ModelPair) -> orjson.Fragment:
    """Return the id of every unknown fact of the page as a JSON array, side a first."""
    a, b = pair.gaps["a"], pair.gaps["b"]
    return join_arrays(_unknown(pair.a), array_items(fact_ids(a)), _unknown(pair.b), array_items(fact_ids(b)))


@cached_per_side
def _unknown(side: Side) -> bytes:
    return array_items(fact_ids(side.unknown))


def conflicts_json(pair: ModelPair) -> orjson.Fragment:
    """Return the facts on which sources disagree as a JSON array."""
    return join_arrays(_conflicts(pair.a), _conflicts(pair.b))


@cached_per_side
def _conflicts(side: Side) -> bytes:
    return array_items([_conflict(found) for found in history.find_conflicts(side)])


def _conflict(found: history.FactConflict) -> Json:
    fact = found.fact.fact
    return {
        "attribute": fact.attribute,
        "model": fact.model,
        "offer": fact.offer,
        "values": [{"source": source, "value": value, "url": url} for source, value, url in found.values],
        "chosen": fact.value if found.fact.known else None,
        "why": fact.why,
        "fact": found.fact.id,
    }


def changes_json(pair: ModelPair) -> orjson.Fragment:
    """Return the published changes of both models as a JSON array."""
    return join_arrays(_changes(pair.a), _changes(pair.b))


@cached_per_side
def _changes(side: Side) -> bytes:
    return array_items([_change(change) for change in history.published_changes(side)])


def _change(change: Change) -> Json:
    return {
        "attribute": change.attribute,
        "qualifier": dict(change.qualifier),
        "model": change.model,
        "from": change.old,
        "to": change.new,
        "at": change.at,
        "offer": change.offer,
        "provider": change.provider,
        "source": change.source,
        "url": change.url,
    }


def scores_json(pair: ModelPair) -> list[Json | orjson.Fragment]:
    """Return the benchmark table, row by row."""
    alone = [_lone_scores(side)[score.id] for side in (pair.a, pair.b) for score in pair.lone[side.side_id]]
    return [*[_score(row) for row in pair.scores], *alone]


@cached_per_side
def _lone_scores(side: Side) -> Mapping[str, orjson.Fragment]:
    return {s.id: orjson.Fragment(orjson.dumps(_score(lone_row(s, side)))) for s in side.known_scores}


def _score(row: ScoreRow) -> Json:
    return {
        "name": row.name,
        "a": row.a.display if row.a else UNKNOWN,
        "b": row.b.display if row.b else UNKNOWN,
        "leader": row.leader if row.leader != "tie" else None,
        "delta": None if row.delta is None else number_format.plain_decimal(row.delta),
        "comparable": row.comparable,
        "why_not": row.why_not,
        "attribute": row.attribute,
        "tie": row.leader == "tie",
        "facts": [score.id for score in (row.a, row.b) if score],
        "conditions": {"a": _conditions(row.a), "b": _conditions(row.b)},
    }


def _conditions(score: DisplayFact | None) -> Json | None:
    if score is None:
        return None
    fact = score.fact
    said = {name: fact.qualifier.get(name) for name in ("version", "mode", "harness", "reporter")}
    return {**said, "date": fact.published_on, "unit": fact.unit}
