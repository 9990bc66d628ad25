"""What a page may say of two models together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import NamedTuple

from cardwatch.auditing import vocabulary as words
from cardwatch.auditing.expected_side import ExpectedSide, is_usable_fact
from cardwatch.auditing.figure_text import score_text, visible_text
from cardwatch.db.query.cards import Fact

UNKNOWN = "unknown"


class SharedScore(NamedTuple):
    """The known scores of both models on one benchmark, version and mode."""

    attribute: str
    version: str
    mode: str
    a: Sequence[Fact]
    b: Sequence[Fact]

    @property
    def leaders(self) -> set[str]:
        """Every side that leads in some reading of these scores."""
        return {fact_leader(x, y) for x, y in product(self.a, self.b)}

    @property
    def sourced(self) -> bool:
        """Whether every reporter says where the score is from."""
        reporters = [fact.qualifier.get("reporter", "").lower() for fact in (*self.a, *self.b)]
        return not any(mark in reporter for mark in words.NO_SOURCE for reporter in reporters)

    @property
    def units(self) -> set[str]:
        return {fact.unit for fact in (*self.a, *self.b)}


def score_leader(attribute: str, a: str, b: str) -> str:
    """Return a, b or tie."""
    first, second = Decimal(a), Decimal(b)
    if attribute.removeprefix("benchmark.") in words.LOWER_WINS:
        first, second = second, first
    return larger_side(first, second)


def fact_leader(a: Fact, b: Fact) -> str:
    """Return who leads by two scores."""
    known = all(fact.qualifier.get("harness") for fact in (a, b))
    return leader_of_scores(a.attribute, a.unit, str(a.value), str(b.value), exact=known)


def leader_of_scores(attribute: str, unit: str, a: str, b: str, *, exact: bool) -> str:
    """Return a, b or tie by the printed scores; a point is a tie unless both harnesses are known."""
    a, b = score_text(a), score_text(b)
    point = Decimal(0) if exact else Decimal(words.POINT.get(unit, "0"))
    return "tie" if abs(Decimal(a) - Decimal(b)) <= point else score_leader(attribute, a, b)


def larger_side(a: Decimal | int, b: Decimal | int) -> str:
    """Return which is more: a, b or tie."""
    return "tie" if a == b else "a" if a > b else "b"


def count_ahead(a: int | None, b: int | None) -> str:
    """Return which of two counts is larger, tie where they differ by less than 5 % of the larger one."""
    if a is None or b is None:
        return UNKNOWN
    near = 100 * abs(a - b) < 5 * max(a, b)
    return "tie" if near else larger_side(a, b)


@dataclass(frozen=True, eq=False)
class ExpectedPair:
    """Two models in page order."""

    a: ExpectedSide
    b: ExpectedSide

    @property
    def sides(self) -> tuple[ExpectedSide, ExpectedSide]:
        return self.a, self.b

    @property
    def name(self) -> str:
        """The pair as violations name it."""
        return f"{self.a.card.id} vs {self.b.card.id}"

    @cached_property
    def _names(self) -> re.Pattern[str]:
        """Every name from outside that may stand in a sentence, the longest first."""
        sold = [route for side in self.sides for route in (*side.routes, *side.plans)]
        routes = [route.name for route in sold]
        providers = [visible_text(route.offer.provider_name) for route in sold]
        makers = [name for side in self.sides for name in (side.name, side.vendor)]
        found = sorted({*routes, *providers, *makers} - {""}, key=lambda name: (-len(name), name))
        return re.compile("|".join(map(re.escape, found)))

    @cached_property
    def _bare(self) -> dict[str, str]:
        return {}

    def bare(self, text: str) -> str:
        """Return a text with a dot for every name in it: what only the page's own words say."""
        if text not in self._bare:
            self._bare[text] = self._names.sub("·", text)
        return self._bare[text]

    def sentences(self, text: str) -> Iterator[str]:
        """Yield the sentences of a paragraph; a full stop inside a name ends none."""
        start = 0
        for found in re.finditer(f"{self._names.pattern}|(?<=[.?]) ", text):
            if found.group() == " ":
                yield text[start : found.start()]
                start = found.end()
        yield text[start:]

    def side(self, side_id: object) -> ExpectedSide:
        """Return side a or b. Raises ValueError for any other side_id."""
        for side in self.sides:
            if side.side_id == side_id:
                return side
        raise ValueError(f"side_id: wanted a or b, found {side_id!r}")

    def other(self, side: ExpectedSide) -> ExpectedSide:
        return self.b if side is self.a else self.a

    def only(self, side: ExpectedSide) -> list[str]:
        """Return the labels of what this model can do and the other is known not to."""
        if not self.one_job:
            return []
        its = self.other(side).answers
        return [label for label, answer in side.answers.items() if answer == "yes" and its[label] == "no"]

    @cached_property
    def shared_providers(self) -> set[str]:
        """Ids of the providers that list both."""
        return {*self.a.providers} & {*self.b.providers}

    @cached_property
    def scores(self) -> list[SharedScore]:
        """Every benchmark, version and mode that both have scores on."""
        mine, its = _grouped(self.a), _grouped(self.b)
        return [SharedScore(*key, mine[key], its[key]) for key in sorted({*mine} & {*its})]

    @cached_property
    def unsettled(self) -> set[str]:
        """Benchmarks of which one side has a score that is recorded as unknown or in conflict."""
        scores = (fact for side in self.sides for fact in side.card.benchmarks)
        return {fact.attribute for fact in scores if not is_usable_fact(fact)}

    @cached_property
    def settled_scores(self) -> list[SharedScore]:
        """The scores that may be compared in a sentence."""
        fair = [s for s in self.scores if len(s.units) == 1 == len(s.leaders) and s.sourced]
        return [score for score in fair if score.attribute not in self.unsettled]

    def leads(self, side_id: str) -> int:
        """Return on how many benchmarks a side leads."""
        return sum(score.leaders == {side_id} for score in self.settled_scores)

    @cached_property
    def results(self) -> Mapping[str, str]:
        """Who is ahead by each criterion: a, b, tie or unknown."""
        return {
            "price": self._price(),
            "context": self.tokens_ahead("context_window"),
            "shared_benchmarks": self._scores(),
            "routes": count_ahead(*(len(s.providers) if s.providers_known else None for s in self.sides)),
            "openness": self._ranked("openness", words.OPENNESS),
            "lifecycle": self._ranked("lifecycle", words.LIFECYCLE),
            "capabilities": self._capabilities(),
        }

    def _of(self, a: Decimal | int | None, b: Decimal | int | None) -> str:
        return UNKNOWN if a is None or b is None else larger_side(a, b)

    def _ranked(self, attribute: str, order: Sequence[str]) -> str:
        found = [side.word(attribute) for side in self.sides]
        return self._of(*(order.index(word) if word in order else None for word in found))

    @cached_property
    def jobs_differ(self) -> bool:
        """Whether both jobs are known and are not one."""
        return None not in (self.a.job, self.b.job) and self.a.job != self.b.job

    @cached_property
    def prices_comparable(self) -> bool:
        """Whether nothing on record keeps their costs from being compared."""
        return self.one_job and not any(s.unsettled for s in self.sides)

    @cached_property
    def one_job(self) -> bool:
        """Whether nothing says, or may say, that they are made for different jobs."""
        return not (self.jobs_differ or any(s.open("product_type") for s in self.sides))

    @cached_property
    def text_measures(self) -> bool:
        """Whether both do one job that is measured in text."""
        return self.one_job and all(side.volumes for side in self.sides)

    def tokens_ahead(self, attribute: str) -> str:
        """Return who is ahead by a number of tokens."""
        told = [side.word(attribute) for side in self.sides]
        return count_ahead(*(int(word) if word else None for word in told)) if self.text_measures else UNKNOWN

    @cached_property
    def reasons(self) -> Mapping[str, str]:
        """Who is ahead by what only stands in a sentence."""
        return {
            "output": self.tokens_ahead("max_output_tokens"),
            "cutoff": self._cutoff(),
            "cache": self._cache(),
            "images": self._per_image() if self.makes_images else UNKNOWN,
        }

    def _cutoff(self) -> str:
        a, b = (side.word("knowledge_cutoff") for side in self.sides)
        if a is None or b is None or not self.text_measures:
            return UNKNOWN
        shared = min(len(a), len(b))
        return "tie" if a[:shared] == b[:shared] else ("a" if a > b else "b")

    def _cache(self) -> str:
        routes = [side.cheapest for side in self.sides]
        prices = [route.price("cache_read_price") if route else None for route in routes]
        if not (self.prices_comparable and all(side.certain and side.usd is not None for side in self.sides)):
            return UNKNOWN
        return self._of(prices[1], prices[0])

    @property
    def makes_images(self) -> bool:
        """Whether pictures are what both are for."""
        return all(side.job == words.IMAGES for side in self.sides)

    @cached_property
    def image_prices(self) -> Mapping[str, tuple[Decimal | None, Decimal | None]]:
        """The least each asks for one image, by the sizes that both sell; None where an offer has no price."""
        a, b = (side.image_prices for side in self.sides)
        return {size: (a[size], b[size]) for size in sorted({*a} & {*b})}

    def _per_image(self) -> str:
        told = [(a, b) for a, b in self.image_prices.values() if a is not None and b is not None]
        if not self.prices_comparable or not told or len(told) < len(self.image_prices):
            return UNKNOWN
        below, above = any(a < b for a, b in told), any(a > b for a, b in told)
        return UNKNOWN if below and above else "a" if below else "b" if above else "tie"

    def _price(self) -> str:
        if self.makes_images:
            return self._per_image()
        if not self.prices_comparable:
            return UNKNOWN
        result = self._of(self.b.usd, self.a.usd)
        if result not in ("a", "b"):
            return result if self.a.certain and self.b.certain else UNKNOWN
        cheaper, dearer = (self.a, self.b) if result == "a" else (self.b, self.a)
        return result if cheaper.usd is not None and cheaper.usd < dearer.bound else UNKNOWN

    def _scores(self) -> str:
        on_both = {f.attribute for f in self.a.card.benchmarks} & {
            f.attribute for f in self.b.card.benchmarks
        }
        if not self.settled_scores or on_both & self.unsettled:
            return UNKNOWN
        return larger_side(self.leads("a"), self.leads("b"))

    def _capabilities(self) -> str:
        answered = [label for label in self.a.answers if UNKNOWN not in self._answers(label)]
        known = answered and self.one_job
        return larger_side(len(self.only(self.a)), len(self.only(self.b))) if known else UNKNOWN

    def _answers(self, label: str) -> tuple[str, str]:
        return self.a.answers[label], self.b.answers[label]


def _grouped(side: ExpectedSide) -> dict[tuple[str, str, str], list[Fact]]:
    groups: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in filter(is_usable_fact, side.card.benchmarks):
        qualifier = fact.qualifier
        key = (fact.attribute, qualifier.get("version", ""), qualifier.get("mode", ""))
        groups.setdefault(key, []).append(fact)
    return groups
