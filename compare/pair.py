"""Two seated models: what only the two together decide, worked out once per pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from compare.rules.names import CAPABILITIES, EXTRA_SPECS, SPECS, UNKNOWN
from compare.scores import Row, rows
from compare.shown import Seat, Shown
from compare.side import Side


@dataclass(frozen=True, eq=False)
class Pair:
    """Sides in page order."""

    a: Side
    b: Side

    def side(self, seat: Seat) -> Side:
        return self.a if seat == "a" else self.b

    @cached_property
    def scores(self) -> tuple[Row, ...]:
        return rows(self.a, self.b)

    @cached_property
    def compared_scores(self) -> tuple[Row, ...]:
        """The rows that may be compared and that no other score of the same kind contradicts."""
        return tuple(row for row in self.scores if row.certain)

    @cached_property
    def shared_scores(self) -> tuple[Shown, ...]:
        """Every known score of the benchmarks that both have: each has a say in who leads."""
        a, b = self.a.measured, self.b.measured
        found = (s for name in a if name in b for s in (*a[name], *b[name]))
        return tuple([score for score in found if score.known])

    @cached_property
    def scores_settled(self) -> bool:
        """Whether no benchmark that both have holds a score recorded as unknown or in conflict."""
        shared = self.a.measured.keys() & self.b.measured.keys()
        return shared.isdisjoint(self.a.open_scores | self.b.open_scores)

    def only(self, seat: Seat) -> tuple[str, ...]:
        """Return the capabilities known as Yes on this side and as No on the other, in page order."""
        return self._only[seat]

    @cached_property
    def _only(self) -> dict[Seat, tuple[str, ...]]:
        a, b = self.a, self.b
        return {
            "a": tuple([name for name in a.yes if name in b.no]),
            "b": tuple([name for name in b.yes if name in a.no]),
        }

    @cached_property
    def answered_by_both(self) -> tuple[str, ...]:
        """The capabilities known on both sides."""
        a, b = self.a.answers, self.b.answers
        return tuple(c for c in CAPABILITIES if a[c] != UNKNOWN and b[c] != UNKNOWN)

    @cached_property
    def shared_providers(self) -> tuple[str, ...]:
        """Names of the providers that list both models."""
        both = self.a.providers.keys() & self.b.providers.keys()
        return tuple(sorted(self.a.providers[key] for key in both))

    @cached_property
    def specs(self) -> tuple[str, ...]:
        """The attributes of the specification table: of EXTRA_SPECS those that either side has."""
        return (*SPECS, *(n for n in EXTRA_SPECS if n in self.a.extras or n in self.b.extras))

    def gaps(self, side: Side) -> Sequence[Shown]:
        """Return the extra facts of a side that are on the page only because the other side has them."""
        return self._gaps[side.seat]

    @cached_property
    def _gaps(self) -> dict[Seat, tuple[Shown, ...]]:
        extra = self.specs[len(SPECS) :]
        return {s.seat: tuple(s.facts[n] for n in extra if n not in s.extras) for s in (self.a, self.b)}

    def facts(self, side: Side) -> Sequence[Shown]:
        """Return every fact of one side that is on the page."""
        return (*side.all_facts, *self.gaps(side))

    @cached_property
    def unknown(self) -> tuple[Shown, ...]:
        """Every unknown fact of the page, side a first."""
        return (*self.a.unknown, *self.gaps(self.a), *self.b.unknown, *self.gaps(self.b))

    @cached_property
    def fact_count(self) -> int:
        sides = (self.a, self.b)
        return sum(len(side.all_facts) + len(self.gaps(side)) for side in sides)
