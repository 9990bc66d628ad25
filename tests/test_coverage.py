"""Which makers and providers speak for themselves, by hand-made claims."""

from __future__ import annotations

from pathlib import Path

from support.made_catalogs import GPT, CatalogWorld, about, aggregator, card, offer

from cardwatch.crawler.source_card import Authority
from cardwatch.db.query.coverage import HeadlineCoverage, PartyCoverage


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


def test_headlines_count_what_the_maker_itself_says_of_the_models_most_offered(tmp_path: Path) -> None:
    world = CatalogWorld(tmp_path / "catalog.db")
    world.see(offer(GPT, input_price="2", output_price="8", context_window=10))
    assert world.catalog.headline_coverage() == HeadlineCoverage(
        1, {"price": 0, "context": 0, "release": 0, "lifecycle": 0}, 0
    )
    own = card(
        "openai_models", authority=Authority.FIRST_PARTY, providers=("openai",), developers=("openai",)
    )
    row = about(GPT, context_window=10, release_date="2025-04-14")
    world.see(row, card=own, day=1, url="https://api.openai.com/v1/models")
    found = world.catalog.headline_coverage()
    assert found == HeadlineCoverage(1, {"price": 0, "context": 1, "release": 1, "lifecycle": 1}, 0)
    assert found.sentence().endswith("0 price, 1 context, 1 release, 1 lifecycle; all four: 0.")
    world.catalog.close()
