"""Rules of the repository that hold for every source."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from support.recorded_pages import PAGES, spiders
from test_sources import CASES

import cardwatch.crawler.settings
from cardwatch.normalize.providers import DEVELOPERS, PROVIDERS

SPIDERS = spiders()
PROVENANCE = ".provenance.toml"
LIMIT = 50_000
"""Bytes of one recorded page: a page is trimmed to the rows its test needs."""
POLITE = {"DOWNLOAD_DELAY": cardwatch.crawler.settings.DOWNLOAD_DELAY, "AUTOTHROTTLE_ENABLED": True}
GREEDY = ("CONCURRENT_REQUESTS_PER_DOMAIN", "CONCURRENT_REQUESTS_PER_IP")


def class_name(source: str) -> str:
    """Return the one allowed class name: acme_prices is AcmePrices."""
    return "".join(word.title() for word in source.split("_"))


def test_name_file_and_class_agree() -> None:
    wrong = {
        f"{kind.__module__}.{kind.__name__}"
        for name, kind in SPIDERS.items()
        if (kind.__module__, kind.__name__) != (f"cardwatch.crawler.spiders.{name}", class_name(name))
    }
    assert wrong == set()


@pytest.mark.parametrize("source", SPIDERS)
def test_every_source_has_a_page_its_provenance_and_a_row(source: str) -> None:
    files = {path.name for path in (PAGES / source).glob("*")}
    pages = {name for name in files if not name.endswith(PROVENANCE)}
    rows = {case.page for case in CASES if case.source == source}
    assert rows, f"add a row for {source} to TABLE in tests/test_sources.py"
    assert rows == pages, f"tests/pages/{source}/ and the cases differ by {rows ^ pages}"
    assert files - pages == {page + PROVENANCE for page in pages}, "say where each page comes from"


@pytest.mark.parametrize("path", sorted(PAGES.rglob(f"*{PROVENANCE}")), ids=lambda path: path.parent.name)
def test_provenance_names_source_address_date_and_original(path: Path) -> None:
    provenance = tomllib.loads(path.read_text(encoding="utf-8"))
    assert provenance["source"] == path.parent.name
    assert provenance["url"].startswith("https://")
    date.fromisoformat(provenance["date"])
    assert provenance["original_sha256"] or "hand" in provenance["note"], (
        "no original: say that it is written by hand"
    )


def test_no_page_lies_about_without_a_source() -> None:
    assert {folder.name for folder in PAGES.iterdir()} - {*SPIDERS} == set()


def test_recorded_pages_are_small() -> None:
    large = {str(p): p.stat().st_size for p in PAGES.rglob("*") if p.is_file() and p.stat().st_size > LIMIT}
    assert large == {}


def test_no_source_is_less_polite_than_the_project() -> None:
    hasty = {
        name: setting
        for name, kind in SPIDERS.items()
        for setting, least in POLITE.items()
        if (kind.custom_settings or {}).get(setting, least) < least
    }
    assert hasty == {}
    pushy = {n for n, k in SPIDERS.items() for s in GREEDY if (k.custom_settings or {}).get(s, 1) > 1}
    assert pushy == set()
    assert all((kind.custom_settings or {}).get("ROBOTSTXT_OBEY", True) for kind in SPIDERS.values())


@pytest.mark.parametrize("source", SPIDERS)
def test_a_source_expects_rows_and_says_where_it_may_be_read(source: str) -> None:
    card = SPIDERS[source].card()
    assert 0 not in card.expected_rows, "an empty listing is a broken page"
    assert card.url.startswith("https://")
    assert card.terms, "say what its licence lets us pass on"


@pytest.mark.parametrize("source", SPIDERS)
def test_what_a_source_calls_its_own_is_in_the_vocabulary(source: str) -> None:
    card = SPIDERS[source].card()
    assert set(card.providers) <= PROVIDERS.keys(), "a provider id nobody knows would demote its prices"
    assert set(card.developers) <= DEVELOPERS.keys()
    assert set(card.derived_from) <= SPIDERS.keys()
    assert card.terms, "say what its terms let us pass on"
