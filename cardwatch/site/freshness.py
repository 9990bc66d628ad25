"""How fresh a fact or a whole card is on the day of the export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cardwatch.compare.render.review import FRESHNESS_ORDER, FRESHNESS_WORDS, ReviewDay
from cardwatch.db.query.cards import DERIVED, Fact, ModelCard
from cardwatch.db.store.freshness_limits import Freshness


@dataclass(frozen=True, slots=True)
class Badge:
    """A level with its word, for readers who do not see colours."""

    level: str
    word: str


NO_BADGE = Badge("none", "No value")
BADGES = {level: Badge(level, FRESHNESS_WORDS[level]) for level in FRESHNESS_ORDER}


@dataclass(frozen=True, slots=True)
class FreshnessGrader:
    """Levels of facts on one day, on badges and in sums."""

    day: ReviewDay

    def level(self, fact: Fact) -> Freshness | None:
        return fact.level(self.day.limits, self.day.today)

    def badge(self, fact: Fact) -> Badge:
        """Return what stands before the fact."""
        level = self.level(fact)
        return BADGES[level] if level else NO_BADGE

    def levels(self, card: ModelCard) -> str:
        """Return the levels of all facts of a card in order, a letter each: equal text, equal badges."""
        return "".join((self.level(fact) or "-")[0] for fact in card_facts(card))

    def count_levels(self, card: ModelCard) -> Counter[Freshness]:
        """Return how many of a card's facts have which level, as the stale report counts them: what is derived from
        others is as old as these, and no fact of its own."""
        stated = (fact for fact in listed_facts(card) if fact.rule != DERIVED)
        return Counter(level for fact in stated if (level := self.level(fact)))

    def card(self, card: ModelCard, headline: Iterable[Fact]) -> CardFreshness:
        """Return how fresh a card is; its badge is that of the headline facts, which a reader looks at first.

        Where none of those is known, the badge is that of the least fresh fact.
        """
        counted = self.count_levels(card)
        days = [fact.reviewed_on for fact in listed_facts(card) if self.level(fact) and fact.reviewed_on]
        first = [level for fact in headline if (level := self.level(fact))]
        worst: Freshness = max(first or counted, key=FRESHNESS_ORDER.index, default="never")
        return CardFreshness(BADGES[worst], counted["fresh"], counted.total(), min(days, default=None))


@dataclass(frozen=True, slots=True)
class CardFreshness:
    """The worst level of a card's headline facts, how many of all are fresh, and the oldest look."""

    badge: Badge
    fresh: int
    known: int
    oldest: str | None

    @property
    def percent(self) -> int:
        """The share of fresh facts, rounded down: 100 only when all are."""
        return 100 * self.fresh // self.known if self.known else 0


def card_facts(card: ModelCard) -> Iterator[Fact]:
    """Yield every fact of a card in its order."""
    yield from card.facts.values()
    for offer in card.offers:
        yield from offer.facts.values()
        yield from offer.tiers
    yield from card.benchmarks


def listed_facts(card: ModelCard) -> Iterator[Fact]:
    """Yield the facts of a card that count now: not those of withdrawn offers."""
    gone = {offer.key for offer in card.offers if not offer.listed}
    return (fact for fact in card_facts(card) if fact.offer not in gone)
