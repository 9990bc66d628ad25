"""How much a source's word weighs on a subject, and whose listing speaks for a model."""

from __future__ import annotations

from collections.abc import Mapping

from cardwatch.crawler.source_card import Authority, SourceCard
from cardwatch.normalize.providers import developer_of

RANKS: Mapping[Authority, int] = {authority: rank for rank, authority in enumerate(Authority)}
"""0 is best."""

OWN_PROVIDERS: Mapping[str, tuple[str, ...]] = {
    "zhipu": ("zai", "zhipuai"),
    "moonshot": ("moonshotai", "moonshotai-cn"),
    "google": ("google-gemini", "google-vertex"),
    "meta": ("llama",),
    "alibaba": ("alibaba-cn",),
}
"""Providers that belong to a developer without bearing its id."""


def authority_of(card: SourceCard, *, model: str, provider: str, offer: bool) -> Authority:
    """Return the weight of a source's word: outside what is its own, only an aggregator's."""
    if card.authority not in (Authority.FIRST_PARTY, Authority.PROVIDER_API):
        return card.authority
    own = provider in card.providers
    if card.authority is Authority.FIRST_PARTY and not offer:
        own = developer_of(model) in card.developers
    return card.authority if own else Authority.AGGREGATOR


def via_rank(model: str, provider: str, *, variant: bool) -> int:
    """Return 0 for the author or the developer's own listing, 1 for its variants, 2 and 3 for others'."""
    developer = developer_of(model)
    own = not provider or provider == developer or provider.startswith(f"{developer}-")
    own = own or provider in OWN_PROVIDERS.get(developer, ())
    return (0 if own else 2) + variant
