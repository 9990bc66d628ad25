"""What the shapes of published price lists have in common.

Only what is known is written, never guessed. Prices go out as JSON numbers, as the lists have them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from cardwatch.db.query.cards import Fact, ModelCard, Offer
from cardwatch.db.store.default_offer import is_default_offer
from cardwatch.site.data_files import known_value
from cardwatch.site.places import model_part

Json = dict[str, Any]
Cards = Mapping[str, ModelCard]


def is_plain_offer(offer: Offer) -> bool:
    """Say whether an offer is listed and its provider's default one, or the free one."""
    return offer.listed and is_default_offer(offer.tier, offer.region, offer.mode, or_free=True)


def provider_model_name(card: ModelCard, offer: Offer) -> str:
    """Return what the provider calls the model; the model part of our id if its list has only meters."""
    printed = offer.provider_model
    return printed if printed and " " not in printed else model_part(card.id)


def json_number(usd: Decimal) -> float | int:
    """Return a price as the JSON number that prints shortest."""
    return int(usd) if usd == usd.to_integral_value() else float(usd)


def token_limits(card: ModelCard, offer: Offer, **names: str) -> Json:
    """Return the limits of the route, else the model's, under the given names."""
    found = (
        (theirs, known_value(offer.facts, ours) or known_value(card.facts, ours))
        for theirs, ours in names.items()
    )
    return {theirs: limit for theirs, limit in found if limit is not None}


def long_prompt_prices(offer: Offer) -> Iterator[tuple[int, Fact]]:
    """Yield the prices that hold above a prompt length alone, with that length in tokens."""
    for fact in offer.tiers:
        above = fact.qualifier.get("context_above", "")
        if fact.state == "known" and above.isdecimal() and len(fact.qualifier) == 1:
            yield int(above), fact
