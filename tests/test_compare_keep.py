"""Which pairs are kept: one model's pairs are found without the others, and agree with the whole list."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.card_builders import card, offer

from cardwatch.compare.pair_selection import (
    ModelTraits,
    PairPolicy,
    PairSelector,
    model_distance,
    model_traits,
    order_pair,
    release_year,
    rival_distance,
)
from cardwatch.compare.related_pairs import find_related_pairs
from cardwatch.compare.settings import CompareSettings
from cardwatch.normalize.providers import developer_of

IDS = [f"maker/m{n}" for n in range(12)]
MODELS = st.lists(
    st.builds(
        ModelTraits,
        st.sampled_from(IDS),
        st.sampled_from(["", "GPT", "Qwen"]),
        st.sampled_from(["", "standalone API model", "open-weights model"]),
        st.sampled_from([None, 4_000_000_000, 8_000_000_000, 70_000_000_000]),
        st.sampled_from([None, Decimal(0), Decimal("61.5"), Decimal(3600)]),
    ),
    unique_by=lambda model: model.id,
)
KEEPS = st.builds(
    PairPolicy,
    st.lists(st.sampled_from([*IDS, "maker/gone"]), max_size=2).map(tuple),
    st.integers(0, 3),
    st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=3).map(tuple),
    st.sampled_from([0, 0, 3, 50]),
)


@given(MODELS, KEEPS)
def test_a_pair_is_kept_once_in_order_and_never_a_model_with_itself(
    models: list[ModelTraits], keep: PairPolicy
) -> None:
    pairs = PairSelector(models, keep).all()
    assert pairs == sorted(set(pairs))
    assert all(pair == order_pair(*pair) and pair[0] != pair[1] for pair in pairs)


@given(MODELS, KEEPS)
def test_neither_order_nor_repetition_of_models_matters(models: list[ModelTraits], keep: PairPolicy) -> None:
    assert PairSelector(models, keep).all() == PairSelector(models[::-1], keep).all()


@given(MODELS, st.integers(1, 4))
def test_everybody_keeps_its_nearest(models: list[ModelTraits], count: int) -> None:
    keeper = PairSelector(models, PairPolicy(neighbours=count))
    for model in models:
        found = keeper.nearest(model.id)
        assert model.id not in found
        assert len(found) == len(set(found)) <= count
        for own, distance in ((True, model_distance), (False, rival_distance)):
            group = [id_ for id_ in found if (developer_of(id_) == developer_of(model.id)) is own]
            distances = [distance(model, keeper.models[id_]) for id_ in group]
            assert distances == sorted(distances)


def test_an_anchor_is_kept_against_all_and_a_listed_pair_as_listed() -> None:
    models = [ModelTraits(id_) for id_ in IDS[:4]]
    keeper = PairSelector(
        models, PairPolicy(anchors=(IDS[0],), pairs=((IDS[2], IDS[1]), (IDS[1], "maker/gone")))
    )
    assert keeper.all() == [(IDS[0], IDS[1]), (IDS[0], IDS[2]), (IDS[0], IDS[3]), (IDS[1], IDS[2])]
    assert keeper.missing == ("maker/gone",)


def test_a_small_catalog_keeps_every_pair() -> None:
    models = [ModelTraits(id_) for id_ in IDS[:4]]
    assert len(PairSelector(models, PairPolicy(all_pairs_up_to=4)).all()) == 6
    assert PairSelector(models, PairPolicy(all_pairs_up_to=3)).all() == []


def test_nearness_is_family_then_type_then_size_and_price() -> None:
    model = ModelTraits("a/x", "GPT", "standalone API model", 8, Decimal(100))
    order = [
        ModelTraits("a/same", "GPT", "standalone API model", 8, Decimal(100)),
        ModelTraits("a/dearer", "GPT", "standalone API model", 8, Decimal(200)),
        ModelTraits("a/unsized", "GPT", "standalone API model", None, Decimal(100)),
        ModelTraits("a/other-type", "GPT", "open-weights model", 8, Decimal(100)),
        ModelTraits("a/other-family", "Qwen", "standalone API model", 8, Decimal(100)),
        ModelTraits("a/nothing"),
    ]
    found = [model_distance(model, other) for other in order]
    assert found == sorted(found)
    assert len(set(found)) == len(found)


def test_half_of_the_nearest_are_kin_and_half_are_rivals_of_the_same_time_and_reach() -> None:
    text, image = "standalone API model", "image model"
    models = [
        ModelTraits("openai/gpt-5", "GPT", text, None, Decimal(9), 2025.6, 6),
        ModelTraits("openai/gpt-5.1", "GPT", text, None, Decimal(9), 2025.8, 6),
        ModelTraits("openai/gpt-3.5", "GPT", text, None, Decimal(1), 2022.9, 2),
        ModelTraits("google/gemini-2.5-pro", "Gemini", text, None, Decimal(9), 2025.4, 5),
        ModelTraits("maker/a-fine-tune", "Llama", text, None, Decimal(9), 2023.5, 1),
        ModelTraits("openai/gpt-image", "GPT", image, None, Decimal(9), 2025.6, 6),
    ]
    keeper = PairSelector(models, PairPolicy(neighbours=2))
    assert keeper.nearest("openai/gpt-5") == ("openai/gpt-5.1", "google/gemini-2.5-pro")


@pytest.mark.parametrize(
    ("text", "year"),
    [("2025-07-31", 2025.5), ("2025-07", 2025.5), ("2025", 2025.0), ("", None), ("soon", None)],
)
def test_a_release_is_a_number_of_years(text: str, year: float | None) -> None:
    assert release_year(text) == year


def test_pages_are_ordered_by_model_then_developer() -> None:
    assert order_pair("alibaba/qwen3.5-4b", "openai/gpt-4.1") == ("openai/gpt-4.1", "alibaba/qwen3.5-4b")
    assert order_pair("b/same", "a/same") == ("a/same", "b/same")


def test_traits_come_from_known_facts_and_the_named_cost() -> None:
    made = card("a/x", {"family": "GPT", "product_type": "open-weights model", "parameters_total": 8},
                [offer("a/x", "openai", "2", "8")])  # fmt: skip
    found = model_traits(made, CompareSettings(template="test"))
    assert found == ModelTraits("a/x", "GPT", "open-weights model", 8, Decimal(3600), None, 1)
    assert model_traits(card("a/x"), CompareSettings(template="test")) == ModelTraits("a/x")


def test_related_pages_swap_one_model_for_its_likest() -> None:
    models = [ModelTraits(id_, "GPT" if n < 3 else "Qwen") for n, id_ in enumerate(IDS[:5])]
    keeper = PairSelector(models, PairPolicy(all_pairs_up_to=5))
    found = find_related_pairs((IDS[0], IDS[3]), keeper.all(), keeper.models)
    assert (IDS[0], IDS[3]) not in found
    assert found[0] == (IDS[0], IDS[4])
    assert all(len({*pair} & {IDS[0], IDS[3]}) == 1 for pair in found)
    assert len(find_related_pairs((IDS[0], IDS[3]), keeper.all(), keeper.models, most=2)) == 2


@pytest.mark.parametrize("count", [400])
def test_one_model_looks_at_few_others(count: int) -> None:
    models = [ModelTraits(f"maker/m{n}", f"F{n % 40}", "image model", n, Decimal(n)) for n in range(count)]
    keeper = PairSelector(models, PairPolicy(neighbours=3))
    assert max(len(keeper.candidates(model.id)) for model in models) <= 10 * 2 * 9
