"""A plan of the pages that may be chosen is the plan of all pages, whatever is known of them."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.db.catalog import CatalogStore
from cardwatch.db.schedule import page_choice
from cardwatch.db.schedule.candidates import PATIENCE, Candidate, Candidates, KnownPages, all_candidates
from cardwatch.db.schedule.change_rates import update_likelihood
from cardwatch.db.schedule.change_signals import UNWATCHED
from cardwatch.db.schedule.crawl_plan import CrawlPlan, plan_crawl
from cardwatch.db.schedule.due_pages import list_due, list_signalled, plan_due
from cardwatch.db.schedule.page_choice import Feasibility, Floats, SignalArrays
from cardwatch.db.store.freshness_limits import FreshnessLimits
from cardwatch.db.store.values import format_time

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SOURCES = {"daily": 1.0, "monthly": 30.0, "never": None, "elsewhere": 1.0}
NAMED = {
    "daily": (PageRequest("https://a.example/1", "listing"), PageRequest("https://a.example/new", "listing")),
    "monthly": (), "never": (),
}  # fmt: skip
STATED = ("", "input_price", "context_window,name", "input_price,license")


class MadePage(NamedTuple):
    """One page as it is written into the catalog; `class_kept` is false where a change has taken its class away."""

    source: str
    kind: str
    host: str
    stated: str
    verified: float | None
    failures: int
    weight: float
    past: tuple[tuple[float, bool], ...]
    held: bool
    answers: int
    signals: int | None
    class_kept: bool


PAGES = st.lists(
    st.builds(
        MadePage,
        st.sampled_from([*SOURCES]), st.sampled_from(["listing", "listing", "page", "index", "import"]),
        st.sampled_from("aaaaaab"), st.sampled_from(STATED), st.sampled_from([0.2, 1, 1, 3, 7, 7, 40, None]),
        st.sampled_from([0, 0, 0, 0, 1, PATIENCE]), st.sampled_from([0.01, 1, 1, 6, 12]),
        st.lists(st.tuples(st.sampled_from([0.5, 2, 30]), st.booleans()), max_size=2).map(tuple),
        st.sampled_from([False] * 9 + [True]), st.sampled_from([1] * 9 + [3]),
        st.sampled_from([None] * 6 + [0, 1, 5]), st.sampled_from([True] * 9 + [False]),
    ),
    min_size=8,
    max_size=40,
)  # fmt: skip


ORDINARY = MadePage("daily", "listing", "a", "", 3, 0, 12, (), False, 1, None, True)
LITTLE = ORDINARY._replace(weight=0.01)
PAST_ITS_LIMIT = [*20 * [ORDINARY], LITTLE._replace(source="never", stated="input_price", verified=7)]
"""Goes first although it is worth little."""
BEHIND_A_FULL_HOST = [
    *20 * [ORDINARY],
    LITTLE._replace(host="b", class_kept=False),
    LITTLE._replace(host="c", weight=1),
]
"""The third best page is found only where more than a few are looked at."""


def write_page(conn: sqlite3.Connection, number: int, page: MadePage) -> None:
    posterior = None
    for gap, changed in page.past if page.verified is not None else ():
        posterior = update_likelihood(posterior, gap, changed)
    verified = None if page.verified is None else format_time(NOW - timedelta(days=page.verified))
    known = (page.source, page.kind, f"{page.host}.example", page.stated)
    conn.execute(
        "INSERT INTO page_classes (source, kind, host, attributes) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        known,
    )
    conn.execute(
        "INSERT INTO pages (id, source, url, kind, first_seen, last_verified, failures, failing_since, weight, posterior)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [number, page.source, f"https://{page.host}.example/{number}", page.kind, format_time(NOW - timedelta(days=50)),
         verified, page.failures, format_time(NOW) if page.failures else None, page.weight, posterior],
    )  # fmt: skip
    if page.class_kept:
        conn.execute(
            "UPDATE pages SET class_id = (SELECT id FROM page_classes WHERE (source, kind, host, attributes)"
            " = (?, ?, ?, ?)) WHERE id = ?", [*known, number],
        )  # fmt: skip
    if page.held:
        conn.execute(
            "INSERT INTO holds VALUES (NULL, 'visit', ?, NULL, '', '', '', '', NULL, NULL, '', '', '', '', '', 'open',"
            " NULL, NULL)", [number],
        )  # fmt: skip
    if page.answers > 1:
        conn.execute("INSERT INTO long_listings VALUES (?, ?)", [number, page.answers])
    if page.signals is not None:
        conn.execute(
            "INSERT INTO watched_pages VALUES (?, 'hub', '', ?)",
            [number, format_time(NOW - timedelta(days=60))],
        )
        conn.execute(
            "INSERT INTO told_versions VALUES (?, 'hub', ?)", [number, format_time(NOW - timedelta(hours=5))]
        )
        conn.executemany(
            "INSERT INTO signals VALUES (?, 'hub', ?)",
            [(number, format_time(NOW - timedelta(hours=9 * n))) for n in range(page.signals)],
        )


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("due") / "catalog.db"
    with CatalogStore.open(path, now=lambda: NOW) as catalog:
        catalog.conn.executemany(
            "INSERT INTO sources (id, authority, max_age_days) VALUES (?, 'aggregator', ?)",
            [*SOURCES.items()],
        )
        yield catalog.conn


def values_of_all(found: Candidates) -> Floats:
    """Return what every page is worth, from the pages themselves."""
    value = np.zeros(len(found.pages))
    for kind in {page.kind for page in found.pages}:
        rows = [index for index, page in enumerate(found.pages) if page.kind == kind]
        own = [found.pages[row] for row in rows]
        likelihood = page_choice.stored_likelihoods([page.posterior for page in own])
        told = None
        if any(page.signals is not UNWATCHED for page in own):
            told = SignalArrays.of([page.signals for page in own])
            likelihood = likelihood + told.likelihoods
        prior = page_choice.learned_prior(likelihood, page_choice.base_prior())
        tau = np.array([min(page.tau_days, 3650.0) for page in own])
        weight = np.array([page.weight * page.chance for page in own])
        value[rows] = page_choice.expected_gain(likelihood, prior, tau, weight, told)
    return value


def needed_of_all(pages: list[Candidate]) -> Feasibility:
    hosts, names = page_choice.number_hosts([page.host for page in pages])
    limit = np.array([page.limit_days if page.failures < PATIENCE else math.inf for page in pages])
    return page_choice.compute_feasibility(limit, hosts, np.ones(len(names) or 1), 1, 1.0)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(pages=PAGES, budget=st.sampled_from([1, 3, 5, 40]), allowance=st.sampled_from([2, 5, 50]),
       most=st.sampled_from([1, 2, 8]))  # fmt: skip
@example(pages=PAST_ITS_LIMIT, budget=5, allowance=50, most=5)
@example(pages=BEHIND_A_FULL_HOST, budget=3, allowance=2, most=3)
@example(pages=BEHIND_A_FULL_HOST, budget=5, allowance=2, most=3)
@example(pages=[*20 * [LITTLE], ORDINARY._replace(class_kept=False)], budget=1, allowance=2, most=3)
def test_a_plan_of_few_pages_is_the_plan_of_all(
    conn: sqlite3.Connection, pages: list[MadePage], budget: int, allowance: int, most: int
) -> None:
    make_plan = partial(
        plan_crawl,
        budget=budget,
        host_allowance=allowance,
        run_days=1.0,
        due_only=True,
        suspects={"b.example"},
    )
    conn.execute("BEGIN")
    try:
        for number, page in enumerate(pages, 1):
            write_page(conn, number, page)
        known = KnownPages(conn, NAMED, now=NOW, limits=FreshnessLimits())
        check_plans(known, make_plan, budget)
        few = list_due(known, 1.0, most)
        assert {page.url for page in few.pages if page.page_id} <= {
            page.url for page in all_candidates(known).pages if page.due(1.0)
        }
    finally:
        conn.execute("ROLLBACK")


def check_plans(known: KnownPages, make_plan: partial[CrawlPlan], budget: int) -> None:
    found = all_candidates(known)
    whole, few = make_plan(found), plan_due(known, make_plan, run_days=1.0, budget=budget)
    assert [(pick.candidate, pick.why) for pick in few.picked] == [
        (pick.candidate, pick.why) for pick in whole.picked
    ]
    assert few.spare == whole.spare
    told = {pick.candidate: pick.value for pick in (*whole.picked, *whole.left())}
    assert [told[page] for page in found.pages] == pytest.approx(values_of_all(found), rel=1e-5)
    assert sum(found.a_day.values()) == pytest.approx(needed_of_all([*found.pages]).needed)
    signalled = [page for page in found.pages if page.signalled]
    assert [page for page in list_signalled(known).pages if page.signalled] == signalled
