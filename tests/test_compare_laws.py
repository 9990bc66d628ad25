"""Laws of comparisons on made-up cards: nothing leans on an unknown, order is no matter, replay is exact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any, TypeVar

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from support.random_cards import forget_fact, forgettable_places, one_card

from cardwatch.compare.comparison import Comparison, compare_models
from cardwatch.compare.render.comparison_json import to_json, to_stored_json
from cardwatch.compare.render.comparison_page import render_article, render_markdown
from cardwatch.compare.render.review import RenderContext, ReviewDay
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.wording import escaping
from cardwatch.db.query.cards import Fact, ModelCard

T = TypeVar("T")
PLAIN = CompareSettings(template="test")
STAMP = RenderContext("2026-05-25T00:00:00Z", ReviewDay(date(2026, 5, 25)))
SEEDS = st.integers(0, 10**9)
"""A seed stands for two made-up models: cheap to draw, short to print."""
BRISK = settings(max_examples=60)
FULL = settings(max_examples=1000)
Two = tuple[ModelCard, ModelCard]


def two_of(seed: int) -> Two:
    """Return the two models that a seed stands for."""
    return one_card(Random(seed), "maker/alpha-1"), one_card(Random(-seed - 1), "other/beta-2")


def made(a: ModelCard, b: ModelCard) -> Comparison:
    return compare_models(a, b, settings=PLAIN)


def loaded(comparison: Comparison) -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(to_json(comparison, STAMP))
    return document


@BRISK
@given(SEEDS)
def test_swapping_gives_the_same_page(seed: int) -> None:
    a, b = two_of(seed)
    assert to_stored_json(made(a, b)) == to_stored_json(made(b, a))
    assert render_markdown(made(a, b), STAMP) == render_markdown(made(b, a), STAMP)


@BRISK
@given(SEEDS)
def test_a_model_says_the_same_from_either_side(seed: int) -> None:
    mine, its = two_of(seed)
    beta = replace(its, id="maker/beta-2", name="Beta")
    first = made(replace(mine, id="maker/alpha-1", name="Alpha"), beta)
    second = made(replace(mine, id="maker/zeta-9", name="Alpha"), beta)
    other = {"a": "b", "b": "a", "pair": "pair"}
    assert statements_of(first) == sorted(
        (rule, other[about], words) for rule, about, words in statements_of(second)
    )


def statements_of(comparison: Comparison) -> list[tuple[str, str, list[str]]]:
    """Return the claims without the order in which a sentence names the two models."""
    return sorted((c.rule, c.about, sorted(re.findall(r"[\w$%]+", c.text))) for c in comparison.claims)


@BRISK
@given(SEEDS)
def test_forgetting_a_fact_adds_no_claim_and_moves_no_other(seed: int) -> None:
    check_forgetting(seed)


@pytest.mark.soak
@FULL
@given(SEEDS)
def test_forgetting_adds_nothing_on_many_pairs(seed: int) -> None:
    check_forgetting(seed)


def check_forgetting(seed: int) -> None:
    """Forget facts one by one: no claim with a new rule and subject; a claim leans on nothing it did not lean
    on before; one that did not lean on the forgotten fact keeps its words, but for a recommendation withdrawn.
    No recommendation appears or turns round.
    """
    before = made(*two_of(seed))
    claims = keyed(before)
    for model, place, after in fewer(seed):
        left = keyed(after)
        assert left.keys() <= claims.keys(), place
        left.pop(("verdict", "pair"), None)
        for key, (words, leans) in left.items():
            assert leans <= claims[key][1], (key, place)
            if (model, place) not in claims[key][1]:
                assert (words, leans) == claims[key], (key, place)


Place = tuple[str, str | None, int | None]
Leans = set[tuple[str, Place]]


def fewer(seed: int) -> Iterator[tuple[str, Place, Comparison]]:
    """Yield every comparison with one fact less, a dozen at most."""
    two = two_of(seed)
    places = [(card, place) for card in two for place in forgettable_places(card)]
    for card, place in Random(seed).sample(places, min(12, len(places))):
        left = [forget_fact(each, place) if each is card else each for each in two]
        yield card.id, place, made(*left)


def keyed(comparison: Comparison) -> dict[tuple[str, str], tuple[str, Leans]]:
    """Return words and facts of each claim by rule and subject; a fact by where it stands on its card."""
    places = {}
    for side in comparison.sides:
        for shown in (*side.all_facts, *comparison.pair.gaps[side.side_id]):
            index = next((i for i, f in enumerate(side.card.benchmarks) if f is shown.fact), None)
            places[shown.id] = (side.id, (shown.fact.attribute, shown.fact.offer, index))
    return {(c.rule, c.about): (c.text, {places[f] for f in c.facts}) for c in comparison.claims}


@BRISK
@given(SEEDS)
def test_every_claim_leans_on_known_facts_of_the_page(seed: int) -> None:
    comparison = made(*two_of(seed))
    document = loaded(comparison)
    known = {f["id"] for f in document["facts"] if f["state"] == "known" and f["evidence"]}
    for claim in document["claims"]:
        assert claim["facts"], claim
        assert set(claim["facts"]) <= known, claim
        assert len(claim["facts"]) == len(set(claim["facts"])), claim


@BRISK
@given(SEEDS)
def test_ids_are_unique_and_every_reference_resolves(seed: int) -> None:
    document = loaded(made(*two_of(seed)))
    facts = [f["id"] for f in document["facts"]]
    claims = [c["id"] for c in document["claims"]]
    assert len(facts) == len(set(facts))
    assert len(claims) == len(set(claims))
    assert set(references(document)) <= set(facts)
    asked = {c for q in document["faq"] for c in q["claims"]}
    moved = {c for moves in document["switching"].values() for c in moves}
    assert asked | moved <= set(claims)
    assert len(document["faq"]) <= 8


def references(value: object) -> Iterator[str]:
    """Yield every fact id under any "facts" key below the top."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "facts" and inner and isinstance(inner[0], str):
                yield from inner
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


@BRISK
@given(SEEDS)
def test_unknown_is_counted_and_shown_as_one_word(seed: int) -> None:
    comparison = made(*two_of(seed))
    document = loaded(comparison)
    states = [f["state"] for f in document["facts"]]
    assert document["unknown"]["count"] == states.count("unknown") == len(document["unknown"]["facts"])
    assert document["unknown"]["of"] == len(states)
    for f in document["facts"]:
        assert (f["display"] == "unknown") == (f["state"] == "unknown")
        assert (f["value"] is None) == (f["state"] != "known")
    cells = {
        cell.strip() for line in render_markdown(comparison, STAMP).splitlines() for cell in row_of(line)
    }
    assert cells.isdisjoint({"", "-", "—", "None", "null"})


def row_of(line: str) -> list[str]:
    """Return the cells of a table line, none for other lines and the line under the head."""
    return line.strip("|").split("|") if line.startswith("| ") else []


@BRISK
@given(SEEDS, st.sampled_from(["2026-05-23", "2027-01-01"]))
def test_looking_again_changes_dates_only(seed: int, day: str) -> None:
    two = two_of(seed)
    before, after = made(*two), made(*(looked_again(card, day) for card in two))
    assert before.snapshot == after.snapshot
    assert to_stored_json(before) == to_stored_json(after)
    earlier, later = loaded(before), loaded(after)
    changed = {name for name in later if later[name] != earlier[name]}
    assert changed <= {"reviewed_on", "freshness", "facts", "offers"}


def looked_again(card: ModelCard, day: str) -> ModelCard:
    """Return the card as after an unchanged page was fetched again, as other bytes."""
    at, document = f"{day}T09:00:00Z", "sha256:" + "1" * 64

    def dated(f: Fact) -> Fact:
        looks = (
            replace(e, fetched_at=at, reviewed_on=day, document=document, locator="/x") for e in f.evidence
        )
        return replace(f, evidence=tuple(looks), reviewed_on=day, last_verified=at)

    return replace(
        card,
        facts={name: dated(f) for name, f in card.facts.items()},
        offers=tuple(replace(o, facts={n: dated(f) for n, f in o.facts.items()}) for o in card.offers),
        benchmarks=tuple(dated(f) for f in card.benchmarks),
    )


@BRISK
@given(SEEDS)
def test_the_order_in_which_the_catalog_hands_things_out_does_not_matter(seed: int) -> None:
    two = two_of(seed)
    first, second = made(*two), made(*(shuffled(card, Random(seed)) for card in two))
    assert first.snapshot == second.snapshot
    assert to_stored_json(first) == to_stored_json(second)


def shuffled(card: ModelCard, rng: Random) -> ModelCard:
    """Return the same card with everything in another order."""
    offers = (replace(o, facts=dict(mixed([*o.facts.items()], rng))) for o in card.offers)
    return replace(
        card,
        facts=dict(mixed([*card.facts.items()], rng)),
        offers=tuple(mixed([*offers], rng)),
        benchmarks=tuple(mixed([*card.benchmarks], rng)),
        prices=tuple(mixed([*card.prices], rng)),
        changes=tuple(mixed([*card.changes], rng)),
    )


def mixed(items: list[T], rng: Random) -> list[T]:
    return rng.sample(items, len(items))


def test_what_is_shown_or_asked_for_is_in_the_snapshot() -> None:
    a, b = two_of(1)
    other = CompareSettings(input_mtok=1, template="test")
    newer = CompareSettings(template="newer")
    snapshots = {
        made(a, b).snapshot,
        made(replace(a, name="Another"), b).snapshot,
        made(replace(a, offers=()), b).snapshot,
        compare_models(a, b, settings=other).snapshot,
        compare_models(a, b, settings=newer).snapshot,
    }
    assert len(snapshots) == 5


def test_the_same_model_twice_is_refused() -> None:
    card = ModelCard("maker/alpha-1", "Alpha", "Maker", {})
    with pytest.raises(ValueError, match="page order"):
        compare_models(card, card)


@BRISK
@given(SEEDS)
def test_every_claim_stands_word_for_word_in_all_renderings(seed: int) -> None:
    comparison = made(*two_of(seed))
    page, html = render_markdown(comparison, STAMP), render_article(comparison, STAMP)
    for claim in comparison.claims:
        assert escaping.escape_markdown(claim.text) in page
        assert escaping.escape_html(claim.text) in html
