"""Which makers and providers speak for themselves, by hand-made claims."""

from __future__ import annotations

from pathlib import Path

from support.made_catalogs import GPT, CatalogWorld, about, aggregator, card, offer

from cardwatch.crawler.source_card import Authority
from cardwatch.db.query.coverage import ModelCoverage, PartyCoverage


def covered(world: CatalogWorld) -> dict[tuple[str, str], PartyCoverage]:
    return {(row.role, row.party): row for row in world.catalog.coverage()}


def test_a_provider_says_its_offer_and_others_the_rest(tmp_path: Path) -> None:
    world = CatalogWorld(tmp_path / "catalog.db")
    world.see(offer(GPT, input_price="2", output_price="8"))
    other = aggregator("models_dev", url="https://models.dev/api.json")
    world.see(offer(GPT, input_price="2", context_window=10), card=other, day=1, url=other.url)
    row = covered(world)["provider", "openrouter"]
    assert (row.facts, row.own_facts, row.sources) == (3, 2, {"openrouter_models"})
    assert row.only_others == {"limit": 1}
    assert (row.last_read or "").startswith("2026-03-10")
    world.catalog.close()


def test_a_gateway_does_not_speak_for_the_maker(tmp_path: Path) -> None:
    world = CatalogWorld(tmp_path / "catalog.db")
    world.see(about(GPT, "openrouter", name="GPT-4.1"))
    maker = covered(world)["maker", "openai"]
    assert (maker.sources, maker.last_read, maker.own_share) == (set(), None, 0.0)
    own = card(
        "openai_models", authority=Authority.FIRST_PARTY, providers=("openai",), developers=("openai",)
    )
    world.see(about(GPT, name="GPT-4.1"), card=own, day=1, url="https://api.openai.com/v1/models")
    maker = covered(world)["maker", "openai"]
    assert (maker.sources, maker.own_share, len(maker.models)) == ({"openai_models"}, 1.0, 1)
    world.catalog.close()


OPENAI = card("openai_models", authority=Authority.FIRST_PARTY, providers=("openai",), developers=("openai",))
O3 = "openai/o3"
OPENAI_URL = "https://api.openai.com/v1/models"


def test_headlines_count_what_the_maker_itself_says_of_the_models_most_offered(tmp_path: Path) -> None:
    world = CatalogWorld(tmp_path / "catalog.db")
    world.see(offer(GPT, input_price="2", output_price="8", context_window=10))
    found = world.catalog.headline_coverage()
    assert found.models == (ModelCoverage(GPT, 1, frozenset(), sold=False),)
    assert found.models[0].missing == ("context", "release", "lifecycle")
    world.see(about(GPT, context_window=10, release_date="2025-04-14"), card=OPENAI, day=1, url=OPENAI_URL)
    found = world.catalog.headline_coverage()
    assert found.models[0].stated == {"context", "release", "lifecycle"}
    assert found.sentence().endswith(
        "0 price (1 are not sold by it), 1 context, 1 release, 1 lifecycle; all that it can say: 1."
    )
    world.catalog.close()


def test_a_maker_that_is_known_to_sell_lacks_a_price_until_it_says_one(tmp_path: Path) -> None:
    world = CatalogWorld(tmp_path / "catalog.db")
    other = aggregator("models_dev", url="https://models.dev/api.json")
    world.see(offer(GPT, "openai", input_price="2"), card=other, url=other.url)
    found = world.catalog.headline_coverage()
    assert (found.models[0].sold, found.models[0].missing[0]) == (True, "price")
    assert found.missing_sentence() == "openai 1 price, 1 context, 1 release, 1 lifecycle"
    world.see(offer(GPT, "openai", input_price="2"), card=OPENAI, day=1, url=OPENAI_URL)
    assert world.catalog.headline_coverage().models[0].stated == {"price", "lifecycle"}
    world.catalog.close()


def test_an_offer_that_its_maker_says_has_ended_is_sold_no_more_whoever_else_lists_it(tmp_path: Path) -> None:
    world = CatalogWorld(tmp_path / "catalog.db")
    other = aggregator("models_dev", url="https://models.dev/api.json")
    world.see(offer(GPT, "openai", input_price="2"), card=other, url=other.url)
    world.see(offer(GPT, "openai", shutdown_date="2026-03-31"), card=OPENAI, day=1, url=OPENAI_URL)
    assert world.catalog.headline_coverage().models[0].sold  # no page of its own was read after that day
    world.see(offer(O3, "openai", input_price="2"), card=OPENAI, day=200, url=f"{OPENAI_URL}?page=2")
    assert not next(each for each in world.catalog.headline_coverage().models if each.model == GPT).sold
    world.see(offer(GPT, "openai", lifecycle="retired"), card=OPENAI, day=2, url=OPENAI_URL)
    assert not world.catalog.headline_coverage().models[0].sold
    world.catalog.close()


def test_a_model_without_a_price_on_pages_that_print_those_of_others_is_only_handed_out(
    tmp_path: Path,
) -> None:
    world = CatalogWorld(tmp_path / "catalog.db")
    other = aggregator("models_dev", url="https://models.dev/api.json")
    world.see(offer(GPT, "openai", input_price="2"), card=other, url=other.url)
    world.see(about(GPT, context_window=10), card=OPENAI, day=1, url=OPENAI_URL)
    assert world.catalog.headline_coverage().models[0].sold
    world.see(
        about(GPT, context_window=10),
        offer(O3, "openai", input_price="2"),
        card=OPENAI,
        day=2,
        url=OPENAI_URL,
    )
    assert [each.sold for each in world.catalog.headline_coverage().models if each.model == GPT] == [False]
    world.catalog.close()


def test_a_host_does_not_say_what_its_offer_holds_for_the_maker(tmp_path: Path) -> None:
    world = CatalogWorld(tmp_path / "catalog.db")
    host = card("groq_models", authority=Authority.FIRST_PARTY, providers=("groq",))
    url = "https://console.groq.com/docs/models.md"
    world.see(offer(GPT, "groq", input_price="2", context_window=10), card=host, url=url)
    assert world.catalog.headline_coverage().models[0].stated == frozenset()
    world.catalog.close()
