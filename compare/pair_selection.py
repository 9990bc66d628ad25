"""Which pairs are kept: listed ones, each anchor against all, each model with its nearest, or simply all.

Of a model's nearest, half are its developer's (predecessor, successor, sizes of one family) and half its rivals:
other developers' models for the same job, of the same price class and generation, as widely offered. They are looked
for among its neighbours in a few sorted orders (family and job, each by price, size, name, release and number
of providers), so the pairs of one model are found without a scan of all pairs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import combinations, count
from math import inf, log2

import orjson
from msgspec import Struct

from cardwatch.compare.comparison import display_order
from cardwatch.compare.display_facts import display_state
from cardwatch.compare.offers import model_cost, rank_offers
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.wording.labels import JOBS, MAIN_PRICES
from cardwatch.db.query.cards import ModelCard
from cardwatch.db.query.product_type import TYPE_ATTRIBUTES
from cardwatch.normalize.providers import developer_of

IdPair = tuple[str, str]
"""Two model ids in page order."""

OTHER_FAMILY_DISTANCE = 4.0
OTHER_JOB_DISTANCE = 6.0
OTHER_TYPE_DISTANCE = 2.0
GENERATION_DISTANCE = 3.0
"""Of models that came out this many years apart, or of which one's release is unknown."""
GENERATION_YEARS = 2.0
MOST_DOUBLINGS = 3.0
"""Sizes, prices and numbers of providers further apart than this many doublings count the same; so does an unknown one."""
TRAIT_ATTRIBUTES = tuple(
    dict.fromkeys(("family", "parameters_total", "release_date", *MAIN_PRICES, *TYPE_ATTRIBUTES))
)
"""The attributes that traits are read from; what a model is sold as mostly follows from others."""


LARGEST = 1e18
"""Sizes and prices beyond this stand at one place."""
_DAY = re.compile(r"(\d{4})(?:-(\d\d))?")


class ModelTraits(Struct, frozen=True, dict=True):
    """What nearness is judged by; `price` is USD a month at the usual traffic, "" and None are unknown.

    `released` is years since year 0, `providers` how many list the model now.
    """

    id: str
    family: str = ""
    product_type: str = ""
    parameters: int | None = None
    price: Decimal | None = None
    released: float | None = None
    providers: int = 0

    @cached_property
    def job(self) -> str:
        """What kind of work it is for, "" if that is unknown."""
        return JOBS.get(self.product_type, self.product_type)

    @cached_property
    def developer(self) -> str:
        """The developer's part of its id."""
        return developer_of(self.id)

    @cached_property
    def doublings(self) -> tuple[float | None, ...]:
        """How often one must be doubled to reach its size, its price and its number of providers."""
        return tuple(map(_doublings, (self.parameters, self.price, self.providers)))

    @property
    def text(self) -> str:
        """All but its id, for `read_traits`."""
        size, price = (None if amount is None else str(amount) for amount in (self.parameters, self.price))
        values = [self.family, self.product_type, size, price, self.released, self.providers]
        return orjson.dumps(values).decode()

    @property
    def places(self) -> tuple[float | str | None, ...]:
        """Where it stands by price, size, name, release and number of providers; None where that is unknown."""
        size = None if self.parameters is None else float(min(self.parameters, int(LARGEST)))
        price = None if self.price is None else min(float(self.price), LARGEST)
        return price, size, "\t".join(display_order(self.id)), self.released, float(self.providers) or None


def read_traits(model: str, text: str) -> ModelTraits:
    """Return the traits of a model from their text."""
    family, product_type, size, price, released, providers = orjson.loads(text)
    parameters = None if size is None else int(size)
    amount = None if price is None else Decimal(price)
    return ModelTraits(model, family, product_type, parameters, amount, released, providers)


class PairPolicy(Struct, frozen=True):
    """The `[compare]` settings by model id; `all_pairs_up_to` is a number of models."""

    anchors: tuple[str, ...] = ()
    neighbours: int = 0
    pairs: tuple[tuple[str, str], ...] = ()
    all_pairs_up_to: int = 0

    @property
    def reach(self) -> int:
        """How many places from a model its nearest are looked for, in every order."""
        return 3 * self.neighbours


def model_traits(card: ModelCard, settings: CompareSettings) -> ModelTraits:
    """Return a model's traits, from known facts only."""
    values = {name: fact.value for name, fact in card.facts.items() if display_state(fact)[0] == "known"}
    size = values.get("parameters_total")
    return ModelTraits(
        card.id,
        str(values.get("family") or ""),
        str(values.get("product_type") or ""),
        int(str(size)) if size is not None else None,
        model_cost(card, rank_offers(card, count(1), "a", settings)).usd,
        release_year(str(values.get("release_date") or "")),
        len({offer.provider for offer in card.offers if offer.listed}),
    )


def release_year(text: str) -> float | None:
    """Return a day, a month or a year as a number of years: 2025.5 for "2025-07"; None for anything else."""
    found = _DAY.match(text)
    return int(found[1]) + (int(found[2] or 1) - 1) / 12 if found else None


def order_pair(a: str, b: str) -> IdPair:
    """Return two ids in page order."""
    first, second = sorted((a, b), key=display_order)
    return first, second


def model_distance(x: ModelTraits, y: ModelTraits) -> float:
    """Return how unlike two models are: family and job weigh most, then generation and product type, then the rest."""
    return OTHER_FAMILY_DISTANCE * (not x.family or x.family != y.family) + rival_distance(x, y)


def rival_distance(x: ModelTraits, y: ModelTraits) -> float:
    """Return how unlike two models are, whoever made them."""
    kind = OTHER_TYPE_DISTANCE * (not x.product_type or x.product_type != y.product_type)
    job = OTHER_JOB_DISTANCE * bool(x.job and y.job and x.job != y.job)
    size, price, providers = map(log_distance, x.doublings, y.doublings)
    return kind + job + generation_distance(x, y) + (size + price) + providers


def generation_distance(x: ModelTraits, y: ModelTraits) -> float:
    """Return 0 for models of one month to GENERATION_DISTANCE for those of GENERATION_YEARS apart."""
    if x.released is None or y.released is None:
        return GENERATION_DISTANCE
    return GENERATION_DISTANCE * min(abs(x.released - y.released) / GENERATION_YEARS, 1.0)


def log_distance(x: float | None, y: float | None) -> float:
    """Return 0 for equal amounts, given in doublings, to 1 for eightfold, unknown or free against paid ones."""
    if x is None or y is None:
        return 1.0
    return 0.0 if x == y else min(abs(x - y), MOST_DOUBLINGS) / MOST_DOUBLINGS


def _doublings(amount: int | Decimal | None) -> float | None:
    """Return the logarithm of an amount, minus infinity for nothing."""
    if amount is None:
        return None
    return log2(amount) if amount > 0 else -inf


def choose_nearest(model: ModelTraits, near: Collection[ModelTraits], most: int) -> tuple[str, ...]:
    """Return so many of the models beside one: half its developer's, half rivals, each nearest first."""
    kin = [other for other in near if other.developer == model.developer]
    rivals = [other for other in near if other.developer != model.developer]
    own = _rank(model, kin, model_distance)[: max(most - most // 2, most - len(rivals))]
    return (*own, *_rank(model, rivals, rival_distance)[: most - len(own)])


def stays_nearest(
    model: ModelTraits, near: Collection[ModelTraits], moved: Iterable[tuple[ModelTraits, ModelTraits]]
) -> bool:
    """Say whether the nearest models of one are the same after others `moved`, from and to, that stay beside it."""
    known = {other.id for other in near}
    for before, after in moved:
        kin = after.developer == model.developer
        distance = model_distance if kin else rival_distance
        alike = [other for other in near if (other.developer == model.developer) == kin]
        place = (distance(model, after), after.id)
        if after.id in known:
            if place > (distance(model, before), before.id):
                return False
        elif alike and place < max((distance(model, other), other.id) for other in alike):
            return False
    return bool(known)


def _rank(
    model: ModelTraits, others: Iterable[ModelTraits], distance: Callable[[ModelTraits, ModelTraits], float]
) -> list[str]:
    return [id_ for _, id_ in sorted((distance(model, other), other.id) for other in others)]


class PairSelector:
    """The kept pairs of one catalog. Configured ids that it lacks are in `missing`."""

    def __init__(self, models: Iterable[ModelTraits], keep: PairPolicy) -> None:
        self.models = {model.id: model for model in models}
        self.keep = keep
        configured = (*keep.anchors, *(id_ for pair in keep.pairs for id_ in pair))
        self.missing = tuple(dict.fromkeys(id_ for id_ in configured if id_ not in self.models))
        self._anchors = [id_ for id_ in dict.fromkeys(keep.anchors) if id_ in self.models]
        self._listed = {order_pair(a, b) for a, b in keep.pairs if a != b and {a, b} <= self.models.keys()}
        self._orders = list(model_orders(self.models.values())) if keep.neighbours else []
        self._nearest: dict[str, tuple[str, ...]] = {}

    def all(self) -> list[IdPair]:
        """Return every kept pair, sorted."""
        if self._keeps_everything:
            return sorted(order_pair(a, b) for a, b in combinations(self.models, 2))
        return sorted({pair for id_ in self.models for pair in self._own(id_)} | self._listed)

    def nearest(self, model: str) -> tuple[str, ...]:
        """Return the configured number of nearest models."""
        if model not in self._nearest:
            near = [self.models[id_] for id_ in self.candidates(model)]
            self._nearest[model] = choose_nearest(self.models[model], near, self.keep.neighbours)
        return self._nearest[model]

    def candidates(self, model: str) -> set[str]:
        """Return the models beside this one in any order; being beside is mutual."""
        reach = self.keep.reach
        found: set[str] = set()
        for order in self._orders:
            place = order.places.get(model)
            if place is not None:
                found.update(order.ids[max(0, place - reach) : place + reach + 1])
        return found - {model}

    @property
    def _keeps_everything(self) -> bool:
        return len(self.models) <= self.keep.all_pairs_up_to

    def _own(self, model: str) -> Iterator[IdPair]:
        others: Iterable[str] = self.models if model in self._anchors else self.nearest(model)
        return (order_pair(model, other) for other in others if other != model)


class ModelOrder(Struct, frozen=True):
    """Models in a row, and where each stands."""

    ids: Sequence[str]
    places: dict[str, int]


def model_orders(models: Iterable[ModelTraits]) -> Iterator[ModelOrder]:
    """Yield every family and every job in a row by each of its models' places; unknowns left out."""
    groups: dict[tuple[str, str], list[ModelTraits]] = {}
    for model in models:
        groups.setdefault(("job", model.job), []).append(model)
        if model.family:
            groups.setdefault(("family", model.family), []).append(model)
    for group in groups.values():
        for places in zip(*(model.places for model in group), strict=True):
            ranked = [
                (place, model.id) for place, model in zip(places, group, strict=True) if place is not None
            ]
            ids = [id_ for _, id_ in sorted(ranked)]
            yield ModelOrder(ids, {id_: place for place, id_ in enumerate(ids)})
