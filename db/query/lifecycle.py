"""How far a model is in its life on a day: from stated ends and from who lists it, without a visit."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeGuard

from cardwatch.db.query.cards import Change, Fact, Offer
from cardwatch.db.store.speakers import is_own_provider
from cardwatch.normalize.providers import PROVIDERS, developer_of

RETIRED, DEPRECATED, ACTIVE = "retired", "deprecated", "active"
_ENDS = (("deprecation_date", DEPRECATED, ACTIVE), ("shutdown_date", RETIRED, DEPRECATED))
"""Dates that change the state, the new state and the one before."""
_EVIDENCE_ORDER = ("availability", "input_price", "output_price", "context_window", "name")


def derive_lifecycle(model: str, facts: Mapping[str, Fact], offers: Sequence[Offer], day: str) -> Fact | None:
    """Return the lifecycle of a model on a day, with the fact it follows from as evidence.

    A stated shutdown day that has come makes it retired; one to come, or a deprecation day that has come,
    deprecated; else what is stated; else it is active while its developer lists it.
    """
    stated, end = facts.get("lifecycle"), facts.get("shutdown_date")
    if has_come(end, day):
        return _follows(end, RETIRED, f"the shutdown day {end.value} has come")
    if is_known(stated) and stated.value == RETIRED and not is_known(end):
        return stated
    if is_known(end):
        return _follows(end, DEPRECATED, f"its shutdown is announced for {end.value}")
    if has_come(declared := facts.get("deprecation_date"), day):
        return _follows(declared, DEPRECATED, f"the deprecation day {declared.value} has come")
    if stated is not None:
        return stated
    return _listed_as_current(model, facts, offers)


def state_by_dates(
    stated: str | None, deprecated_on: str | None, shut_down_on: str | None, day: str
) -> str | None:
    """Return the state that what is stated of a model gives it on a day; None where nothing does."""
    if stated == RETIRED and not shut_down_on:
        return RETIRED
    if shut_down_on:
        return RETIRED if last_day(shut_down_on) <= day else DEPRECATED
    return DEPRECATED if deprecated_on and last_day(deprecated_on) <= day else stated


def lists_as_current(model: str, providers: Iterable[str]) -> bool:
    """Say whether a listing of these providers shows a model as current; anyone's where its developer sells none."""
    developer = developer_of(model)
    return any(is_own_provider(developer, name) or not sells_models(developer) for name in providers)


def sells_models(developer: str) -> bool:
    """Say whether a developer is itself among the providers."""
    return any(is_own_provider(developer, provider) for provider in PROVIDERS)


def is_known(fact: Fact | None) -> TypeGuard[Fact]:
    """Say whether there is a fact with a value."""
    return fact is not None and fact.state == "known"


def has_come(fact: Fact | None, day: str) -> TypeGuard[Fact]:
    """Say whether the day a fact gives is over or is `day`; a month has come on its last day."""
    return is_known(fact) and last_day(str(fact.value)) <= day


def last_day(text: str) -> str:
    """Return the last day that a date of any precision may mean.

    >>> last_day("2026-02"), last_day("2025"), last_day("2025-04-14")
    ('2026-02-28', '2025-12-31', '2025-04-14')
    """
    parts = [int(part) for part in text.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    day = parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1]
    return date(year, month, day).isoformat()


def _follows(origin: Fact, value: str, why: str) -> Fact:
    return replace(
        origin,
        attribute="lifecycle",
        value=value,
        state="known",
        reason=None,
        why=why,
        rule="derived",
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


def ended_offer(offer: Offer, day: str, *, retired: bool) -> Offer:
    """Return an offer that counts for nothing once its own end day has come, or its model is retired."""
    over = retired or has_come(offer.facts.get("shutdown_date"), day)
    return replace(offer, listed=False) if over and offer.listed else offer


def lifecycle_changes(
    model: str, facts: Mapping[str, Fact], offers: Iterable[Offer], day: str
) -> list[Change]:
    """Return the changes of state that the calendar made, each on its day."""
    found = []
    subjects: list[tuple[Offer | None, Mapping[str, Fact]]] = [(None, facts)]
    subjects += [(offer, offer.facts) for offer in offers]
    for offer, its in subjects:
        for name, new, old in _ENDS:
            if has_come(fact := its.get(name), day):
                found.append(
                    Change(
                        f"{last_day(str(fact.value))}T00:00:00Z", model, offer.provider if offer else None,
                        offer.key if offer else None, "lifecycle", old, new,
                        fact.evidence[0].source, fact.evidence[0].url,
                    )
                )  # fmt: skip
    return found
