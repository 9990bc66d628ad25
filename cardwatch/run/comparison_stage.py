"""The comparison stage: the kept pairs that a change touches, made again only when what they show changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import TYPE_CHECKING

import orjson
from msgspec import Struct

from cardwatch.app import App
from cardwatch.compare.comparison import Comparison, compare_models, compare_sides
from cardwatch.compare.digest import inputs_digest, pair_digest
from cardwatch.compare.pair_selection import IdPair, ModelTraits, PairPolicy, read_traits
from cardwatch.compare.related_pairs import find_related_pairs
from cardwatch.compare.render.comparison_json import to_stored_json
from cardwatch.compare.render.review import RelatedLink, RenderContext, ReviewDay
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.side import side_builder
from cardwatch.db.query.reports import StoredComparison
from cardwatch.errors import UsageError
from cardwatch.run.worker_choice import find_workers

if TYPE_CHECKING:
    from cardwatch.db.catalog import CatalogStore
    from cardwatch.db.catalog_reports import CatalogReports

DuePair = tuple[IdPair, str | None]
"""A kept pair that may have changed, and the digest it is stored under."""


class ComparisonUpdate(Struct, frozen=True):
    """What the stage did with the kept pairs."""

    made: int = 0
    regenerated: int = 0
    left: int = 0
    forgotten: int = 0

    def sentence(self) -> str:
        """Say it in one line."""
        gone = f", {self.forgotten} no longer kept" if self.forgotten else ""
        return f"{self.made} made, {self.regenerated} regenerated, {self.left} left alone{gone}"


def compare_settings(app: App) -> CompareSettings:
    """Return the traffic and template that this configuration compares with."""
    return CompareSettings(app.config.compare.input_mtok, app.config.compare.output_mtok)


def pair_policy(app: App) -> PairPolicy:
    """Return which pairs this configuration keeps."""
    own = app.config.compare
    return PairPolicy(own.anchors, own.neighbours, own.pairs, own.all_pairs_up_to)


def comparison_stamp(app: App, catalog: CatalogReports, comparison: Comparison) -> RenderContext:
    """Return what a rendering adds now to a comparison."""
    a, b = comparison.a.id, comparison.b.id
    since = catalog.comparison_since(a, b, comparison.snapshot)
    return RenderContext(
        since,
        ReviewDay(app.now().date(), app.limits),
        related_comparisons(catalog, (a, b)),
    )


def compare_on_demand(
    app: App, a: str, b: str, input_mtok: int | None = None, output_mtok: int | None = None
) -> tuple[Comparison, RenderContext]:
    """Return the comparison of two models as the catalog has them now, and its dates."""
    usual = compare_settings(app)
    settings = type(usual)(
        usual.input_mtok if input_mtok is None else input_mtok,
        usual.output_mtok if output_mtok is None else output_mtok,
    )
    with app.reading() as catalog:
        first, second = catalog.find(a), catalog.find(b)
        if first == second:
            raise UsageError(f"{a} and {b} are the same model, {first}")
        found = {card.id: card for card in catalog.cards([first, second])}
        comparison = compare_models(found[first], found[second], settings=settings)
        return comparison, comparison_stamp(app, catalog, comparison)


def related_comparisons(catalog: CatalogReports, pair: IdPair) -> tuple[RelatedLink, ...]:
    """Return the kept comparisons that swap one of two models, by title, the likest swap first."""
    touching = [(a, b) for a, b, _ in catalog.comparisons_touching(pair) if (a, b) != pair]
    asked = {id_ for other in touching for id_ in other} | {*pair}
    texts = catalog.kept_traits(asked)
    models = {id_: read_traits(id_, texts[id_]) if id_ in texts else ModelTraits(id_) for id_ in asked}
    nearest = find_related_pairs(pair, touching, models)
    stored = [found for other in nearest if (found := catalog.comparison(*other))]
    return tuple(RelatedLink(" vs ".join(orjson.loads(found.body)["names"])) for found in stored)


def update_comparisons(app: App, catalog: CatalogStore, *, everything: bool = False) -> ComparisonUpdate:
    """Bring the kept pairs of all touched models up to date; `everything` looks at every kept pair.

    So does a template that is not the stored ones'. A pair whose inputs digest is the stored one is left
    alone. Pairs no longer kept are dropped, and pages weighed by where their facts are shown now.
    """
    from cardwatch.run.kept_pairs import choose_pairs  # brings what writes
    from cardwatch.run.progress import progress_bar  # brings rich

    touched = set(catalog.dirty_models())
    settings = compare_settings(app)
    everything = everything or not catalog.compared_with(settings.template)
    if not (touched or everything) and (kept := catalog.count_comparisons()):
        return ComparisonUpdate(left=kept)
    with _comparing(app, catalog) as compare_pairs, catalog.transaction():
        choice = choose_pairs(catalog, pair_policy(app), settings, touched, everything=everything)
        made, regenerated = 0, 0
        due = sorted(
            choice.due, key=itemgetter(1, 0)
        )  # pairs of a model stand together, anchors come first in theirs
        with progress_bar("comparing", len(due)) as step:
            for stale in compare_pairs([(pair, choice.stored.get(pair)) for pair in due]):
                regenerated += (stale.a, stale.b) in choice.stored
                made += (stale.a, stale.b) not in choice.stored
                catalog.save_comparison(stale)
                step(stale.a, 1)
        for a, b in choice.gone:
            catalog.forget_comparison(a, b)
        changed = {pair for pair in choice.due if pair not in choice.stored} | {*choice.gone}
        catalog.update_page_weights(touched.union(*changed))
        catalog.mark_clean(touched)
    return ComparisonUpdate(made, regenerated, choice.kept - made - regenerated, len(choice.gone))


@contextmanager
def _comparing(
    app: App, catalog: CatalogStore
) -> Iterator[Callable[[Sequence[DuePair]], Iterator[StoredComparison]]]:
    """Yield what finds the pairs that changed: this process, or the workers of the settings."""
    if (workers := find_workers(app)) is None:
        yield lambda due: changed_comparisons(catalog, due, compare_settings(app))
        return
    from cardwatch.cluster.blocks import take_snapshot, work_in_blocks

    with take_snapshot(app, catalog) as snapshot:
        yield lambda due: work_in_blocks(workers, compare_block, snapshot, due)


def compare_block(app: App, due: Sequence[DuePair]) -> list[StoredComparison]:
    """Return the comparisons of some pairs that changed."""
    with app.reading() as catalog:
        return [*changed_comparisons(catalog, due, compare_settings(app))]


def changed_comparisons(
    catalog: CatalogReports, due: Sequence[DuePair], settings: CompareSettings
) -> Iterator[StoredComparison]:
    """Yield the comparisons of those pairs whose digest is not the stored one."""
    cards = {card.id: card for card in catalog.cards({model for pair, _ in due for model in pair})}
    digests = {model: inputs_digest(card) for model, card in cards.items()}
    build_once = side_builder(cards, settings, digests)
    for (a, b), before in due:
        digest = pair_digest(digests[a], digests[b], settings)
        if before != digest:
            body = to_stored_json(compare_sides(build_once(a, "a"), build_once(b, "b"))).decode()
            since = catalog.comparison_since(a, b, digest)
            yield StoredComparison(a, b, digest, settings.template, body, since)
