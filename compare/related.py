"""What to read next: kept pairs that share a model with this one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cardwatch.compare.keep import Pair, Traits, distance

MOST_RELATED = 6


def related(
    pair: Pair, kept: Iterable[Pair], models: Mapping[str, Traits], most: int = MOST_RELATED
) -> list[Pair]:
    """Return up to `most` kept pairs that swap one of two models for another, the likest swap first."""
    swaps = (
        (distance(models[new], models[dropped]), other)
        for other in kept
        for stays, dropped in (pair, pair[::-1])
        for new in other
        if stays in other and new not in pair
    )
    return [other for _, other in sorted({*swaps})[:most]]
