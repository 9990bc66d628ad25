"""The two recorded scrapes that read another tab as the standard prices are held, not published."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.made_catalogs import CatalogStore
from support.read_visits import ingest_rows
from support.recorded_pages import spider
from support.wrong_tabs import batch_as_standard, priority_as_standard, standard_rows

from cardwatch.crawler.documents import RawRow
from cardwatch.db.query.reports import IngestReport

START = datetime(2026, 2, 7, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def ingest(catalog: CatalogStore, rows: list[RawRow], day: int) -> IngestReport:
    return ingest_rows(catalog, spider("openai_pricing"), rows, START + day * DAY)


def as_tier(rows: list[RawRow], tier: str) -> list[RawRow]:
    return [replace(row, variant={"tier": tier}, locator=f"/{tier}{row.locator}") for row in rows]


@pytest.mark.parametrize(
    ("scrape", "tier"), [(batch_as_standard, "batch"), (priority_as_standard, "priority")]
)
def test_a_page_read_from_the_wrong_tab_changes_no_published_price(
    tmp_path: Path, scrape: object, tier: str
) -> None:
    wrong: list[RawRow] = scrape()  # type: ignore[operator]
    with CatalogStore.open(tmp_path / "catalog.db", now=lambda: START + 9 * DAY) as catalog:
        names = {row.name for row in wrong}
        right = [row for row in standard_rows() if row.name in names]
        listed = {row.name for row in right}
        wrong = [row for row in wrong if row.name in listed]
        assert len(wrong) >= 5
        ingest(catalog, [*right, *as_tier(wrong, tier)], 0)
        before = prices(catalog)
        report = ingest(catalog, [*wrong, *as_tier(wrong, tier)], 1)
        moved = {key for key, value in prices(catalog).items() if before.get(key) != value}
        assert report.held > 0 or report.held_pages
        assert moved == set()
        reasons = " ".join(hold.reason for hold in catalog.holds())
        assert tier in reasons or "another tier" in reasons


def prices(catalog: CatalogStore) -> dict[tuple[str, str, str], object]:
    return {
        (card.id, offer.key, name): fact.value
        for card in catalog.cards()
        for offer in card.offers
        for name, fact in offer.facts.items()
    }
