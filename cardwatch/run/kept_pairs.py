"""Which pairs are kept now: told from the models that changed and those beside them, or from all models.

All are looked at when the settings are others than last time, or a good part of the models changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from cardwatch.compare.pair_selection import (
    TRAIT_ATTRIBUTES,
    IdPair,
    ModelTraits,
    PairPolicy,
    PairSelector,
    choose_nearest,
    model_traits,
    order_pair,
    read_traits,
    stays_nearest,
)
from cardwatch.compare.settings import CompareSettings
from cardwatch.db.ingest.nearest_models import ORDERS, KeptTraits

if TYPE_CHECKING:
    from cardwatch.db.catalog import CatalogStore

LARGE_SHARE = 0.05
"""Share of the models from which on all are looked at: their neighbourhoods overlap."""


@dataclass(frozen=True, slots=True)
class PairChoice:
    """The kept pairs to look at, those no longer kept, what is stored of both by digest, and how many are kept."""

    due: list[IdPair]
    gone: list[IdPair]
    stored: Mapping[IdPair, str]
    kept: int


def choose_pairs(
    catalog: CatalogStore,
    policy: PairPolicy,
    settings: CompareSettings,
    touched: Collection[str],
    *,
    everything: bool,
) -> PairChoice:
    """Say which pairs are kept now that models were `touched`, and keep what tells it; `everything` is due."""
    chosen_by = sha256(repr((policy, settings)).encode()).hexdigest()[:16]
    known = catalog.nearest_models.count_models()
    if (
        not everything
        and catalog.nearest_models.chosen_by() == chosen_by
        and len(touched) < LARGE_SHARE * known
    ):
        choice = _TouchedPairs(catalog, policy, settings, touched)
        if known - len(touched) > policy.all_pairs_up_to and not choice.anchors_change:
            return choice.choose()
    return _choose_among_all(catalog, policy, settings, touched, chosen_by, everything=everything)


def _choose_among_all(
    catalog: CatalogStore,
    policy: PairPolicy,
    settings: CompareSettings,
    touched: Collection[str],
    chosen_by: str,
    *,
    everything: bool,
) -> PairChoice:
    outlines = catalog.outlines(TRAIT_ATTRIBUTES)
    selector = PairSelector((model_traits(card, settings) for card in outlines), policy)
    wanted = selector.all()
    nearest = catalog.nearest_models
    nearest.restart(chosen_by)
    nearest.save_traits(map(_kept, selector.models.values()))
    if policy.neighbours:
        nearest.save_nearest({model: selector.nearest(model) for model in selector.models})
    stored = {(a, b): digest for a, b, digest in catalog.comparisons()}
    due = [pair for pair in wanted if everything or pair not in stored or not {*pair}.isdisjoint(touched)]
    return PairChoice(due, sorted(stored.keys() - {*wanted}), stored, len(wanted))


class _TouchedPairs:
    """The pairs that a few changed models may alter: their own, and those of the models beside them."""

    def __init__(
        self, catalog: CatalogStore, policy: PairPolicy, settings: CompareSettings, touched: Collection[str]
    ) -> None:
        self.catalog, self.policy, self.touched = catalog, policy, touched
        self.nearest = catalog.nearest_models
        cards = catalog.outlines(TRAIT_ATTRIBUTES, catalog.still_listed(touched))
        self.kept = {card.id: _kept(model_traits(card, settings)) for card in cards}
        self.before = self.catalog.kept_traits(touched)

    @property
    def anchors_change(self) -> bool:
        """Whether a model came or went that is kept against all."""
        return not (self.kept.keys() ^ self.before.keys()).isdisjoint(self.policy.anchors)

    def choose(self) -> PairChoice:
        judged = self._own_pairs() | self._pairs_of_neighbours()
        stored = self.catalog.comparison_digests(judged)
        wanted = sorted(pair for pair in judged if self._is_wanted(pair))
        due = [pair for pair in wanted if pair not in stored or not {*pair}.isdisjoint(self.touched)]
        gone = sorted(stored.keys() - {*wanted})
        added = sum(pair not in stored for pair in wanted)
        return PairChoice(due, gone, stored, self.catalog.count_comparisons() + added - len(gone))

    def _own_pairs(self) -> set[IdPair]:
        """Return the pairs that a touched model is in, or would be by the settings."""
        found = {(a, b) for a, b, _ in self.catalog.comparisons_touching(self.touched)}
        found |= {
            order_pair(a, b) for a, b in self.policy.pairs if a != b and not {a, b}.isdisjoint(self.touched)
        }
        return found | {
            order_pair(model, anchor)
            for model in self.kept
            for anchor in self.policy.anchors
            if model != anchor
        }

    def _pairs_of_neighbours(self) -> set[IdPair]:
        """Find the nearest models anew where a model moved; return the pairs that come or go with that."""
        moved = {
            model for model in self.touched
            if self.before.get(model) != (self.kept[model].traits if model in self.kept else None)
        }  # fmt: skip
        before = {model: read_traits(model, self.before[model]) for model in moved & self.before.keys()}
        orders = {
            model: _changed_orders(_kept(before[model]) if model in before else None, self.kept.get(model))
            for model in moved
        }
        passed, seen = {*moved}, defaultdict[str, set[str]](set)
        self._look_beside(orders, passed, seen)
        self.nearest.forget_traits(self.before.keys() - self.kept.keys())
        self.nearest.save_traits(self.kept[model] for model in moved & self.kept.keys())
        self._look_beside(orders, passed, seen)
        left = {model: by for model, by in seen.items() if model not in passed}
        looked_at = passed | self._shaken(left, before)
        beside = {model: self.nearest.beside(model, self.policy.reach) for model in sorted(looked_at)}
        traits = self._load(looked_at.union(*beside.values()))
        found: set[IdPair] = set()
        for model in sorted(looked_at & traits.keys()):
            near = choose_nearest(
                traits[model], [traits[other] for other in beside[model]], self.policy.neighbours
            )
            if changed := self.nearest.load_nearest(model) ^ {*near}:
                self.nearest.save_nearest({model: near})
                found |= {order_pair(model, other) for other in changed}
        return found

    def _look_beside(
        self, orders: Mapping[str, Collection[str]], passed: set[str], seen: dict[str, set[str]]
    ) -> None:
        """Add to `passed` the models beside moved ones in an order in which these moved: others come and go there. Add to
        `seen` which moved models stand beside each in the other orders."""
        for model, changed in orders.items():
            passed |= self.nearest.beside(model, self.policy.reach, changed)
            for other in self.nearest.beside(model, self.policy.reach, [*{*ORDERS} - {*changed}]):
                seen[other].add(model)

    def _shaken(self, seen: Mapping[str, Collection[str]], before: Mapping[str, ModelTraits]) -> set[str]:
        """Return the models whose nearest may be others now that some moved which stay beside them."""
        near = {model: self.nearest.load_nearest(model) for model in seen}
        traits = self._load({*seen}.union(*near.values(), *seen.values()))
        return {
            model for model, by in seen.items()
            if not stays_nearest(
                traits[model], [traits[other] for other in near[model]], [(before[one], traits[one]) for one in by]
            )
        }  # fmt: skip

    def _load(self, models: Collection[str]) -> dict[str, ModelTraits]:
        return {model: read_traits(model, text) for model, text in self.catalog.kept_traits(models).items()}

    def _is_wanted(self, pair: IdPair) -> bool:
        if len(self.catalog.kept_traits(pair)) < len(pair):
            return False
        listed = pair in {order_pair(a, b) for a, b in self.policy.pairs}
        return listed or not {*pair}.isdisjoint(self.policy.anchors) or self.nearest.are_near(*pair)


def _changed_orders(before: KeptTraits | None, after: KeptTraits | None) -> Collection[str]:
    """Return the orders in which a model stands elsewhere: all if it is new, gone, or of another group."""
    if before is None or after is None or (before.job, before.family) != (after.job, after.family):
        return ORDERS
    return [order for order, was, now in zip(ORDERS, before.places, after.places, strict=True) if was != now]


def _kept(traits: ModelTraits) -> KeptTraits:
    return KeptTraits(traits.id, traits.text, traits.job, traits.family, traits.places)
