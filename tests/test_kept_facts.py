"""What is kept as rows is what the rules say of all claims, whatever happened and however much time passed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from support.made_catalogs import DAY, GPT, QWEN, START, CatalogWorld, Row, about, aggregator, card, offer

from cardwatch.crawler.documents import Outcome
from cardwatch.crawler.source_card import Authority, SourceCard
from cardwatch.db.query import kept_facts
from cardwatch.db.query.page_classes import load_classes
from cardwatch.db.store.default_traffic import INPUT_MTOK, OUTPUT_MTOK
from cardwatch.db.store.errors import NothingToReviewError, UnknownModelError
from cardwatch.db.store.freshness_limits import FreshnessLimits
from cardwatch.db.store.kept_tables import drop_kept
from cardwatch.normalize.curated import CuratedFact

LATER = (0, 16, 70)
"""Days after the last visit at which the catalog is read."""
OPENAI = card("openai_pages", authority=Authority.FIRST_PARTY, providers=("openai",), developers=("openai",),
              complete=False)  # fmt: skip
SOURCES = (card(), aggregator("models_dev"), aggregator("copy", derived_from=("models_dev",)), OPENAI)


class UsualTraffic:
    input_mtok, output_mtok = INPUT_MTOK, OUTPUT_MTOK


def readings(world: CatalogWorld, at: datetime) -> tuple[Any, ...]:
    """Return all that is read from kept rows, at a moment."""
    now, world.now = world.now, at
    try:
        usual: Any = {"now": at, "limits": FreshnessLimits(), "interval": timedelta(days=1)}
        report = world.catalog.stale_report(**usual)
        assert world.catalog.stale_report(**usual, sums_only=True) == replace(report, rows=())
        return (
            world.catalog.models(),
            world.catalog.conflicts(UsualTraffic()),
            world.catalog.conflicts(model=GPT),
            report,
            world.catalog.sources(),
            attributes_by_page(world.catalog.conn),
            world.catalog.check_freshness_budget(
                limits=FreshnessLimits(), budget=1, host_allowance=1, run_days=1.0
            ).needed,
        )
    finally:
        world.now = now


def attributes_by_page(conn: sqlite3.Connection) -> dict[int, str]:
    classed = load_classes(conn)
    rows = conn.execute("SELECT id, class_id FROM pages").fetchall()
    return {page_id: classed.class_of(page_id, class_id).attributes for page_id, class_id in rows}


def readings_from_claims(world: CatalogWorld, at: datetime) -> tuple[Any, ...]:
    """Return the same where nothing is kept."""
    conn: sqlite3.Connection = world.catalog.conn
    conn.execute("SAVEPOINT unkept")
    drop_kept(conn)
    try:
        return readings(world, at)
    finally:
        conn.execute("ROLLBACK TO unkept")
        conn.execute("RELEASE unkept")


def assert_kept_rows_hold(world: CatalogWorld) -> None:
    for days in LATER:
        at = world.now + timedelta(days=days)
        assert readings(world, at) == readings_from_claims(world, at)
    assert world.catalog.check() == []


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CatalogWorld]:
    made = CatalogWorld(tmp_path / "catalog.db")
    yield made
    made.catalog.close()


ROWS = st.lists(
    st.builds(
        lambda model, values, whose: offer(model, whose, **values) if whose else about(model, **values),
        st.sampled_from((GPT, QWEN)),
        st.dictionaries(
            st.sampled_from(("input_price", "output_price", "context_window", "shutdown_date", "capability.vision")),
            st.integers(1, 3), min_size=1, max_size=3,
        ).map(lambda numbers: {name: spelled(name, number) for name, number in numbers.items()}),
        st.sampled_from(("openrouter", "openai", None)),
    ),
    min_size=1, max_size=4,
)  # fmt: skip


def spelled(name: str, number: int) -> Any:
    """Return one of three values of an attribute."""
    if name == "shutdown_date":
        return ("2026-04-01", "2026-04", "2026-09-30")[number - 1]
    if name.startswith("capability"):
        return number > 1
    return number * 1000 if name == "context_window" else str(number)


def stated(model: str, value: int, day: str = "2026-03-01") -> CuratedFact:
    return CuratedFact(
        line=1, model=model, attribute="context_window", value=value, raw=str(value), source="curated",
        url="https://example.org/curated", reviewed_on=day, reviewer="Reviewer",
    )  # fmt: skip


class ChangingWorld(CatalogWorld):
    """A catalog to which things happen one after another; each step may let days pass first."""

    def step(self, name: str, source: SourceCard, rows: list[Row], days: float) -> None:
        getattr(self, f"_{name}")(source, rows, days)

    def _day(self, days: float) -> float:
        return (self.now - START) / DAY + days

    def _look(self, source: SourceCard, rows: list[Row], days: float) -> None:
        self.pages[source.id,] = rows
        self.see(*rows, day=self._day(days), card=source)

    def _look_again(self, source: SourceCard, rows: list[Row], days: float) -> None:
        """Find what the source said last, which then has a new date alone."""
        self.see(*self.pages.get((source.id,), rows), day=self._day(days), card=source)

    def _fail(self, source: SourceCard, rows: list[Row], days: float) -> None:
        self.miss(Outcome.ERROR, day=self._day(days), status=503)

    def _state(self, source: SourceCard, rows: list[Row], days: float) -> None:
        self.now += timedelta(days=days)
        self.catalog.import_facts([stated(GPT, int(days) % 3 * 1000 + 1000, f"{self.now:%Y-%m-%d}")])

    def _confirm(self, source: SourceCard, rows: list[Row], days: float) -> None:
        self.now += timedelta(days=days)
        with suppress(NothingToReviewError):
            self.catalog.review(GPT, "context_window", url="https://example.org", by="Reviewer")

    def _retract(self, source: SourceCard, rows: list[Row], days: float) -> None:
        with suppress(NothingToReviewError):
            self.catalog.retract(GPT, "context_window", by="Reviewer", reason="wrong")

    def _merge(self, source: SourceCard, rows: list[Row], days: float) -> None:
        with suppress(UnknownModelError):
            self.catalog.merge(QWEN, GPT, by="Reviewer", reason="same")

    def _unmerge(self, source: SourceCard, rows: list[Row], days: float) -> None:
        with suppress(UnknownModelError):
            self.catalog.unmerge(QWEN, by="Reviewer", reason="not the same")

    def _decide(self, source: SourceCard, rows: list[Row], days: float) -> None:
        for hold in self.catalog.holds()[:1]:
            self.catalog.decide(hold.id, "release" if days > 1 else "reject", by="Reviewer")

    def _settle(self, source: SourceCard, rows: list[Row], days: float) -> None:
        self.now += timedelta(days=days)
        self.catalog.settle_holds()
        self.catalog.update_kept_facts()


STEPS = ("look", "look", "look", "look_again", "settle", "settle", "settle", "fail", "state", "confirm", "retract", "merge",
         "unmerge", "decide")  # fmt: skip
SEQUENCES = st.lists(
    st.tuples(st.sampled_from(STEPS), st.sampled_from(SOURCES), ROWS, st.sampled_from((0.01, 1, 5, 20, 35))),
    min_size=2, max_size=7,
)  # fmt: skip
BOTH = [offer(GPT, input_price="1"), offer(QWEN, input_price="1")]
MERGED_AWAY = [(name, SOURCES[0], BOTH, 1) for name in ("look", "settle", "merge", "settle", "unmerge")]
SAID_AFTER_MERGE = [*MERGED_AWAY[:4], ("look", OPENAI, BOTH[1:], 1)]


def check_sequence(world: ChangingWorld, steps: list[Any]) -> None:
    try:
        for step in steps:
            world.step(*step)
            assert_kept_rows_hold(world)
    finally:
        world.catalog.close()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=SEQUENCES)
@example(steps=MERGED_AWAY)
@example(steps=SAID_AFTER_MERGE)
def test_kept_rows_equal_what_claims_say(tmp_path_factory: pytest.TempPathFactory, steps: list[Any]) -> None:
    check_sequence(ChangingWorld(tmp_path_factory.mktemp("kept") / "catalog.db"), steps)


@pytest.mark.soak
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=SEQUENCES)
def test_many_sequences(tmp_path_factory: pytest.TempPathFactory, steps: list[Any]) -> None:
    check_sequence(ChangingWorld(tmp_path_factory.mktemp("kept") / "catalog.db"), steps)


def settled(world: CatalogWorld) -> CatalogWorld:
    world.see(about(GPT, context_window=1000), offer(GPT, input_price="2", output_price="8"))
    world.see(about(GPT, context_window=2000), day=1, card=aggregator("models_dev"))
    world.catalog.update_kept_facts()
    return world


def test_a_settled_catalog_is_read_from_what_is_kept(world: CatalogWorld) -> None:
    catalog = settled(world).catalog
    kept = kept_facts.find_run_out(catalog.conn, catalog.now)
    assert kept.touched == frozenset()
    world.see(about(GPT, context_window=1000), offer(GPT, input_price="3", output_price="8"), day=2)
    assert kept_facts.find_run_out(catalog.conn, catalog.now).models == {GPT}
    assert world.rows("SELECT count(*) FROM kept_facts") == [(0,)]


@pytest.mark.parametrize(
    ("violation", "finding"),
    [
        (
            "UPDATE kept_facts SET shown = 0 WHERE attribute = 'input_price'",
            f"{GPT}: kept_facts differs from its claims",
        ),
        (
            "DELETE FROM kept_facts WHERE attribute = 'context_window'",
            f"{GPT}: kept_facts differs from its claims",
        ),
        ("UPDATE kept_models SET cheapest_input = '1'", f"{GPT}: kept_models differs from its claims"),
        ("UPDATE kept_pages SET counts = '{}'", "kept_pages: the counts differ from kept_facts"),
        (
            "UPDATE kept_page_models SET attributes = ''",
            f"{GPT}: kept_page_models differs from its claims",
        ),
        ("DELETE FROM kept_source_models", f"{GPT}: kept_source_models differs from its claims"),
        ("UPDATE kept_source_counts SET facts = 7", "kept_source_counts: differs from what it counts"),
        ("UPDATE page_classes SET pages = 7", "page_classes: differs from what it counts"),
        ("UPDATE page_classes SET attributes = ''", "pages: the classes differ from what pages state"),
        ("DELETE FROM kept_page_days", "kept_page_days: differs from what it counts"),
        (
            "UPDATE claims SET value = '7' WHERE attribute = 'input_price'",
            f"{GPT}: kept_models differs from its claims",
        ),
    ],
)
def test_the_check_finds_what_is_kept_wrong(world: CatalogWorld, violation: str, finding: str) -> None:
    catalog = settled(world).catalog
    assert catalog.check() == []
    catalog.conn.execute(violation)
    assert finding in catalog.check()
