"""What to read next: kept pairs that share a model with this one."""

from __future__ import annotations

from compare.keep import Keeper, Pair, distance

MOST_RELATED = 6


def related(a: str, b: str, keeper: Keeper, most: int = MOST_RELATED) -> list[Pair]:
    """Return up to `most` kept pairs that swap one of two models for another, the likest swap first."""
    swaps = ((pair, kept, dropped) for kept, dropped in ((a, b), (b, a)) for pair in keeper.touching(kept))
    ranked = sorted(
        (distance(keeper.models[_other(pair, kept)], keeper.models[dropped]), pair)
        for pair, kept, dropped in swaps
        if dropped not in pair
    )
    return [pair for _, pair in ranked[:most]]


def _other(pair: Pair, kept: str) -> str:
    return pair[1] if pair[0] == kept else pair[0]
