"""Laws that need no figures: what happens to a page when its models swap, are read again, or lose a fact."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from msgspec.structs import replace

from cardwatch.auditing.findings import Difference, Differences, expect_equal, wrong_if
from cardwatch.auditing.render import RenderedComparison, Renderer
from cardwatch.db.query.cards import Fact, ModelCard

MIRROR = {"a": "b", "b": "a"}


@dataclass(frozen=True)
class ComparedModels:
    """A pair of cards and the page they make."""

    a: ModelCard
    b: ModelCard
    renderer: Renderer
    page: RenderedComparison


def check_swap(models: ComparedModels) -> Differences:
    """The order of the arguments does not matter, and models that trade places trade their statements."""
    same = models.renderer.kept(models.b, models.a) == (models.page.snapshot, models.page.body)
    yield from wrong_if(not same, "swapped arguments", "the same bytes", "other bytes")
    traded = replace(models.a, id=models.b.id), replace(models.b, id=models.a.id)
    before = {
        (c["rule"], c["about"], c["text"]) for c in models.page.document["claims"] if c["about"] in MIRROR
    }
    after = models.renderer.statements(*traded)
    mirrored = {(rule, MIRROR[about], text) for rule, about, text in after if about in MIRROR}
    yield from expect_equal("claims lost when the models trade places", [], sorted(before - mirrored))
    yield from expect_equal("claims new when the models trade places", [], sorted(mirrored - before))


def check_replay(models: ComparedModels, a: ModelCard, b: ModelCard) -> Differences:
    """The same models read again, in either order, make the same bytes."""
    for first, second in ((a, b), (b, a)):
        again = models.renderer.rendered(first, second)
        for form in ("snapshot", "body", "json", "markdown", "html"):
            same = getattr(again, form) == getattr(models.page, form)
            yield from wrong_if(not same, f"read again, {form}", "the same bytes", "other bytes")


def check_forgetting(models: ComparedModels, chance: random.Random, count: int) -> Differences:
    """Without a fact no statement or tag appears that was not there with it."""
    before = models.renderer.standing(models.a, models.b)
    for what, a, b in draw_losses(models, chance, count):
        for found in sorted(models.renderer.standing(a, b) - before):
            yield Difference(f"without {what}", "nothing new", " ".join(found))


def draw_losses(
    models: ComparedModels, chance: random.Random, count: int
) -> Iterator[tuple[str, ModelCard, ModelCard]]:
    """Yield up to `count` pairs of cards that lack one fact each, drawn by `chance`."""
    places = [
        (side_id, place)
        for side_id in MIRROR
        for place in known_places(models.a if side_id == "a" else models.b)
    ]
    for side_id, place in chance.sample(places, min(count, len(places))):
        mine, its = (models.a, models.b) if side_id == "a" else (models.b, models.a)
        lost = card_without(mine, place)
        what = f"{place.how} {mine.id} {place.offer} {place.attribute}".replace("  ", " ")
        yield (what, lost, its) if side_id == "a" else (what, its, lost)


UNKNOWN, GONE = "a known", "any"
"""Ways to lose a fact: nobody says what it is, or nobody says anything."""
DECISIVE_ATTRIBUTES = ("lifecycle", "deprecation_date", "shutdown_date", "product_type")
"""What keeps a model from being recommended. Most models have no such fact, so losing all word of it is no test."""


class FactPlace(NamedTuple):
    """One known fact of a card: of an offer, of the model, or number `score` among its scores."""

    attribute: str
    offer: str = ""
    score: int | None = None
    how: str = UNKNOWN


def known_places(card: ModelCard) -> list[FactPlace]:
    """Return where a card has known facts, and how each may be lost; a score only to be unknown."""
    found = [FactPlace(name) for name, fact in card.facts.items() if fact.state == "known"]
    for offer in card.offers:
        found += [FactPlace(name, offer.key) for name, fact in offer.facts.items() if fact.state == "known"]
    scores = [FactPlace(f.attribute, "", n) for n, f in enumerate(card.benchmarks) if f.state == "known"]
    gone = [place._replace(how=GONE) for place in found if place.attribute not in DECISIVE_ATTRIBUTES]
    return [*found, *gone, *scores]


def card_without(card: ModelCard, place: FactPlace) -> ModelCard:
    """Return a card on which one fact is lost."""
    if place.score is not None:
        scores = (_as_unknown(f) if n == place.score else f for n, f in enumerate(card.benchmarks))
        return replace(card, benchmarks=tuple(scores))
    if not place.offer:
        return replace(card, facts=_facts_without(card.facts, place))
    offers = (
        replace(o, facts=_facts_without(o.facts, place)) if o.key == place.offer else o for o in card.offers
    )
    return replace(card, offers=tuple(offers))


def _facts_without(facts: Mapping[str, Fact], place: FactPlace) -> dict[str, Fact]:
    kept = {name: fact for name, fact in facts.items() if name != place.attribute}
    return kept if place.how == GONE else {**kept, place.attribute: _as_unknown(facts[place.attribute])}


def _as_unknown(fact: Fact) -> Fact:
    return replace(fact, state="unknown", value=None, reason="never_sourced", evidence=(), others=(), why="")
