"""Two real dates of a public list, through its spider and the normaliser, into a catalog."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.read_visits import ingest_rows
from support.recorded_pages import recording_path, spider, text_answer

from cardwatch.db.catalog import CatalogStore
from cardwatch.db.query.reports import IngestReport

MARCH, MAY = "openrouter/models.2026-03-10.json", "openrouter/models.2026-05-15.json"


def take(catalog: CatalogStore, name: str, day: str) -> IngestReport:
    source = spider("openrouter_models")
    rows = source.rows(text_answer(recording_path(name).read_bytes(), source.url))
    return ingest_rows(catalog, source, rows, datetime.fromisoformat(f"{day}T12:00:00+00:00"))


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[CatalogStore, IngestReport, IngestReport]]:
    path: Path = tmp_path_factory.mktemp("recordings") / "catalog.db"
    with CatalogStore.open(path, now=lambda: datetime(2026, 5, 16, tzinfo=UTC)) as catalog:
        first = take(catalog, MARCH, "2026-03-10")
        second = take(catalog, MAY, "2026-05-15")
        yield catalog, first, second


def test_what_changed_between_the_dates(both: tuple[CatalogStore, IngestReport, IngestReport]) -> None:
    catalog, first, second = both
    assert (first.held, first.held_pages, second.held_pages) == (0, [], [])
    assert second.withdrawn == 54
    prices = {c.model for c in second.changes if c.attribute in ("input_price", "output_price")}
    assert 30 <= len(prices) <= 45
    assert catalog.check() == []


@pytest.mark.parametrize(
    ("model", "old", "new", "reason"),
    [
        ("meta/llama-guard-3-8b", "0.02", "0.48", "input 0.48 is more than twice output 0.03"),
        ("alibaba/qwen3-vl-235b-a22b-thinking", "0", "0.26", "no longer free"),
        ("alibaba/qwen3-vl-30b-a3b-thinking", "0", "0.13", "no longer free"),
    ],
)
def test_the_three_known_surprises_are_held(
    both: tuple[CatalogStore, IngestReport, IngestReport], model: str, old: str, new: str, reason: str
) -> None:
    catalog = both[0]
    held = next(h for h in catalog.holds() if (h.model, h.attribute) == (model, "input_price"))
    assert (held.old, held.new, held.provider) == (old, new, "openrouter")
    assert reason in held.reason
    made = next(o for o in catalog.card(model).offers if o.key == "openrouter")
    assert (made.facts["input_price"].value, made.facts["input_price"].reviewed_on) == (old, "2026-03-10")


def test_a_fact_of_the_first_date_that_still_holds(
    both: tuple[CatalogStore, IngestReport, IngestReport],
) -> None:
    made = both[0].card("openai/gpt-4.1")
    price = made.offers[0].facts["input_price"]
    assert (price.value, price.first_seen, price.reviewed_on) == ("2", "2026-03-10T12:00:00Z", "2026-05-15")
    assert price.evidence[0].locator.startswith("/data/")


def test_a_third_visit_like_the_second_writes_no_value(
    both: tuple[CatalogStore, IngestReport, IngestReport],
) -> None:
    catalog = both[0]
    held = {h.attribute for h in catalog.holds()}
    again = take(catalog, MAY, "2026-05-16")
    assert (again.new, again.changed, again.outcomes) == (0, 0, {"verified_same": 1})
    assert again.released > 0
    assert held
    assert catalog.holds() == []
