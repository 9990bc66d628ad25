"""The audit of choices: what the cards show against every claim that stands, by other code than chose it.

A1 the developer's own current claim is not overruled; A2 nothing is shown that its page stopped saying while another
page says otherwise; A3 nothing old is shown beside something fresh that differs; A4 nothing retired is sold; A5 no held
value is shown; A6 a month stays a month; A7 conflicts name the listing, and call own only what is the owner's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from cardwatch.auditing.choice_terms import belongs_to, is_plan, is_within_limit
from cardwatch.auditing.findings import Difference, Violation, make_violation
from cardwatch.db.query.cards import DERIVED, Fact, ModelCard
from cardwatch.db.query.reports import Conflict, Hold
from cardwatch.db.query.stated_claims import StatedClaim
from cardwatch.db.store.values import encode_qualifier, encode_value, provider_of, variant_of
from cardwatch.normalize.attributes import get_attribute
from cardwatch.normalize.providers import developer_of

Key = tuple[str, str, str, str]
"""Model, offer, attribute, qualifier."""


def audit_choices(
    cards: Iterable[ModelCard], claims: Iterable[StatedClaim], holds: Iterable[Hold], today: date
) -> Iterator[Violation]:
    """Yield every choice that breaks A1 to A6."""
    stated = {key: list(found) for key, found in groupby(claims, key=lambda claim: claim[:4])}
    held = {(hold.model, hold.offer or "", hold.attribute, encode_value(hold.new)) for hold in holds}
    for card in cards:
        yield from named_violations(card.id, "A4", _sold_though_retired(card, today))
        for key, fact in shown_facts(card):
            claims_of_fact = stated.get(key, [])
            value = encode_value(fact.value)
            yield from named_violations(card.id, "A1", _overruled(key, fact, claims_of_fact, today))
            if value is None or fact.rule == DERIVED:
                continue
            yield from named_violations(card.id, "A2", _said_once(key, value, claims_of_fact))
            yield from named_violations(card.id, "A3", _old_beside_fresh(key, value, claims_of_fact, today))
            if (*key[:3], value) in held and all(claim.value != value for claim in claims_of_fact):
                yield from named_violations(
                    card.id, "A5", [Difference(place_of(key), "no held value", value)]
                )
            if get_attribute(key[2]).type == "date" and value not in {
                claim.value for claim in claims_of_fact
            }:
                yield from named_violations(
                    card.id, "A6", [Difference(place_of(key), "a date as stated", value)]
                )


def audit_conflicts(conflicts: Iterable[Conflict]) -> Iterator[Violation]:
    """Yield the conflicts that do not name a listing, or call somebody's own what is another's (A7)."""
    for found in conflicts:
        owner = found.provider or developer_of(found.model)
        for value in found.values:
            provider = provider_of(value.via)
            own = not provider or belongs_to(provider, owner)
            wrong = not value.listing or (
                "own" in value.listing.split() and not own and value.authority == "aggregator"
            )
            if wrong:
                place = f"{found.offer or ''} {found.attribute}".strip()
                wanted = f"the listing of {provider or value.source}"
                yield from named_violations(found.model, "A7", [Difference(place, wanted, value.listing)])


def shown_facts(card: ModelCard) -> Iterator[tuple[Key, Fact]]:
    """Yield every fact of a card under what it is about."""
    for fact in (*card.facts.values(), *card.benchmarks):
        yield (card.id, "", fact.attribute, encode_qualifier(fact.qualifier)), fact
    for offer in card.offers:
        for fact in (*offer.facts.values(), *offer.tiers):
            yield (card.id, offer.key, fact.attribute, encode_qualifier(fact.qualifier)), fact


def _overruled(key: Key, fact: Fact, claims: Sequence[StatedClaim], today: date) -> Iterator[Difference]:
    """Yield where all that the owner says now, and a person does not overrule, differs from what is shown."""
    own = [claim for claim in claims if _is_own(claim) and claim.still and _is_fresh(claim, today)]
    values = {claim.value for claim in own}
    if fact.rule == DERIVED or len(values) != 1 or any(claim.authority == "review" for claim in claims):
        return
    (wanted,) = values
    shown = encode_value(fact.value)
    if shown is None or not _agree(key[2], wanted, shown):
        yield Difference(place_of(key), wanted, shown or fact.state)


def _is_own(claim: StatedClaim) -> bool:
    """Say whether the owner of a fact says it on a page or API of its own, of the plain model or offer."""
    if claim.offer:
        return claim.authority in ("first_party", "provider_api")
    by_maker = claim.authority == "first_party" or (
        claim.authority == "provider_api" and belongs_to(claim.provider, developer_of(claim.model))
    )
    return by_maker and ";" not in claim.via


def _said_once(key: Key, value: str, claims: Sequence[StatedClaim]) -> Iterator[Difference]:
    near = _as_near(value, claims)
    still = [claim for claim in near if claim.still]
    if still and not any(_agree(key[2], claim.value, value) for claim in still):
        yield Difference(place_of(key), f"what is still said: {still[0].value}", value)


def _old_beside_fresh(
    key: Key, value: str, claims: Sequence[StatedClaim], today: date
) -> Iterator[Difference]:
    near = [claim for claim in _as_near(value, claims) if claim.still]
    fresh = [claim for claim in near if _is_fresh(claim, today)]
    if fresh and not any(_agree(key[2], claim.value, value) for claim in fresh):
        yield Difference(place_of(key), f"what is fresh: {fresh[0].value}", value)


def _as_near(value: str, claims: Sequence[StatedClaim]) -> list[StatedClaim]:
    """Return the claims of listings that are as near to the subject as the nearest that says `value`."""
    nearest = min((_distance(claim) for claim in claims if claim.value == value), default=0)
    return [claim for claim in claims if _distance(claim) <= nearest]


def _distance(claim: StatedClaim) -> int:
    """Return 0 for what the owner's listings and people say, 1 for other listings, 2 for a plan or a variant of one."""
    own = claim.provider and belongs_to(claim.provider, developer_of(claim.model))
    variant = [part for part in variant_of(claim.via) if not (own and part.startswith("snapshot="))]
    if claim.offer or claim.authority in ("review", "curated", "first_party"):
        return 0
    return 2 if variant or is_plan(claim.provider) else 0 if own else 1


def _is_fresh(claim: StatedClaim, today: date) -> bool:
    return is_within_limit(claim.attribute, claim.authority, claim.last_verified, today)


def _agree(attribute: str, one: str, other: str) -> bool:
    kind = get_attribute(attribute).type
    if kind == "date":
        return one.startswith(other) or other.startswith(one)
    return kind == "text" or one == other


def _sold_though_retired(card: ModelCard, today: date) -> Iterator[Difference]:
    state = card.facts.get("lifecycle")
    retired = state is not None and state.value == "retired"
    for offer in card.offers:
        end = offer.facts.get("shutdown_date")
        over = end is not None and len(str(end.value)) == len("YYYY-MM-DD") and str(end.value) <= str(today)
        if offer.listed and (retired or over):
            yield Difference(offer.key, "no offer after its end", "listed")


def place_of(key: Sequence[str]) -> str:
    """Return a fact's place on a card in words: its offer, attribute and condition."""
    return " ".join(part for part in key[1:] if part)


def named_violations(model: str, check: str, found: Iterable[Difference]) -> Iterator[Violation]:
    """Yield differences as violations of a check by what the catalog says of a model."""
    for difference in found:
        yield make_violation(check, model, "catalog", difference)


CHOICE_CHECKS: Mapping[str, str] = {
    "A1": "the developer's own current claim is not overruled",
    "A2": "nothing is shown that its page stopped saying while another says otherwise",
    "A3": "nothing old is shown beside something fresh that differs",
    "A4": "nothing retired is sold",
    "A5": "no held value is shown",
    "A6": "a month stays a month",
    "A7": "conflicts name the listing",
    "A8": "a review date is the same on every surface",
    "A9": "stale report, pages and views agree on levels and counts",
}
