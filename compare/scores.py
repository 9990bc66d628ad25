"""Scores of two models side by side: which may be compared, who leads, and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Literal

from cardwatch.compare import figures
from cardwatch.compare.rules.benchmarks import LOWER_IS_BETTER, POINTS
from cardwatch.compare.rules.names import REASONS, UNKNOWN
from cardwatch.compare.shown import Seat, Shown
from cardwatch.compare.side import ScoreKey, Side
from cardwatch.compare.words import clean

Leader = Seat | Literal["tie"] | None
CONDITIONS = ("reporter", "harness")


@dataclass(slots=True, eq=False)
class Row:
    """One line of the benchmark table. `certain` is False when other scores of the same kind disagree."""

    attribute: str
    name: str
    a: Shown | None
    b: Shown | None
    why_not: str | None = None
    leader: Leader = None
    delta: Decimal | None = None
    certain: bool = False
    leans: tuple[Shown, ...] = ()
    """Every score of this benchmark, version and mode."""

    @property
    def comparable(self) -> bool:
        return self.why_not is None

    @property
    def gap(self) -> str:
        """The difference in words: "2.7 points"."""
        if self.delta is None or self.a is None:
            return ""
        one, many = POINTS.get(self.a.fact.unit, ("", ""))
        return f"{figures.plain(self.delta)}{one if self.delta == 1 else many}"


def shared_rows(names: Iterable[str], a: Side, b: Side) -> list[Row]:
    """Return the rows of those of these benchmarks of which both have a known score."""
    return [
        row
        for name in names
        if name in a.score_groups and name in b.score_groups
        for row in _shared(name, a, b)
    ]


def lone_row(score: Shown, side: Side) -> Row:
    """Return the row of a score that has no counterpart."""
    a, b = (score, None) if side.seat == "a" else (None, score)
    return Row(score.fact.attribute, score.label, a, b, "one_side", leans=(score,))


def _shared(name: str, a: Side, b: Side) -> list[Row]:
    mine, its = a.score_groups[name], b.score_groups[name]
    keys = sorted(mine.keys() & its.keys())
    settled = name not in a.open_scores and name not in b.open_scores
    if keys:
        return [_compared(name, mine[key], its[key], settled) for key in keys]
    why = "different_versions" if _versions(mine).isdisjoint(_versions(its)) else "different_modes"
    first, second = next(iter(mine.values()))[0], next(iter(its.values()))[0]
    return [Row(name, first.label, first, second, why, leans=(first, second))]


def _versions(groups: Mapping[ScoreKey, Sequence[Shown]]) -> set[str]:
    return {version for version, _ in groups}


def _compared(name: str, mine: Sequence[Shown], its: Sequence[Shown], settled: bool) -> Row:
    leans = (*mine, *its)
    x, y = _alike(mine, its)
    if x.fact.unit != y.fact.unit:
        return Row(name, x.label, x, y, "different_units", leans=leans)
    leaders = {_leader(name, p, q) for p, q in product(mine, its)}
    return Row(
        name,
        x.label,
        x,
        y,
        leader=_leader(name, x, y),
        delta=abs(x.number - y.number),
        certain=settled and len(leaders) == 1 and len({s.fact.unit for s in leans}) == 1,
        leans=leans,
    )


def _alike(mine: Sequence[Shown], its: Sequence[Shown]) -> tuple[Shown, Shown]:
    """Return the two scores made under the most similar conditions, the first such pair."""
    if len(mine) == len(its) == 1:
        return mine[0], its[0]
    return max(product(mine, its), key=lambda pair: sum(_same(pair[0], pair[1], name) for name in CONDITIONS))


def _same(x: Shown, y: Shown, condition: str) -> bool:
    return x.fact.qualifier.get(condition) == y.fact.qualifier.get(condition)


def _leader(name: str, x: Shown, y: Shown) -> Leader:
    first, second = x.number, y.number
    if first == second:
        return "tie"
    lower_wins = name.removeprefix("benchmark.") in LOWER_IS_BETTER
    return "a" if (first > second) != lower_wins else "b"


def conditions(score: Shown) -> str:
    """Return who reported a score, with what, and when, as far as its source says."""
    fact = score.fact
    said = [clean(fact.qualifier[name]) for name in ("reporter", "harness") if fact.qualifier.get(name)]
    return ", ".join([*said, *([fact.published_on] if fact.published_on else [])])


def scored(row: Row) -> tuple[str, str]:
    """Return both scores in words, with reporter and harness wherever those are not the same."""
    a, b = row.a, row.b
    if a is None or b is None:
        return UNKNOWN, UNKNOWN
    unlike = [name for name in CONDITIONS if not _same(a, b, name)]
    return _measured(a, unlike), _measured(b, unlike)


def _measured(score: Shown, unlike: Sequence[str]) -> str:
    said = [f" {_BY[name]} {_named(score, name)}" for name in unlike]
    return f"{score.display}{''.join(said)}"


def _named(score: Shown, condition: str) -> str:
    return clean(score.fact.qualifier.get(condition) or f"an unknown {condition}")


_BY = {"reporter": "by", "harness": "on"}


def why_not(row: Row) -> str | None:
    """Return in words why a row is not compared."""
    return REASONS[row.why_not] if row.why_not else None
