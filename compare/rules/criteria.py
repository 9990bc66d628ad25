"""What a verdict weighs: each criterion's result, its words, and which ones a recommendation may not lose.

Criteria are counted; the reasons beside them only stand in the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from cardwatch.compare.display_facts import (
    PAIR_FACT_IDS,
    DisplayFact,
    FactIds,
    SideId,
    fact_ids,
    pair_fact_ids,
)
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.rules.image_prices import are_images, price_images
from cardwatch.compare.side import Side, cached_per_side

Result = Literal["a", "b", "tie", "unknown"]
ResultWithFacts = tuple[Result, FactIds]

OPENNESS_RANKS: Mapping[str, int] = {"proprietary": 0, "open weights": 1, "open source": 2}
LIFECYCLE_RANKS: Mapping[str, int] = {"retired": 0, "deprecated": 1, "preview": 2, "active": 3}
ENDING_STATES = frozenset({"deprecated", "retired"})
"""A model in one of these states, or with one of these dates, is never recommended."""
END_DATES = ("deprecation_date", "shutdown_date")
ABOUT_THE_SAME = 20
"""Counts (of tokens, of providers) that differ by less than this part (a twentieth) of the larger one are about the
same."""

UNKNOWN_RESULT: ResultWithFacts = ("unknown", ())


class Criterion(Struct, frozen=True):
    """`label` heads its table row, `word` is it when level, `gain` what leading means."""

    name: str
    label: str
    word: str
    gain: Callable[[ModelPair, SideId], str]
    decide: Callable[[ModelPair], ResultWithFacts]
    critical: bool = False


def compare_price(pair: ModelPair) -> ResultWithFacts:
    if are_images(pair):
        return compare_images(pair)
    x, y = pair.a.cost, pair.b.cost
    if not pair.prices_comparable or x.usd is None or y.usd is None:
        return UNKNOWN_RESULT
    result = larger_side(y.usd, x.usd)
    settled = {"a": x.usd < y.floor, "b": y.usd < x.floor}.get(result, x.certain and y.certain)
    return (result, (*x.priced, *y.priced)) if settled else UNKNOWN_RESULT


def compare_images(pair: ModelPair) -> ResultWithFacts:
    """Judge two prices per image: whoever asks less at some size that both state, and nowhere more."""
    sized, facts = price_images(pair)
    if not (sized and pair.prices_comparable):
        return UNKNOWN_RESULT
    leads = {larger_side(its.number, mine.number) for mine, its in (offers.prices for offers in sized)}
    ahead = sorted(leads - {"tie"}) or ["tie"]
    return (ahead[0], facts) if len(ahead) == 1 else UNKNOWN_RESULT


def compare_context(pair: ModelPair) -> ResultWithFacts:
    return compare_counts(pair, "context_window")


def compare_output(pair: ModelPair) -> ResultWithFacts:
    return compare_counts(pair, "max_output_tokens")


def compare_benchmarks(pair: ModelPair) -> ResultWithFacts:
    rows = pair.compared_scores
    if not rows or not pair.scores_settled:
        return UNKNOWN_RESULT
    leads = [row.leader for row in rows]
    return larger_side(leads.count("a"), leads.count("b")), pair.shared_scores


def compare_providers(pair: ModelPair) -> ResultWithFacts:
    a, b = pair.a, pair.b
    if not (a.routes_known and b.routes_known):
        return UNKNOWN_RESULT
    return compare_size(len(a.providers), len(b.providers)), (*a.listing_ids, *b.listing_ids)


def compare_openness(pair: ModelPair) -> ResultWithFacts:
    return compare_rank(pair, "openness", OPENNESS_RANKS)


def compare_lifecycle(pair: ModelPair) -> ResultWithFacts:
    return compare_rank(pair, "lifecycle", LIFECYCLE_RANKS)


def compare_capabilities(pair: ModelPair) -> ResultWithFacts:
    known = pair.answered_by_both
    if not known:
        return UNKNOWN_RESULT
    return larger_side(len(pair.only["a"].facts), len(pair.only["b"].facts)), pair_fact_ids(known)


def compare_cutoff(pair: ModelPair) -> ResultWithFacts:
    """Judge two knowledge cutoffs; dates of which one is the other, more precisely, agree."""
    mine, its = pair.a.word("knowledge_cutoff"), pair.b.word("knowledge_cutoff")
    if mine is None or its is None or not pair.windows_comparable:
        return UNKNOWN_RESULT
    facts = PAIR_FACT_IDS["knowledge_cutoff"]
    if mine.startswith(its) or its.startswith(mine):
        return "tie", facts
    return ("a" if mine > its else "b"), facts


def compare_cache_price(pair: ModelPair) -> ResultWithFacts:
    """Judge what reading a cached token costs on the two named routes."""
    prices = cache_prices(pair)
    if len(prices) < len(SIDES) or not (
        pair.prices_comparable and pair.a.cost.certain and pair.b.cost.certain
    ):
        return UNKNOWN_RESULT
    mine, its = prices
    facts = (mine.id, its.id, *pair.a.cost.priced, *pair.b.cost.priced)
    return larger_side(its.number, mine.number), tuple(dict.fromkeys(facts))


SIDES: tuple[SideId, SideId] = ("a", "b")


def cache_prices(pair: ModelPair) -> list[DisplayFact]:
    """Return the known prices of cached input on the two named routes."""
    routes = [side.cost.route for side in (pair.a, pair.b)]
    found = [route.facts.get("cache_read_price") for route in routes if route]
    return [price for price in found if price and price.known]


def compare_counts(pair: ModelPair, attribute: str) -> ResultWithFacts:
    """Judge two numbers of tokens."""
    mine, its = pair.a.word(attribute), pair.b.word(attribute)
    if mine is None or its is None or not pair.windows_comparable:
        return UNKNOWN_RESULT
    return compare_size(int(mine), int(its)), PAIR_FACT_IDS[attribute]


def compare_size(x: int, y: int) -> Result:
    """Return whose count is larger, a tie where they differ by less than anybody would choose by."""
    return "tie" if ABOUT_THE_SAME * abs(x - y) < max(x, y) else larger_side(x, y)


def compare_rank(pair: ModelPair, attribute: str, order: Mapping[str, int]) -> ResultWithFacts:
    """Return which of two known words stands higher in `order`."""
    mine, its = order.get(pair.a.word(attribute) or ""), order.get(pair.b.word(attribute) or "")
    if mine is None or its is None:
        return UNKNOWN_RESULT
    return larger_side(mine, its), PAIR_FACT_IDS[attribute]


def larger_side(x: int | Decimal, y: int | Decimal) -> Literal["a", "b", "tie"]:
    return "tie" if x == y else ("a" if x > y else "b")


def fixed_gain(words: str) -> Callable[[ModelPair, SideId], str]:
    """Leading means the same in every pair."""
    return lambda pair, side_id: words


def price_gain(pair: ModelPair, side_id: SideId) -> str:
    if are_images(pair):
        return "a lower price per image"
    return "a lower cost" if pair.side(side_id).cost.usd else "free use"


def openness_gain(pair: ModelPair, side_id: SideId) -> str:
    return "open source" if pair.side(side_id).word("openness") == "open source" else "open weights"


def lifecycle_gain(pair: ModelPair, side_id: SideId) -> str:
    """Return what the better state means: staying on sale, or being past the preview."""
    other = pair.b if side_id == "a" else pair.a
    return "a longer life" if other.word("lifecycle") in ENDING_STATES else "being past its preview"


def capability_gain(pair: ModelPair, side_id: SideId) -> str:
    return pair.only[side_id].words


CRITERIA = (
    Criterion("price", "Price", "price", price_gain, compare_price, critical=True),
    Criterion(
        "context",
        "Context window",
        "context size",
        fixed_gain("a larger context window"),
        compare_context,
    ),
    Criterion(
        "shared_benchmarks",
        "Shared benchmarks",
        "benchmarks",
        fixed_gain("better benchmark scores"),
        compare_benchmarks,
        critical=True,
    ),
    Criterion(
        "routes",
        "Provider routes",
        "provider choice",
        fixed_gain("more providers"),
        compare_providers,
    ),
    Criterion(
        "openness",
        "Openness",
        "openness",
        openness_gain,
        compare_openness,
    ),
    Criterion(
        "lifecycle",
        "Lifecycle",
        "lifecycle",
        lifecycle_gain,
        compare_lifecycle,
        critical=True,
    ),
    Criterion(
        "capabilities",
        "Capabilities",
        "capabilities",
        capability_gain,
        compare_capabilities,
    ),
)
"""Unknown on either side is unknown; a price is unknown as long as an unpriced offer could turn it round."""

REASONS_BESIDE = (
    Criterion(
        "output",
        "Maximum output",
        "output length",
        fixed_gain("longer outputs"),
        compare_output,
    ),
    Criterion(
        "cutoff",
        "Knowledge cutoff",
        "knowledge cutoff",
        fixed_gain("newer knowledge"),
        compare_cutoff,
    ),
    Criterion(
        "cache",
        "Cached input",
        "the price of cached input",
        fixed_gain("cheaper cached input"),
        compare_cache_price,
    ),
)

ALL_CRITERIA = (*CRITERIA, *REASONS_BESIDE)


@cached_per_side
def ending_facts(side: Side) -> FactIds:
    """Return the facts by which a model is known to be on its way out, none if it is not."""
    state = (side.facts["lifecycle"],) if side.word("lifecycle") in ENDING_STATES else ()
    return fact_ids((*state, *(fact for name in END_DATES if (fact := side.known(name)))))
