"""The page, section by section, in the order people read it. No sentence is made here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from compare import tables
from compare.blocks import (
    NONE,
    Claims,
    Column,
    Heading,
    Joined,
    Label,
    Rendered,
    Rows,
    Section,
    Table,
    Text,
    TwoColumns,
    table,
)
from compare.claim import Claim
from compare.comparison import Comparison
from compare.cost_section import cost
from compare.fact_sections import changes, conflicts, related, sources, unknown
from compare.review import Review, Stamp
from compare.rules.criteria import Result
from compare.rules.names import CAPABILITIES, UNKNOWN
from compare.rules.verdict import NO_WINNER
from compare.scores import Row, why_not
from compare.side import Side


def title(comparison: Comparison) -> str:
    """Return the page's title."""
    return f"{comparison.a.name} vs {comparison.b.name}"


def sections(comparison: Comparison, stamp: Stamp, looked: Review) -> list[Section]:
    """Return every section in page order."""
    return [
        status(comparison, looked),
        intro(comparison),
        verdict(comparison),
        scorecard(comparison),
        *(choose(comparison, side) for side in comparison.sides),
        cost(comparison),
        price_history(comparison),
        switching(comparison),
        specs(comparison),
        pricing(comparison),
        capabilities(comparison),
        benchmarks(comparison),
        faq(comparison),
        unknown(comparison),
        conflicts(comparison),
        changes(comparison),
        sources(comparison),
        related(stamp),
        Section("reviewed", "Last reviewed", [Label((looked.reviewed_on or UNKNOWN,))]),
    ]


def names(comparison: Comparison) -> tuple[str, str]:
    return comparison.a.name, comparison.b.name


def paragraph(claims: Sequence[Claim]) -> list[Rendered]:
    """Return the claims as one paragraph, nothing if there are none."""
    return [Claims(claims)] if claims else []


def bullets(claims: Sequence[Claim]) -> Rendered:
    """Return the claims as a list, or "None."."""
    return Claims(claims, listed=True) if claims else NONE


def status(comparison: Comparison, looked: Review) -> Section:
    rows = (
        ("Freshness", looked.words),
        ("Oldest review of a fact here", looked.reviewed_on or UNKNOWN),
        ("Snapshot", comparison.snapshot),
        ("Template", comparison.settings.template),
    )
    notices = comparison.of("status")
    blocks = [*([bullets(notices)] if notices else []), *table("status", ("Status", "Value"), Rows(rows))]
    return Section("status", "Status", blocks)


def intro(comparison: Comparison) -> Section:
    makers = Joined([f"{side.name} ({side.vendor})" for side in comparison.sides], " · ")
    return Section("intro", "The two models", [Label((makers,)), *paragraph(comparison.of("intro"))])


def verdict(comparison: Comparison) -> Section:
    judged = comparison.verdict
    if judged.winner:
        headline = Label(("Recommended:", comparison.pair.side(judged.winner).name), "winner")
    else:
        headline = Label(("No overall winner:", NO_WINNER[judged.why or "close"]), "no-winner")
    rows = [(j.criterion.label, ahead(comparison, j.result), j.criterion.wins) for j in judged.judgements]
    criteria = table("criteria", ("Criterion", "Ahead", "What wins"), Rows(rows))
    return Section("verdict", "Verdict", [headline, *paragraph(comparison.of("verdict")), *criteria])


def ahead(comparison: Comparison, result: Result) -> str:
    """Return who is ahead on a criterion."""
    return {"a": comparison.a.name, "b": comparison.b.name}.get(result, result)


def scorecard(comparison: Comparison) -> Section:
    rows = [(line.label, line.a, line.b) for line in comparison.scorecard]
    return Section("scorecard", "Scorecard", table("scorecard", ("Signal", *names(comparison)), Rows(rows)))


def choose(comparison: Comparison, side: Side) -> Section:
    reasons = comparison.of("choose", side.seat)
    return Section(f"choose-{side.seat}", f"Choose {side.name} when this matters", [bullets(reasons)])


def price_history(comparison: Comparison) -> Section:
    steps = [tables.price_steps(side) for side in comparison.sides]
    return Section("price-history", "Price history", table("price-history", HEAD_PRICES, *steps))


HEAD_PRICES = ("Model", "Price per 1M tokens", "Steps")


def switching(comparison: Comparison) -> Section:
    blocks = paragraph(comparison.of("switching", "pair"))
    for origin, target in ((comparison.a, comparison.b), (comparison.b, comparison.a)):
        moves = comparison.of("switching", target.seat)
        blocks += [Heading(f"{origin.name} → {target.name}"), bullets(moves)]
    return Section("switching", "Switching", blocks)


def specs(comparison: Comparison) -> Section:
    block = side_by_side(comparison, "specs", tables.specs, comparison.pair.specs)
    return Section("specs", "Specifications", [block])


def side_by_side(
    comparison: Comparison, kind: str, column: Callable[[Side], Column], keys: Iterable[str]
) -> Table:
    """Return a table of two columns, each decided by one model."""
    body = TwoColumns(keys, column(comparison.a), column(comparison.b))
    return Table(kind, (kind.capitalize(), *names(comparison)), [body])


def pricing(comparison: Comparison) -> Section:
    blocks: list[Rendered] = []
    for side in comparison.sides:
        listed = paragraph(comparison.of("pricing", side.seat))
        blocks += [Heading(side.name), *listed, *table("offers", HEAD_OFFERS, tables.offers(side))]
    return Section("pricing", "Pricing and availability", blocks)


HEAD_OFFERS = (
    "Offer",
    "Input per 1M",
    "Output per 1M",
    "Per month",
    "Also known",
    "Model id there",
    "Reviewed",
)


def capabilities(comparison: Comparison) -> Section:
    block = side_by_side(comparison, "capabilities", tables.capabilities, CAPABILITIES)
    return Section("capabilities", "Capabilities", [block])


def benchmarks(comparison: Comparison) -> Section:
    pair = comparison.pair
    head = ("Benchmark", *names(comparison), "Ahead", "Difference")
    blocks = table("benchmarks", head, Rows([compared(comparison, row) for row in pair.scores]))
    alone = [tables.lone_scores(side)[s.id] for side in comparison.sides for s in pair.lone[side.seat]]
    if alone:
        blocks += [Heading("Scores of one model only"), *table("lone-scores", HEAD_LONE_SCORES, *alone)]
    return Section("benchmarks", "Benchmarks", blocks)


HEAD_LONE_SCORES = ("Benchmark", "Model", "Score")


def compared(comparison: Comparison, row: Row) -> tuple[Text, ...]:
    """Return one line of two scores."""
    scores = tables.score(row.a), tables.score(row.b)
    if not row.comparable:
        return (row.name, *scores, "not comparable", why_not(row) or "")
    leader = "tie" if row.leader == "tie" else comparison.pair.side(row.leader or "a").name
    return (row.name, *scores, leader, row.gap)


def faq(comparison: Comparison) -> Section:
    blocks: list[Rendered] = []
    for question, said in comparison.faq:
        blocks += [Heading(question), Claims(said)]
    return Section("faq", "Questions", blocks or [NONE])
