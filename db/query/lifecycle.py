"""How far a model is in its life on a day, with the fact it follows from as evidence: without a visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TypeGuard

from msgspec.structs import replace

from cardwatch.db.query.cards import DERIVED, Change, Fact, Offer
from cardwatch.db.store.lifecycle_rules import (
    ACTIVE,
    END_DATES,
    LifecycleRuleId,
    StatedLife,
    has_come,
    last_day,
    lifecycle_rule,
)
from cardwatch.db.store.speakers import is_own_provider
from cardwatch.normalize.providers import PROVIDERS, developer_of

_EVIDENCE_ORDER = ("availability", "input_price", "output_price", "context_window", "name")
_WHY: Mapping[LifecycleRuleId, str] = {
    "shut_down": "the shutdown day {} has come",
    "shutdown_announced": "its shutdown is announced for {}",
    "deprecation_day": "the deprecation day {} has come",
}


def derive_lifecycle(model: str, facts: Mapping[str, Fact], offers: Sequence[Offer], day: str) -> Fact | None:
    """Return the lifecycle of a model on a day, by the rules of db.store.lifecycle_rules."""
    stated = facts.get("lifecycle")
    if stated is not None and stated.unheard:
        stated = None
    listed = _listed_as_current(model, facts, offers)
    life = StatedLife(
        _word(stated),
        _word(facts.get("deprecation_date")),
        _word(facts.get("shutdown_date")),
        disputed=stated is not None,
        listed=listed is not None,
    )
    rule = lifecycle_rule(life, day)
    if rule is None or rule.state is None:
        return stated
    origin = facts.get(rule.origin)
    return listed if origin is None else _follows(origin, rule.state, _WHY[rule.id].format(origin.value))


def _word(fact: Fact | None) -> str | None:
    return str(fact.value) if is_known(fact) else None


def lists_as_current(model: str, providers: Iterable[str]) -> bool:
    """Say whether a listing of these providers shows a model as current; anyone's where its developer sells none."""
    developer = developer_of(model)
    return any(is_own_provider(developer, name) or not sells_models(developer) for name in providers)


@cache
def sells_models(developer: str) -> bool:
    """Say whether a developer is itself among the providers."""
    return any(is_own_provider(developer, provider) for provider in PROVIDERS)


def is_known(fact: Fact | None) -> TypeGuard[Fact]:
    """Say whether there is a fact with a value."""
    return fact is not None and fact.state == "known"


def _follows(origin: Fact, value: str, why: str) -> Fact:
    return replace(
        origin,
        attribute="lifecycle",
        value=value,
        state="known",
        reason=None,
        why=why,
        rule=DERIVED,
        others=(),
    )


def _listed_as_current(model: str, facts: Mapping[str, Fact], offers: Sequence[Offer]) -> Fact | None:
    """Return that a model is active, from its developer's listing; from any where its developer sells none."""
    developer = developer_of(model)
    sells = sells_models(developer)
    for offer in offers:
        own = is_own_provider(developer, offer.provider)
        if offer.listed and (own or not sells) and (shown := _evident(offer.facts)):
            whose = "its developer" if own else offer.provider_name
            why = f"{whose} lists it"
            return replace(_follows(shown, ACTIVE, why), unit="", offer=None, scope="model", qualifier={})
    own_facts = {
        name: fact for name, fact in facts.items() if fact.authority in ("first_party", "provider_api")
    }
    shown = (
        _evident(own_facts) if any(fact.authority == "first_party" for fact in own_facts.values()) else None
    )
    return _follows(shown, ACTIVE, "its developer's own page has it") if shown else None


def _evident(facts: Mapping[str, Fact]) -> Fact | None:
    """Return the fact whose evidence shows best that somebody lists something."""
    known = {name: fact for name, fact in facts.items() if fact.evidence}
    return next((known[name] for name in (*_EVIDENCE_ORDER, *sorted(known)) if name in known), None)


def end_offer(offer: Offer) -> Offer:
    """Return an offer that counts for nothing any more."""
    return replace(offer, listed=False) if offer.listed else offer


def is_over(offer: Offer, day: str) -> bool:
    """Say whether an offer's own end day has come."""
    return has_come(_word(offer.facts.get("shutdown_date")), day)


def lifecycle_changes(
    model: str, facts: Mapping[str, Fact], offers: Iterable[Offer], day: str
) -> list[Change]:
    """Return the changes of state that the calendar made, each on its day."""
    subjects: list[tuple[Offer | None, Mapping[str, Fact]]] = [(None, facts)]
    subjects += [(offer, offer.facts) for offer in offers]
    return [
        calendar_change(
            model, offer.provider if offer else None, offer.key if offer else None, name, str(fact.value),
            fact.evidence[0].source, fact.evidence[0].url,
        )
        for offer, its in subjects
        for name in END_DATES
        if is_known(fact := its.get(name)) and has_come(str(fact.value), day)
    ]  # fmt: skip


def calendar_change(
    model: str, provider: str | None, offer: str | None, attribute: str, ends_on: str, source: str, url: str
) -> Change:  # fmt: skip
    """Return the change of state that the day of an end date makes."""
    old, new = END_DATES[attribute]
    at = f"{last_day(ends_on)}T00:00:00Z"
    return Change(
        at, model, provider, offer, "lifecycle", old, new, source, url, kind="lifecycle", published_at=at, stated=True
    )  # fmt: skip
