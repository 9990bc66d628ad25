"""The comparison stage: the kept pairs that a change touches, made again only when what they show changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from compare.keep import Kept, kept

from cardwatch.app import App
from cardwatch.progress import bar
from compare.comparison import compare_sides, page_order
from compare.digest import pair_digest
from compare.document import stored
from compare.review import Stamp
from compare.settings import CompareSettings
from compare.side import Side, seat
from db.cards import ModelCard
from db.catalog import Catalog
from db.reports import StoredComparison

PairIds = tuple[str, str]


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


def rules_of(app: App) -> Kept:
    """Return which pairs this configuration keeps."""
    own = app.config.compare
    return Kept(own.anchors, own.neighbours, own.pairs, own.all_pairs_up_to)


def stamp_of(app: App, generated_at: str) -> Stamp:
    """Return what a rendering adds now to a comparison."""
    return Stamp(generated_at, app.now().date(), app.limits)


def compare_touched(app: App, catalog: Catalog, *, everything: bool = False) -> Compared:
    """Bring the kept pairs of all touched models up to date; `everything` looks at every kept pair.

    A pair whose inputs digest is the stored one is left alone. Pairs no longer kept are dropped.
    """
    touched = set(catalog.touched())
    before = {(a, b): digest for a, b, digest in catalog.comparisons()}
    cards = {card.id: card for card in catalog.cards()} if touched or everything or not before else {}
    if not cards:
        return Compared(left=len(before))
    wanted = {ordered(a, b) for a, b in kept(cards, rules_of(app))}
    due = [pair for pair in sorted(wanted) if everything or pair not in before or touched & set(pair)]
    made, regenerated = 0, 0
    with catalog.transaction(), bar("comparing", len(due)) as step:
        for stale in fresh(app, catalog, cards, due, before):
            regenerated += (stale.a, stale.b) in before
            made += (stale.a, stale.b) not in before
            catalog.save_comparison(stale)
            step(stale.a, 1)
        for a, b in before.keys() - wanted:
            catalog.forget_comparison(a, b)
        catalog.settle(touched)
    return Compared(made, regenerated, len(wanted) - made - regenerated, len(before.keys() - wanted))


def fresh(
    app: App,
    catalog: Catalog,
    cards: dict[str, ModelCard],
    pairs: Iterable[PairIds],
    before: dict[PairIds, str],
) -> Iterator[StoredComparison]:
    """Yield the comparisons of `pairs` whose digest is not the one in `before`."""
    settings = settings_of(app)

    @cache
    def seated(model: str, place: str) -> Side:
        return seat(cards[model], "a" if place == "a" else "b", settings)

    for a, b in pairs:
        first, second = seated(a, "a"), seated(b, "b")
        digest = pair_digest(first.digest, second.digest, settings)
        if before.get((a, b)) != digest:
            body = stored(compare_sides(first, second)).decode()
            since = catalog.comparison_since(a, b, digest)
            yield StoredComparison(a, b, digest, settings.template, body, since)


def ordered(a: str, b: str) -> PairIds:
    """Return two ids in page order."""
    first, second = sorted((a, b), key=page_order)
    return first, second
