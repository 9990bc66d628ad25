"""Which claim the catalog shows, and that the losers stay visible."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.made_catalogs import DAY, GPT, QWEN, START, CatalogWorld, Row, about, aggregator, card, offer

from cardwatch.crawler.source_card import Authority
from cardwatch.normalize.curated import CuratedFact, CuratedOffer

OPENAI = card(
    "openai_model_pages",
    authority=Authority.FIRST_PARTY,
    providers=("openai",),
    developers=("openai",),
    complete=False,
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CatalogWorld]:
    made = CatalogWorld(tmp_path / "catalog.db")
    yield made
    assert made.catalog.check() == []
    made.catalog.close()


def stated(
    attribute: str, value: Any, *, day: str = "2026-03-01", source: str = "curated", **more: Any
) -> CuratedFact:
    return CuratedFact(
        line=1, model=more.pop("model", GPT), attribute=attribute, value=value, raw=str(value), source=source,
        url=f"https://example.org/{source}", reviewed_on=day, reviewer="Reviewer", **more,
    )  # fmt: skip


def test_first_party_then_curated_then_provider_then_aggregator(world: CatalogWorld) -> None:
    for source, window in ((aggregator("models_dev"), 1), (card(), 2), (OPENAI, 4)):
        world.see(
            about(GPT, "openrouter" if source.id == "openrouter_models" else None, context_window=window),
            card=source,
        )
    world.catalog.import_facts([stated("context_window", 3)])
    fact = world.fact("context_window", offer="")
    assert (fact.value, fact.why, fact.evidence[0].source) == (
        4,
        "first party before curated",
        "openai_model_pages",
    )
    assert [(o.source, o.value) for o in fact.others] == [
        ("curated", 3),
        ("openrouter_models", 2),
        ("models_dev", 1),
    ]
    (conflict,) = world.catalog.conflicts()
    assert (conflict.chosen, conflict.why, len(conflict.values)) == (4, "first party before curated", 4)


def test_a_first_party_is_one_only_at_home(world: CatalogWorld) -> None:
    world.see(about(QWEN, context_window=1), card=OPENAI)
    world.catalog.import_facts([stated("context_window", 262144, model=QWEN)])
    assert world.value("context_window", QWEN, "") == 262144
    world.see(offer(GPT, "azure-openai", input_price="9"), day=1, card=OPENAI)
    world.catalog.import_facts([
        stated("input_price", "2", unit="usd_per_mtok", offer=CuratedOffer(provider="azure-openai"))
    ])  # fmt: skip
    assert world.value("input_price", GPT, "azure-openai") == "2"


def test_a_source_that_gains_or_loses_authority_is_weighed_again(world: CatalogWorld) -> None:
    rows = [offer(GPT, "azure-openai", input_price="2")]
    world.see(*rows, card=card("prices"))
    world.see(offer(GPT, "azure-openai", input_price="3"), day=2, card=aggregator("models_dev"))
    assert world.value("input_price", GPT, "azure-openai") == "3"
    world.rules = "rules 2"
    world.see(*rows, day=3, card=card("prices", providers=("azure-openai",)))
    assert world.fact("input_price", GPT, "azure-openai").why == "provider api before aggregator"


def test_a_provider_api_speaks_for_its_own_offers(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2"))
    world.see(offer(GPT, input_price="1.9"), day=5, card=aggregator("models_dev"))
    assert world.fact("input_price").why == "provider api before aggregator"
    world.see(
        offer(GPT, "azure-openai", input_price="2.2"),
        card=card("vercel_models", providers=("vercel-ai-gateway",)),
    )
    world.see(offer(GPT, "azure-openai", input_price="2.3"), day=1, card=aggregator("litellm_prices"))
    assert world.fact("input_price", GPT, "azure-openai").why == "most recent"


def test_among_equals_the_most_recent_value_wins(world: CatalogWorld) -> None:
    world.see(offer(GPT, "together", input_price="2"), card=aggregator("models_dev"))
    world.see(offer(GPT, "together", input_price="3"), day=3, card=aggregator("litellm_prices"))
    assert (world.value("input_price", GPT, "together"), world.fact("input_price", GPT, "together").why) == (
        "3",
        "most recent",
    )
    world.see(offer(GPT, "together", input_price="2"), day=9, card=aggregator("models_dev"))
    assert world.value("input_price", GPT, "together") == "3"


def test_equal_weight_and_date_is_a_conflict_that_supports_nothing(world: CatalogWorld) -> None:
    world.see(offer(GPT, "together", input_price="2"), card=aggregator("models_dev"))
    world.see(offer(GPT, "together", input_price="3"), card=aggregator("litellm_prices"))
    fact = world.fact("input_price", GPT, "together")
    assert (fact.state, fact.value, {o.value for o in fact.others}) == ("conflicting", None, {"2", "3"})
    (conflict,) = world.catalog.conflicts(_Traffic())
    assert (conflict.provider, conflict.chosen, conflict.monthly_usd) == ("together", None, "800")
    assert world.rows("SELECT value, state FROM facts") == [(None, "conflicting")]


class _Traffic:
    input_mtok, output_mtok = 800, 250


def test_wordings_and_less_precise_dates_do_not_conflict(world: CatalogWorld) -> None:
    world.see(about(GPT, name="OpenAI: GPT-4.1", release_date="2025-04"), card=aggregator("models_dev"))
    world.see(about(GPT, name="GPT-4.1", release_date="2025-04-14"), card=aggregator("litellm_prices"))
    made = world.catalog.card(GPT)
    assert (made.name, made.facts["release_date"].value) == ("GPT-4.1", "2025-04-14")
    assert made.facts["release_date"].why == "most precise"
    world.see(about(GPT, release_date="2025-05"), card=aggregator("llm_prices"))
    assert world.fact("release_date", offer="").state == "conflicting"


def test_the_developers_own_listing_speaks_for_the_model(world: CatalogWorld) -> None:
    rows = [
        Row(GPT, {"context_window": n}, p, "model")
        for p, n in (("azure-openai", 128000), ("openai", 1047576))
    ]
    rows += [Row(GPT, {"context_window": 1000000}, "openai", "model", variant={"snapshot": "2025-04-14"})]
    world.see(*rows, card=aggregator("models_dev"))
    fact = world.fact("context_window", offer="")
    assert (fact.value, fact.why) == (1047576, "the developer's own listing")
    assert {o.value for o in fact.others} == {128000, 1000000}


def test_most_listings_decide_last(world: CatalogWorld) -> None:
    rows = [Row(QWEN, {"capability.vision": seen}, p, "model") for p, seen in
            (("together", True), ("deepinfra", True), ("novita", False))]  # fmt: skip
    world.see(*rows, card=aggregator("models_dev"))
    fact = world.fact("capability.vision", QWEN, "")
    assert (fact.value, fact.why) == (True, "said by more listings")


def test_copies_corroborate_nothing(world: CatalogWorld) -> None:
    copy = aggregator("models_dev", derived_from=("openrouter_models",))
    world.see(about(QWEN, "together", openness="open weights"), card=aggregator("openrouter_models"))
    world.see(about(QWEN, "together", openness="open weights"), card=copy)
    assert world.fact("openness", QWEN, "").why == "only value"
    world.see(about(QWEN, "together", openness="open source"), card=aggregator("litellm_prices"))
    assert world.fact("openness", QWEN, "").state == "conflicting"


def test_independent_agreement_is_said(world: CatalogWorld) -> None:
    world.see(about(GPT, context_window=1047576), card=aggregator("models_dev"))
    world.see(about(GPT, context_window=1047576), card=aggregator("litellm_prices"))
    fact = world.fact("context_window", offer="")
    assert fact.why == "2 independent sources agree"
    assert {e.source for e in fact.evidence} == {"models_dev", "litellm_prices"}


def test_a_number_beats_a_shrug(world: CatalogWorld) -> None:
    world.see(offer(GPT, "openai", input_price="not_published"), card=OPENAI)
    world.see(offer(GPT, "openai", input_price="2"), card=aggregator("models_dev"))
    assert world.value("input_price", GPT, "openai") == "2"


SOURCES = [
    OPENAI,
    card(),
    aggregator("models_dev", derived_from=("openrouter_models",)),
    aggregator("litellm_prices"),
]
SAYINGS = st.fixed_dictionaries(
    {},
    optional={
        "context_window": st.sampled_from([1, 2, 3, None]),
        "name": st.sampled_from(["GPT-4.1", "OpenAI: GPT-4.1"]),
        "release_date": st.sampled_from(["2025", "2025-04", "2025-04-14", "2025-05"]),
        "openness": st.sampled_from(["proprietary", "open weights"]),
    },
)
PROVIDERS = st.sampled_from(["openai", "together", None])
VISITS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.lists(st.tuples(PROVIDERS, SAYINGS), max_size=3)),
    max_size=6,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(visits=VISITS)
def test_cards_and_views_choose_alike(tmp_path_factory: pytest.TempPathFactory, visits: list[Any]) -> None:
    world = CatalogWorld(tmp_path_factory.mktemp("choice") / "catalog.db")
    for n, (source, day, said) in enumerate(visits):
        rows = [about(GPT, provider, **values) for provider, values in said]
        world.see(*rows, day=day, card=SOURCES[source], warc=f"{n}.warc.gz")
    world.now = START + 9 * DAY
    viewed = dict(world.rows("SELECT attribute, coalesce(value, state) FROM facts"))
    shown = {}
    for made in world.catalog.cards():
        for name, fact in made.facts.items():
            shown[name] = str(fact.value) if fact.value is not None else fact.state
    assert shown == viewed
    contested = world.rows("SELECT attribute, source, value, chosen FROM conflicts")
    assert {row[0] for row in contested} == {conflict.attribute for conflict in world.catalog.conflicts()}
    assert {row[:2] for row in contested} == {
        (conflict.attribute, value.source)
        for conflict in world.catalog.conflicts()
        for value in conflict.values
    }
    assert world.catalog.check() == []
    world.catalog.close()
