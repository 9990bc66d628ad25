"""What two image models cost per image, at the sizes and qualities that offers of both state."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from cardwatch.compare.display_facts import DisplayFact, FactIds
from cardwatch.compare.offers import ListedOffer
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.side import Side, cached_per_side

IMAGE_JOB = "image model"
_SIZED = re.compile(r"(?<![a-z0-9])\d+-x-\d+(?![a-z0-9])")
"""The mode of an offer that states a size: "high-1024-x-1536"."""


class SizedOffers(Struct, frozen=True):
    """The cheapest offer of each model for one image of a size and quality."""

    a: ListedOffer
    b: ListedOffer

    @property
    def prices(self) -> tuple[DisplayFact, DisplayFact]:
        """What the two ask for one image."""
        return self.a.facts["image_price"], self.b.facts["image_price"]


def are_images(pair: ModelPair) -> bool:
    """Say whether both models make images, which are billed each."""
    return pair.a.job == pair.b.job == IMAGE_JOB


def price_images(pair: ModelPair) -> tuple[Sequence[SizedOffers], FactIds]:
    """Return both models' cheapest offers by size and quality, and every price that had a say in it.

    None as long as an offer of a size that both state has no known price: it might be the cheapest.
    """
    mine, its = _sized_offers(pair.a), _sized_offers(pair.b)
    shared = sorted(mine.keys() & its.keys())
    offers = [offer for size in shared for offer in (*mine[size], *its[size])]
    prices = [offer.facts.get("image_price") for offer in offers]
    known = tuple([price.id for price in prices if price is not None and price.known])
    if len(known) < len(offers):
        return (), ()
    return [SizedOffers(_cheapest(mine[size]), _cheapest(its[size])) for size in shared], known


@cached_per_side
def _sized_offers(side: Side) -> Mapping[str, Sequence[ListedOffer]]:
    found: dict[str, list[ListedOffer]] = {}
    for route in side.routes:
        if route.counts and _SIZED.search(route.offer.mode or ""):
            found.setdefault(route.offer.mode or "", []).append(route)
    return found


def _cheapest(offers: Sequence[ListedOffer]) -> ListedOffer:
    return min(offers, key=lambda offer: (offer.facts["image_price"].number, offer.rank))
