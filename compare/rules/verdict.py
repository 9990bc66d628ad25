"""When a side is recommended, and the words for why none is.

A side is recommended when it would still win more criteria if every unknown one went to the other side, and
when nothing on record can rule it out. So no unknown fact overturns a recommendation, and none makes one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cardwatch.compare.display_facts import FactIds, SideId, fact_ids
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.rules.criteria import CRITERIA, END_DATES, Criterion, Result, ending_facts
from cardwatch.compare.rules.labels import CAPABILITY_LABELS, JOBS
from cardwatch.compare.side import Side

NO_WINNER = {
    "unknown": "too much is unknown",
    "products": "the two are sold for different jobs",
    "ending": "the one ahead is on its way out",
    "open": "a fact that could rule the one ahead out is on record without a value",
    "close": "neither is far enough ahead",
}
DISQUALIFYING_FACTS = ("lifecycle", "product_type")
"""Facts that can rule a side out."""
MOST_UNKNOWN = 0.5
"""Share of unknown criteria, and of unknown facts on the page, above which nobody is recommended."""


class CriterionResult(NamedTuple):
    """One criterion, judged."""

    criterion: Criterion
    result: Result
    facts: FactIds


@dataclass(slots=True, eq=False)
class Verdict:
    """`why` is a key of NO_WINNER when there is no winner."""

    winner: SideId | None
    why: str | None
    criterion_results: tuple[CriterionResult, ...]
    by_name: Mapping[str, CriterionResult]
    veto: FactIds = ()
    """What rules the side ahead out."""

    def leads(self, result: Result) -> list[str]:
        """Return the criteria with this result, in the words of a sentence."""
        return [j.criterion.word for j in self.criterion_results if j.result == result]

    @property
    def facts(self) -> FactIds:
        """Every fact of every criterion that could be judged, and of what rules a side out."""
        judged = [fact for judgement in self.criterion_results for fact in judgement.facts]
        return (*judged, *[fact for fact in self.veto if fact not in judged])


def decide_verdict(pair: ModelPair) -> Verdict:
    """Judge every criterion and recommend a side, or say why neither."""
    judgements = tuple([CriterionResult(c, *c.judge(pair)) for c in CRITERIA])
    results = safe_results(pair, judgements)
    ahead = next((seat for seat in SIDE_IDS if clearly_ahead(seat, results, judgements)), None)
    why, facts = ("close", ()) if ahead is None else find_disqualification(pair, ahead)
    if mostly_unknown(pair, judgements):
        why = "unknown"
    by_name = {judgement.criterion.name: judgement for judgement in judgements}
    return Verdict(None if why else ahead, why, judgements, by_name, facts)


SIDE_IDS: tuple[SideId, SideId] = ("a", "b")


def safe_results(pair: ModelPair, judgements: Sequence[CriterionResult]) -> list[Result]:
    """Return how the criteria came out; capabilities as unknown while unanswered ones could overturn them."""
    lead = abs(len(pair.only["a"]) - len(pair.only["b"]))
    missing = len(CAPABILITY_LABELS) - len(pair.answered_by_both)
    open_ = missing > 0 and lead <= missing
    return ["unknown" if open_ and j.criterion.name == "capabilities" else j.result for j in judgements]


def stands_without_value(side: Side, *attributes: str) -> bool:
    """Say whether a fact stands on the card without a value to lean on: held, in conflict, or stated unknown."""
    return not side.on_record.isdisjoint(attributes)


def clearly_ahead(seat: SideId, results: Sequence[Result], judgements: Sequence[CriterionResult]) -> bool:
    """Say whether a side wins more than the other could win, and loses nothing critical."""
    other: SideId = "b" if seat == "a" else "a"
    most_others = results.count(other) + results.count("unknown")
    return results.count(seat) > most_others and not any(blocks_recommendation(other, j) for j in judgements)


def blocks_recommendation(other: SideId, judgement: CriterionResult) -> bool:
    """Say whether a criterion, if critical, keeps the other side's rival from being recommended."""
    critical = judgement.criterion.critical
    return critical != "" and (
        judgement.result == other or (judgement.result == "unknown" and critical == "known and not lost")
    )


def find_disqualification(pair: ModelPair, seat: SideId) -> tuple[str | None, FactIds]:
    """Return why the side ahead may still not be recommended and the facts that say so, None if it may."""
    facts = ending_facts(pair.side(seat))
    if facts:
        return "ending", facts
    if stands_without_value(pair.side(seat), *END_DATES) or any(
        stands_without_value(s, *DISQUALIFYING_FACTS) for s in (pair.a, pair.b)
    ):
        return "open", ()
    products = [fact for side in (pair.a, pair.b) if (fact := side.known("product_type"))]
    jobs = {JOBS.get(str(fact.fact.value)) for fact in products} - {None}
    return ("products", fact_ids(products)) if len(jobs) > 1 else (None, ())


def mostly_unknown(pair: ModelPair, judgements: Sequence[CriterionResult]) -> bool:
    """Say whether more than half of the criteria or of the page's facts are unknown."""
    open_criteria = [j.result for j in judgements].count("unknown")
    shares = (open_criteria / len(judgements), pair.unknown_count / max(pair.fact_count, 1))
    return max(shares) > MOST_UNKNOWN
