"""Scores of two models side by side: which may be compared, who leads, and by how much."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Literal

from msgspec import Struct

from cardwatch.compare.display_facts import DisplayFact, SideId
from cardwatch.compare.side import ScoreKey, Side
from cardwatch.compare.wording import number_format
from cardwatch.compare.wording.benchmarks import DIFFERENCE_UNITS, LOWER_IS_BETTER
from cardwatch.compare.wording.grammar import clean_text
from cardwatch.compare.wording.labels import REASONS, UNKNOWN

Leader = SideId | Literal["tie"] | None
SCORE_CONDITIONS = ("reporter", "harness")
LEAST_DIFFERENCE = {
    "percent": Decimal(1),
    "fraction": Decimal("0.01"),
    "elo": Decimal(1),
    "score": Decimal(1),
}
"""One point by unit: scores of which a harness is unknown say nothing about a difference this small."""
UNSOURCED = re.compile(r"\b(names? no source|no source|unsourced|source (unknown|not (given|named)))\b", re.I)
"""How a reporter is noted down who does not say where a score was read."""


class ScoreRow(Struct, eq=False):
    """One line of the benchmark table. `certain` is False when other scores of the same kind disagree."""

    attribute: str
    name: str
    a: DisplayFact | None
    b: DisplayFact | None
    why_not: str | None = None
    leader: Leader = None
    delta: Decimal | None = None
    gap: str = ""
    """The difference in words: "2.7 points"."""
    certain: bool = False
    supporting_scores: tuple[DisplayFact, ...] = ()
    """Every score of this benchmark, version and mode."""

    @property
    def comparable(self) -> bool:
        return self.why_not is None


def shared_rows(names: Iterable[str], a: Side, b: Side) -> list[ScoreRow]:
    """Return the rows of those of these benchmarks of which both have a known score."""
    return [
        row
        for name in names
        if name in a.score_groups and name in b.score_groups
        for row in _rows_of_benchmark(name, a, b)
    ]


def lone_row(score: DisplayFact, side: Side) -> ScoreRow:
    """Return the row of a score that has no counterpart."""
    a, b = (score, None) if side.side_id == "a" else (None, score)
    return ScoreRow(score.fact.attribute, score.label, a, b, "one_side", supporting_scores=(score,))


def _rows_of_benchmark(name: str, a: Side, b: Side) -> list[ScoreRow]:
    mine, its = a.score_groups[name], b.score_groups[name]
    keys = sorted(mine.keys() & its.keys())
    settled = name not in a.open_scores and name not in b.open_scores
    if keys:
        return [_compared_row(name, mine[key], its[key], settled) for key in keys]
    why = "different_versions" if _versions(mine).isdisjoint(_versions(its)) else "different_modes"
    first, second = next(iter(mine.values()))[0], next(iter(its.values()))[0]
    return [ScoreRow(name, first.label, first, second, why, supporting_scores=(first, second))]


def _versions(groups: Mapping[ScoreKey, Sequence[DisplayFact]]) -> set[str]:
    return {version for version, _ in groups}


def _compared_row(
    name: str, mine: Sequence[DisplayFact], its: Sequence[DisplayFact], settled: bool
) -> ScoreRow:
    leans = (*mine, *its)
    x, y = _most_alike(mine, its)
    if x.fact.unit != y.fact.unit:
        return ScoreRow(name, x.label, x, y, "different_units", supporting_scores=leans)
    delta = abs(x.number - y.number)
    one, many = DIFFERENCE_UNITS.get(x.fact.unit, ("", ""))
    leader = score_leader(name, x, y)
    certain = settled and (len(leans) == 2 or _alike(name, mine, its, leader))
    return ScoreRow(
        name,
        x.label,
        x,
        y,
        leader=leader,
        delta=delta,
        gap=f"{number_format.plain_decimal(delta)}{one if delta == 1 else many}",
        certain=certain and not any(map(names_no_source, leans)),
        supporting_scores=leans,
    )


def _alike(name: str, mine: Sequence[DisplayFact], its: Sequence[DisplayFact], leader: Leader) -> bool:
    """Say whether several scores of both have one unit and one leader."""
    one_unit = len({score.fact.unit for score in (*mine, *its)}) == 1
    return one_unit and all(score_leader(name, x, y) == leader for x, y in product(mine, its))


def _most_alike(mine: Sequence[DisplayFact], its: Sequence[DisplayFact]) -> tuple[DisplayFact, DisplayFact]:
    """Return the two scores made under the most similar conditions, the first such pair."""
    if len(mine) == len(its) == 1:
        return mine[0], its[0]
    return max(
        product(mine, its), key=lambda pair: sum(_same(pair[0], pair[1], name) for name in SCORE_CONDITIONS)
    )


def _same(x: DisplayFact, y: DisplayFact, condition: str) -> bool:
    return x.fact.qualifier.get(condition) == y.fact.qualifier.get(condition)


def names_no_source(score: DisplayFact) -> bool:
    """Say whether a score was passed on by somebody who does not say where it was measured."""
    reporter = score.fact.qualifier.get("reporter")
    return reporter is not None and UNSOURCED.search(reporter) is not None


def score_leader(name: str, x: DisplayFact, y: DisplayFact) -> Leader:
    """Return who leads; a point is a tie unless both harnesses are known."""
    first, second = x.number, y.number
    if first == second or abs(first - second) <= _margin(x, y):
        return "tie"
    lower_wins = name.removeprefix("benchmark.") in LOWER_IS_BETTER
    return "a" if (first > second) != lower_wins else "b"


def _margin(x: DisplayFact, y: DisplayFact) -> Decimal:
    if all(score.fact.qualifier.get("harness") for score in (x, y)):
        return Decimal(0)
    return LEAST_DIFFERENCE.get(x.fact.unit, Decimal(0))


def score_conditions(score: DisplayFact) -> str:
    """Return who reported a score, with what, and when, as far as its source says."""
    fact = score.fact
    conditions = [
        clean_text(fact.qualifier[name]) for name in ("reporter", "harness") if fact.qualifier.get(name)
    ]
    return ", ".join([*conditions, *([fact.published_on] if fact.published_on else [])])


def describe_scores(row: ScoreRow) -> tuple[str, str]:
    """Return both scores in words, with reporter and harness wherever those are not the same."""
    a, b = row.a, row.b
    if a is None or b is None:
        return UNKNOWN, UNKNOWN
    unlike = [name for name in SCORE_CONDITIONS if not _same(a, b, name)]
    return _measured(a, unlike), _measured(b, unlike)


def _measured(score: DisplayFact, unlike: Sequence[str]) -> str:
    differences = [f" {_BY[name]} {_named(score, name)}" for name in unlike]
    return f"{score.display}{''.join(differences)}"


def _named(score: DisplayFact, condition: str) -> str:
    return clean_text(score.fact.qualifier.get(condition) or f"an unknown {condition}")


_BY = {"reporter": "by", "harness": "on"}


def reason_not_compared(row: ScoreRow) -> str | None:
    """Return in words why a row is not compared."""
    return REASONS[row.why_not] if row.why_not else None
