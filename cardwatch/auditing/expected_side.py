"""What a page may say of one model, worked out again from its card in the catalog."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from cardwatch.auditing import vocabulary as words
from cardwatch.auditing.figure_text import visible_text
from cardwatch.db.query.cards import Evidence, Fact, ModelCard, Offer

IMAGE_SIZE = re.compile(r"-\d+-x-\d+-")
MAIN_PRICES = ("input_price", "output_price")
NO_TOKEN_PRICE = ("not_published", "subscription")
"""Reasons by which the provider itself says that it has no price per token."""


def is_usable_fact(fact: Fact | None) -> bool:
    """Say whether something may lean on a fact: a known value with evidence, no price that another waits for."""
    if fact is None or fact.state != "known" or fact.value is None or is_waiting_price(fact):
        return False
    return bool(fact.evidence)


def is_waiting_price(fact: Fact) -> bool:
    """Say whether a price is under a hold: its source says another now, so that nothing may lean on either."""
    return fact.held is not None and fact.attribute.endswith("_price")


@dataclass(frozen=True, eq=False)
class ExpectedRoute:
    """A listed offer. `month` is volume × unrounded prices, None unless all that its job is billed by are told."""

    offer: Offer
    volumes: Mapping[str, int]
    """Million tokens a month, by the price they are billed at."""
    name: str
    """The offer as a page names it: provider, then what sets it apart."""

    def price(self, name: str) -> Decimal | None:
        """Return a price that is told, in USD."""
        fact = self.offer.facts.get(name)
        return Decimal(str(fact.value)) if fact is not None and is_usable_fact(fact) else None

    @cached_property
    def month(self) -> Decimal | None:
        terms = [(self.price(name), mtok) for name, mtok in self.volumes.items()]
        known = [price * mtok for price, mtok in terms if price is not None]
        return sum(known, Decimal(0)) if terms and len(known) == len(terms) else None

    @cached_property
    def free(self) -> bool:
        """Whether what is billed costs nothing, to everybody."""
        zero = self.month is not None and all(self.price(name) == 0 for name in self.volumes)
        return zero and self.offer.tier in ("standard", "free")

    @cached_property
    def usual(self) -> bool:
        """Whether it is the plain offer of its provider: standard, no region or global, not fine-tuned."""
        offer = self.offer
        return offer.tier == "standard" and offer.region in (None, "global") and offer.mode != "fine-tuned"

    @cached_property
    def open(self) -> bool:
        """Whether a price of this usual offer is only missing here, so that it might be any."""
        return self.usual and any(self._missing(name) for name in self.volumes)

    def _missing(self, name: str) -> bool:
        fact = self.offer.facts.get(name)
        if fact is None or (fact.state == "known" and not is_usable_fact(fact)):
            return True
        return fact.state in ("unknown", "conflicting") and fact.reason not in NO_TOKEN_PRICE

    @cached_property
    def bound(self) -> Decimal:
        """What a month cannot cost less than, whichever of the sources that disagree is right."""
        return sum((self._bound(name) * mtok for name, mtok in self.volumes.items()), Decimal(0))

    def _bound(self, name: str) -> Decimal:
        told, fact = self.price(name), self.offer.facts.get(name)
        if told is not None:
            return told
        if fact is None or fact.state != "conflicting" or is_waiting_price(fact):
            return Decimal(0)
        values = [Decimal(str(claim.value)) for claim in fact.others if claim.value is not None]
        return min(values, default=Decimal(0))

    @cached_property
    def all_facts(self) -> tuple[Fact, ...]:
        """What is on record of this offer, plain and under conditions."""
        return (*self.offer.facts.values(), *self.offer.tiers)

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every look at anything about this offer."""
        return tuple(look for fact in self.all_facts for look in fact.evidence)

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

    def open(self, attribute: str) -> bool:
        """Say whether somebody with a say in a model-level fact states it, and no value stands."""
        fact = self.card.facts.get(attribute)
        silent = fact is None or (fact.state == "unknown" and fact.reason == words.NO_SAY)
        return not silent and self.fact(attribute) is None

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
    def retired(self) -> bool:
        """Whether it is known to be gone: then it has no route and no cost."""
        return self.word("lifecycle") == "retired"

    @cached_property
    def unsettled(self) -> bool:
        """Whether it is retired or may be: its lifecycle is on record without a value."""
        return self.retired or self.open("lifecycle")

    @cached_property
    def job(self) -> str | None:
        """What kind of work it does, None if its type is unknown."""
        kind = self.word("product_type")
        return "text" if kind in words.TEXT_TYPES else kind

    @cached_property
    def volumes(self) -> Mapping[str, int]:
        """What its job is billed by, in million tokens."""
        kind = self.word("product_type")
        if kind in words.NOT_BY_TOKENS:
            return {}
        both = dict(zip(MAIN_PRICES, (self.input_mtok, self.output_mtok), strict=True))
        return {"input_price": self.input_mtok} if kind in words.INPUT_ONLY else both

    @cached_property
    def no_cost(self) -> str | None:
        """Why it can have no cost at this traffic."""
        if self.retired:
            return "retired"
        return None if self.volumes else "other_job"

    @cached_property
    def _sold(self) -> tuple[ExpectedRoute, ...]:
        sold = [] if self.retired else [offer for offer in self.card.offers if offer.listed]
        names = offer_names(sold)
        return tuple(ExpectedRoute(offer, self.volumes, names[offer.key]) for offer in sold)

    @cached_property
    def routes(self) -> tuple[ExpectedRoute, ...]:
        """Every listed offer that is no plan."""
        return tuple(route for route in self._sold if route.offer.provider_kind != words.PLAN)

    @cached_property
    def plans(self) -> tuple[ExpectedRoute, ...]:
        """The listed plans that include it."""
        return tuple(route for route in self._sold if route.offer.provider_kind == words.PLAN)

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
        return not self.unsettled and bool(self.routes) and all(route.evidence for route in self.routes)

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
        if self.cheapest is None or self.no_cost:
            return None
        return Decimal(0) if self.cheapest.free else self.cheapest.month

    @cached_property
    def image_prices(self) -> Mapping[str, Decimal | None]:
        """The least that usual offers ask for one image, by the size in their mode; None while one has no price."""
        asked: dict[str, Decimal | None] = {}
        for route in self.routes:
            mode, price = route.offer.mode or "", route.price("image_price")
            if route.usual and IMAGE_SIZE.search(f"-{mode}-"):
                least = asked.get(mode, price)
                asked[mode] = None if price is None or least is None else min(price, least)
        return asked

    @cached_property
    def bound(self) -> Decimal:
        """What a month cannot cost less than, by the cheapest offer and by those whose price is open."""
        return min([self.usd or Decimal(0), *(route.bound for route in self.routes if route.open)])

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
        for route in self._sold:
            yield from route.offer.facts.values()
            yield from route.offer.tiers
        yield from self.card.benchmarks


def offer_names(offers: Sequence[Offer]) -> dict[str, str]:
    """Return the name of each offer by key; those that read alike are told apart by more and more."""
    marks = {offer.key: _marks(offer) for offer in offers}
    for attribute in ("region", "provider_model", "key"):
        names = {offer.key: _name(offer, marks[offer.key]) for offer in offers}
        for offer in offers:
            more = visible_text(getattr(offer, attribute) or "")
            alike = [key for key, name in names.items() if name == names[offer.key]]
            if len(alike) > 1 and more and more not in names[offer.key]:
                marks[offer.key].append(more)
    return {offer.key: _name(offer, marks[offer.key]) for offer in offers}


def _marks(offer: Offer) -> list[str]:
    tier = offer.tier if offer.tier != "standard" else None
    region = offer.region if offer.region != "global" else None
    snapshot = offer.snapshot and f"snapshot {offer.snapshot}"
    marks = (tier, region, offer.mode, snapshot, offer.quantization)
    return [visible_text(mark) for mark in marks if mark]


def _name(offer: Offer, marks: Sequence[str]) -> str:
    return visible_text(offer.provider_name) + (f" ({', '.join(marks)})" if marks else "")
