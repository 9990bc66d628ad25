"""When a side is recommended, and the words for why none is.

A side is recommended when it leads on at least two more known criteria than it trails, trails on none marked
critical, and nothing on record rules it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from cardwatch.compare.display_facts import FactIds, SideId, fact_ids
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.rules.criteria import (
    ALL_CRITERIA,
    CRITERIA,
    END_DATES,
    Criterion,
    Result,
    ending_facts,
)
from cardwatch.compare.side import Side

NO_WINNER = {
    "unknown": "too much is unknown",
    "products": "the two do different jobs",
    "ending": "the one ahead is on its way out",
    "open": "a fact that could rule the one ahead out is on record without a value",
    "price": "the one ahead costs more",
    "shared_benchmarks": "the one ahead scores lower",
    "lifecycle": "the one ahead is nearer its end",
    "close": "neither is far enough ahead",
}
"""Why there is no winner. Those named after a criterion: it is critical, and the one ahead trails on it."""
DISQUALIFYING_FACTS = ("lifecycle", "product_type")
"""Facts that can rule a side out."""
MOST_UNKNOWN = 0.5
"""Share of unknown criteria above which nobody is recommended."""
LEAST_LEAD = 2
"""By how many known criteria a side has to lead more than it trails."""


class CriterionResult(Struct, frozen=True, gc=False):
    """One criterion, judged."""

    criterion: Criterion
    result: Result
    facts: FactIds


class Verdict(Struct, eq=False):
    """`why` is a key of NO_WINNER when there is no winner. What stands beside the criteria is only in `by_name`."""

    pair: ModelPair
    winner: SideId | None
    why: str | None
    criterion_results: Sequence[CriterionResult]
    by_name: Mapping[str, CriterionResult]
    veto: FactIds = ()
    """What rules the side ahead out."""

    def words(self) -> Mapping[Result, Sequence[str]]:
        """Return what speaks for each side, and what is the same or about the same, as a sentence has it."""
        found: dict[Result, list[str]] = {"a": [], "b": [], "tie": [], "unknown": []}
        for judged in self.by_name.values():
            result = judged.result
            if result == "a" or result == "b":
                found[result].append(judged.criterion.gain(self.pair, result))
            else:
                found[result].append(judged.criterion.word)
        return found

    @property
    def facts(self) -> FactIds:
        """Every fact of every criterion and reason that could be judged, and of what rules a side out."""
        judged = [fact for j in self.by_name.values() for fact in j.facts]
        return tuple(dict.fromkeys((*judged, *self.veto)))


def decide_verdict(pair: ModelPair) -> Verdict:
    """Judge every criterion and recommend a side, or say why neither."""
    by_name = {c.name: CriterionResult(c, *c.decide(pair)) for c in ALL_CRITERIA}
    judged = [*by_name.values()][: len(CRITERIA)]
    ahead = side_ahead(judged)
    why, facts = find_obstacle(pair, judged, ahead)
    return Verdict(pair, None if why else ahead, why, judged, by_name, facts)


def side_ahead(judged: Sequence[CriterionResult]) -> SideId | None:
    """Return the side that leads on enough more known criteria than it trails."""
    results = [j.result for j in judged]
    lead = results.count("a") - results.count("b")
    if abs(lead) < LEAST_LEAD:
        return None
    return "a" if lead > 0 else "b"


def find_obstacle(
    pair: ModelPair, judged: Sequence[CriterionResult], ahead: SideId | None
) -> tuple[str | None, FactIds]:
    """Return why the side ahead may not be recommended and the facts that rule it out, None if it may."""
    if pair.jobs_differ:
        return "products", fact_ids(f for side in (pair.a, pair.b) if (f := side.known("product_type")))
    if [j.result for j in judged].count("unknown") > MOST_UNKNOWN * len(judged):
        return "unknown", ()
    if ahead is None:
        return "close", ()
    ending = ending_facts(pair.side(ahead))
    if ending:
        return "ending", ending
    if stands_without_value(pair.side(ahead), *END_DATES) or any(
        stands_without_value(side, *DISQUALIFYING_FACTS) for side in (pair.a, pair.b)
    ):
        return "open", ()
    return critical_loss(judged, ahead), ()


def critical_loss(judged: Sequence[CriterionResult], ahead: SideId) -> str | None:
    """Return the first critical criterion on which the side ahead trails."""
    lost = (
        j.criterion.name for j in judged if j.criterion.critical and j.result not in {ahead, "tie", "unknown"}
    )
    return next(lost, None)


def stands_without_value(side: Side, *attributes: str) -> bool:
    """Say whether a fact stands on the card without a value to lean on: held, in conflict, or stated unknown."""
    return not side.on_record.isdisjoint(attributes)
