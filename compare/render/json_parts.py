"""The parts of the JSON document that one model alone decides, serialised once per seated model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from cardwatch.compare import history
from cardwatch.compare.display_facts import DisplayFact, SideId, fact_ids
from cardwatch.compare.offers import PLAN_KIND, ListedOffer, MonthlyCost, distinct_offer_names
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.render import number_format
from cardwatch.compare.render.model_tables import oldest_offer_review
from cardwatch.compare.rules.fit import best_for, decision_tags
from cardwatch.compare.rules.labels import MAIN_PRICES, REASONS, UNKNOWN
from cardwatch.compare.scores import ScoreRow, lone_row
from cardwatch.compare.side import Side, cached_per_side
from cardwatch.db.query.cards import Change, Evidence, Offer

Json = dict[str, Any]


def array_items(values: Sequence[object]) -> bytes:
    """Return a JSON array without its brackets, to be joined with others."""
    return orjson.dumps(values)[1:-1]


def join_arrays(*parts: bytes) -> orjson.Fragment:
    """Return one JSON array of what `items` returned for several."""
    return orjson.Fragment(b"[%b]" % b",".join([part for part in parts if part]))


def model_names(side: Side) -> Json:
    """Return what one model is called."""
    return {"id": side.id, "name": side.name, "vendor": side.vendor}


@cached_per_side
def model_json(side: Side) -> orjson.Fragment:
    """Return the same, serialised."""
    return orjson.Fragment(orjson.dumps(model_names(side)))


def facts_json(pair: ModelPair) -> orjson.Fragment:
    """Return every fact of the page as a JSON array."""
    a, b = pair.gaps["a"], pair.gaps["b"]
    return join_arrays(_facts(pair.a), _gap_facts(a), _facts(pair.b), _gap_facts(b))


def gap_facts_json(pair: ModelPair) -> orjson.Fragment:
    """Return the facts that are on the page only because the other model has them."""
    return join_arrays(_gap_facts(pair.gaps["a"]), _gap_facts(pair.gaps["b"]))


def side_facts_json(side: Side) -> orjson.Fragment:
    """Return the facts of one model as a JSON array."""
    return join_arrays(_facts(side))


def _gap_facts(gaps: Sequence[DisplayFact]) -> bytes:
    return array_items([_fact(fact) for fact in gaps])


@cached_per_side
def _facts(side: Side) -> bytes:
    return array_items([_fact(fact) for fact in side.all_facts])


def _fact(shown: DisplayFact) -> Json:
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
        "evidence": [_evidence(found) for found in fact.evidence] if shown.known else [],
        "others": [{"source": o.source, "value": o.value, "url": o.url} for o in fact.others],
        "why": fact.why if fact.others else "",
        "published_on": fact.published_on,
        "effective_from": fact.effective_from,
        "reviewed_on": fact.reviewed_on if shown.known else None,
        "confirmed_by_person_on": fact.confirmed_by_person_on,
    }


def _evidence(found: Evidence) -> Json:
    return {
        "source": found.source,
        "url": found.url,
        "document": found.document,
        "locator": found.locator,
        "fetched_at": found.fetched_at,
        "reviewed_on": found.reviewed_on,
    }


OFFER_VALUES = ("context_window", "max_output_tokens", "cache_read_price")


@cached_per_side
def offers_json(side: Side) -> orjson.Fragment:
    """Return routes by rank, then plans, then what is no longer listed or sold, as a JSON array."""
    listed = (*side.routes, *side.plans)
    sold = {route.offer.key for route in listed}
    names = distinct_offer_names(side.card.offers)
    ended = [offer for offer in side.card.offers if offer.key not in sold]
    offers = [_offer(rank, route) for rank, route in enumerate(listed, 1)]
    return orjson.Fragment(
        orjson.dumps([*offers, *[_ended_offer(offer, names[offer.key]) for offer in ended]])
    )


def _offer(rank: int, route: ListedOffer) -> Json:
    facts = (route.listing, *route.facts.values(), *route.tiers)
    return {
        **_offer_identity(route.offer, route.name),
        **{name: _value(route.facts.get(name)) for name in (*MAIN_PRICES, *OFFER_VALUES)},
        "reviewed_on": oldest_offer_review(route),
        "rank": rank,
        "listed": True,
        "counts": route.counts,
        "monthly_usd": None if route.monthly is None else number_format.plain_decimal(route.monthly),
        "facts": [fact.id for fact in facts],
    }


def _ended_offer(offer: Offer, name: str) -> Json:
    """Return an offer that counts for nothing: its last values, and no fact to lean on."""
    values = {
        key: offer.facts[key].value if key in offer.facts else None for key in (*MAIN_PRICES, *OFFER_VALUES)
    }
    nothing = {"reviewed_on": None, "rank": None, "listed": False, "counts": False, "monthly_usd": None}
    return {**_offer_identity(offer, name), **values, **nothing, "facts": []}


def _offer_identity(offer: Offer, name: str) -> Json:
    return {
        "provider": offer.provider,
        "tier": offer.tier,
        "region": offer.region,
        "offer": offer.key,
        "name": name,
        "kind": "plan" if offer.provider_kind == PLAN_KIND else offer.provider_kind,
        "model": offer.provider_model,
        "snapshot": offer.snapshot,
        "quantization": offer.quantization,
        "mode": offer.mode,
    }


def _value(fact: DisplayFact | None) -> object:
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


def cost_json(pair: ModelPair, seat: SideId) -> orjson.Fragment | Json:
    """Return one side's cost, unrounded and as shown."""
    found = pair.cost(seat)
    return _side_cost_json(pair.side(seat)) if found.applicable else no_cost_json(found)


def no_cost_json(found: MonthlyCost) -> Json:
    """Return that there is no cost, and why."""
    return {
        "state": UNKNOWN if found.applicable else "not_applicable",
        "reason": found.reason,
        "why": REASONS.get(found.reason or "", UNKNOWN),
        "display": found.display,
        "facts": [],
    }


@cached_per_side
def _side_cost_json(side: Side) -> orjson.Fragment:
    return orjson.Fragment(orjson.dumps(_cost(side)))


def _cost(side: Side) -> Json:
    found = side.cost
    if found.usd is None or found.route is None:
        return no_cost_json(found)
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


def side_conflicts_json(side: Side) -> orjson.Fragment:
    """Return the facts of one model on which sources disagree."""
    return join_arrays(_conflicts(side))


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


def side_changes_json(side: Side) -> orjson.Fragment:
    """Return the published changes of one model."""
    return join_arrays(_changes(side))


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


def shared_scores_json(pair: ModelPair) -> list[Json]:
    """Return the benchmarks that both have."""
    return [_score(row) for row in pair.scores]


def scores_json(pair: ModelPair) -> list[Json | orjson.Fragment]:
    """Return the benchmark table, row by row."""
    alone = [_lone_scores(side)[score.id] for side in (pair.a, pair.b) for score in pair.lone[side.side_id]]
    return [*shared_scores_json(pair), *alone]


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
