"""The pairs that a few changed models alter, found beside them, are those that a look at all models finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.made_catalogs import CatalogWorld, about, card, offer

from cardwatch.app import App
from cardwatch.compare.pair_selection import TRAIT_ATTRIBUTES, PairPolicy, model_traits
from cardwatch.compare.settings import CompareSettings
from cardwatch.config import CompareSection, Config
from cardwatch.crawler.source_card import Authority
from cardwatch.home import Home
from cardwatch.run import kept_pairs
from cardwatch.run.comparison_stage import compare_settings, pair_policy, update_comparisons

MAKERS, FAMILIES = ("acme", "bolt", "coil"), ("Alpha", "Beta", None)
KINDS = ("standalone API model", "image model", None)
IDS = [f"{MAKERS[n % 3]}/m-{n}" for n in range(30)]
SOURCE = card("made_up", authority=Authority.AGGREGATOR, complete=True, providers=())
LOOKS = st.fixed_dictionaries({}, optional={
    "family": st.sampled_from(FAMILIES[:2]), "product_type": st.sampled_from(KINDS[:2]),
    "parameters_total": st.sampled_from((4, 8, 70)), "release_date": st.sampled_from(("2025-01", "2025-07-01", "2024")),
    "context_window": st.sampled_from((1000, 2000)),
})  # fmt: skip
CHANGES = st.lists(
    st.dictionaries(
        st.sampled_from(IDS), st.tuples(LOOKS, st.sampled_from((None, "1", "2", "40"))) | st.none(), min_size=1, max_size=2
    ),
    min_size=1, max_size=4,
)  # fmt: skip
POLICIES = st.sampled_from((
    CompareSection(neighbours=2, all_pairs_up_to=0),
    CompareSection(neighbours=1, all_pairs_up_to=0, anchors=(IDS[0], IDS[5])),
    CompareSection(neighbours=3, all_pairs_up_to=29, pairs=((IDS[1], IDS[2]),)),
))  # fmt: skip
ModelRows = dict[str, tuple[dict[str, Any], str | None]]


def rows(offers: ModelRows) -> list[Any]:
    found = []
    for model, (values, price) in offers.items():
        found.append(about(model, name=model, **values))
        if price is not None:
            found.append(offer(model, input_price=price, output_price=price))
    return found


def first_models() -> ModelRows:
    return {
        model: (
            {"family": FAMILIES[n % 2], "product_type": KINDS[n % 2], "parameters_total": n % 5 + 1},
            str(n % 7 + 1),
        )
        for n, model in enumerate(IDS[:27])
    }


def pairs(world: CatalogWorld) -> list[tuple[str, str]]:
    return [(a, b) for a, b, _ in world.catalog.comparisons()]


def kept_rows(world: CatalogWorld) -> list[Any]:
    return [world.rows("SELECT * FROM model_traits ORDER BY 1"), world.rows("SELECT * FROM nearest_models ORDER BY 1, 2"),
            world.rows("SELECT id, weight FROM pages")]  # fmt: skip


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(changes=CHANGES, policy=POLICIES)
def test_changed_models_alter_the_pairs_that_all_models_tell(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    changes: list[Any],
    policy: CompareSection,
) -> None:
    monkeypatch.setattr(kept_pairs, "LARGE_SHARE", 1.0)
    folder = tmp_path_factory.mktemp("pairs")
    world = CatalogWorld(folder / "catalog.db")
    app = App(Home(folder), Config(compare=policy), lambda: world.now)
    offers = first_models()
    world.see(*rows(offers), card=SOURCE)
    update_comparisons(app, world.catalog)
    for number, change in enumerate(changes, 1):
        for model, looks in change.items():
            if looks is None:
                offers.pop(model, None)
            else:
                offers[model] = looks
        world.see(*rows(offers), day=number, card=SOURCE)
        done = update_comparisons(app, world.catalog)
        found, kept, digests = pairs(world), kept_rows(world), world.catalog.comparisons()
        assert done.made + done.regenerated + done.left == len(found)
        everything = update_comparisons(app, world.catalog, everything=True)
        world.catalog.update_page_weights(world.catalog.model_ids())
        assert (pairs(world), kept_rows(world)) == (found, kept)
        assert (everything.made, everything.regenerated, world.catalog.comparisons()) == (0, 0, digests)
    world.catalog.close()


def test_one_changed_model_is_judged_beside_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = CatalogWorld(tmp_path / "catalog.db")
    app = App(
        Home(tmp_path), Config(compare=CompareSection(neighbours=2, all_pairs_up_to=0)), lambda: world.now
    )
    offers = first_models()
    world.see(*rows(offers), card=SOURCE)
    update_comparisons(app, world.catalog)
    offers[IDS[3]] = (offers[IDS[3]][0] | {"context_window": 4000}, "9")
    world.see(*rows(offers), day=1, card=SOURCE)
    monkeypatch.setattr(kept_pairs, "_choose_among_all", None)
    assert update_comparisons(app, world.catalog).regenerated > 0
    world.catalog.close()


def test_other_settings_choose_among_all(tmp_path: Path) -> None:
    world = CatalogWorld(tmp_path / "catalog.db")
    app = App(
        Home(tmp_path), Config(compare=CompareSection(neighbours=1, all_pairs_up_to=0)), lambda: world.now
    )
    world.see(*rows(first_models()), card=SOURCE)
    update_comparisons(app, world.catalog)
    before = len(pairs(world))
    wider = App(
        Home(tmp_path), Config(compare=CompareSection(neighbours=3, all_pairs_up_to=0)), lambda: world.now
    )
    settings_, policy = compare_settings(wider), pair_policy(wider)
    assert policy == PairPolicy((), 3, (), 0)
    choice = kept_pairs.choose_pairs(world.catalog, policy, settings_, set(), everything=False)
    assert choice.kept > before
    world.catalog.close()


def test_a_model_is_set_beside_others_as_what_its_card_says_it_is(world: CatalogWorld) -> None:
    """A product type that follows from other facts counts as one that is stated."""
    said = {"openness": "open weights"}, {"modality.output": ("image",)}, {"name": "M 2"}
    world.see(*(about(model, **values) for model, values in zip(IDS, said, strict=False)), card=SOURCE)
    world.see(*(offer(model, input_price="1", output_price="2") for model in IDS[:3]), card=SOURCE, day=1)
    cards = world.catalog.outlines(TRAIT_ATTRIBUTES)
    found = {card.id: model_traits(card, CompareSettings()).product_type for card in cards}
    assert found == {card.id: card.facts["product_type"].value for card in world.catalog.cards()}
    assert set(found.values()) == {"open-weights model", "image model", "standalone API model"}
