"""What people state, confirm, overrule, take back, link and merge; and how a model is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from support.made_catalogs import DAY, GPT, QWEN, CatalogWorld, Row, about, aggregator, card, offer, visit

from cardwatch.crawler.source_card import Authority
from cardwatch.db.store.errors import AmbiguousModelError, NothingToReviewError, UnknownModelError
from cardwatch.normalize.curated import CuratedFact, CuratedOffer
from cardwatch.normalize.identity.resolver import resolve_name

CODEX = "openai/codex-1"


@pytest.fixture
def world(world: CatalogWorld) -> CatalogWorld:
    world.now = datetime(2026, 5, 22, 9, tzinfo=UTC)
    return world


def stated(attribute: str, value: Any, *, day: str = "2026-05-20", **more: Any) -> CuratedFact:
    given = {
        "line": 1,
        "model": CODEX,
        "raw": str(value),
        "url": "https://example.org/codex",
        "reviewer": "Reviewer",
        **more,
    }
    return CuratedFact(attribute=attribute, value=value, reviewed_on=day, **given)


def test_stated_facts_make_a_model(world: CatalogWorld) -> None:
    azure = CuratedOffer(provider="azure-openai", region="data-zone")
    facts = [
        stated("context_window", 192000, unit="tokens"),
        stated("input_price", "1.5", unit="usd_per_mtok", offer=azure),
        stated("knowledge_cutoff", None, state="unknown"),
    ]
    report = world.catalog.import_facts(facts)
    fact = world.fact("context_window", CODEX, "")
    assert (report.new, report.dirty_models) == (3, {CODEX})
    assert (fact.value, fact.reviewed_on, fact.evidence[0].url) == (
        192000,
        "2026-05-20",
        "https://example.org/codex",
    )
    assert (fact.evidence[0].document, fact.evidence[0].fetched_at) == ("", "2026-05-20")
    made = world.catalog.card(CODEX)
    assert [(o.key, o.region, o.facts["input_price"].value) for o in made.offers] == [
        ("azure-openai;region=data-zone", "data-zone", "1.5")
    ]
    unknown = made.facts["knowledge_cutoff"]
    assert (unknown.state, unknown.value, unknown.reason) == ("unknown", None, "never_sourced")


def test_importing_twice_changes_nothing(world: CatalogWorld) -> None:
    facts = [
        stated("context_window", 192000),
        stated("context_window", 200000),
        stated("license", "Proprietary"),
    ]
    world.catalog.import_facts(facts)
    world.catalog.mark_clean(world.catalog.dirty_models())
    before = world.catalog.dump()
    report = world.catalog.import_facts(facts)
    assert (report.new, report.changed, report.same) == (0, 0, 2)
    assert (world.catalog.dump(), world.catalog.dirty_models()) == (before, [])
    assert world.value("context_window", CODEX, "") == 200000


def test_a_later_review_moves_the_date_and_an_earlier_line_is_late(world: CatalogWorld) -> None:
    world.catalog.import_facts([stated("context_window", 192000)])
    world.catalog.import_facts([stated("context_window", 192000, day="2026-05-21")])
    assert world.fact("context_window", CODEX, "").reviewed_on == "2026-05-21"
    report = world.catalog.import_facts([stated("context_window", 1, day="2026-05-01")])
    assert (report.outcomes, world.value("context_window", CODEX, "")) == ({"late": 1}, 192000)
    world.catalog.import_facts([stated("context_window", 200000, day="2026-05-22")])
    assert [(c.old, c.new) for c in world.catalog.changes()] == [(192000, 200000)]


def test_equal_sources_with_different_values_conflict(world: CatalogWorld) -> None:
    for source, value in (("handbook", 192000), ("forum", 200000)):
        world.catalog.import_facts([stated("context_window", value, source=source)])
    assert world.fact("context_window", CODEX, "").state == "conflicting"


def test_a_line_may_weigh_as_the_crawled_source_it_names(world: CatalogWorld) -> None:
    cards = {
        "openai_model_pages": card(
            "openai_model_pages", authority=Authority.FIRST_PARTY, developers=("openai",)
        )
    }
    lines = [stated("context_window", 1, source="openai_model_pages"), stated("context_window", 2)]
    world.catalog.import_facts(lines, cards=cards)
    assert world.fact("context_window", CODEX, "").why == "the developer's own page; a curated fact differs"


def test_a_crawl_of_the_same_url_leaves_stated_facts_alone(world: CatalogWorld) -> None:
    world.catalog.import_facts(
        [stated("name", "GPT-4.1", model=GPT, source="openrouter_models", url=visit().url)]
    )
    world.see(offer(GPT, input_price="2"), day=80)
    world.see(offer(GPT, input_price="3"), day=81)
    assert world.value("name", GPT, "") == "GPT-4.1"


def test_a_person_confirms_this_value_and_no_other(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2"))
    world.catalog.review(GPT, "input_price", offer="openrouter", url="https://openrouter.ai", by="Reviewer")
    fact = world.fact("input_price")
    assert (fact.last_verified[:10], fact.reviewed_on, fact.confirmed_by_person_on) == (
        "2026-03-10", "2026-05-22", "2026-05-22",
    )  # fmt: skip
    assert world.rows("SELECT reviewed_on FROM facts") == [("2026-05-22",)]
    assert world.catalog.models()[0].oldest_reviewed_on == "2026-05-22"
    assert world.fact("input_price", as_of="2026-04-01").reviewed_on == "2026-03-10"
    world.see(offer(GPT, input_price="3"), day=1)
    assert world.fact("input_price").confirmed_by_person_on is None
    with pytest.raises(NothingToReviewError, match=r"openai/gpt-4\.1 openrouter license: no published value"):
        world.catalog.review(GPT, "license", offer="openrouter", url="https://openrouter.ai", by="Reviewer")


def test_a_person_overrules_every_source(world: CatalogWorld) -> None:
    world.see(
        about(GPT, context_window=1), card=card("x", authority=Authority.FIRST_PARTY, developers=("openai",))
    )
    world.catalog.review(
        GPT,
        "context_window",
        url="https://example.org",
        by="Reviewer",
        fact=stated("context_window", 1047576, model=GPT),
    )
    fact = world.fact("context_window", offer="")
    assert (fact.value, fact.why, fact.others[0].value) == (
        1047576,
        "a person's review; OpenAI's own page in x differs",
        1,
    )
    world.catalog.retract(GPT, "context_window", by="Reviewer", reason="a mistake")
    assert world.value("context_window", offer="") == 1
    assert [row[0] for row in world.rows("SELECT action FROM decisions")] == ["overrule", "retract"]


def test_what_is_taken_back_stays_in_the_history(world: CatalogWorld) -> None:
    azure = CuratedOffer(provider="azure-openai")
    world.catalog.import_facts([stated("input_price", "1.5", offer=azure), stated("license", "MIT")])
    world.catalog.retract(CODEX, "input_price", offer="azure-openai", by="Reviewer", reason="wrong page")
    assert world.catalog.card(CODEX).offers == ()
    assert world.rows("SELECT value FROM claims WHERE until IS NOT NULL") == [("1.5",)]
    with pytest.raises(NothingToReviewError):
        world.catalog.retract(CODEX, "input_price", offer="azure-openai", by="Reviewer", reason="again")
    world.catalog.import_facts([stated("input_price", "1.6", day="2026-05-22", offer=azure)])
    assert world.value("input_price", CODEX, "azure-openai") == "1.6"


def test_a_name_is_linked_by_a_person_and_its_page_read_again(world: CatalogWorld) -> None:
    page = [Row(None, {"input_price": "1"}, "openrouter", name="stealth/pony"), offer(GPT, input_price="2")]
    report = world.see(*page)
    assert (report.unlinked, [u.name for u in world.catalog.unlinked()]) == (1, ["stealth/pony"])
    assert world.catalog.link("stealth/pony", "zhipu/glm-5", by="Reviewer", reason="announced") == 1
    (again,) = world.catalog.to_read_again(world.rules)
    assert (again.url, again.archive, again.offset) == (visit().url, "20260310T1200.warc.gz", 512)
    assert (
        resolve_name("stealth/pony", source="openrouter_models", links=world.catalog.links()).model
        == "zhipu/glm-5"
    )
    linked = [Row("zhipu/glm-5", page[0].values, "openrouter", name="stealth/pony"), page[1]]
    report = world.ingest(card(), [(visit(page), linked)])
    assert (report.outcomes, report.new) == ({"read_again": 1}, 1)
    assert world.catalog.unlinked() == []
    assert world.fact("input_price", "zhipu/glm-5").reviewed_on == "2026-03-10"
    assert world.catalog.to_read_again(world.rules) == []
    world.catalog.unlink("stealth/pony", by="Reviewer", reason="denied")
    assert resolve_name("stealth/pony", source="openrouter_models", links=world.catalog.links()).model is None
    world.ingest(card(), [(visit(page), page)])
    assert [u.name for u in world.catalog.unlinked("openrouter_models")] == ["stealth/pony"]
    assert "zhipu/glm-5" not in {m.id for m in world.catalog.models()}


@pytest.mark.parametrize("provider", ["openrouter", "OpenRouter", ""])
def test_a_link_names_its_provider_by_id_or_as_printed(world: CatalogWorld, provider: str) -> None:
    world.see(Row(None, {"input_price": "1"}, "openrouter", name="stealth/pony"), offer(GPT, input_price="2"))
    linked = world.catalog.link("stealth/pony", GPT, by="Reviewer", reason="same", provider=provider)
    assert linked == 1, "its page is read again"
    links = world.catalog.links()
    for printed in ("openrouter", "OpenRouter"):
        assert (
            resolve_name("stealth/pony", source="openrouter_models", provider=printed, links=links).model
            == GPT
        )
    other = resolve_name("stealth/pony", source="openrouter_models", provider="groq", links=links)
    assert other.model == (None if provider else GPT)


def test_better_rules_take_back_what_they_misread_and_nothing_that_older_bytes_said(
    world: CatalogWorld,
) -> None:
    other = "openai/gpt-5"
    misread = offer(other, input_price="3")
    world.see(offer(GPT, input_price="2", output_price="8"), offer(QWEN, input_price="1"), misread)
    today = [offer(GPT, input_price="2"), misread]
    world.see(*today, day=1)
    world.rules = "rules 2"
    report = world.ingest(card(), [(visit(today, day=1), [today[0], replace(misread, model=None)])])
    assert report.outcomes == {"read_again": 1}
    standing = world.rows(
        "SELECT model, attribute FROM claims c JOIN listings l ON l.id = listing_id WHERE until IS NULL ORDER BY 1, 2"
    )
    assert standing == [(QWEN, "input_price"), (GPT, "input_price"), (GPT, "output_price")]


def test_names_that_a_page_drops_are_no_longer_listed(world: CatalogWorld) -> None:
    world.see(Row(None, {"input_price": "1"}, "openrouter", name="stealth/pony"), offer(GPT, input_price="2"))
    world.see(offer(GPT, input_price="2"), day=1)
    assert world.catalog.unlinked() == []


def test_a_merge_moves_everything_and_can_be_undone(world: CatalogWorld) -> None:
    other = "openai/gpt-4-1"
    world.see(offer(GPT, input_price="2"))
    world.see(about(other, name="GPT 4.1"), card=aggregator("models_dev"))
    world.catalog.merge(other, GPT, by="Reviewer", reason="same weights")
    assert (world.catalog.card(GPT).name, [m.id for m in world.catalog.models()]) == ("GPT 4.1", [GPT])
    assert (world.catalog.find(other), world.catalog.links().merged) == (GPT, {other: GPT})
    world.see(offer(other, "deepinfra", input_price="3"), day=1, card=aggregator("litellm_prices"))
    assert {o.key for o in world.catalog.card(GPT).offers} == {"openrouter", "deepinfra"}
    world.catalog.unmerge(other, by="Reviewer", reason="not the same after all")
    assert [m.id for m in world.catalog.models()] == [other, GPT]
    assert {o.key for o in world.catalog.card(GPT).offers} == {"openrouter"}
    with pytest.raises(UnknownModelError):
        world.catalog.merge("openai/none", GPT, by="Reviewer", reason="")
    assert world.catalog.dirty_models() == [other, GPT]


@pytest.mark.parametrize(
    "text", [GPT, "gpt-4.1", "GPT-4.1", " OpenAI/GPT-4.1 ", "GPT 4.1 (classic)", "gpt-4.1-2025-04-14"]
)
def test_a_model_goes_by_many_names(world: CatalogWorld, text: str) -> None:
    world.see(Row(GPT, {"name": "GPT 4.1 (classic)"}, "openrouter", "model", name="gpt-4.1-2025-04-14"))
    world.see(about(QWEN, name="Qwen3.5-4B"), day=1, card=aggregator("models_dev"))
    assert world.catalog.find(text) == GPT


def test_an_unknown_name_says_what_is_near(world: CatalogWorld) -> None:
    world.see(*(offer(m, input_price="2") for m in (GPT, "openai/gpt-4.1-mini", QWEN)))
    with pytest.raises(UnknownModelError, match=r"unknown model 'gpt-4\.2'; near: openai/gpt-4\.1") as error:
        world.catalog.find("gpt-4.2")
    assert QWEN not in error.value.near
    with pytest.raises(UnknownModelError):
        world.catalog.card("openai/none")
    with pytest.raises(UnknownModelError):
        world.catalog.find("%")


def test_a_name_of_two_models_is_refused(world: CatalogWorld) -> None:
    world.see(offer("a/same", input_price="2"), offer("b/same", input_price="2"))
    with pytest.raises(AmbiguousModelError, match="'same' may mean a/same, b/same"):
        world.catalog.find("same")


def test_what_was_taken_back_stays_so_until_somebody_looks_again(world: CatalogWorld) -> None:
    azure = CuratedOffer(provider="azure-openai")
    lines = [stated("input_price", "1.5", offer=azure), stated("license", "MIT")]
    world.catalog.import_facts(lines)
    world.catalog.retract(CODEX, "input_price", offer="azure-openai", by="Reviewer", reason="wrong page")
    before = world.catalog.dump()
    report = world.catalog.import_facts(lines)
    assert (report.new, report.same, report.outcomes) == (0, 1, {"taken_back": 1})
    assert (world.catalog.dump(), world.catalog.card(CODEX).offers) == (before, ())
    world.catalog.import_facts([stated("input_price", "1.5", day="2026-05-21", offer=azure)])
    assert world.value("input_price", CODEX, "azure-openai") == "1.5"
    world.catalog.retract(CODEX, "license", by="Reviewer", reason="misread")
    world.catalog.import_facts([stated("license", "Proprietary")])
    assert world.value("license", CODEX, "") == "Proprietary", "another value is another look"


def test_a_reviewer_who_took_back_may_say_so_again_the_same_day(world: CatalogWorld) -> None:
    fact = stated("context_window", 1, day="2026-05-22")
    for _ in range(2):
        world.catalog.review(CODEX, "context_window", url="https://example.org", by="Reviewer", fact=fact)
        assert world.value("context_window", CODEX, "") == 1
        world.catalog.retract(CODEX, "context_window", by="Reviewer", reason="a slip")


def test_a_merge_taken_back_leaves_the_merges_before_it_and_returns_what_people_confirmed(
    world: CatalogWorld,
) -> None:
    ids = ("a/x", "b/x", "c/x")
    world.see(*(offer(model, input_price="2") for model in ids))
    for model in ids[:2]:
        world.now += DAY
        world.catalog.review(
            model, "input_price", offer="openrouter", url="https://example.org", by="Reviewer"
        )
    for old, new in (ids[:2], ids[1:]):
        world.catalog.merge(old, new, by="Reviewer", reason="same")
    assert world.fact("input_price", "c/x").confirmed_by_person_on
    world.catalog.unmerge("b/x", by="Reviewer", reason="not the same")
    assert world.rows("SELECT id, merged_into FROM model_ids") == [
        ("a/x", "b/x"),
        ("b/x", None),
        ("c/x", None),
    ]
    assert world.fact("input_price", "b/x").confirmed_by_person_on
    assert world.fact("input_price", "c/x").confirmed_by_person_on is None
    world.catalog.unmerge("a/x", by="Reviewer", reason="neither")
    assert [row[0] for row in world.rows("SELECT model FROM confirmations ORDER BY id")] == ["a/x", "b/x"]
    assert world.rows("SELECT count(*) FROM listings WHERE model <> said_model") == [(0,)]
