"""What the catalog says about one model: the shape that compare, the front door and exports read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct, field

from cardwatch.db.store.default_offer import STANDARD, is_default_offer
from cardwatch.db.store.freshness_limits import Freshness, FreshnessLimits
from cardwatch.db.store.values import PlainValue

DERIVED = "derived"
"""The rule of a fact that no source states: it follows from others, which are its evidence."""
ONLY_OTHERS = "only_others"
"""The reason of an unknown that only those state who have no say in it, as a host of when a model ends."""
FactState = Literal["known", "unknown", "not_applicable", "conflicting"]


class Evidence(Struct, frozen=True):
    """Where a value was read and when somebody or something last looked (dates: YYYY-MM-DD)."""

    source: str
    url: str
    document: str
    locator: str
    fetched_at: str
    reviewed_on: str


class ClaimedValue(Struct, frozen=True):
    """What one source says beside others: `listing` names the row it stands in, "GitHub Copilot's route".

    `via` is the provider, with the variant, through whose row it says so of the model as such.
    """

    source: str
    value: PlainValue
    url: str
    reviewed_on: str
    listing: str = ""
    via: str = ""
    authority: str = ""
    listed: bool = True
    """False once its source's latest complete list lacks the row."""


class HeldValue(Struct, frozen=True):
    """What the source of a fact says now, while it is too doubtful to publish."""

    value: PlainValue
    source: str
    since: str
    reason: str


class Fact(Struct, frozen=True):
    """One attribute of a model or of one of its offers, as the catalog now holds it.

    `value` is None unless `state` is known; prices and scores are decimal strings. `reason` says why
    an unknown is unknown: never_sourced, only_others, not_published, subscription, source_failing, held. `why` says
    which rule chose this value over `others`, and who differs; `rule` is its id in db.store.choice_rules.
    `authority` is that of the chosen claim. Where there are others, `agreeing` is who says what was chosen.
    `scope` is "model" or "route".
    """

    model: str
    attribute: str
    state: FactState
    value: PlainValue = None
    unit: str = ""
    offer: str | None = None
    reason: str | None = None
    scope: str = "model"
    qualifier: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    others: tuple[ClaimedValue, ...] = ()
    why: str = ""
    rule: str = ""
    authority: str = ""
    first_seen: str | None = None
    last_changed: str | None = None
    last_verified: str | None = None
    reviewed_on: str | None = None
    confirmed_by_person_on: str | None = None
    effective_from: str | None = None
    published_on: str | None = None
    held: HeldValue | None = None
    agreeing: tuple[ClaimedValue, ...] = ()

    @property
    def unheard(self) -> bool:
        """Whether only those state it who have no say in it: it says nothing of the model."""
        return self.state == "unknown" and self.reason == ONLY_OTHERS

    def level(self, limits: FreshnessLimits, today: date) -> Freshness | None:
        """Return how fresh a known fact is on a day, None for one without a value."""
        if self.state != "known" or not self.evidence:
            return None
        if not self.reviewed_on:
            return "never"
        source, reviewed_on = self.evidence[0].source, self.reviewed_on
        return limits.level(
            self.attribute, source=source, authority=self.authority, reviewed_on=reviewed_on, today=today
        )


class Offer(Struct, frozen=True):
    """One provider serving one model in one variant.

    `key` is stable: "openrouter", "azure-openai;region=data-zone". `listed` is False once the source's
    latest complete list lacks it: it then counts for no cost, route or claim. `facts` holds the default
    value per attribute (input_price, output_price, …); `tiers` the qualified ones (context_above, window, …).
    """

    key: str
    model: str
    provider: str
    provider_name: str
    provider_kind: str
    provider_model: str = ""
    tier: str = STANDARD
    region: str | None = None
    snapshot: str | None = None
    quantization: str | None = None
    mode: str | None = None
    listed: bool = True
    facts: Mapping[str, Fact] = field(default_factory=dict)
    tiers: tuple[Fact, ...] = ()

    @property
    def is_default(self) -> bool:
        """Whether it counts when nobody names a tier or a region."""
        return is_default_offer(self.tier, self.region, self.mode)

    def price(self, name: str = "input_price") -> Decimal | None:
        """Return a plain price in its unit (USD per million tokens for tokens): 0 is free, None unknown."""
        fact = self.facts.get(name)
        return None if fact is None or fact.value is None else Decimal(str(fact.value))


def move_percent(old: Decimal, new: Decimal) -> Decimal | None:
    """Return how far a price moved, in percent of what it was; None from or to free."""
    return 100 * (new - old) / old if old and new else None


def move_ratio(old: Decimal, new: Decimal) -> Decimal:
    """Return how large a move is: how many times the lower price the higher one is, infinitely often from or to free."""
    low, high = sorted((old, new))
    return high / low if low else Decimal("Infinity")


class Change(Struct, frozen=True):
    """One published value that became another, or a model or offer that came or went (times: ISO 8601 UTC).

    It happened between `seen_before`, the last look that showed the old value, and `at`, the first that showed the
    new one, or on the day `at` that its source gives (`told`). `reverted` means that the old value was soon back.
    """

    at: str
    model: str
    provider: str | None
    offer: str | None
    attribute: str
    old: PlainValue
    new: PlainValue
    source: str
    url: str
    qualifier: Mapping[str, str] = field(default_factory=dict)
    kind: str = "fact"
    seen_before: str | None = None
    published_at: str = ""
    stated: bool = False
    reverted: bool = False
    unconfirmed: bool = False

    @property
    def prices(self) -> tuple[Decimal, Decimal] | None:
        """The old and the new price, None where no price became another."""
        if not self.attribute.endswith("_price") or self.old is None or self.new is None:
            return None
        return Decimal(str(self.old)), Decimal(str(self.new))

    @property
    def percent(self) -> Decimal | None:
        """How far a price moved, in percent of what it was; None from or to free, and for all else."""
        return move_percent(*self.prices) if self.prices else None

    @property
    def ratio(self) -> Decimal:
        """How large the move of a price is, 0 for all else."""
        return move_ratio(*self.prices) if self.prices else Decimal(0)


class PricePoint(Struct, frozen=True):
    """A span of one offer's price; `until` is None for the current one.

    `told` spans carry the source's own dates, the others those of our own visits: the price began between `seen_before`,
    the last look that showed the one before, and `seen_after`, the first that showed it.
    """

    offer: str
    attribute: str
    value: str
    since: str
    until: str | None
    source: str
    stated: bool = False
    seen_before: str | None = None
    seen_after: str | None = None


class ModelCard(Struct, frozen=True):
    """Everything the catalog holds about one model, in a fixed order, ready to compare or print."""

    id: str
    name: str
    vendor: str
    facts: Mapping[str, Fact]
    offers: tuple[Offer, ...] = ()
    benchmarks: tuple[Fact, ...] = ()
    changes: tuple[Change, ...] = ()
    prices: tuple[PricePoint, ...] = ()
    aliases: tuple[str, ...] = ()
