"""The parts of the JSON document that one model alone decides, serialised once per side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson

from cardwatch.compare import history
from cardwatch.compare.display_facts import DisplayFact, SideId, fact_ids
from cardwatch.compare.offers import ListedOffer, MonthlyCost, distinct_offer_names
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.render.model_tables import oldest_offer_review
from cardwatch.compare.render.record_json import Json, change_json, conflict_json, fact_json, offer_json
from cardwatch.compare.rules.fit import best_for, decision_tags
from cardwatch.compare.scores import ScoreRow, lone_row
from cardwatch.compare.side import Side, cached_per_side
from cardwatch.compare.wording import number_format
from cardwatch.compare.wording.labels import REASONS, UNKNOWN
from cardwatch.db.query.cards import Offer


def array_items(values: Sequence[object]) -> bytes:
    """Return a JSON array without its brackets, to be joined with others."""
    return orjson.dumps(values)[1:-1]


def join_arrays(*parts: bytes) -> orjson.Fragment:
    """Return one JSON array of what `array_items` returned for several; long ones are copied once."""
    pieces = [piece for part in parts if part for piece in (b",", part)]
    return orjson.Fragment(b"".join([b"[", *pieces[1:], b"]"]))


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
    """Return a fact as a page has it: with its label there, and no value that nothing may lean on."""
    page = {"label": shown.label, "state": shown.state, "display": shown.display, "reason": shown.reason}
    hidden: Json = {} if shown.known else {"value": None, "evidence": [], "reviewed_on": None}
    return {**fact_json(shown.fact, shown.id), **page, **hidden}


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
    """Return an offer with its rank, what a month of it costs, and the ids of its facts on the page."""
    facts = (route.listing, *route.facts.values(), *route.tiers)
    return {
        **offer_json(route.offer, route.name),
        **{name: None for name, fact in route.facts.items() if not fact.known},
        "reviewed_on": oldest_offer_review(route),
        "rank": rank,
        "counts": route.counts,
        "monthly_usd": None if route.monthly is None else number_format.plain_decimal(route.monthly),
        "facts": [fact.id for fact in facts],
    }


def _ended_offer(offer: Offer, name: str) -> Json:
    """Return an offer that counts for nothing: its last values, and no fact to lean on."""
    nothing = {"reviewed_on": None, "rank": None, "listed": False, "counts": False, "monthly_usd": None}
    return {**offer_json(offer, name), **nothing, "facts": []}


@cached_per_side
def price_history_json(side: Side) -> orjson.Fragment:
    """Return the price steps of one side; the last point of each series is the price shown."""
    return orjson.Fragment(orjson.dumps([_series(found) for found in history.price_series(side)]))


def _series(found: history.PriceSeries) -> Json:
    fact = found.price.fact
    points = [
        {
            "value": p.value,
            "since": p.since,
            "until": p.until,
            "source": p.source,
            "told": p.stated,
            "seen_before": p.seen_before,
            "seen_after": p.seen_after,
        }
        for p in found.points
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


def cost_json(pair: ModelPair, side_id: SideId) -> orjson.Fragment | Json:
    """Return one side's cost, unrounded and as shown."""
    found = pair.cost(side_id)
    return side_cost_json(pair.side(side_id)) if found.applicable else no_cost_json(found)


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
def side_cost_json(side: Side) -> orjson.Fragment:
    """Return what a month of one model costs, if its job is not another than that of whom it is compared with."""
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
    return {**conflict_json(found.conflict), "fact": found.fact.id}


def changes_json(pair: ModelPair) -> orjson.Fragment:
    """Return the published changes of both models as a JSON array."""
    return join_arrays(_changes(pair.a), _changes(pair.b))


def side_changes_json(side: Side) -> orjson.Fragment:
    """Return the published changes of one model."""
    return join_arrays(_changes(side))


@cached_per_side
def _changes(side: Side) -> bytes:
    return array_items([change_json(change) for change in history.published_changes(side)])


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
        "conditions": {"a": row.a and _conditions(row.a), "b": row.b and _conditions(row.b)},
    }


def _conditions(score: DisplayFact) -> Json:
    fact = score.fact
    conditions = {name: fact.qualifier.get(name) for name in ("version", "mode", "harness", "reporter")}
    return {**conditions, "date": fact.published_on, "unit": fact.unit}
