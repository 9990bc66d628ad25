"""Offers: listed, absent, withdrawn, back; and that nothing is ever deleted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.made_catalogs import DAY, GPT, START, CatalogWorld, Row, about, aggregator, card, offer, visit

from cardwatch.crawler.documents import Outcome
from cardwatch.crawler.source_card import Authority
from cardwatch.db.query.cards import ONLY_OTHERS

OWN = card("openai_pricing", authority=Authority.FIRST_PARTY, providers=("openai",), developers=("openai",))
OTHERS = [offer(f"openai/gpt-{n}", input_price="2", output_price="8") for n in range(30)]


def listed(world: CatalogWorld, model: str = GPT, **when: Any) -> dict[str, bool]:
    return {o.key: o.listed for o in world.catalog.card(model, **when).offers}


def test_offers_are_told_apart_by_provider_and_variant(world: CatalogWorld) -> None:
    rows = [
        Row(GPT, {"input_price": price}, provider, variant=variant)
        for provider, variant, price in (
            ("azure-openai", {"region": "global"}, "2"),
            ("azure-openai", {"region": "data-zone"}, "2.2"),
            ("azure-openai", {"tier": "batch", "region": "data-zone"}, "1.1"),
            ("openrouter", {"tier": "standard"}, "2"),
            ("openrouter", {"tier": "free"}, "0"),
        )
    ]
    world.see(*rows)
    assert [(o.key, o.provider_name, o.tier, o.region) for o in world.catalog.card(GPT).offers] == [
        ("azure-openai", "Azure OpenAI", "standard", "global"),
        ("azure-openai;region=data-zone", "Azure OpenAI", "standard", "data-zone"),
        ("azure-openai;tier=batch;region=data-zone", "Azure OpenAI", "batch", "data-zone"),
        ("openrouter", "OpenRouter", "standard", None),
        ("openrouter;tier=free", "OpenRouter", "free", None),
    ]


def test_an_offer_missing_from_the_complete_list_is_unlisted_at_once(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2"), about(GPT, "openrouter", name="GPT-4.1"), *OTHERS)
    report = world.see(*OTHERS, day=1)
    assert (report.withdrawn, report.dirty_models) == (1, {GPT})
    assert listed(world) == {"openrouter": False}
    assert listed(world, as_of="2026-03-10") == {"openrouter": True}
    fact = world.fact("input_price")
    assert (fact.value, fact.reviewed_on) == ("2", "2026-03-10")
    assert world.fact("name", offer="").reviewed_on == "2026-03-10"
    assert world.rows("SELECT count(*) FROM prices WHERE model = ?", GPT) == [(0,)]
    summary = next(m for m in world.catalog.models() if m.id == GPT)
    assert (summary.offers, summary.cheapest_input) == (0, None)
    (change,) = report.changes
    assert (change.attribute, change.old, change.new, change.provider) == (
        "availability", "listed", "withdrawn", "openrouter",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "summary"),
    [
        ({}, ("active", 1, "2")),
        ({"shutdown_date": "2020-03-10"}, ("retired", 0, None)),
        ({"shutdown_date": "2020-03"}, ("retired", 0, None)),
        ({"shutdown_date": "2099-03-10"}, ("deprecated", 1, "2")),
        ({"deprecation_date": "2020-03-10"}, ("deprecated", 1, "2")),
    ],
)
def test_the_list_of_models_follows_the_calendar(
    world: CatalogWorld, values: dict[str, str], summary: tuple[str, int, str | None]
) -> None:
    world.see(
        offer(GPT, "openai", input_price="2", output_price="8"), about(GPT, "openai", name="GPT-4.1", **values),
        card=OWN,
    )  # fmt: skip
    assert world.catalog.models()[0].product_type == "standalone API model"
    world.catalog.update_kept_facts()
    found = next(m for m in world.catalog.models() if m.id == GPT)
    assert (found.lifecycle, found.offers, found.cheapest_input) == summary
    assert world.catalog.card(GPT).facts["lifecycle"].value == found.lifecycle
    derived = "standalone API model"
    assert world.rows("SELECT lifecycle, product_type FROM models WHERE id = ?", GPT) == [
        (found.lifecycle, derived)
    ]
    assert (found.product_type, world.catalog.card(GPT).facts["product_type"].value) == (derived, derived)
    sold = [(2.0,)] if found.offers else []
    assert world.rows("SELECT input_price FROM prices WHERE model = ?", GPT) == sold
    assert world.rows("SELECT input_price FROM cheapest_offers WHERE model = ?", GPT) == sold


def test_the_day_of_an_announced_end_is_a_change_without_a_visit(world: CatalogWorld) -> None:
    world.see(
        offer(GPT, "openai", shutdown_date="2026-03-12"),
        about(GPT, "openai", shutdown_date="2026-03"),
        card=OWN,
    )

    def came() -> list[tuple[object, ...]]:
        found = [change for change in world.catalog.changes() if change.attribute == "lifecycle"]
        return [(change.at[:10], change.offer, change.old, change.new, change.stated) for change in found]

    assert came() == []
    world.now = datetime(2026, 3, 12, 1, tzinfo=UTC)
    assert came() == [("2026-03-12", "openai", "deprecated", "retired", True)]
    assert [change.at[:10] for change in world.catalog.card(GPT).changes] == ["2026-03-12"]
    world.now = datetime(2026, 3, 31, 1, tzinfo=UTC)
    assert came()[1:] == [("2026-03-31", None, "deprecated", "retired", True)]
    assert world.catalog.changes(since="2026-04-01") == []


def test_an_end_that_only_a_host_states_is_unknown_for_that_reason(world: CatalogWorld) -> None:
    world.see(offer(GPT), about(GPT, "openrouter", deprecation_date="2020-03-10", lifecycle="deprecated"))
    ends = world.catalog.card(GPT).facts["deprecation_date"]
    assert (ends.state, ends.reason, [other.value for other in ends.others]) == (
        "unknown",
        ONLY_OTHERS,
        ["2020-03-10"],
    )
    assert (ends.rule, ends.why) == ("speaker", "only its developer may say it, and does not")
    assert world.catalog.card(GPT).facts["lifecycle"].unheard


def test_a_tombstone_needs_three_verified_absences_on_separate_days(world: CatalogWorld) -> None:
    def tombstone() -> Any:
        return world.rows("SELECT tombstoned_on FROM offers WHERE model = ?", GPT)[0][0]

    world.see(offer(GPT, input_price="2"), *OTHERS)
    world.see(*OTHERS, day=1)
    world.see(*OTHERS, day=1.2)
    world.miss(Outcome.ERROR, day=2, status=500)
    world.see(*OTHERS, day=3)
    assert tombstone() is None
    world.miss(Outcome.NOT_MODIFIED, day=4, status=304)
    assert tombstone() == "2026-03-14"
    world.see(offer(GPT, input_price="2.1"), *OTHERS, day=5)
    assert tombstone() is None
    assert listed(world) == {"openrouter": True}
    assert world.value("input_price") == "2.1"
    assert [(c.old, c.new) for c in world.catalog.changes() if c.attribute == "availability"] == [
        ("listed", "withdrawn"), ("withdrawn", "listed"),
    ]  # fmt: skip


def test_an_incomplete_page_withdraws_nothing(world: CatalogWorld) -> None:
    page = card(complete=False)
    world.see(offer(GPT, input_price="2"), *OTHERS, card=page)
    report = world.see(*OTHERS, day=1, card=page)
    assert (report.withdrawn, listed(world)) == (0, {"openrouter": True})
    assert world.fact("input_price").reviewed_on == "2026-03-10"


def test_the_best_source_says_whether_an_offer_exists(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2"), *OTHERS)
    world.see(offer(GPT, input_price="2"), *OTHERS, card=aggregator("models_dev"))
    world.see(*OTHERS, day=1)
    assert listed(world) == {"openrouter": False}
    world.see(offer(GPT, input_price="2"), *OTHERS, day=2)
    world.see(*OTHERS, day=3, card=aggregator("models_dev"))
    assert listed(world) == {"openrouter": True}


def test_what_a_vanished_row_said_of_the_model_gives_way_to_who_still_says_it(world: CatalogWorld) -> None:
    world.see(about(GPT, "openrouter", context_window=1000000), *OTHERS)
    world.see(about(GPT, context_window=1047576), card=aggregator("models_dev"))
    assert world.value("context_window", offer="") == 1000000
    world.see(*OTHERS, day=1)
    fact = world.fact("context_window", offer="")
    assert (fact.value, fact.rule) == (1047576, "said_now")


def test_better_rules_replace_what_worse_ones_understood(world: CatalogWorld) -> None:
    wrong = Row(
        "openai/gpt-4.1-2025-04-14", {"input_price": "2"}, "openrouter", name="openai/gpt-4.1-2025-04-14"
    )
    world.see(wrong, *OTHERS)
    world.rules = "rules 2"
    right = Row(GPT, wrong.values, "openrouter", variant={"snapshot": "2025-04-14"}, name=wrong.name)
    made = [right, *OTHERS]
    report = world.ingest(card(), [(visit([wrong, *OTHERS], day=1), made)])
    assert report.outcomes == {"verified_same": 1}
    assert listed(world) == {"openrouter;snapshot=2025-04-14": True}
    assert [c.attribute for c in world.catalog.changes()] == []
    assert "openai/gpt-4.1-2025-04-14" not in {m.id for m in world.catalog.models()}
    assert "openai/gpt-4.1-2025-04-14" not in {m.id for m in world.catalog.cards()}
    assert world.rows("SELECT count(*) FROM claims WHERE until IS NOT NULL") == [(1,)]


MODELS = [f"openai/gpt-{n}" for n in range(4)]
PRICES = st.sampled_from([None, "0", "0.02", "0.48", "2", "3", "!x"])
PAGES = st.lists(st.dictionaries(st.sampled_from(MODELS), PRICES), min_size=1, max_size=7)


@settings(max_examples=30)
@given(pages=PAGES)
def test_laws_of_history(tmp_path_factory: pytest.TempPathFactory, pages: list[dict[str, Any]]) -> None:
    """Whatever a source says: nothing is deleted, spans do not overlap, and the catalog is sound."""
    world = CatalogWorld(tmp_path_factory.mktemp("laws") / "catalog.db")
    claims = 0
    for day, page in enumerate(pages):
        world.see(
            *(offer(model, input_price=price, output_price="9") for model, price in page.items()), day=day
        )
        (now,) = world.rows("SELECT count(*) FROM claims")[0]
        assert now >= claims
        claims = now
    overlaps = world.rows(
        "SELECT 1 FROM claims a JOIN claims b ON a.listing_id = b.listing_id AND a.attribute = b.attribute AND a.id < b.id"
        " WHERE a.until IS NULL OR a.until > b.since"
    )
    assert overlaps == []
    prices = {price for page in pages for price in page.values()}
    published = {row[0] for row in world.rows("SELECT value FROM claims WHERE attribute = 'input_price'")}
    assert published <= prices
    dated = world.rows("SELECT coalesce(c.last_verified, p.last_verified) < c.since FROM claims c, pages p")
    assert not any(row[0] for row in dated)
    assert world.catalog.check() == []
    world.now = START + 20 * DAY
    list(world.catalog.cards())
    world.catalog.close()


def test_a_row_that_returns_speaks_again_only_for_what_it_says(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2", output_price="8", image_price="1"), *OTHERS)
    world.see(*OTHERS, day=1)
    world.see(*OTHERS[1:], day=2)
    world.see(offer(GPT, input_price="2", image_price="100"), *OTHERS[1:], day=3)
    dates = {name: (fact.value, fact.reviewed_on) for name, fact in listed_facts(world).items()}
    assert dates == {
        "input_price": ("2", "2026-03-13"), "output_price": ("8", "2026-03-10"), "image_price": ("1", "2026-03-10"),
    }  # fmt: skip
    world.see(offer(GPT, input_price="2", output_price="9"), *OTHERS[1:], day=4)
    assert world.fact("output_price", as_of="2026-03-12").reviewed_on == "2026-03-10"
    assert world.fact("output_price").reviewed_on == "2026-03-14"


def listed_facts(world: CatalogWorld) -> Any:
    (only,) = world.catalog.card(GPT).offers
    return only.facts


def test_a_price_changed_by_its_return_was_not_verified_meanwhile(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2"), *OTHERS)
    world.see(*OTHERS, day=1)
    world.see(*OTHERS[1:], day=2)
    world.see(offer(GPT, input_price="3"), *OTHERS[1:], day=3)
    assert world.fact("input_price", as_of="2026-03-12").reviewed_on == "2026-03-10"


def test_the_visit_that_first_lacks_an_offer_counts_for_its_tombstone_whatever_its_age(
    world: CatalogWorld,
) -> None:
    world.see(offer(GPT, input_price="2"), *OTHERS)
    for day in (1, 2, 3):
        world.see(*OTHERS, day=day, age=60)
    assert world.rows("SELECT tombstoned_on FROM offers WHERE model = ?", GPT) == [("2026-03-13",)]


def test_a_listing_under_another_name_touches_its_model(world: CatalogWorld) -> None:
    world.see(Row(GPT, {"input_price": "2"}, "openrouter", name="openai/gpt-4.1"))
    world.catalog.mark_clean(world.catalog.dirty_models())
    report = world.see(Row(GPT, {"input_price": "2"}, "openrouter", name="gpt-4.1-renamed"), day=1)
    (offered,) = world.catalog.card(GPT).offers
    assert offered.provider_model == "gpt-4.1-renamed"
    assert (report.dirty_models, world.catalog.dirty_models()) == ({GPT}, [GPT])
