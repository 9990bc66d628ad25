"""The catalog from a program: the documented examples, any name, days in the past."""

from __future__ import annotations

import doctest
from contextlib import chdir
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

import cardwatch
from cardwatch.db import catalog_reader
from cardwatch.db.query import snapshot
from cardwatch.db.store.errors import UnknownModelError, UnseenModelError

GPT = "openai/gpt-4.1"


@pytest.fixture
def catalog(demo_home: Path) -> cardwatch.Catalog:
    with cardwatch.Catalog(demo_home / "catalog.db") as catalog:
        yield catalog  # type: ignore[misc]


def test_the_documented_examples_are_true(demo_home: Path, tmp_path: Path) -> None:
    (tmp_path / "var").symlink_to(demo_home)
    with chdir(tmp_path):
        found = [doctest.testmod(module) for module in (snapshot, catalog_reader)]
    assert [(each.failed, each.attempted) for each in found] == [(0, 10), (0, 7)]


@pytest.mark.parametrize("name", [GPT, "gpt-4.1", "GPT-4.1", "OpenAI/GPT-4.1", "gpt 4.1", "gpt4.1"])
def test_any_name_of_a_model_will_do(catalog: cardwatch.Catalog, name: str) -> None:
    assert {offer.model for offer in catalog.offers(name)} == {GPT}


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("gpt-4.11", (GPT,)),
        ("gpt5.9", ("openai/gpt-5.1", "openai/gpt-5.2")),
        ("claud sonet 4.5", ("anthropic/claude-sonnet-4.5",)),
        ("xyzzy", ()),
    ],
)
def test_an_unknown_name_tells_near_ones(
    catalog: cardwatch.Catalog, name: str, near: tuple[str, ...]
) -> None:
    with pytest.raises(UnknownModelError) as error:
        catalog.offers(name)
    assert tuple(error.value.near)[: len(near)] == near
    assert near or not error.value.near


def test_a_snapshot_nobody_lists_is_no_other_name_of_its_model(catalog: cardwatch.Catalog) -> None:
    assert catalog.resolve("gpt-4.1-2025-12-24").model is None


def test_free_is_zero_and_unknown_is_none(catalog: cardwatch.Catalog) -> None:
    free = [offer for card in catalog.cards() for offer in card.offers if offer.tier == "free"]
    assert Decimal(0) in {offer.price() for offer in free}
    assert catalog.offers(GPT)[0].price("hourly_price") is None
    unknown = catalog.fact(GPT, "parameters_total")
    assert (unknown.state, unknown.value, unknown.reason) == ("unknown", None, "never_sourced")


def test_the_past_is_as_it_was_published(catalog: cardwatch.Catalog) -> None:
    change = next(c for c in catalog.changes() if c.attribute == "input_price" and c.offer == "openrouter")
    day = date.fromisoformat(change.at[:10])
    before = catalog.as_of(day - timedelta(days=1)).fact(change.model, "input_price", offer="openrouter")
    after = catalog.as_of(day).fact(change.model, "input_price", offer="openrouter")
    assert (before.value, after.value) == (change.old, change.new)


def test_before_the_first_run_nothing_was_published(catalog: cardwatch.Catalog) -> None:
    with pytest.raises(UnseenModelError, match="nothing was published about it by 2020-01-01"):
        catalog.as_of("2020-01-01").offers(GPT)


def test_a_model_that_people_spoke_of_first_has_the_past_its_sources_give_it(
    catalog: cardwatch.Catalog,
) -> None:
    assert catalog.as_of("2026-03-31").fact(GPT, "context_window").value == 1047576


def test_a_moment_may_be_said_in_several_ways(catalog: cardwatch.Catalog) -> None:
    noon = datetime(2026, 3, 20, 12, tzinfo=UTC)
    assert catalog.as_of(noon).at == catalog.as_of("2026-03-20T12:00:00Z").at == "2026-03-20T12:00:00Z"
    assert catalog.as_of(noon.replace(tzinfo=None)).at == "2026-03-20T12:00:00Z"
    with pytest.raises(ValueError, match="found 'March'"):
        catalog.as_of("March")


def test_withdrawn_offers_are_told_only_when_asked_for(catalog: cardwatch.Catalog) -> None:
    gone = next(card for card in catalog.cards() if any(not offer.listed for offer in card.offers))
    now = catalog.offers(gone.id)
    assert all(offer.listed for offer in now)
    assert len(catalog.offers(gone.id, withdrawn=True)) > len(now)


def test_the_package_offers_the_catalog_alone() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Ledger'"):
        _ = cardwatch.Ledger  # type: ignore[attr-defined]


def test_a_name_resolves_or_says_what_it_may_mean(catalog: cardwatch.Catalog) -> None:
    assert catalog.resolve("GPT-4.1") == (GPT, ())
    found = catalog.resolve("gpt-4.11")
    assert found.model is None
    assert GPT in found.candidates


def test_a_model_is_retired_from_its_shutdown_day_on(catalog: cardwatch.Catalog) -> None:
    ends = ((card.id, card.facts.get("shutdown_date")) for card in catalog.cards())
    model, last = next(
        (model, str(fact.value)) for model, fact in ends if fact and len(str(fact.value)) == 10
    )
    assert catalog.is_retired(model, last) is True
    assert catalog.is_retired(model, date.fromisoformat(last) - timedelta(days=1)) is False
