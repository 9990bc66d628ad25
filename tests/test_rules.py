"""Rules of the repository that hold for every source."""

from __future__ import annotations

import pytest

import crawler.settings
from recorded import PAGES, spiders
from test_sources import TABLE

SPIDERS = spiders()
LIMIT = 50_000
"""Bytes of one recorded page: a page is trimmed to the rows its test needs."""


def class_name(source: str) -> str:
    """Return the one allowed class name: acme_prices is AcmePrices."""
    return "".join(word.title() for word in source.split("_"))


def test_name_file_and_class_agree() -> None:
    wrong = {
        f"{kind.__module__}.{kind.__name__}"
        for name, kind in SPIDERS.items()
        if (kind.__module__, kind.__name__) != (f"crawler.spiders.{name}", class_name(name))
    }
    assert wrong == set()


@pytest.mark.parametrize("source", SPIDERS)
def test_every_source_has_a_page_its_provenance_and_a_row(source: str) -> None:
    files = {path.name for path in (PAGES / source).glob("*")}
    rows = {case.page for case in TABLE if case.source == source}
    assert rows, f"add a Case for {source} to tests/test_sources.py"
    assert rows <= files, f"add the recorded pages {rows - files} to tests/pages/{source}/"
    assert "PROVENANCE.txt" in files, f"tests/pages/{source}/PROVENANCE.txt: say where the pages come from"


def test_no_page_lies_about_without_a_source() -> None:
    assert {folder.name for folder in PAGES.iterdir()} - {*SPIDERS} == set()


def test_recorded_pages_are_small() -> None:
    large = {str(p): p.stat().st_size for p in PAGES.rglob("*") if p.is_file() and p.stat().st_size > LIMIT}
    assert large == {}


def test_no_source_is_less_polite_than_the_project() -> None:
    delays = {
        name: (kind.custom_settings or {}).get("DOWNLOAD_DELAY", crawler.settings.DOWNLOAD_DELAY)
        for name, kind in SPIDERS.items()
    }
    assert {n: d for n, d in delays.items() if d < crawler.settings.DOWNLOAD_DELAY} == {}


@pytest.mark.parametrize("source", SPIDERS)
def test_a_source_expects_rows_and_says_where_it_may_be_read(source: str) -> None:
    card = SPIDERS[source].card()
    assert 0 not in card.expected_rows, "an empty listing is a broken page"
    assert card.url.startswith("https://")
    assert card.terms, "say what its licence lets us pass on"
