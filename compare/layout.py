"""The page, section by section, in the order people read it. No sentence is made here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cardwatch.compare import tables
from cardwatch.compare.blocks import Column, Joined, Rows, Text, TwoColumns
from cardwatch.compare.comparison import Comparison
from cardwatch.compare.cost_section import cost
from cardwatch.compare.fact_sections import changes, conflicts, related, sources, unknown
from cardwatch.compare.pens import NONE, Pen
from cardwatch.compare.review import Review, Stamp
from cardwatch.compare.rules.names import CAPABILITIES, UNKNOWN
from cardwatch.compare.rules.verdict import NO_WINNER
from cardwatch.compare.scorecard import LEADS, signals
from cardwatch.compare.scorecard import cells as signal_cells
from cardwatch.compare.scorecard import leads as benchmark_leads
from cardwatch.compare.scores import Row, why_not
from cardwatch.compare.side import Side
from cardwatch.compare.words import plural


def title(comparison: Comparison) -> str:
    """Return the page's title."""
    return f"{comparison.a.name} vs {comparison.b.name}"


def write(pen: Pen, comparison: Comparison, stamp: Stamp, looked: Review) -> None:
    """Write every section in page order."""
    pen.title(title(comparison))
    status(pen, comparison, looked)
    for section in SECTIONS:
        section(pen, comparison)
    related(pen, stamp)
    pen.section("reviewed", "Last reviewed")
    pen.label(looked.reviewed_on or UNKNOWN)


def names(comparison: Comparison) -> tuple[str, str]:
    return comparison.a.name, comparison.b.name


def status(pen: Pen, comparison: Comparison, looked: Review) -> None:
    pen.section("status", "Status")
    notices = comparison.of("status")
    if notices:
        pen.bullets(notices)
    rows = (
        ("Freshness", looked.words),
        ("Oldest review of a fact here", looked.reviewed_on or UNKNOWN),
        ("Snapshot", comparison.snapshot),
        ("Template", comparison.settings.template),
    )
    pen.table("status", ("Status", "Value"), Rows(rows))


def intro(pen: Pen, comparison: Comparison) -> None:
    pen.section("intro", "The two models")
    pen.label(Joined([f"{side.name} ({side.vendor})" for side in comparison.sides], " · "))
    pen.paragraph(comparison.of("intro"))


def verdict(pen: Pen, comparison: Comparison) -> None:
    judged = comparison.verdict
    pen.section("verdict", "Verdict")
    if judged.winner:
        pen.label("Recommended:", comparison.pair.side(judged.winner).name, kind="winner")
    else:
        pen.label("No overall winner:", NO_WINNER[judged.why or "close"], kind="no-winner")
    pen.paragraph(comparison.of("verdict"))
    rows = {"a": tables.ahead(comparison.a), "b": tables.ahead(comparison.b), **NOBODY_AHEAD}
    pen.table("criteria", HEAD_CRITERIA, *[rows[j.result][j.criterion.name] for j in judged.judgements])


HEAD_CRITERIA = ("Criterion", "Ahead", "What wins")
NOBODY_AHEAD = {result: tables.criteria(result) for result in ("tie", "unknown")}


def scorecard(pen: Pen, comparison: Comparison) -> None:
    pair = comparison.pair
    a, b = signal_cells(pair.a), signal_cells(pair.b)
    before, after = signals(pair)
    both = Rows([(LEADS, benchmark_leads(pair, "a"), benchmark_leads(pair, "b"))])
    pen.section("scorecard", "Scorecard")
    head = ("Signal", *names(comparison))
    pen.table("scorecard", head, TwoColumns(before, a, b), both, TwoColumns(after, a, b))


def choose(pen: Pen, comparison: Comparison) -> None:
    for side in comparison.sides:
        pen.section(f"choose-{side.seat}", f"Choose {side.name} when this matters")
        pen.bullets(comparison.of("choose", side.seat))


def price_history(pen: Pen, comparison: Comparison) -> None:
    pen.section("price-history", "Price history")
    pen.table("price-history", HEAD_PRICES, *[tables.price_steps(side) for side in comparison.sides])
    steady = sum(tables.steady_prices(side) for side in comparison.sides)
    if steady:
        pen.label(f"+{steady} without a known change")


HEAD_PRICES = ("Model", "Price per 1M tokens", "Steps")


def switching(pen: Pen, comparison: Comparison) -> None:
    pen.section("switching", "Switching")
    pen.paragraph(comparison.of("switching", "pair"))
    for origin, target in ((comparison.a, comparison.b), (comparison.b, comparison.a)):
        pen.heading(f"{origin.name} → {target.name}")
        pen.bullets(comparison.of("switching", target.seat))


def specs(pen: Pen, comparison: Comparison) -> None:
    pen.section("specs", "Specifications")
    side_by_side(pen, comparison, "specs", tables.specs, comparison.pair.specs)


def side_by_side(
    pen: Pen, comparison: Comparison, kind: str, column: Callable[[Side], Column], keys: Iterable[str]
) -> None:
    """Write a table of two columns, each decided by one model."""
    body = TwoColumns(keys, column(comparison.a), column(comparison.b))
    pen.table(kind, (kind.capitalize(), *names(comparison)), body)


def pricing(pen: Pen, comparison: Comparison) -> None:
    pen.section("pricing", "Pricing and availability")
    for side in comparison.sides:
        pen.heading(side.name)
        pen.paragraph(comparison.of("pricing", side.seat))
        pen.table("offers", HEAD_OFFERS, tables.offers(side))
        rest = len(side.routes) - len(tables.shown_offers(side))
        if rest:
            pen.label(f"+{plural(rest, 'more offer')}")


HEAD_OFFERS = (
    "Offer",
    "Input per 1M",
    "Output per 1M",
    "Per month",
    "Also known",
    "Model id there",
    "Reviewed",
)


def capabilities(pen: Pen, comparison: Comparison) -> None:
    pen.section("capabilities", "Capabilities")
    side_by_side(pen, comparison, "capabilities", tables.capabilities, CAPABILITIES)


def benchmarks(pen: Pen, comparison: Comparison) -> None:
    pair = comparison.pair
    pen.section("benchmarks", "Benchmarks")
    head = ("Benchmark", *names(comparison), "Ahead", "Difference")
    pen.table("benchmarks", head, Rows([compared(comparison, row) for row in pair.scores]))
    alone = [
        tables.lone_scores(side)[score.id]
        for side in comparison.sides
        for score in pair.lone[side.seat][: tables.MOST_LONE_SCORES]
    ]
    rest = sum(len(lone) for lone in pair.lone.values()) - len(alone)
    if alone:
        pen.heading("Scores of one model only")
        pen.table("lone-scores", HEAD_LONE_SCORES, *alone)
    if rest:
        pen.label(f"+{plural(rest, 'more score')}")


HEAD_LONE_SCORES = ("Benchmark", "Model", "Score")


def compared(comparison: Comparison, row: Row) -> tuple[Text, ...]:
    """Return one line of two scores."""
    scores = tables.score(row.a), tables.score(row.b)
    if not row.comparable:
        return (row.name, *scores, "not comparable", why_not(row) or "")
    leader = "tie" if row.leader == "tie" else comparison.pair.side(row.leader or "a").name
    return (row.name, *scores, leader, row.gap)


def faq(pen: Pen, comparison: Comparison) -> None:
    pen.section("faq", "Questions")
    for question, said in comparison.faq:
        pen.heading(question)
        pen.paragraph(said)
    if not comparison.faq:
        pen.label(NONE)


SECTIONS: tuple[Callable[[Pen, Comparison], None], ...] = (
    intro,
    verdict,
    scorecard,
    choose,
    cost,
    price_history,
    switching,
    specs,
    pricing,
    capabilities,
    benchmarks,
    faq,
    unknown,
    conflicts,
    changes,
    sources,
)
"""Between the status and the related pages."""
