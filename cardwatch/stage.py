"""The comparison stage: the kept pairs that a change touches, made again only when what they show changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cardwatch.app import App
from cardwatch.compare.comparison import Comparison, compare_sides
from cardwatch.compare.digest import inputs_digest, pair_digest
from cardwatch.compare.document import stored
from cardwatch.compare.keep import TOLD_BY, Keep, Keeper, Pair, traits
from cardwatch.compare.related import related
from cardwatch.compare.review import Related, ReviewDay, Stamp
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.shown import Seat
from cardwatch.compare.side import Side, seat
from cardwatch.compare.words import clean
from cardwatch.db.cards import ModelCard
from cardwatch.db.catalog import Catalog
from cardwatch.db.reports import StoredComparison
from cardwatch.progress import bar

SIDES = 500
"""Sides kept at hand: one takes several times the memory of its card."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What the stage did with the kept pairs."""

    made: int = 0
    regenerated: int = 0
    left: int = 0
    forgotten: int = 0

    def sentence(self) -> str:
        """Say it in one line."""
        gone = f", {self.forgotten} no longer kept" if self.forgotten else ""
        return f"{self.made} made, {self.regenerated} regenerated, {self.left} left alone{gone}"


def settings_of(app: App) -> CompareSettings:
    """Return the traffic and template that this configuration compares with."""
    return CompareSettings(app.config.compare.input_mtok, app.config.compare.output_mtok)


def rules_of(app: App) -> Keep:
    """Return which pairs this configuration keeps."""
    own = app.config.compare
    return Keep(own.anchors, own.neighbours, own.pairs, own.all_pairs_up_to)


def stamp_of(app: App, catalog: Catalog, comparison: Comparison) -> Stamp:
    """Return what a rendering adds now to a comparison."""
    a, b = comparison.a.id, comparison.b.id
    since = catalog.comparison_since(a, b, comparison.snapshot)
    return Stamp(
        since, ReviewDay(app.now().date(), app.limits), related_to(catalog, (a, b), comparison.settings)
    )


def related_to(catalog: Catalog, pair: Pair, settings: CompareSettings) -> tuple[Related, ...]:
    """Return the kept comparisons that swap one of two models, by title, the likest swap first."""
    touching = [(a, b) for a, b, _ in catalog.comparisons() if len({a, b} & {*pair}) == 1]
    outlines = catalog.outlines((*TOLD_BY, "name"), {id_ for other in touching for id_ in other} | {*pair})
    cards = {card.id: card for card in outlines}
    models = {id_: traits(card, settings) for id_, card in cards.items()}
    nearest = related(pair, touching, models)
    return tuple(Related(" vs ".join(clean(cards[id_].name) for id_ in other)) for other in nearest)


def compare_touched(app: App, catalog: Catalog, *, everything: bool = False) -> Compared:
    """Bring the kept pairs of all touched models up to date; `everything` looks at every kept pair.

    So does a template that is not the stored ones'. A pair whose inputs digest is the stored one is left
    alone. Pairs no longer kept are dropped.
    """
    touched = set(catalog.touched())
    before = {(a, b): digest for a, b, digest in catalog.comparisons()}
    settings = settings_of(app)
    everything = everything or not catalog.compared_with(settings.template)
    if before and not (touched or everything):
        return Compared(left=len(before))
    outlines = catalog.outlines(TOLD_BY)
    wanted = Keeper((traits(card, settings) for card in outlines), rules_of(app)).all()
    due = [pair for pair in wanted if everything or pair not in before or touched & set(pair)]
    made, regenerated = 0, 0
    with catalog.transaction(), bar("comparing", len(due)) as step:
        for stale in fresh(catalog, due, before, settings):
            regenerated += (stale.a, stale.b) in before
            made += (stale.a, stale.b) not in before
            catalog.save_comparison(stale)
            step(stale.a, 1)
        gone = before.keys() - set(wanted)
        for a, b in gone:
            catalog.forget_comparison(a, b)
        catalog.settle(touched)
    return Compared(made, regenerated, len(wanted) - made - regenerated, len(gone))


def fresh(
    catalog: Catalog, pairs: Sequence[Pair], before: Mapping[Pair, str], settings: CompareSettings
) -> Iterator[StoredComparison]:
    """Yield the comparisons of `pairs` whose digest is not the one in `before`."""
    cards = {card.id: card for card in catalog.cards({model for pair in pairs for model in pair})}
    digests = {model: inputs_digest(card) for model, card in cards.items()}
    seated = _seats(cards, digests, settings)
    for a, b in pairs:
        digest = pair_digest(digests[a], digests[b], settings)
        if before.get((a, b)) != digest:
            body = stored(compare_sides(seated(a, "a"), seated(b, "b"))).decode()
            since = catalog.comparison_since(a, b, digest)
            yield StoredComparison(a, b, digest, settings.template, body, since)


def _seats(
    cards: Mapping[str, ModelCard], digests: Mapping[str, str], settings: CompareSettings
) -> Callable[[str, Seat], Side]:
    """Return a maker of sides that keeps the last ones it made."""

    @lru_cache(maxsize=SIDES)
    def seated(model: str, place: Seat) -> Side:
        return seat(cards[model], place, settings, digest=digests[model])

    return seated
