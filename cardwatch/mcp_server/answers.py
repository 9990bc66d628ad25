"""What each tool answers. Every value stands with its source, its URL, its review date and what is held beside it.

An answer is plain JSON: prices are decimal strings in the stated unit, unknown is None with a reason, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, NamedTuple

import orjson
from msgspec import to_builtins

from cardwatch.app import App
from cardwatch.compare.offers import listed_offer_name
from cardwatch.compare.render.comparison_json import to_json
from cardwatch.compare.render.record_json import change_json, conflict_json, fact_json, offer_identity_json
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.query.cards import Change, Fact, ModelCard, Offer
from cardwatch.db.query.dated_prices import Cost, OfferOnDate
from cardwatch.db.query.lifecycle import is_known
from cardwatch.db.query.reports import Hold
from cardwatch.db.query.snapshot import parse_as_of
from cardwatch.db.staleness.stale_facts import StaleFact
from cardwatch.db.store.lifecycle_rules import last_day
from cardwatch.errors import UsageError
from cardwatch.freshness_budget import build_stale_report
from cardwatch.json_output import dated_cost_json, offer_on_date_json, price_on_date_json, stale_row_json
from cardwatch.normalize.providers import provider_id
from cardwatch.run.comparison_stage import compare_on_demand

Answer = dict[str, Any]
END_DATES = ("deprecation_date", "shutdown_date")


def fact_answer(fact: Fact) -> Answer:
    """Return a fact with where it was read, when somebody last looked, and what is held beside it.

    No id: an answer names its facts by attribute.
    """
    answer = fact_json(fact, "")
    del answer["id"]
    return answer


def resolve_name(app: App, name: str) -> Answer:
    """Return the model people call `name`, with the facts that say what it is."""
    with app.reading() as catalog:
        card = catalog.card(catalog.find(name))
    facts = [card.facts[key] for key in ("name", "vendor", "lifecycle") if key in card.facts]
    return {
        **_model_answer(card),
        "aliases": list(card.aliases),
        "facts": [fact_answer(fact) for fact in facts],
    }


def _model_answer(card: ModelCard) -> Answer:
    return {"model": card.id, "name": card.name, "vendor": card.vendor}


def describe_model(app: App, model: str, on: str | None, limit: int) -> Answer:
    """Return a model's card, now or as it was published at the end of a day, with `limit` of its offers.

    Those without a condition such as a region come first, withdrawn ones last.
    """
    _require_limit(limit)
    with app.reading() as catalog:
        card = _card_on(catalog, model, on)
        conflicts = catalog.conflicts(model=card.id) if on is None else []
    return {
        **_model_answer(card),
        "on": on,
        "aliases": list(card.aliases),
        "facts": [fact_answer(fact) for _, fact in sorted(card.facts.items())],
        "benchmarks": [fact_answer(fact) for fact in card.benchmarks],
        "offers_total": len(card.offers),
        "offers": [_offer_answer(offer) for offer in sorted(card.offers, key=_plain_first)[:limit]],
        "conflicts": [conflict_json(conflict) for conflict in conflicts],
    }


def _plain_first(offer: Offer) -> tuple[bool, int, str]:
    return not offer.listed, offer.key.count(";"), offer.key


def _card_on(catalog: CatalogReports, model: str, on: str | None) -> ModelCard:
    return catalog.card(catalog.find(model)) if on is None else catalog.as_of(_moment(on)).card(model)


def _moment(text: str) -> str:
    try:
        return parse_as_of(text)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _offer_answer(offer: Offer) -> Answer:
    facts = [fact for _, fact in sorted(offer.facts.items())] + [*offer.tiers]
    answers = [fact_answer(fact) for fact in facts]
    return {**offer_identity_json(offer, listed_offer_name(offer)), "facts": answers}


def price_on_date(app: App, model: str, on: str, provider: str | None) -> Answer:
    """Return what a model's offers cost on a day, each price between the looks that prove it."""
    with app.reading() as catalog:
        card = catalog.card(catalog.find(model))
        found = _offers_of(card, catalog.offers_on(card.id, _moment(on)), provider)
        held = _holds_by_fact(catalog)
    offers = [{**offer_on_date_json(one), "prices": _price_answers(card.id, one, held)} for one in found]
    return {**_model_answer(card), "on": on, "offers": offers}


Holds = Mapping[tuple[str | None, str | None, str], Hold]


def _holds_by_fact(catalog: CatalogReports) -> Holds:
    return {(hold.model, hold.offer, hold.attribute): hold for hold in catalog.holds()}


def _offers_of(card: ModelCard, offers: Sequence[OfferOnDate], provider: str | None) -> Sequence[OfferOnDate]:
    """Return the offers of a provider, by its id or name, or all. Raises UsageError when it has none."""
    if provider is None:
        return offers
    wanted = provider_id("", provider) or provider
    found = [one for one in offers if one.provider == wanted]
    if not found:
        there = ", ".join(sorted({offer.provider for offer in offers})) or "nobody"
        raise UsageError(f"{card.id}: wanted an offer of {provider}, found {there}")
    return found


def _price_answers(model: str, priced: OfferOnDate | Cost, held: Holds) -> list[Answer]:
    """Return each price with the day its source was last found to say so, and what is held beside it."""
    return [
        {
            "attribute": name,
            **price_on_date_json(price),
            "reviewed_on": max((one.reviewed_on for one in price.evidence), default=None),
            "held": (hold := held.get((model, priced.offer, name))) and to_builtins(hold),
        }
        for name, price in (priced.prices or {}).items()
    ]


class TokenAmounts(NamedTuple):
    """Tokens of each kind, as `Catalog.cost` takes them."""

    input: int
    output: int
    cache_read: int
    cache_write: int


def calculate_cost(
    app: App, model: str, amounts: TokenAmounts, on: str | None, provider: str | None
) -> Answer:
    """Return what so many tokens cost at each provider's plain offer on a day, today if none is given."""
    if min(amounts) < 0 or not any(amounts):
        raise UsageError(f"tokens: wanted numbers from 0 up and one above, found {amounts._asdict()}")
    with app.reading() as catalog:
        card = catalog.card(catalog.find(model))
        day = _moment(on) if on else catalog.now[:10]
        found = _offers_of(card, catalog.offers_on(card.id, day), provider)
        providers = dict.fromkeys(offer.provider for offer in found)
        costs = [catalog.cost(card.id, provider=one, on=day, **amounts._asdict()) for one in providers]
        held = _holds_by_fact(catalog)
    costs_found = [{**dated_cost_json(cost), "prices": _price_answers(card.id, cost, held)} for cost in costs]
    return {**_model_answer(card), "on": day, "tokens": amounts._asdict(), "costs": costs_found}


def compare_two_models(app: App, a: str, b: str) -> Answer:
    """Return what a comparison says: verdict, statements, cost, and the facts that they name."""
    comparison, stamp = compare_on_demand(app, a, b)
    made = orjson.loads(to_json(comparison, stamp))
    named = {id_ for claim in made["claims"] for id_ in claim["facts"]}
    shown = [fact for side in comparison.sides for fact in side.all_facts if fact.id in named]
    return {
        **{key: made[key] for key in ("models", "verdict", "claims", "cost", "reviewed_on", "freshness")},
        "facts": [{**fact_answer(one.fact), "id": one.id} for one in shown],
    }


def list_changes(app: App, since: str, model: str | None, limit: int) -> Answer:
    """Return published changes from a day on, the newest first."""
    with app.reading() as catalog:
        wanted = catalog.find(model) if model else None
        held = _holds_by_fact(catalog)
        found = [one for one in catalog.changes(since=_moment(since)) if wanted in (None, one.model)]
    rows = (_change_answer(one, held.get((one.model, one.offer, one.attribute))) for one in reversed(found))
    return _limited("changes", rows, len(found), limit)


def _change_answer(change: Change, hold: Hold | None) -> Answer:
    reviewed_on = (change.published_at or change.at)[:10]
    return {**change_json(change), "reviewed_on": reviewed_on, "held": hold and to_builtins(hold)}


def _require_limit(limit: int) -> None:
    if limit < 1:
        raise UsageError(f"limit: wanted a number from 1 up, found {limit}")


def _limited(name: str, rows: Iterable[Answer], total: int, limit: int) -> Answer:
    _require_limit(limit)
    return {"total": total, name: list(islice(rows, limit))}


def list_endings(app: App, days: int, limit: int) -> Answer:
    """Return the models and offers whose deprecation or shutdown day is today or in the next `days`, soonest first."""
    if not 0 <= days <= 3650:
        raise UsageError(f"days: wanted a number from 0 to 3650, found {days}")
    today = app.now().date()
    with app.reading() as catalog:
        cards = [*catalog.outlines(END_DATES)]
    found = sorted(
        (_last_day_of(fact), card.id, fact.offer or "", fact.attribute, fact_answer(fact))
        for card in cards
        for fact in _end_facts(card)
        if today <= date.fromisoformat(_last_day_of(fact)) <= today + timedelta(days=days)
    )
    rows = ({"ends_on": day, **fact} for day, model, offer, _, fact in found)
    return _limited("endings", rows, len(found), limit)


def _last_day_of(fact: Fact) -> str:
    return last_day(str(fact.value))


def _end_facts(card: ModelCard) -> Iterator[Fact]:
    """Yield the known end dates of a model and of its listed offers."""
    for facts in (card.facts, *(offer.facts for offer in card.offers if offer.listed)):
        yield from (fact for name in END_DATES if is_known(fact := facts.get(name)))


def list_stale_facts(app: App, model: str | None, limit: int) -> Answer:
    """Return the facts that nobody looked at within their limit, the oldest first, each with its present value."""
    with app.reading() as catalog:
        wanted = catalog.find(model) if model else None
        rows = [row for row in build_stale_report(app, catalog).rows if wanted in (None, row.model)]
        shown = sorted(rows, key=lambda row: (row.last_verified, row.model, row.offer or ""))[: max(limit, 0)]
        facts = {
            key: fact for card in catalog.cards({row.model for row in shown}) for key, fact in _facts_of(card)
        }
    return _limited("stale", (_stale_answer(row, facts) for row in shown), len(rows), limit)


def _facts_of(card: ModelCard) -> Iterator[tuple[tuple[str, str, str], Fact]]:
    """Yield every fact of a card by model, offer and attribute; one with a condition only where there is no plain one."""
    for offer in card.offers:
        for fact in (*offer.tiers, *offer.facts.values()):
            yield (card.id, offer.key, fact.attribute), fact
    for fact in (*card.benchmarks, *card.facts.values()):
        yield (card.id, "", fact.attribute), fact


def _stale_answer(row: StaleFact, facts: Mapping[tuple[str, str, str], Fact]) -> Answer:
    fact = facts.get((row.model, row.offer or "", row.attribute))
    return {**stale_row_json(row), "fact": fact_answer(fact) if fact else None}
