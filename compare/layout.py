"""The page, section by section, in the order people read it. No sentence is made here."""

from __future__ import annotations

from collections.abc import Sequence

from compare import tables
from compare.blocks import Claims, Heading, Joined, Label, Rendered, Section, Table, Text
from compare.comparison import Claim, Comparison
from compare.cost_section import cost
from compare.fact_sections import changes, conflicts, related, sources, unknown
from compare.faq import answers
from compare.review import Review, Stamp
from compare.rules.criteria import Result
from compare.rules.names import CAPABILITIES, UNKNOWN
from compare.rules.verdict import NO_WINNER
from compare.scorecard import lines
from compare.scores import Row, conditions, why_not
from compare.shown import LABELS, Shown
from compare.side import Side

NONE = Label(("None.",))


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


def or_none(table: Table) -> Rendered:
    """Return the table, or "None." when it has no rows."""
    return table if table.rows else NONE


def status(comparison: Comparison, looked: Review) -> Section:
    rows = (
        ("Freshness", looked.words),
        ("Oldest review of a fact here", looked.reviewed_on or UNKNOWN),
        ("Snapshot", comparison.snapshot),
        ("Template", comparison.settings.template),
    )
    notices = comparison.of("status")
    blocks = [*([bullets(notices)] if notices else []), Table("status", ("Status", "Value"), rows)]
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
    table = Table("criteria", ("Criterion", "Ahead", "What wins"), rows)
    return Section("verdict", "Verdict", [headline, *paragraph(comparison.of("verdict")), table])


def ahead(comparison: Comparison, result: Result) -> str:
    """Return who is ahead on a criterion."""
    return {"a": comparison.a.name, "b": comparison.b.name}.get(result, result)


def scorecard(comparison: Comparison) -> Section:
    rows = [(line.label, line.a, line.b) for line in lines(comparison)]
    return Section("scorecard", "Scorecard", [Table("scorecard", ("Signal", *names(comparison)), rows)])


def choose(comparison: Comparison, side: Side) -> Section:
    reasons = comparison.of("choose", side.seat)
    return Section(f"choose-{side.seat}", f"Choose {side.name} when this matters", [bullets(reasons)])


def price_history(comparison: Comparison) -> Section:
    rows = [(side.name, *row) for side in comparison.sides for row in tables.price_steps(side)]
    table = Table("price-history", ("Model", "Price per 1M tokens", "Steps"), rows)
    return Section("price-history", "Price history", [or_none(table)])


def switching(comparison: Comparison) -> Section:
    blocks = paragraph(comparison.of("switching", "pair"))
    for origin, target in ((comparison.a, comparison.b), (comparison.b, comparison.a)):
        moves = comparison.of("switching", target.seat)
        blocks += [Heading(f"{origin.name} → {target.name}"), bullets(moves)]
    return Section("switching", "Switching", blocks)


def specs(comparison: Comparison) -> Section:
    a, b = comparison.sides
    rows = [(LABELS[name], a.facts[name], b.facts[name]) for name in comparison.pair.specs]
    return Section("specs", "Specifications", [Table("specs", ("Specification", *names(comparison)), rows)])


def pricing(comparison: Comparison) -> Section:
    blocks: list[Rendered] = []
    for side in comparison.sides:
        listed = paragraph(comparison.of("pricing", side.seat))
        blocks += [Heading(side.name), *listed, or_none(tables.offers(side))]
    return Section("pricing", "Pricing and availability", blocks)


def capabilities(comparison: Comparison) -> Section:
    a, b = comparison.sides
    rows = [(label, answer(a, name), answer(b, name)) for name, label in CAPABILITIES.items()]
    table = Table("capabilities", ("Capability", *names(comparison)), rows)
    return Section("capabilities", "Capabilities", [table])


def answer(side: Side, capability: str) -> Text:
    """Return a capability's cell, with its scope if that is a route, and the modalities of Multimodal."""
    fact = side.facts[capability]
    notes: list[Text] = ["on a route"] if fact.known and fact.fact.scope == "route" else []
    listed = side.facts["modality.input"]
    if capability == "capability.multimodal" and side.answer(capability) == "yes" and listed.known:
        notes.append(listed)
    return Joined((fact, Joined(("(", Joined(notes), ")"), "")), " ") if notes else fact


def benchmarks(comparison: Comparison) -> Section:
    shared = [row for row in comparison.pair.scores if row.why_not != "one_side"]
    alone = [row for row in comparison.pair.scores if row.why_not == "one_side"]
    head = ("Benchmark", *names(comparison), "Ahead", "Difference")
    blocks = [or_none(Table("benchmarks", head, [compared(comparison, row) for row in shared]))]
    if alone:
        rows = [lone(comparison, row) for row in alone]
        blocks += [
            Heading("Scores of one model only"),
            Table("lone-scores", ("Benchmark", "Model", "Score"), rows),
        ]
    return Section("benchmarks", "Benchmarks", blocks)


def compared(comparison: Comparison, row: Row) -> tuple[Text, ...]:
    """Return one line of two scores."""
    scores = score(row.a), score(row.b)
    if not row.comparable:
        return (row.name, *scores, "not comparable", why_not(row) or "")
    leader = "tie" if row.leader == "tie" else comparison.pair.side(row.leader or "a").name
    return (row.name, *scores, leader, row.gap)


def lone(comparison: Comparison, row: Row) -> tuple[Text, ...]:
    """Return one line of a score that has no counterpart."""
    owner = comparison.a if row.a else comparison.b
    return row.name, owner.name, score(row.a or row.b)


def score(shown: Shown | None) -> Text:
    """Return a score with its reporter, harness and date, as far as they are known."""
    if shown is None:
        return UNKNOWN
    said = conditions(shown)
    return Joined((shown, f"({said})"), " ") if said else shown


def faq(comparison: Comparison) -> Section:
    blocks: list[Rendered] = []
    for question, said in answers(comparison):
        blocks += [Heading(question), Claims(said)]
    return Section("faq", "Questions", blocks or [NONE])
