"""What a model takes in: what its maker's card lists, and what that card measures beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from cardwatch.db.query.cards import DERIVED, Fact, ModelCard
from cardwatch.db.query.disagreement import contradicting_values
from cardwatch.db.query.reports import Conflict
from cardwatch.db.store.choice_rules import quote_words

VIDEO_SCORES = frozenset(
    f"benchmark.{name}" for name in ("lvbench", "mlvu", "mmvu", "mvbench", "videomme", "videommmu")
)
"""Benchmarks that ask about videos: Qwen's cards have them below "Video Understanding"."""
INPUT = "modality.input"
VIDEO = "video"
FIRST_PARTY = "first_party"


def derive_input(facts: Mapping[str, Fact], scores: Sequence[Fact]) -> Fact | None:
    """Return what a card lists as input with the video that the same card measures, None if nothing is to add.

    A card's list is its pipeline tag, which has no word for video beside pictures. A list of another page of the
    maker's, one that names every input, stands as it is.
    """
    listed = facts.get(INPUT)
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


def tell_derived(
    conn: sqlite3.Connection,
    conflicts: Sequence[Conflict],
    cards: Callable[[Collection[str]], Iterable[ModelCard]],
) -> Iterator[Conflict]:
    """Yield conflicts with the inputs that cards show, where those follow from more than a list.

    Where every other list says just those, there is no conflict any more.
    """
    asked = {found.model for found in conflicts if _may_be_derived(found)}
    asked &= _measured_models(conn) if asked else set()
    derived = {
        card.id: fact
        for card in (cards(asked) if asked else ())
        if (fact := card.facts[INPUT]).rule == DERIVED
    }
    for found in conflicts:
        shown = derived.get(found.model) if _may_be_derived(found) else None
        if shown is None:
            yield found
        elif contradicting_values(shown):
            yield replace(found, chosen=shown.value, why=shown.why, rule=DERIVED)


def _measured_models(conn: sqlite3.Connection) -> set[str]:
    rows = conn.execute(
        "SELECT DISTINCT model FROM claims c JOIN listings l ON l.id = c.listing_id"
        f" WHERE until IS NULL AND attribute IN ({quote_words(VIDEO_SCORES)})"
    )
    return {model for (model,) in rows}


def _may_be_derived(found: Conflict) -> bool:
    shown = found.values[0]
    return found.attribute == INPUT and shown.authority == FIRST_PARTY and shown.value == found.chosen
