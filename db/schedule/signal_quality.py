"""How far the word of a change signal can be trusted: its precision and recall, learned from visits.

A signal says of a page that it may have changed: a date in a sitemap, a commit, another source that moved.
Every verified visit to a page that a signal watches tells something: after one signal, whether the page had
changed (precision); after none, whether it had changed all the same (recall). Pages also change by chance
where a signal has spoken, so both are held against what the page's own past makes us expect; a signal that
speaks at random comes out as worth nothing. The catalog keeps sums per day, which depend on no order.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

RECENT = 400.0
"""Visits that taught something, newest days first, that an estimate looks at: a signal that dies is seen soon."""
WORTHLESS = 0.1
"""A precision below which a signal is not listened to."""
HIGHEST = 0.98


class VisitSums(NamedTuple):
    """Verified visits of one kind: how many, how many found nothing, and how many were to be expected to.

    `unspoilt` would have found nothing by the pages' own past, `unspoilt_half` at half the rates that it shows.
    """

    visits: float = 0.0
    same: float = 0.0
    unspoilt_half: float = 0.0
    unspoilt: float = 0.0

    def plus(self, other: VisitSums) -> VisitSums:
        """Return the sums of both."""
        return VisitSums(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def unspoilt_by(self, share: float) -> float:
        """Return how many visits would have found nothing if only a share of all changes could spoil them.

        Read off between the sums for none, half and all of them, which are equally spaced in their logarithms.
        """
        if not self.visits:
            return 0.0
        if share <= 0.5:
            return float(self.visits ** (1.0 - 2.0 * share) * self.unspoilt_half ** (2.0 * share))
        return float(self.unspoilt_half ** (2.0 - 2.0 * share) * self.unspoilt ** (2.0 * share - 1.0))


class SignalOutcomes(NamedTuple):
    """Visits `alone` after exactly one signal, and visits after none."""

    alone: VisitSums = VisitSums()
    quiet: VisitSums = VisitSums()

    def plus(self, other: SignalOutcomes) -> SignalOutcomes:
        """Return the sums of both."""
        return SignalOutcomes(self.alone.plus(other.alone), self.quiet.plus(other.quiet))

    @property
    def telling(self) -> float:
        """How many visits taught something: those after a signal, and those that found what none told of."""
        return self.alone.visits + self.quiet.visits - self.quiet.same


class SignalQuality(NamedTuple):
    """`precision`: the share of signals that are true; `recall`: the share of changes that are told."""

    precision: float
    recall: float


UNTRIED = SignalQuality(1 / 3, 1 / 5)
"""What a signal is taken for before it has shown anything: three signals and ten quiet changes outweigh it."""
_TRIED_SIGNALS, _TRIED_CHANGES = 3.0, 10.0


def describe_outcome(signals: int, *, changed: bool, unchanged_chance: float) -> SignalOutcomes:
    """Return what one verified visit teaches; `unchanged_chance` is expected of the page, signals aside."""
    visit = VisitSums(1.0, float(not changed), math.sqrt(unchanged_chance), unchanged_chance)
    if signals == 0:
        return SignalOutcomes(quiet=visit)
    return SignalOutcomes(alone=visit) if signals == 1 else SignalOutcomes()


def sum_recent(by_day: Iterable[SignalOutcomes]) -> SignalOutcomes:
    """Return the sum over the newest days, given newest first, that hold enough to judge by."""
    total = SignalOutcomes()
    for day in by_day:
        total = total.plus(day)
        if total.telling >= RECENT:
            break
    return total


def estimate_quality(found: SignalOutcomes) -> SignalQuality:
    """Return precision and recall, drawn towards UNTRIED while little is known."""
    recall = _estimate_recall(found.quiet)
    unspoilt = found.alone.unspoilt_by(1.0 - recall)
    false = found.alone.same + _TRIED_SIGNALS * (1.0 - UNTRIED.precision)
    precision = 1.0 - false / (unspoilt + _TRIED_SIGNALS)
    return SignalQuality(min(max(precision, 0.0), HIGHEST), recall)


def _estimate_recall(quiet: VisitSums) -> float:
    """Return the share of changes told: the rest is what spoils visits after no signal, found by halving."""
    low, high = 1.0 - HIGHEST, 1.0
    for _ in range(20):
        share = (low + high) / 2
        if quiet.unspoilt_by(share) > quiet.same:
            low = share
        else:
            high = share
    expected = quiet.visits - quiet.unspoilt
    untold = (low * expected + _TRIED_CHANGES * (1.0 - UNTRIED.recall)) / (expected + _TRIED_CHANGES)
    return min(max(1.0 - untold, 0.0), HIGHEST)
