"""Laws that need no figures: what happens to a page when its models swap, are read again, or lose a fact."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cardwatch.auditing.findings import Difference, Found, differs, wrong_if
from cardwatch.auditing.render import Rendered, Renderer
from db.cards import Fact, ModelCard, Offer

MIRROR = {"a": "b", "b": "a"}


@dataclass(frozen=True)
class Models:
    """A pair of cards and the page they make."""

    a: ModelCard
    b: ModelCard
    renderer: Renderer
    page: Rendered


def swapped(models: Models) -> Found:
    """The order of the arguments does not matter, and models that trade places trade their claims."""
    same = models.renderer.kept(models.b, models.a) == (models.page.snapshot, models.page.body)
    yield from wrong_if(not same, "swapped arguments", "the same bytes", "other bytes")
    traded = replace(models.a, id=models.b.id), replace(models.b, id=models.a.id)
    before = {
        (c["rule"], c["about"], c["text"]) for c in models.page.document["claims"] if c["about"] in MIRROR
    }
    after = models.renderer.said(*traded)
    mirrored = {(rule, MIRROR[about], text) for rule, about, text in after if about in MIRROR}
    yield from differs("claims lost when the models trade places", [], sorted(before - mirrored))
    yield from differs("claims new when the models trade places", [], sorted(mirrored - before))


def replayed(models: Models, a: ModelCard, b: ModelCard) -> Found:
    """The same models read again, in either order, make the same bytes."""
    for first, second in ((a, b), (b, a)):
        again = models.renderer.rendered(first, second)
        for form in ("snapshot", "body", "json", "markdown", "html"):
            same = getattr(again, form) == getattr(models.page, form)
            yield from wrong_if(not same, f"read again, {form}", "the same bytes", "other bytes")


def forgotten(models: Models, chance: random.Random, count: int) -> Found:
    """Without a fact no claim, tag or winner appears that was not there with it."""
    before = models.renderer.standing(models.a, models.b)
    for what, a, b in losses(models, chance, count):
        for found in sorted(models.renderer.standing(a, b) - before):
            yield Difference(f"without {what}", "nothing new", " ".join(found))


def losses(models: Models, chance: random.Random, count: int) -> Iterator[tuple[str, ModelCard, ModelCard]]:
    """Yield up to `count` pairs of cards that lack one fact each, drawn by `chance`."""
    places = [(seat, place) for seat in MIRROR for place in known(models.a if seat == "a" else models.b)]
    for seat, place in chance.sample(places, min(count, len(places))):
        mine, its = (models.a, models.b) if seat == "a" else (models.b, models.a)
        lost = without(mine, place)
        what = f"{mine.id} {' '.join(str(part) for part in place)}"
        yield (what, lost, its) if seat == "a" else (what, its, lost)


Place = tuple[str, int, str]
"""Which part of a card, which of its members, which attribute."""


def known(card: ModelCard) -> list[Place]:
    """Return where a card has known facts."""
    found = [("facts", 0, name) for name, fact in card.facts.items() if fact.state == "known"]
    found += [
        ("scores", n, fact.attribute) for n, fact in enumerate(card.benchmarks) if fact.state == "known"
    ]
    for n, offer in enumerate(card.offers):
        found += [("offer", n, name) for name, fact in offer.facts.items() if fact.state == "known"]
    return found


def without(card: ModelCard, place: Place) -> ModelCard:
    """Return a card on which one fact is unknown."""
    part, number, name = place
    if part == "facts":
        return replace(card, facts={**card.facts, name: _lost(card.facts[name])})
    if part == "scores":
        scores = list(card.benchmarks)
        scores[number] = _lost(scores[number])
        return replace(card, benchmarks=tuple(scores))
    offers = list(card.offers)
    offers[number] = _offer_without(offers[number], name)
    return replace(card, offers=tuple(offers))


def _offer_without(offer: Offer, name: str) -> Offer:
    return replace(offer, facts={**offer.facts, name: _lost(offer.facts[name])})


def _lost(fact: Fact) -> Fact:
    return replace(fact, state="unknown", value=None, reason="never_sourced", evidence=(), others=(), why="")
