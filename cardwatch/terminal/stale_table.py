"""The stale-data report for a terminal."""

from __future__ import annotations

from cardwatch.db.staleness.stale_facts import StaleGroup, StaleReport, group_stale_facts, next_due_text
from cardwatch.db.store.freshness_limits import days_text
from cardwatch.terminal import output
from cardwatch.terminal.output import print_tables
from cardwatch.terminal.text_table import TextCell, TextTable

COLUMNS = ("level", "source", "what", "last verified", "why", "next due", "age", "limit")


def print_stale_report(report: StaleReport, limit: int) -> None:
    """Print the stale facts in groups, at most `limit` of them (0: all), and the sums below."""
    groups = group_stale_facts(report.rows)
    if groups:
        rows = [[TextCell(text) for text in _line(group)] for group in groups[: limit or None]]
        print_tables(
            TextTable(COLUMNS, rows, right=frozenset({COLUMNS.index("age"), COLUMNS.index("limit")}))
        )
    if limit and len(groups) > limit:
        output.echo(f"… and {len(groups) - limit} more groups; --limit 0 prints them")
    output.echo("\n".join(summary_lines(report)))


def _line(group: StaleGroup) -> list[str]:
    worst = group.worst
    models = group.models[0] if len(group.models) == 1 else f"{len(group.models)} models"
    kinds = ", ".join(group.attributes[:3]) + (
        f" +{len(group.attributes) - 3}" if len(group.attributes) > 3 else ""
    )
    return [
        worst.level,
        group.source,
        f"{models}: {kinds} ({group.facts})",
        worst.last_verified[:10],
        worst.reason,
        next_due_text(worst),
        days_text(worst.age_days),
        days_text(worst.limit_days),
    ]


def summary_lines(report: StaleReport) -> list[str]:
    """Return the sums in sentences."""
    total = report.total.fresh + report.total.warn + report.total.error
    share = f"{100 * report.total.fresh / total:.1f} %" if total else "none"
    lines = [
        f"{total} facts: {report.total.fresh} fresh ({share}), {report.total.warn} warn, "
        f"{report.total.error} error; {report.never_sourced} never sourced, {report.held} held, "
        f"{report.quarantined} quarantined.",
        f"Oldest fact: {report.oldest or 'none'}. Last run: {report.last_run or 'none'}. "
        f"Next expected: {report.next_run or 'unknown'}.",
    ]
    if report.schedule_dead:
        lines.append("No run has finished for twice the usual interval: is the schedule still alive?")
    return lines
