"""What to read next: kept pairs that share a model with this one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cardwatch.compare.pair_selection import IdPair, ModelTraits, model_distance

MOST_RELATED = 6


def find_related_pairs(
    pair: IdPair, kept: Iterable[IdPair], models: Mapping[str, ModelTraits], most: int = MOST_RELATED
) -> list[IdPair]:
    """Return up to `most` kept pairs that swap one of two models for another, the likest swap first."""
    swaps = (
        (model_distance(models[new], models[dropped]), other)
        for other in kept
        for stays, dropped in (pair, pair[::-1])
        for new in other
        if stays in other and new not in pair
    )
    return [other for _, other in sorted({*swaps})[:most]]
