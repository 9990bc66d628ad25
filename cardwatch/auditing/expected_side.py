"""What a page may say of one model, worked out again from its card in the catalog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from cardwatch.auditing import vocabulary as words
from cardwatch.auditing.figure_text import visible_text
from cardwatch.db.query.cards import Evidence, Fact, ModelCard, Offer

MAIN_PRICES = ("input_price", "output_price")
NO_TOKEN_PRICE = ("not_published", "subscription")
"""Reasons by which the provider itself says that it has no price per token."""


def is_usable_fact(fact: Fact | None) -> bool:
    """Say whether something may lean on a fact: a known value with evidence."""
    return fact is not None and fact.state == "known" and fact.value is not None and bool(fact.evidence)


@dataclass(frozen=True, eq=False)
class ExpectedRoute:
    """A listed offer. `month` is volume × unrounded prices, None unless both are told."""

    offer: Offer
    input_mtok: int
    output_mtok: int

    def price(self, name: str) -> Decimal | None:
        """Return a price that is told, in USD."""
        fact = self.offer.facts.get(name)
        return Decimal(str(fact.value)) if fact is not None and is_usable_fact(fact) else None

    @cached_property
    def month(self) -> Decimal | None:
        first, second = self.price("input_price"), self.price("output_price")
        if first is None or second is None:
            return None
        return first * self.input_mtok + second * self.output_mtok

    @cached_property
    def free(self) -> bool:
        """Whether both prices are zero, to everybody."""
        zero = self.price("input_price") == 0 and self.price("output_price") == 0
        return zero and self.offer.tier in ("standard", "free")

    @cached_property
    def usual(self) -> bool:
        """Whether it is the plain offer of its provider: standard, no region or global, not fine-tuned."""
        offer = self.offer
        return offer.tier == "standard" and offer.region in (None, "global") and offer.mode != "fine-tuned"

    @cached_property
    def open(self) -> bool:
        """Whether a price of this usual offer is only missing here, so that it might be any."""
        return self.usual and any(self._missing(name) for name in MAIN_PRICES)

    def _missing(self, name: str) -> bool:
        fact = self.offer.facts.get(name)
        if fact is None or (fact.state == "known" and not is_usable_fact(fact)):
            return True
        return fact.state in ("unknown", "conflicting") and fact.reason not in NO_TOKEN_PRICE

    @cached_property
    def name(self) -> str:
        """The offer as a page names it: provider, then what sets it apart."""
        offer = self.offer
        tier = offer.tier if offer.tier != "standard" else None
        region = offer.region if offer.region != "global" else None
        snapshot = offer.snapshot and f"snapshot {offer.snapshot}"
        apart = [
            visible_text(mark) for mark in (tier, region, offer.mode, snapshot, offer.quantization) if mark
        ]
        return visible_text(offer.provider_name) + (f" ({', '.join(apart)})" if apart else "")

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every look at anything about this offer."""
        facts = (*self.offer.facts.values(), *self.offer.tiers)
        return tuple(look for fact in facts for look in fact.evidence)

    @property
    def order(self) -> tuple[Decimal, bool, str, str]:
        """Cheapest first; ties: first party, then the provider's name."""
        offer = self.offer
        return self.month or Decimal(0), offer.provider_kind != "first-party", offer.provider_name, offer.key


@dataclass(frozen=True, eq=False)
class ExpectedSide:
    """One model on its side of a page."""

    side_id: str
    card: ModelCard
    input_mtok: int
    output_mtok: int

    @cached_property
    def name(self) -> str:
        return visible_text(self.card.name) or self.card.id

    @cached_property
    def vendor(self) -> str:
        return visible_text(self.card.vendor)

    def fact(self, attribute: str) -> Fact | None:
        """Return a model-level fact if it is told."""
        fact = self.card.facts.get(attribute)
        return fact if is_usable_fact(fact) else None

    def word(self, attribute: str) -> str | None:
        """Return a told value as text."""
        fact = self.fact(attribute)
        return str(fact.value) if fact else None

    @cached_property
    def window(self) -> int | None:
        """The context window in tokens."""
        text = self.word("context_window")
        return int(text) if text else None

    @cached_property
    def answers(self) -> Mapping[str, str]:
        """yes, no or unknown by capability label."""
        values = {label: self.fact(f"capability.{key}") for key, label in words.CAPABILITIES.items()}
        return {
            label: "unknown" if fact is None else ("yes" if fact.value is True else "no")
            for label, fact in values.items()
        }

    def can(self, *labels: str) -> bool:
        """Say whether one of these capabilities is a Yes."""
        return any(self.answers[label] == "yes" for label in labels)

    @cached_property
    def routes(self) -> tuple[ExpectedRoute, ...]:
        """Every listed offer."""
        return tuple(
            ExpectedRoute(offer, self.input_mtok, self.output_mtok)
            for offer in self.card.offers
            if offer.listed
        )

    def route(self, key: object) -> ExpectedRoute | None:
        """Return a listed offer by its key."""
        return next((route for route in self.routes if route.offer.key == key), None)

    @cached_property
    def providers(self) -> Mapping[str, str]:
        """Names of the providers that list it, by id."""
        return {route.offer.provider: visible_text(route.offer.provider_name) for route in self.routes}

    @cached_property
    def providers_known(self) -> bool:
        """Whether there is a route, and evidence for each."""
        return bool(self.routes) and all(route.evidence for route in self.routes)

    @cached_property
    def certain(self) -> bool:
        """Whether no usual offer has a price that is only missing here."""
        return not any(route.open for route in self.routes)

    @cached_property
    def cheapest(self) -> ExpectedRoute | None:
        """The offer that sets the cost: the cheapest usual one that costs something, else a free one."""
        priced = [route for route in self.routes if route.month is not None]
        paid = [route for route in priced if route.usual and not route.free]
        if paid:
            return min(paid, key=lambda route: route.order)
        free = [route for route in priced if route.free]
        if free and self.certain:
            return min(free, key=lambda route: route.order)
        return None

    @cached_property
    def usd(self) -> Decimal | None:
        """What a month costs."""
        if self.cheapest is None:
            return None
        return Decimal(0) if self.cheapest.free else self.cheapest.month

    @cached_property
    def ending(self) -> bool:
        """Whether it is known to be on its way out."""
        dated = any(self.fact(name) is not None for name in words.END_DATES)
        return dated or self.word("lifecycle") in words.ENDING

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact of the card that a page of any pair shows, known or not."""
        return tuple(self._facts())

    def _facts(self) -> Iterator[Fact]:
        on_page = (*words.SPECS, *words.EXTRAS, *(f"capability.{key}" for key in words.CAPABILITIES))
        yield from (fact for name, fact in self.card.facts.items() if name in on_page)
        for route in self.routes:
            yield from route.offer.facts.values()
            yield from route.offer.tiers
        yield from self.card.benchmarks
