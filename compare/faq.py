"""The questions of one page with the claims that answer them."""

from __future__ import annotations

from compare.comparison import Claim, Comparison
from compare.rules.faq import asked
from compare.rules.names import capability_in_a_sentence
from compare.shown import Seat
from compare.words import listing


def answers(comparison: Comparison) -> list[tuple[str, list[Claim]]]:
    """Return each question as put, with its answer."""
    slots = {
        "a": comparison.a.name,
        "b": comparison.b.name,
        "traffic": comparison.settings.traffic,
        "only_a": _only(comparison, "a"),
        "only_b": _only(comparison, "b"),
    }
    found = asked(comparison.by_rule, slots)
    return [(put.question, [comparison.by_rule[key] for key in put.answers]) for put in found]


def _only(comparison: Comparison, seat: Seat) -> str:
    return listing([capability_in_a_sentence(name) for name in comparison.pair.only(seat)])
