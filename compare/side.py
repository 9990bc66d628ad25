"""One model on one side of a page: all that its card alone decides, worked out once.

A model that appears in many pairs is built once per side; the pairs share it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import count
from typing import Any, TypeVar

from msgspec import Struct, field

from cardwatch.compare.digest import inputs_digest
from cardwatch.compare.display_facts import (
    LABELS,
    DisplayFact,
    FactIds,
    SideId,
    build_display_fact,
    fact_ids,
    score_label,
    value_text,
)
from cardwatch.compare.offers import (
    ListedOffer,
    MonthlyCost,
    billed_prices,
    is_retired,
    model_cost,
    rank_offers,
    tier_order,
    unsourced_fact,
)
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.wording.benchmarks import BENCHMARK_NAMES
from cardwatch.compare.wording.grammar import clean_text
from cardwatch.compare.wording.labels import CAPABILITY_LABELS, EXTRA_SPECS, JOBS, UNKNOWN
from cardwatch.db.query.cards import Fact, ModelCard

T = TypeVar("T")
CACHED_SIDES = 500
ScoreKey = tuple[str, str]
"""Version and mode of a score; "" where its source states none."""


class Side(Struct, frozen=True, eq=False, dict=True):
    """A model on its side. `facts` holds every model-level fact by attribute, unknown ones included."""

    side_id: SideId
    card: ModelCard
    settings: CompareSettings
    name: str
    vendor: str
    facts: Mapping[str, DisplayFact]
    routes: tuple[ListedOffer, ...]
    plans: tuple[ListedOffer, ...]
    """Subscriptions that include the model: no route, no cost, no provider that counts."""
    scores: tuple[DisplayFact, ...]
    digest: str
    """Of all that this side can show."""
    memo: dict[object, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.card.id

    @cached_property
    def traffic(self) -> str:
        return self.settings.traffic

    @cached_property
    def cost(self) -> MonthlyCost:
        """A month at the settings' traffic."""
        return model_cost(self.card, self.routes)

    @cached_property
    def retired(self) -> bool:
        return is_retired(self.card)

    @cached_property
    def may_be_chosen(self) -> bool:
        """Whether nothing on record says, or may say, that the model is retired."""
        return not self.retired and "lifecycle" not in self.on_record

    @cached_property
    def job(self) -> str | None:
        """What kind of work it is for; None if its product type is unknown."""
        kind = self.word("product_type")
        return JOBS.get(kind, kind) if kind else None

    @cached_property
    def by_tokens(self) -> bool:
        """Whether tokens of text say something of its job."""
        return bool(billed_prices(self.card))

    @cached_property
    def on_record(self) -> frozenset[str]:
        """Model-level attributes that stand on the card without a value to lean on; who has no say puts none there."""
        on_card = self.card.facts
        return frozenset(
            name
            for name, fact in self.facts.items()
            if name in on_card and not fact.known and not on_card[name].unheard
        )

    @cached_property
    def listings(self) -> tuple[DisplayFact, ...]:
        """One fact per route: that it is listed."""
        return tuple(route.listing for route in self.routes)

    @cached_property
    def listing_ids(self) -> FactIds:
        return fact_ids(self.listings)

    @cached_property
    def routes_known(self) -> bool:
        """Whether there is a route, and evidence for each."""
        return self.may_be_chosen and bool(self.listings) and all(one.known for one in self.listings)

    @cached_property
    def providers(self) -> Mapping[str, str]:
        """Names of the providers that list the model, by id and in the order of the offers."""
        return {r.offer.provider: clean_text(r.offer.provider_name) for r in self.routes}

    @cached_property
    def all_facts(self) -> tuple[DisplayFact, ...]:
        """Every fact of this side in page order; of EXTRA_SPECS only what is known."""
        specs = (f for name, f in self.facts.items() if name not in EXTRA_SPECS or name in self.extras)
        return (*specs, *self.route_facts, *self.scores)

    @cached_property
    def extras(self) -> frozenset[str]:
        """The attributes of EXTRA_SPECS about which something is on record."""
        return frozenset(name for name in EXTRA_SPECS if self.facts[name].state != "unknown")

    @cached_property
    def route_facts(self) -> tuple[DisplayFact, ...]:
        """Every fact about an offer; without offers, the two prices that nobody states, if it may have any."""
        if not (self.routes or self.plans):
            return () if self.retired else self.unpriced
        return tuple(f for r in (*self.routes, *self.plans) for f in (r.listing, *r.facts.values(), *r.tiers))

    @cached_property
    def unpriced(self) -> tuple[DisplayFact, ...]:
        """The prices of a model without offers: unknown."""
        after = count(len(self.facts) + len(self.scores) + 1)
        prices = (("input_price", "Input price"), ("output_price", "Output price"))
        return tuple(
            build_display_fact(next(after), self.side_id, unsourced_fact(self.id, name, None), label)
            for name, label in prices
        )

    @cached_property
    def unknown(self) -> tuple[DisplayFact, ...]:
        return tuple(f for f in self.all_facts if f.state == "unknown")

    @cached_property
    def reviewed(self) -> Mapping[tuple[str, str, str], str]:
        """Oldest review date of the known facts by attribute, source and authority, "" for one never looked at."""
        oldest: dict[tuple[str, str, str], str] = {}
        for shown_fact in self.all_facts:
            if shown_fact.known:
                fact = shown_fact.fact
                key = (fact.attribute, fact.evidence[0].source, fact.authority)
                oldest[key] = min(oldest.get(key, "9"), fact.reviewed_on or "")
        return oldest

    @cached_property
    def oldest_review(self) -> str | None:
        """The oldest review date among the known facts."""
        return min((day for day in self.reviewed.values() if day), default=None)

    @cached_property
    def score_groups(self) -> Mapping[str, Mapping[ScoreKey, Sequence[DisplayFact]]]:
        """Known scores by benchmark, then by version and mode."""
        groups: dict[str, dict[ScoreKey, list[DisplayFact]]] = {}
        for score in self.scores:
            if score.known:
                qualifier = score.fact.qualifier
                key = (qualifier.get("version", ""), qualifier.get("mode", ""))
                groups.setdefault(score.fact.attribute, {}).setdefault(key, []).append(score)
        return groups

    @cached_property
    def measured(self) -> Mapping[str, FactIds]:
        """The known scores by benchmark, in page order; none for one whose scores are all unknown."""
        found: dict[str, list[DisplayFact]] = {}
        for score in self.scores:
            found.setdefault(score.fact.attribute, []).append(score)
        return {name: fact_ids(s for s in scores if s.known) for name, scores in found.items()}

    @cached_property
    def known_scores(self) -> tuple[DisplayFact, ...]:
        return tuple(score for score in self.scores if score.known)

    @cached_property
    def open_scores(self) -> frozenset[str]:
        """Benchmarks of which some score is recorded as unknown or in conflict."""
        return frozenset(s.fact.attribute for s in self.scores if not s.known)

    def known(self, attribute: str) -> DisplayFact | None:
        """Return a model-level fact if anything may lean on it."""
        fact = self.facts[attribute]
        return fact if fact.known else None

    def word(self, attribute: str) -> str | None:
        """Return a known fact's value as text."""
        return self._words.get(attribute)

    @cached_property
    def _words(self) -> Mapping[str, str]:
        return {name: str(fact.fact.value) for name, fact in self.facts.items() if fact.known}

    @cached_property
    def window(self) -> int | None:
        """The known context window in tokens."""
        tokens = self.word("context_window")
        return None if tokens is None else int(tokens)

    @cached_property
    def answers(self) -> Mapping[str, str]:
        """yes, no or unknown for every "capability.…"."""
        return {name: _capability_answer(self.facts[name]) for name in CAPABILITY_LABELS}

    @cached_property
    def answered(self) -> tuple[str, ...]:
        """The capabilities known as Yes or No, in page order."""
        return tuple(name for name, answer in self.answers.items() if answer != UNKNOWN)

    @cached_property
    def yes(self) -> tuple[str, ...]:
        return tuple(name for name, answer in self.answers.items() if answer == "yes")

    @cached_property
    def no(self) -> frozenset[str]:
        return frozenset(name for name, answer in self.answers.items() if answer == "no")


def _capability_answer(capability: DisplayFact) -> str:
    if not capability.known:
        return UNKNOWN
    return "yes" if capability.fact.value is True else "no"


def build_side(card: ModelCard, at: SideId, settings: CompareSettings, *, digest: str = "") -> Side:
    """Return `card` as side a or b. Its facts get odd ids as a, even ids as b.

    `digest` is that of its inputs, for a caller who knows it already.
    """
    numbers = count(1)
    facts = {
        name: build_display_fact(
            next(numbers), at, card.facts.get(name) or unsourced_fact(card.id, name, None), label
        )
        for name, label in LABELS.items()
    }
    by_benchmark = sorted(card.benchmarks, key=score_order)
    scores = tuple(build_display_fact(next(numbers), at, score, score_name(score)) for score in by_benchmark)
    ranked = rank_offers(card, numbers, at, settings)
    routes = tuple([route for route in ranked if not route.is_plan])
    plans = tuple([route for route in ranked if route.is_plan])
    name, vendor = clean_text(card.name) or card.id, clean_text(card.vendor)
    digest = digest or inputs_digest(card)
    return Side(at, card, settings, name, vendor, facts, routes, plans, scores, digest)


def side_builder(
    cards: Mapping[str, ModelCard], settings: CompareSettings, digests: Mapping[str, str] | None = None
) -> Callable[[str, SideId], Side]:
    """Return a maker of sides that keeps the last ones it made, with all that pages had made of them."""

    @lru_cache(maxsize=CACHED_SIDES)
    def build_once(model: str, side_id: SideId) -> Side:
        return build_side(cards[model], side_id, settings, digest=digests[model] if digests else "")

    return build_once


def score_name(fact: Fact) -> str:
    """Return a benchmark's name with the version and mode that its source states."""
    conditions = [clean_text(fact.qualifier[key]) for key in ("version", "mode") if fact.qualifier.get(key)]
    name = score_label(fact.attribute, BENCHMARK_NAMES)
    return f"{name} ({', '.join(conditions)})" if conditions else name


def score_order(fact: Fact) -> tuple[object, ...]:
    """Sort key of scores: benchmark, conditions, value."""
    return (*tier_order(fact), value_text(fact.attribute, fact.value))


def cached_per_side(make: Callable[[Side], T]) -> Callable[[Side], T]:
    """Work `make` out once per side, for as long as it lives."""

    def cached(side: Side) -> T:
        try:
            found: T = side.memo[make]
        except KeyError:
            found = side.memo[make] = make(side)
        return found

    return cached
