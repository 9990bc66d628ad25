"""What a model is sold as, where no source says so: from what it returns, what it bills and what it is called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from cardwatch.db.query.cards import DERIVED, Fact, Offer
from cardwatch.db.store.speakers import is_own_provider
from cardwatch.normalize.product_words import named_product_type
from cardwatch.normalize.providers import developer_of

_SIZE = re.compile(r"(?<![a-z0-9.])\d+(\.\d+)?b(?![a-z0-9])")
_RETURNED: tuple[tuple[str, str], ...] = (
    ("embedding", "embedding model"), ("score", "reranker model"), ("video", "video model"),
    ("image", "image model"), ("audio", "audio model"),
)  # fmt: skip
_BILLED: tuple[tuple[str, str], ...] = (
    ("character_price", "audio model"), ("hour_price", "audio model"), ("image_price", "image model"),
    ("second_price", "video model"),
)  # fmt: skip
UNUSUAL = "other"
"""What a source states of a model that is none of the usual types: anything that tells more goes before it."""
TYPE_ATTRIBUTES = (
    "product_type", "modality.output", "openness", "input_price", "output_price", *(name for name, _ in _BILLED),
)  # fmt: skip
"""What decides it; any other fact only shows where the model stands."""


def derive_product_type(
    model: str, facts: Mapping[str, Fact], offers: Sequence[Offer], scores: Sequence[Fact] = ()
) -> Fact | None:
    """Return what a model is sold as, with the fact or the name it follows from; None if nothing tells.

    A stated type stands, except the source's "other", which says only that it is none of the usual ones.
    """
    stated = facts.get("product_type")
    if stated is not None and stated.state == "known" and stated.value != UNUSUAL:
        return stated
    made = (
        _from_output(facts)
        or _from_name(model, facts, offers)
        or _from_openness(facts)
        or _from_prices(offers)
        or _from_listing(facts, offers)
        or _from_size(model, facts, scores)
    )
    return made or stated


def _from_output(facts: Mapping[str, Fact]) -> Fact | None:
    returned = facts.get("modality.output")
    if returned is None or not isinstance(returned.value, tuple) or "text" in returned.value:
        return None
    for word, kind in _RETURNED:
        if word in returned.value:
            return _derived(returned, kind, f"it returns {', '.join(returned.value)}")
    return None


def _from_name(model: str, facts: Mapping[str, Fact], offers: Sequence[Offer]) -> Fact | None:
    named = named_product_type(model.partition("/")[2])
    origin = _any_fact(facts, offers)
    return _derived(origin, named[0], f"its name says {named[1]}") if named and origin else None


def _from_openness(facts: Mapping[str, Fact]) -> Fact | None:
    openness = facts.get("openness")
    if openness is None or openness.value not in ("open weights", "open source"):
        return None
    return _derived(openness, "open-weights model", f"it is {openness.value}")


def _from_prices(offers: Sequence[Offer]) -> Fact | None:
    offers = sorted(offers, key=lambda offer: not is_own_provider(developer_of(offer.model), offer.provider))
    for offer in offers:
        prices = (offer.facts.get(name) for name in ("output_price", "input_price"))
        if priced := next((price for price in prices if price and _is_asked(price)), None):
            return _derived(priced, "standalone API model", f"{offer.provider_name} bills tokens for it")
    for offer in offers:
        for name, kind in _BILLED:
            if (priced := offer.facts.get(name)) is not None and _is_asked(priced):
                return _derived(priced, kind, f"{offer.provider_name} bills it by the {name.split('_')[0]}")
    return None


def _is_asked(price: Fact) -> bool:
    """Say whether somebody asks a price, whichever; one sold by subscription, or not published, is none."""
    return price.state != "unknown" and bool(price.evidence)


def _from_listing(facts: Mapping[str, Fact], offers: Sequence[Offer]) -> Fact | None:
    """Return the type of a text model that somebody serves and nobody prices."""
    returned = facts.get("modality.output")
    if returned is not None and returned.evidence and isinstance(returned.value, tuple):
        return _derived(returned, "standalone API model", f"it returns {', '.join(returned.value)}")
    served = _any_fact(facts, offers)
    return _derived(served, "standalone API model", "somebody serves it") if served and offers else None


def _from_size(model: str, facts: Mapping[str, Fact], scores: Sequence[Fact]) -> Fact | None:
    """Return that weights are what there is of a model nobody serves whose name gives their number."""
    origin = _any_fact(facts, ()) or next((score for score in scores if score.evidence), None)
    if origin is None or not (size := _SIZE.search(model.partition("/")[2])):
        return None
    return _derived(origin, "open-weights model", f"nobody serves it and its name gives its size, {size[0]}")


def _any_fact(facts: Mapping[str, Fact], offers: Sequence[Offer]) -> Fact | None:
    """Return a fact that shows where the model stands: its name before others."""
    of_model = [facts[name] for name in ("name", *sorted(facts)) if name in facts]
    of_offers = [fact for offer in offers for fact in offer.facts.values()]
    return next((fact for fact in (*of_model, *of_offers) if fact.evidence), None)


def _derived(origin: Fact, kind: str, why: str) -> Fact:
    return replace(
        origin, attribute="product_type", value=kind, state="known", unit="", offer=None, scope="model",
        qualifier={}, others=(), reason=None, why=why, rule=DERIVED,
    )  # fmt: skip
