"""What a model takes in: what its maker's card lists, and what that card measures beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from cardwatch.db.query.cards import DERIVED, Fact

VIDEO_SCORES = frozenset(
    f"benchmark.{name}" for name in ("lvbench", "mlvu", "mmvu", "mvbench", "videomme", "videommmu")
)
"""Benchmarks that ask about videos: Qwen's cards have them below "Video Understanding"."""
VIDEO = "video"
FIRST_PARTY = "first_party"


def derive_input(facts: Mapping[str, Fact], scores: Sequence[Fact]) -> Fact | None:
    """Return what a card lists as input with the video that the same card measures, None if nothing is to add.

    A card's list is its pipeline tag, which has no word for video beside pictures. A list of another page of the
    maker's, one that names every input, stands as it is.
    """
    listed = facts.get("modality.input")
    if listed is None or not isinstance(listed.value, tuple) or VIDEO in listed.value:
        return None
    measured = next((score for score in scores if _is_of_one_card(score, listed)), None)
    if measured is None:
        return None
    taken = tuple(sorted((*listed.value, VIDEO)))
    name = measured.attribute.removeprefix("benchmark.")
    return replace(
        listed,
        value=taken,
        evidence=(*listed.evidence, measured.evidence[0]),
        others=tuple(other for other in listed.others if other.value != taken),
        why=f"its card lists {', '.join(listed.value)} and measures video ({name})",
        rule=DERIVED,
        reviewed_on=min(filter(None, (listed.reviewed_on, measured.reviewed_on)), default=None),
    )


def _is_of_one_card(score: Fact, listed: Fact) -> bool:
    """Say whether a score about videos and a list are the maker's word in one source."""
    return (
        score.attribute in VIDEO_SCORES
        and score.state == "known"
        and {score.authority, listed.authority} == {FIRST_PARTY}
        and [look.source for look in score.evidence[:1]] == [look.source for look in listed.evidence[:1]]
    )
