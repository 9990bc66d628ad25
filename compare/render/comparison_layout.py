"""The page, section by section, in the order people read it. No sentence is made here."""

from __future__ import annotations

from collections.abc import Callable, Collection

from cardwatch.compare.comparison import Comparison
from cardwatch.compare.render import model_tables
from cardwatch.compare.render.blocks import CellText, Joined, ModelColumn, TableRows, TwoColumns
from cardwatch.compare.render.cost_section import write_cost
from cardwatch.compare.render.fact_sections import (
    write_changes,
    write_conflicts,
    write_related,
    write_sources,
    write_unknown,
)
from cardwatch.compare.render.page_writers import NONE, PageWriter
from cardwatch.compare.render.review import ComparisonReview, RenderContext
from cardwatch.compare.render.scorecard import LEADS_LABEL, benchmark_lead_text, line_column, line_names
from cardwatch.compare.rules.verdict import NO_WINNER
from cardwatch.compare.scores import ScoreRow, reason_not_compared
from cardwatch.compare.side import Side
from cardwatch.compare.wording.grammar import count_noun
from cardwatch.compare.wording.labels import CAPABILITY_LABELS, UNKNOWN


def comparison_title(comparison: Comparison) -> str:
    """Return the page's title."""
    return f"{comparison.a.name} vs {comparison.b.name}"


def write_comparison(
    writer: PageWriter, comparison: Comparison, stamp: RenderContext, looked: ComparisonReview
) -> None:
    """Write every section in page order."""
    writer.title(Joined(model_names(comparison), " vs "))
    for write_section in SECTIONS:
        write_section(writer, comparison)
    write_related(writer, stamp)
    write_status(writer, comparison, looked)


def model_names(comparison: Comparison) -> tuple[str, str]:
    return comparison.a.name, comparison.b.name


def write_status(writer: PageWriter, comparison: Comparison, looked: ComparisonReview) -> None:
    """Write how fresh the page is, and what it was made from."""
    writer.section("status", "Last reviewed")
    rows = (
        ("Oldest review of a fact here", looked.reviewed_on or UNKNOWN),
        ("Freshness", looked.words),
        ("Snapshot", comparison.snapshot),
        ("Template", comparison.settings.template),
    )
    writer.table("status", ("Status", "Value"), TableRows(rows))


def write_intro(writer: PageWriter, comparison: Comparison) -> None:
    writer.section("intro", "The two models")
    writer.label(Joined([f"{side.name} ({side.vendor})" for side in comparison.sides], " · "))
    writer.paragraph(comparison.of("intro", "a", "b"))


def write_verdict(writer: PageWriter, comparison: Comparison) -> None:
    judged = comparison.verdict
    writer.section("verdict", "Verdict")
    notices = comparison.of("status", "a", "b")
    if notices:
        writer.bullets(notices)
    if judged.winner:
        writer.label("Recommended:", comparison.pair.side(judged.winner).name, kind="winner")
    else:
        writer.label("No overall winner:", NO_WINNER[judged.why or "close"], kind="no-winner")
    writer.paragraph(comparison.of("verdict", "pair"))
    rows = {
        "a": model_tables.criteria_rows_won(comparison.a),
        "b": model_tables.criteria_rows_won(comparison.b),
        **NOBODY_AHEAD,
    }
    found = {j.criterion.name: rows[j.result][j.criterion.name] for j in judged.criterion_results}
    if found["price"] is NOBODY_AHEAD["unknown"]["price"]:
        found["price"] = undecided_price_row(comparison)
    writer.table("criteria", HEAD_CRITERIA, *found.values())


def undecided_price_row(comparison: Comparison) -> TableRows:
    """Return the row of a price that cannot be judged: who asks less of those whose price is known, where others do not."""
    saving = comparison.pair.saving
    if saving is None or saving.cheaper is None:
        return NOBODY_AHEAD["unknown"]["price"]
    cheaper = comparison.pair.side(saving.cheaper).name
    words = f"unknown: {cheaper} by the prices that are known; another offer could be cheaper"
    return model_tables.criteria_rows(words)["price"]


HEAD_CRITERIA = ("Criterion", "Ahead")
NOBODY_AHEAD = {result: model_tables.criteria_rows(result) for result in ("tie", "unknown")}


def write_scorecard(writer: PageWriter, comparison: Comparison) -> None:
    pair = comparison.pair
    a, b = line_column(pair.a), line_column(pair.b)
    before, after = line_names(pair)
    both = TableRows([(LEADS_LABEL, benchmark_lead_text(pair, "a"), benchmark_lead_text(pair, "b"))])
    writer.section("scorecard", "Scorecard")
    head = ("Signal", *model_names(comparison))
    writer.table("scorecard", head, TwoColumns(before, a, b), both, TwoColumns(after, a, b))


def write_choose(writer: PageWriter, comparison: Comparison) -> None:
    for side in comparison.sides:
        writer.section(f"choose-{side.side_id}", f"Choose {side.name} when this matters")
        reasons = comparison.of("choose", side.side_id)
        if reasons:
            writer.bullets(reasons)
        else:
            writer.label(f"Nothing known speaks for {side.name}.")


def write_price_history(writer: PageWriter, comparison: Comparison) -> None:
    """Write the prices that moved; nothing where none did."""
    moved = [rows for side in comparison.sides if (rows := model_tables.price_step_rows(side)).rows]
    if moved:
        writer.section("price-history", "Price history")
        writer.table("price-history", HEAD_PRICES, *moved)


HEAD_PRICES = ("Model", "Price per 1M tokens", "Steps")


def write_switching(writer: PageWriter, comparison: Comparison) -> None:
    writer.section("switching", "Switching")
    writer.paragraph(comparison.of("switching", "pair"))
    for origin, target in ((comparison.a, comparison.b), (comparison.b, comparison.a)):
        writer.heading(Joined((origin.name, target.name), " → "))
        writer.bullets(comparison.of("switching", target.side_id))


def write_specs(writer: PageWriter, comparison: Comparison) -> None:
    writer.section("specs", "Specifications")
    write_side_by_side(writer, comparison, "specs", model_tables.spec_column, comparison.pair.specs)


def write_side_by_side(
    writer: PageWriter,
    comparison: Comparison,
    kind: str,
    column: Callable[[Side], ModelColumn],
    keys: Collection[str],
) -> None:
    """Write a table of two columns, each decided by one model."""
    body = TwoColumns(keys, column(comparison.a), column(comparison.b))
    writer.table(kind, (kind.capitalize(), *model_names(comparison)), body)


def write_pricing(writer: PageWriter, comparison: Comparison) -> None:
    writer.section("pricing", "Pricing and availability")
    for side in comparison.sides:
        writer.heading(side.name)
        writer.paragraph(comparison.of("pricing", side.side_id))
        writer.table("offers", HEAD_OFFERS, model_tables.provider_rows(side))


HEAD_OFFERS = ("Provider", "Offers", "Input per 1M", "Output per 1M", "Cheapest", "Other prices", "Reviewed")


def write_capabilities(writer: PageWriter, comparison: Comparison) -> None:
    writer.section("capabilities", "Capabilities")
    write_side_by_side(writer, comparison, "capabilities", model_tables.capability_column, CAPABILITY_LABELS)


def write_benchmarks(writer: PageWriter, comparison: Comparison) -> None:
    pair = comparison.pair
    writer.section("benchmarks", "Benchmarks")
    head = ("Benchmark", *model_names(comparison), "Ahead", "Difference")
    writer.table(
        "benchmarks", head, TableRows([compared_score_cells(comparison, row) for row in pair.scores])
    )
    alone = [
        model_tables.lone_score_rows(side)[score.id]
        for side in comparison.sides
        for score in pair.lone[side.side_id][: model_tables.MOST_LONE_SCORES]
    ]
    rest = sum(len(lone) for lone in pair.lone.values()) - len(alone)
    if alone:
        writer.heading("Scores of one model only")
        writer.table("lone-scores", HEAD_LONE_SCORES, *alone)
    if rest:
        writer.label(f"+{count_noun(rest, 'more score')}")


HEAD_LONE_SCORES = ("Benchmark", "Model", "Score")


def compared_score_cells(comparison: Comparison, row: ScoreRow) -> tuple[CellText, ...]:
    """Return one line of two scores."""
    scores = [
        model_tables.score_cells(side)[score.id] if score else UNKNOWN
        for side, score in zip(comparison.sides, (row.a, row.b), strict=True)
    ]
    if not row.comparable:
        return (row.name, *scores, "not comparable", reason_not_compared(row) or "")
    leader = "tie" if row.leader == "tie" else comparison.pair.side(row.leader or "a").name
    return (row.name, *scores, leader, row.gap)


def write_faq(writer: PageWriter, comparison: Comparison) -> None:
    writer.section("faq", "Questions")
    for question, statements in comparison.faq:
        writer.heading(question)
        writer.paragraph(statements)
    if not comparison.faq:
        writer.label(NONE)


SECTIONS: tuple[Callable[[PageWriter, Comparison], None], ...] = (
    write_verdict,
    write_intro,
    write_scorecard,
    write_choose,
    write_cost,
    write_price_history,
    write_switching,
    write_specs,
    write_pricing,
    write_capabilities,
    write_benchmarks,
    write_faq,
    write_unknown,
    write_conflicts,
    write_changes,
    write_sources,
)
"""Before the related pages and the status."""
