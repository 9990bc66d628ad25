"""Which claim the catalog shows, and that the losers stay visible."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs
from support.made_catalogs import (
    DAY,
    GPT,
    QWEN,
    START,
    URL,
    CatalogWorld,
    Row,
    about,
    aggregator,
    card,
    offer,
    visit,
)

from cardwatch.crawler.source_card import Authority
from cardwatch.db.store import views
from cardwatch.db.store.current_claims import NOW, with_claims_at
from cardwatch.db.store.speakers import is_own_page
from cardwatch.normalize.curated import CuratedFact, CuratedOffer

OPENAI = card(
    "openai_model_pages",
    authority=Authority.FIRST_PARTY,
    providers=("openai",),
    developers=("openai",),
    complete=False,
)


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
    assert (fact.value, fact.rule, fact.evidence[0].source) == (4, "speaker", "openai_model_pages")
    assert fact.why == "the developer's own page; 3 listings differ"
    assert [(o.source, o.value, o.listing) for o in fact.others] == [
        ("curated", 3, "a curated fact"),
        ("openrouter_models", 2, "OpenRouter's row"),
        ("models_dev", 1, "an aggregator's row"),
    ]
    (conflict,) = world.catalog.conflicts()
    assert (conflict.chosen, conflict.why, len(conflict.values)) == (4, fact.why, 4)


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
    assert world.fact("input_price", GPT, "azure-openai").state == "conflicting"
    world.rules = "rules 2"
    world.see(*rows, day=3, card=card("prices", providers=("azure-openai",)))
    fact = world.fact("input_price", GPT, "azure-openai")
    assert fact.why == "the provider's own page; an aggregator's row in models_dev differs"


def test_a_provider_api_speaks_for_its_own_offers(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2"))
    world.see(offer(GPT, input_price="1.9"), day=5, card=aggregator("models_dev"))
    assert world.fact("input_price").rule == "speaker"
    world.see(
        offer(GPT, "azure-openai", input_price="2.2"),
        card=card("vercel_models", providers=("vercel-ai-gateway",)),
    )
    world.see(offer(GPT, "azure-openai", input_price="2.3"), day=1, card=aggregator("litellm_prices"))
    assert world.fact("input_price", GPT, "azure-openai").state == "conflicting"


def test_who_said_it_last_is_no_rule_among_equals(world: CatalogWorld) -> None:
    world.see(offer(GPT, "together", input_price="2"), card=aggregator("models_dev"))
    world.see(offer(GPT, "together", input_price="3"), day=3, card=aggregator("litellm_prices"))
    fact = world.fact("input_price", GPT, "together")
    assert (fact.state, fact.rule) == ("conflicting", "none")
    assert fact.why == "no rule decides between 2 values"


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
    assert made.facts["release_date"].rule == "precise"
    assert world.catalog.conflicts() == []
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
    assert (fact.value, fact.why) == (1047576, "the model's own row before a snapshot's; 2 listings differ")
    assert {o.listing for o in fact.others} == {
        "Azure OpenAI's row", "OpenAI API's own row (snapshot=2025-04-14)"
    }  # fmt: skip
    assert {o.value for o in fact.others} == {128000, 1000000}


def test_a_majority_is_no_rule(world: CatalogWorld) -> None:
    rows = [Row(QWEN, {"capability.vision": seen}, p, "model") for p, seen in
            (("together", True), ("deepinfra", True), ("novita", False))]  # fmt: skip
    world.see(*rows, card=aggregator("models_dev"))
    fact = world.fact("capability.vision", QWEN, "")
    assert (fact.state, fact.why) == ("conflicting", "no rule decides between 2 values")


def test_a_route_of_open_weights_says_more_of_them_than_a_resellers_flag(world: CatalogWorld) -> None:
    rows = [Row(QWEN, {"openness": "proprietary"}, "together", "model"),
            Row(QWEN, {"openness": "open weights"}, "deepinfra", "model", variant={"snapshot": "2507"})]  # fmt: skip
    world.see(*rows, card=aggregator("models_dev"))
    fact = world.fact("openness", QWEN, "")
    assert (fact.value, fact.rule) == ("open weights", "variant")


def test_one_reseller_alone_opens_no_weights_that_another_calls_closed(world: CatalogWorld) -> None:
    def state(*flags: tuple[str, str], model: str = "cohere/embed-v4.0") -> str | None:
        world.see(*(Row(model, {"openness": f}, p, "model") for p, f in flags), card=aggregator("models_dev"))
        found = world.fact("openness", model, "")
        viewed = world.rows("SELECT value FROM facts WHERE model = ? AND attribute = 'openness'", model)
        assert viewed == [(found.value,)]
        return str(found.value or found.state)

    azure, vercel = ("together", "open weights"), ("deepinfra", "proprietary")
    assert state(azure) == "open weights"
    assert state(azure, vercel) == "conflicting"
    assert state(azure, vercel, model=QWEN) == "open weights"  # its name counts its parameters
    assert state(azure, vercel, ("novita", "open weights")) == "open weights"
    assert state(azure, vercel, ("cohere", "open weights")) == "open weights"


def test_a_conflict_shows_the_inputs_that_the_card_measures(world: CatalogWorld) -> None:
    own = card("huggingface_cards", authority=Authority.FIRST_PARTY, developers=("alibaba",), complete=False)
    score = Row(QWEN, {"benchmark.videomme": "83.5"}, kind="model")
    world.see(about(QWEN, **{"modality.input": ("image", "text")}), score, card=own)
    world.see(about(QWEN, "together", **{"modality.input": ("text",)}), card=aggregator("models_dev"))
    (found,) = world.catalog.conflicts()
    shown = world.fact("modality.input", QWEN, "")
    assert (found.chosen, found.why, found.rule) == (shown.value, shown.why, "derived")
    assert shown.value == ("image", "text", "video")


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


def test_a_fresh_value_beats_an_expired_one(world: CatalogWorld) -> None:
    """The limit of a price is 14 days: past it the old value supports nothing, past 28 the fresh one is shown."""
    world.see(offer(GPT, input_price="2"))
    world.see(offer(GPT, input_price="3"), day=20, card=aggregator("models_dev"))
    assert (world.fact("input_price").state, world.fact("input_price").rule) == ("conflicting", "none")
    world.see(offer(GPT, input_price="3"), day=29, card=aggregator("models_dev"))
    fact = world.fact("input_price")
    assert (fact.value, fact.rule) == ("3", "fresh")
    assert fact.why == "fresh before old; the provider's own page in openrouter_models differs".replace(
        "the provider's", "OpenRouter's"
    )


def test_a_stale_value_loses_to_one_that_two_independent_sources_say(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2"))
    for source in ("models_dev", "litellm_prices"):
        world.see(offer(GPT, input_price="3"), day=20, card=aggregator(source))
    assert world.value("input_price") == "3"
    copy = aggregator("litellm_prices", derived_from=("models_dev",))
    world.see(offer(GPT, input_price="3"), day=21, card=copy)
    assert world.fact("input_price").state == "conflicting"


def test_what_a_page_stopped_saying_loses_to_what_another_still_says(world: CatalogWorld) -> None:
    world.see(about(GPT, context_window=4), card=OPENAI)
    world.see(about(GPT, "openai", context_window=3), card=aggregator("models_dev"))
    assert world.value("context_window", GPT, "") == 4
    world.see(about(GPT, max_output_tokens=1), card=OPENAI, day=1)
    fact = world.fact("context_window", offer="")
    assert (fact.value, fact.rule) == (3, "said_now")


def test_a_capability_that_its_page_dropped_is_taken_back_and_a_window_stands(world: CatalogWorld) -> None:
    world.see(about(GPT, **{"capability.vision": True, "context_window": 4, "name": "GPT"}), card=OPENAI)
    world.see(about(GPT, name="GPT"), card=OPENAI, day=1)
    fact = world.fact("capability.vision", offer="")
    assert (fact.state, fact.value, fact.rule) == ("unknown", None, "said_now")
    assert world.value("context_window", offer="") == 4
    facts = dict(world.rows("SELECT attribute, value FROM facts WHERE offer = ''"))
    assert (facts["capability.vision"], facts["context_window"]) == (None, "4")
    world.see(about(GPT, **{"capability.vision": True, "name": "GPT"}), card=OPENAI, day=2)
    assert world.value("capability.vision", offer="") is True


def test_a_route_gives_a_model_no_limits(world: CatalogWorld) -> None:
    route = Row(
        QWEN,
        {"context_window": 32000, "capability.vision": True},
        "together",
        "model",
        {"quantization": "fp8"},
    )
    world.see(route, card=aggregator("models_dev"))
    fact = world.fact("context_window", QWEN, "")
    assert (fact.state, fact.value, fact.others[0].listing) == (
        "unknown", None, "together's route (quantization=fp8)"
    )  # fmt: skip
    assert world.value("capability.vision", QWEN, "") is True
    assert dict(world.rows("SELECT attribute, value FROM facts WHERE offer = ''"))["context_window"] is None


def test_agreeing_dates_show_the_more_precise_whoever_says_it(world: CatalogWorld) -> None:
    world.see(about(GPT, release_date="2025-04"), card=OPENAI)
    route = Row(GPT, {"release_date": "2025-04-20"}, "together", "model", {"tier": "fast"})
    world.see(route, card=aggregator("genai_prices"))
    assert world.value("release_date", GPT, "") == "2025-04"
    world.see(about(GPT, "openrouter", release_date="2025-04-14"), card=aggregator("models_dev"))
    assert world.value("release_date", GPT, "") == "2025-04-14"
    assert world.fact("release_date", offer="").rule == "precise"
    world.see(about(GPT, "openrouter", release_date="2025-04-16"), card=aggregator("portkey_pricing"))
    assert world.value("release_date", GPT, "") == "2025-04"
    world.see(about(GPT, "poe", release_date="2025-06"), card=aggregator("llm_prices"))
    (found,) = world.catalog.conflicts()
    assert (found.rule, found.why) == ("speaker", "the developer's own page; Poe's row in llm_prices differs")


@pytest.mark.parametrize(
    ("url", "owner", "own"),
    [
        ("https://www.anthropic.com/news/claude-haiku-4-5", "anthropic", True),
        ("https://huggingface.co/Qwen/Qwen3.5-4B", "alibaba", True),
        ("https://huggingface.co/unsloth/Qwen3.5-4B", "alibaba", False),
        ("https://ai.google.dev/gemini-api/docs/models", "google", True),
        ("https://www.llmreference.com/model/gpt-4.1", "openai", False),
        ("https://notopenai.com/", "openai", False),
    ],
)
def test_a_page_belongs_to_whoever_publishes_there(url: str, owner: str, own: bool) -> None:
    assert is_own_page(url, owner) is own


def test_an_old_page_stands_where_the_best_fresh_claim_says_the_same(world: CatalogWorld) -> None:
    """What a list says newly does not shake a page whose word a person found there again."""
    world.see(about(GPT, deprecation_date="2026-04-22"), card=OPENAI)
    world.now = START + 45 * DAY
    world.see(about(GPT, "openai", deprecation_date="2026-07-23"), day=45, card=aggregator("litellm_prices"))
    assert world.fact("deprecation_date", offer="").state == "conflicting"
    world.catalog.import_facts([stated("deprecation_date", "2026-04-22", day="2026-04-24")])
    assert world.fact("deprecation_date", offer="").state == "conflicting"
    cited = structs.replace(
        stated("deprecation_date", "2026-04-22", day="2026-04-24"), url="https://openai.com/x"
    )
    world.catalog.import_facts([cited])
    fact = world.fact("deprecation_date", offer="")
    assert (fact.value, fact.rule) == ("2026-04-22", "speaker")


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
PROVIDERS = st.sampled_from(["openai", "together", "github-copilot", None])
VISITS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from([0, 1, 2, 55, 80, 120]),
        st.lists(st.tuples(PROVIDERS, SAYINGS), max_size=3),
    ),
    max_size=6,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(visits=VISITS)
def test_cards_and_views_choose_alike(tmp_path_factory: pytest.TempPathFactory, visits: list[Any]) -> None:
    world = CatalogWorld(tmp_path_factory.mktemp("choice") / "catalog.db")
    for n, (source, day, offers) in enumerate(visits):
        rows = [about(GPT, provider, **values) for provider, values in offers]
        world.see(*rows, day=day, card=SOURCES[source], warc=f"{n}.warc.gz")
    world.now = START + 125 * DAY
    at = f"'{world.catalog.now}'"
    facts, conflicts = (text.replace(NOW, at) for text in (views.FACTS, views.CONFLICTS))
    then = with_claims_at(at)
    viewed = dict(world.rows(f"{then} SELECT attribute, coalesce(value, state) FROM ({facts})"))
    shown = {}
    for made in world.catalog.cards():
        for name, fact in made.facts.items():
            if fact.rule == "derived":
                continue
            shown[name] = str(fact.value) if fact.value is not None else fact.state
    assert shown == viewed
    contested = world.rows(f"{then} SELECT attribute, source, value, chosen FROM ({conflicts})")
    assert {row[0] for row in contested} == {conflict.attribute for conflict in world.catalog.conflicts()}
    assert {row[:2] for row in contested} == {
        (conflict.attribute, value.source)
        for conflict in world.catalog.conflicts()
        for value in conflict.values
    }
    assert world.catalog.check() == []
    world.catalog.close()


def test_a_fact_cites_the_document_that_was_read_and_not_the_first_page_of_its_list(
    world: CatalogWorld,
) -> None:
    second = f"{URL}?page=2"
    for day, price in ((0, "2"), (1, "3")):
        rows = [offer(GPT, input_price=price)]
        seen = visit(rows, day=day)
        read_from = replace(seen.documents[0], url=second)
        read_rows = tuple(replace(row, document=read_from) for row in seen.rows)
        world.ingest(card(), [(replace(seen, documents=(read_from,), rows=read_rows), rows)])
    world.see(offer(GPT, input_price="4"), day=1, card=aggregator("models_dev"))
    conn = world.catalog.conn
    cited = {
        view: {
            row[0] for row in conn.execute(f"SELECT url FROM {view} WHERE attribute = 'input_price' {only}")
        }
        for view, only in (
            ("facts", ""),
            ("standing_claims", "AND source = 'openrouter_models'"),
            ("conflicts", "AND chosen"),
            ("price_history", "AND source = 'openrouter_models'"),
            ("changes", ""),
        )
    }
    assert cited == {view: {second} for view in cited}
    fact = world.fact("input_price")
    assert {fact.evidence[0].url, *(change.url for change in world.catalog.changes(GPT))} == {second}
