"""The pages that are due and may be chosen: a plan of these is the plan of all, of which most are not looked at.

Pages without a past that are of one class, were verified at one moment and weigh the same are worth the same: they are
counted, and only where that is enough are their numbers asked for.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import numpy as np

from cardwatch.crawler.crawl_history import INDEX_PAGE_KIND
from cardwatch.db.schedule.candidates import (
    DUE_CHANCE,
    EARLY,
    Candidates,
    KnownPages,
    PageGroup,
    success_chance,
)
from cardwatch.db.schedule.crawl_plan import CrawlPlan
from cardwatch.db.schedule.page_choice import Bools, Floats, Ints
from cardwatch.db.store.values import format_time

SEEN_MORE, DEEPER = 1.25, 4
"""How many times as many pages as a run visits a plan looks at first, and how many times more where hosts take no more."""
LONGEST = 36_500.0
"""Days, of which no page is older."""


def plan_due(
    known: KnownPages, make_plan: Callable[[Candidates], CrawlPlan], *, run_days: float, budget: int
) -> CrawlPlan:
    """Return the plan that `make_plan` makes of all pages, of those that are due alone, from as few as it takes."""
    most = int(SEEN_MORE * budget)
    while True:
        found = list_due(known, run_days, most)
        made = make_plan(found)
        if not made.spare or found.floor == -math.inf:
            return made
        most *= DEEPER


def list_due(known: KnownPages, run_days: float, most: int) -> Candidates:
    """Return pages that are due by the run after this one: those that go first, and of the others the `most` valuable."""
    groups = [*(page for page in known.distinct if page.last_verified), *_alike_pages(known, run_days)]
    age = _Ages(known, groups, run_days)
    values = _values(known, groups, age.tau)
    due = np.flatnonzero(age.due)
    floor = _floor(values[due], np.array([groups[index].members for index in due]), most)
    first = np.array([group.pages.kind == INDEX_PAGE_KIND for group in groups], dtype=bool)
    if run_days * sum(known.a_day.values()) <= most:
        first |= age.past_limit
    numbers = {*_urgent_pages(known)}
    for index in due[(values[due] >= floor) | first[due]]:
        numbers.update(_numbers(known, groups[index], most))
    return known.choose_from([page for page in known.candidates(numbers) if page.due(run_days)], floor)


def list_signalled(known: KnownPages) -> Candidates:
    """Return the pages of which signals tell that they have changed, and those named for the first time."""
    calling = [number for number, signals in known.signals.items() if signals.changed_chance >= DUE_CHANCE]
    return known.choose_from([page for page in known.candidates(calling) if page.signalled])


class _Ages:
    """How old pages are that were verified once, and which are due, as Candidate.due says of one."""

    def __init__(self, known: KnownPages, groups: Sequence[PageGroup], run_days: float) -> None:
        self.tau: Floats = np.array([known.days_since(group.last_verified) for group in groups], dtype=float)
        vouched = np.array([group.signals.vouched_days for group in groups], dtype=float)
        called = np.array([group.signals.changed_chance for group in groups], dtype=float) >= DUE_CHANCE
        max_age = np.array([known.max_age_days(group.pages) for group in groups], dtype=float)
        limit = np.array([known.limit_days(group.pages) for group in groups], dtype=float)
        self.past_limit: Bools = self.tau + run_days > limit
        aged = np.minimum(self.tau, vouched) + EARLY * np.minimum(run_days, max_age) >= max_age
        self.due: Bools = aged | self.past_limit | called


def _alike_pages(known: KnownPages, run_days: float) -> Iterator[PageGroup]:
    """Yield the pages without a past that are due for their age; those that a signal watches are among them as well."""
    cursor = known.conn.cursor()
    cursor.row_factory = None
    for class_id, pages in known.classed.classes.items():
        if known.includes(pages):
            max_age = known.max_age_days(pages)
            days = min(max_age - EARLY * min(run_days, max_age), known.limit_days(pages) - run_days)
            rows = cursor.execute(
                "SELECT last_verified, failures, weight, count(*) FROM pages WHERE posterior IS NULL AND class_id = ?"
                " AND last_verified <= ? GROUP BY 1, 2, 3",
                [class_id, _moment_ago(known.now, days)],
            )
            for verified, failures, weight, members in rows:
                yield PageGroup(0, pages, verified, failures, weight, members=members, class_id=class_id)


def _moment_ago(now: datetime, days: float) -> str:
    """Return a moment so many days ago as text, the next whole second."""
    return format_time(now - timedelta(days=min(days, LONGEST)) + timedelta(seconds=1))


def _values(known: KnownPages, groups: Sequence[PageGroup], tau: Floats) -> Floats:
    values = np.zeros(len(groups))
    kinds = defaultdict[str, list[int]](list)
    for index, group in enumerate(groups):
        kinds[group.pages.kind].append(index)
    for kind, indices in kinds.items():
        own = [groups[index] for index in indices]
        weight = np.array([group.weight * success_chance(group.failures) for group in own])
        past = [(group.posterior, group.signals) for group in own]
        values[indices] = known.values.of(kind, past, tau[indices], weight)
    return values


def _floor(values: Floats, counts: Ints, most: int) -> float:
    """Return what the last of the `most` valuable pages is worth, less than any if there are not so many."""
    if counts.sum() <= most:
        return -math.inf
    best = np.argsort(-values)
    return float(values[best[np.searchsorted(np.cumsum(counts[best]), most)]])


def _urgent_pages(known: KnownPages) -> Iterator[int]:
    """Yield the pages that are looked at whatever they are worth: asked for, without a class, never read well."""
    yield from known.forced
    yield from known.classed.classless
    for source in known.named:
        for (number,) in known.conn.execute(
            "SELECT id FROM pages WHERE source = ? AND last_verified IS NULL", [source]
        ):
            yield number


def _numbers(known: KnownPages, group: PageGroup, most: int) -> Iterator[int]:
    """Yield the first pages of a group: as many as a plan can choose, and those that a signal watches beside them."""
    if group.class_id is None:
        yield group.number
        return
    rows = known.conn.execute(
        "SELECT id FROM pages WHERE posterior IS NULL AND (class_id, last_verified, failures, weight) = (?, ?, ?, ?)"
        " ORDER BY id LIMIT ?",
        [group.class_id, group.last_verified, group.failures, group.weight, most + len(known.signals)],
    )
    yield from (number for (number,) in rows)
