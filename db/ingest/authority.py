"""How much a source's word weighs on a subject."""

from __future__ import annotations

from cardwatch.crawler.source_card import Authority, SourceCard
from cardwatch.normalize.providers import developer_of


def authority_of(card: SourceCard, *, model: str, provider: str, offer: bool) -> Authority:
    """Return the weight of a source's word: outside what is its own, only an aggregator's."""
    if card.authority not in (Authority.FIRST_PARTY, Authority.PROVIDER_API):
        return card.authority
    own = provider in card.providers
    if card.authority is Authority.FIRST_PARTY and not offer:
        own = developer_of(model) in card.developers
    return card.authority if own else Authority.AGGREGATOR
