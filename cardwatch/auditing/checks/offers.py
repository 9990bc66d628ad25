"""Offers and providers: how many there are, what they are called, and what may be said of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from cardwatch.auditing.audited_page import AuditedPage, Text
from cardwatch.auditing.expected_side import MAIN_PRICES, ExpectedRoute, ExpectedSide, is_usable_fact
from cardwatch.auditing.figure_text import find_figures, price_text
from cardwatch.auditing.findings import Differences, expect_equal, wrong_if
from cardwatch.auditing.rendered_page import Block, RenderedHeading, RenderedPage, RenderedTable, RenderedText
from cardwatch.auditing.vocabulary import OTHER_PRICES

AVAILABLE = re.compile(r"\b(is|are) (listed|available|served|offered|hosted)\b")
FALLBACK = re.compile(r"fall(s|ing)?[ -]?back", re.IGNORECASE)
MORE = re.compile(r"\+\d+ more (offer|score)s?")
NO_OVERLAP = re.compile(r"\bno (provider|overlap|shared|common)", re.IGNORECASE)


def check_provider_names(page: AuditedPage) -> Differences:
    """Where offers are listed, a sentence names every provider of them."""
    texts = {this.side_id: statement["text"] for statement, this, _ in page.sided("listed_by")}
    for side in page.truth.sides:
        if not side.providers_known:
            continue
        text = texts.get(side.side_id, "")
        missing = [name for name in side.providers.values() if name not in text]
        yield from expect_equal(f"providers of {side.name} left out", [], missing)


def check_rendered_offers(page: AuditedPage, view: RenderedPage) -> Differences:
    """The rendered table has every provider: its offers, their prices, the cheapest, and what else it bills."""
    for side, table in offer_tables(page, view):
        found = sorted(row[:6] for row in table.rows)
        yield from expect_equal(f"providers of {side.name}", sorted(provider_lines(side)), found)


def provider_lines(side: ExpectedSide) -> Iterator[tuple[str, ...]]:
    """Yield name, number of offers, range of both prices, cheapest offer and other prices of every provider."""
    for provider, name in side.providers.items():
        routes = [route for route in side.routes if route.offer.provider == provider]
        ranges = [price_range(routes, attribute) for attribute in MAIN_PRICES]
        priced = [route for route in routes if route.month is not None]
        first = min(
            priced, key=lambda r: (r.month or Decimal(0), not r.usual or r.free, r.order), default=None
        )
        yield name, str(len(routes)), *ranges, first.name if first else "unknown", other_prices(routes)


def price_range(routes: Sequence[ExpectedRoute], attribute: str) -> str:
    """Return "$1 to $2" over what is told."""
    prices = sorted(price for route in routes if (price := route.price(attribute)) is not None)
    if not prices:
        fact = min(routes, key=page_rank).offer.facts.get(attribute)
        return WITHOUT_PRICE.get(fact.state if fact else "unknown", "unknown")
    return span_text(prices)


def span_text(prices: Sequence[Decimal]) -> str:
    """Return the ends of sorted prices: "$1 to $2"."""
    low, high = price_text(prices[0]), price_text(prices[-1])
    return low if low == high else f"{low} to {high}"


def other_prices(routes: Sequence[ExpectedRoute]) -> str:
    """Return what is billed beside plain tokens, whatever it depends on: "price per image $0.04 to $0.06"."""
    told = [fact for route in routes for fact in route.all_facts if is_usable_fact(fact)]
    lines = []
    for attribute, label in OTHER_PRICES.items():
        prices = sorted(Decimal(str(fact.value)) for fact in told if fact.attribute == attribute)
        lines += [f"{label} {span_text(prices)}"] if prices else []
    return ", ".join(lines) or "none known"


WITHOUT_PRICE = {"conflicting": "conflicting", "not_applicable": "not applicable"}


def page_rank(route: ExpectedRoute) -> tuple[int, tuple[Decimal, bool, str, str]]:
    """Return the place of an offer in the order of the page."""
    group = 2 if route.month is None else int(not route.usual or route.free)
    return group, route.order


def remainder_lines(blocks: Iterable[Block]) -> list[str]:
    """Return the lines that count what is not there."""
    return [block.text for block in blocks if isinstance(block, RenderedText) and MORE.fullmatch(block.text)]


def offer_tables(page: AuditedPage, view: RenderedPage) -> Iterator[tuple[ExpectedSide, RenderedTable]]:
    """Yield each side with the table of its offers."""
    return ((side, first_table(blocks)) for side, blocks in offer_blocks(page, view))


def offer_blocks(page: AuditedPage, view: RenderedPage) -> Iterator[tuple[ExpectedSide, Sequence[Block]]]:
    """Yield each side with what stands about its offers."""
    section = view.section("pricing")
    heads = [n for n, block in enumerate(section.blocks) if isinstance(block, RenderedHeading)]
    for side, start, end in zip(page.truth.sides, heads, [*heads[1:], None], strict=False):
        yield side, section.blocks[start:end]


def first_table(blocks: Iterable[Block]) -> RenderedTable:
    """Return the first table, an empty one if there is none."""
    return next((block for block in blocks if isinstance(block, RenderedTable)), RenderedTable((), ()))


def check_offer_counts(page: AuditedPage) -> Differences:
    """The number of offers and of providers is the same everywhere."""
    line = page.scorecard_line("provider_routes")
    for side in page.truth.sides:
        offers = page.document["offers"][side.side_id]
        counted = [one for one in offers if one["listed"] and one["kind"] != "plan"]
        yield from expect_equal(f"offers.{side.side_id}", len(side.routes), len(counted))
        yield from expect_equal(f"offers.{side.side_id}, all", len(side.card.offers), len(offers))
        plans = [one["offer"] for one in offers if one["listed"] and one["kind"] == "plan"]
        yield from expect_equal(f"offers.{side.side_id}, plans", len(side.plans), len(plans))
        yield from expect_equal(
            f"scorecard.provider_routes.{side.side_id}", count_words(side), line.get(side.side_id)
        )
    yield from expect_equal("verdict.routes", page.truth.results["routes"], page.criterion("routes"))
    for statement, this, other in page.sided("more_providers"):
        wanted = [str(len(this.providers)), str(len(other.providers))]
        rest = str(statement["text"]).removeprefix(this.name).replace(other.name, "", 1)
        yield from expect_equal(f"claims.{statement['id']}", wanted, find_figures(rest))


def check_rendered_counts(page: AuditedPage, view: RenderedPage) -> Differences:
    """The rendered scorecard and tables count the same."""
    cells = view.section("scorecard").table().row("Provider routes")[1:]
    yield from expect_equal("scorecard, Provider routes", tuple(map(count_words, page.truth.sides)), cells)


def count_words(side: ExpectedSide) -> str:
    """Return "1 provider", "4 providers", or unknown where no offer is on record."""
    count = len(side.providers)
    if not side.providers_known:
        return "unknown"
    return "1 provider" if count == 1 else f"{count} providers"


def check_availability_texts(page: AuditedPage, texts: Sequence[Text]) -> Differences:
    """Nothing is said to be available without a route."""
    a, b = page.truth.sides
    for where, text in texts if a.name != b.name else ():
        for side in (a, b):
            claimed = text.startswith(side.name) and AVAILABLE.match(text, len(side.name) + 1)
            asked = text in (f"Where can I run {side.name}?", f"Where can I run {a.name} and {b.name}?")
            unfit = bool(claimed or asked) and not side.providers_known
            yield from wrong_if(unfit, where, f"a route for {side.name}", text)


def check_fallback_texts(page: AuditedPage, texts: Sequence[Text]) -> Differences:
    """To fall back needs a second provider."""
    a, b = page.truth.sides
    for where, text in texts:
        if not FALLBACK.search(text):
            continue
        able = [side for side in (a, b) if text.startswith(side.name) and len(side.providers) >= 2]
        yield from wrong_if(not able, where, "two providers or more", text)


def check_provider_overlap(page: AuditedPage) -> Differences:
    """What both share is said from the known routes of both."""
    pair = page.truth
    both = all(side.providers_known for side in pair.sides)
    for statement in page.statements("no_shared_provider"):
        holds = both and not pair.shared_providers
        yield from wrong_if(
            not holds, f"claims.{statement['id']}", "known routes, none shared", statement["text"]
        )
    for statement in page.statements("shared_providers"):
        wanted = sorted(pair.a.providers[key] for key in pair.shared_providers)
        found = sorted(name for name in {*pair.a.providers.values()} if _lists(statement["text"], name))
        yield from expect_equal(
            f"claims.{statement['id']}", wanted if both else "known routes of both", found
        )


def _lists(text: str, name: str) -> bool:
    return re.search(rf"(^|, | and ){re.escape(name)}(, | and | serves? )", text) is not None


def check_overlap_texts(page: AuditedPage, texts: Sequence[Text]) -> Differences:
    """No text says that nothing is shared where that is not known."""
    pair = page.truth
    known = all(side.providers_known for side in pair.sides) and not pair.shared_providers
    for where, text in texts:
        claimed = NO_OVERLAP.search(text) is not None
        yield from wrong_if(claimed and not known, where, "known routes of both, none shared", text)
