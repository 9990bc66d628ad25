"""What each tool answers. Every value stands with its source, its URL, its review date and what is held beside it.

An answer is plain JSON: prices are decimal strings in the stated unit, unknown is None with a reason, never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import orjson

from cardwatch.app import App
from cardwatch.compare.offers import listed_offer_name
from cardwatch.compare.render.comparison_json import to_json
from cardwatch.compare.render.record_json import change_json, conflict_json, fact_json, offer_identity_json
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.query.cards import Change, Fact, ModelCard, Offer
from cardwatch.db.query.lifecycle import is_known, last_day
from cardwatch.db.query.reports import Hold
from cardwatch.db.query.snapshot import parse_as_of
from cardwatch.db.staleness.stale_facts import StaleFact
from cardwatch.errors import UsageError
from cardwatch.freshness_budget import build_stale_report
from cardwatch.json_output import stale_row_json
from cardwatch.run.comparison_stage import compare_on_demand

Answer = dict[str, Any]
END_DATES = ("deprecation_date", "shutdown_date")
TOKENS_OF_PRICE = 1_000_000
MTOK_UNIT = "usd_per_mtok"


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
    told = [card.facts[key] for key in ("name", "vendor", "lifecycle") if key in card.facts]
    return {
        **_model_answer(card),
        "aliases": list(card.aliases),
        "facts": [fact_answer(fact) for fact in told],
    }


def _model_answer(card: ModelCard) -> Answer:
    return {"model": card.id, "name": card.name, "vendor": card.vendor}


def describe_model(app: App, model: str, on: str | None) -> Answer:
    """Return a model's card, now or as it was published at the end of a day."""
    with app.reading() as catalog:
        card = _card_on(catalog, model, on)
        conflicts = catalog.conflicts(model=card.id) if on is None else []
    return {
        **_model_answer(card),
        "on": on,
        "aliases": list(card.aliases),
        "facts": [fact_answer(fact) for _, fact in sorted(card.facts.items())],
        "benchmarks": [fact_answer(fact) for fact in card.benchmarks],
        "offers": [_offer_answer(offer) for offer in card.offers],
        "conflicts": [conflict_json(conflict) for conflict in conflicts],
    }


def _card_on(catalog: CatalogReports, model: str, on: str | None) -> ModelCard:
    return catalog.card(catalog.find(model)) if on is None else catalog.as_of(_moment(on)).card(model)


def _moment(text: str) -> str:
    try:
        return parse_as_of(text)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _offer_answer(offer: Offer, keep: Callable[[str], bool] = lambda attribute: True) -> Answer:
    """Return an offer with the facts whose attribute is kept."""
    facts = [fact for _, fact in sorted(offer.facts.items())] + [*offer.tiers]
    told = [fact_answer(fact) for fact in facts if keep(fact.attribute)]
    return {**offer_identity_json(offer, listed_offer_name(offer)), "facts": told}


def price_on_date(app: App, model: str, on: str, provider: str | None) -> Answer:
    """Return the prices of a model's offers as they were published at the end of a day."""
    with app.reading() as catalog:
        card = _card_on(catalog, model, on)
    offers = [_offer_answer(offer, _is_price) for offer in _offers_of(card, provider)]
    return {**_model_answer(card), "on": on, "offers": offers}


def _is_price(attribute: str) -> bool:
    return attribute.endswith("_price")


def _offers_of(card: ModelCard, provider: str | None) -> Sequence[Offer]:
    """Return the listed offers of a provider, or of all. Raises UsageError when it has none."""
    listed = [offer for offer in card.offers if offer.listed]
    if provider is None:
        return listed
    found = [one for one in listed if provider.casefold() in (one.provider, one.provider_name.casefold())]
    if not found:
        there = ", ".join(sorted({offer.provider for offer in listed})) or "nobody"
        raise UsageError(f"{card.id}: wanted an offer of {provider}, found {there}")
    return found


def calculate_cost(
    app: App, model: str, amounts: Mapping[str, int], on: str | None, provider: str | None
) -> Answer:
    """Return what so many tokens (by price name) cost at each offer; an offer with an unknown price has none."""
    if min(amounts.values()) < 0 or not any(amounts.values()):
        raise UsageError(f"tokens: wanted numbers from 0 up and one above, found {dict(amounts)}")
    with app.reading() as catalog:
        card = _card_on(catalog, model, on)
    needed = {name: tokens for name, tokens in amounts.items() if tokens}
    return {
        **_model_answer(card),
        "on": on,
        "tokens": needed,
        "costs": [_offer_cost(offer, needed) for offer in _offers_of(card, provider)],
    }


def _offer_cost(offer: Offer, tokens: Mapping[str, int]) -> Answer:
    """Return an offer's prices and their sum; `usd` is None, with a reason, unless every needed price is known."""
    missing = [name for name in tokens if not _is_certain(offer.facts.get(name))]
    usd = None if missing else _sum_prices(offer, tokens)
    return {
        **_offer_answer(offer, _is_price),
        "usd": None if usd is None else f"{usd.normalize():f}",
        "reason": f"unknown or held: {', '.join(missing)}" if missing else None,
    }


def _is_certain(fact: Fact | None) -> bool:
    """Say whether a cost may be worked out from a price: known, per million tokens, nothing held beside it."""
    return is_known(fact) and fact.unit == MTOK_UNIT and fact.held is None


def _sum_prices(offer: Offer, tokens: Mapping[str, int]) -> Decimal:
    prices = {name: offer.price(name) or Decimal(0) for name in tokens}
    return sum((prices[name] * count / TOKENS_OF_PRICE for name, count in tokens.items()), Decimal(0))


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
        held = {(hold.model, hold.offer, hold.attribute): hold for hold in catalog.holds()}
        found = [one for one in catalog.changes(since=_moment(since)) if wanted in (None, one.model)]
    rows = (_change_answer(one, held.get((one.model, one.offer, one.attribute))) for one in reversed(found))
    return _limited("changes", rows, len(found), limit)


def _change_answer(change: Change, hold: Hold | None) -> Answer:
    reviewed_on = (change.published_at or change.at)[:10]
    return {**change_json(change), "reviewed_on": reviewed_on, "held": hold and asdict(hold)}


def _limited(name: str, rows: Iterable[Answer], total: int, limit: int) -> Answer:
    if limit < 1:
        raise UsageError(f"limit: wanted a number from 1 up, found {limit}")
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
