"""`cardwatch stale`: what is older than its limit, why, and when it is next due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from cardwatch import freshness_budget
from cardwatch.app import App, parse_clock, pass_app
from cardwatch.db.staleness.stale_facts import (
    LevelCounts,
    StaleFact,
    StaleGroup,
    StaleReport,
    group_stale_facts,
)
from cardwatch.freshness_budget import limits_kept, limits_sentence
from cardwatch.site.stale_page import stale_html
from cardwatch.terminal import output

if TYPE_CHECKING:
    from cardwatch.db.schedule.crawl_plan import FreshnessBudget

STALE_COLUMNS = (
    "level", "model", "offer", "source", "attribute", "last_verified", "age_days", "limit_days",
    "reason", "next_due", "weight",
)  # fmt: skip


@click.command()
@click.option(
    "--format", "form", type=click.Choice([*output.FORMATS, "html"]), default="table", show_default=True
)
@click.option(
    "--fail-on", type=click.Choice(["warn", "error"]), help="Exit 1 when a fact is this stale or worse."
)
@click.option("--as-of", metavar="DATE", help="Answer for a day in the past.")
@click.option("--source", "sources", multiple=True, help="Only facts of this source; repeatable.")
@click.option("--limit", default=40, show_default=True, help="Lines of the table; 0 prints all.")
@pass_app
def stale(
    app: App, form: str, fail_on: str | None, as_of: str | None, sources: tuple[str, ...], limit: int
) -> None:
    """Say which published facts nobody has looked at within their limit, and why.

    The table gathers facts that share source, reason and day; JSON and CSV list every one. Exits 0 however
    stale the catalog is, unless --fail-on is given.

    \b
    cardwatch stale --fail-on error
    cardwatch stale --format json | jq .summary
    """
    with app.reading() as catalog:
        report = catalog.stale_report(
            now=_moment(app, as_of), limits=app.limits, interval=app.interval, past=as_of is not None
        )
        wanted = form in {"json", "table"} and as_of is None
        kept = limits_kept(app, catalog) if wanted else None
    if sources:
        report = replace(report, rows=tuple(row for row in report.rows if row.source in sources))
    if form == "json":
        click.echo(output.json_text(stale_report_json(report, kept)))
    elif form == "csv":
        click.echo(output.csv_text([_row(row) for row in report.rows], STALE_COLUMNS), nl=False)
    elif form == "html":
        click.echo(stale_html(report), nl=False)
    else:
        _print(report, limit)
        if kept and not kept.ok:
            click.echo(f"Note: {limits_sentence(app, kept)}.")
    if fail_on and (report.total.error or (fail_on == "warn" and report.total.warn)):
        raise click.exceptions.Exit(1)


def _moment(app: App, as_of: str | None) -> datetime:
    """Return the asked moment: the end of a day, or a time as given."""
    if as_of is None:
        return app.now()
    moment = parse_clock(as_of)()
    return moment.replace(hour=23, minute=59, second=59, tzinfo=UTC) if len(as_of) == 10 else moment


def stale_report_json(report: StaleReport, kept: FreshnessBudget | None = None) -> dict[str, Any]:
    """Return the report in the shape of the contract, with additions named in docs/reference/json.md."""
    return {
        "generated_at": report.generated_at,
        "summary": {
            **_shares(report.total),
            "never_sourced": report.never_sourced,
            "held": report.held,
            "quarantined": report.quarantined,
            "oldest": report.oldest,
            "last_run": report.last_run,
            "next_run": report.next_run,
            "schedule_dead": report.schedule_dead,
            "limits": freshness_budget.limits_json(kept) if kept else None,
            "by_attribute": {name: _shares(count) for name, count in report.by_attribute.items()},
            "by_source": {name: _shares(count) for name, count in report.by_source.items()},
        },
        "rows": [_row(row) for row in report.rows],
    }


def _shares(count: LevelCounts) -> dict[str, int]:
    return {"fresh": count.fresh, "warn": count.warn, "error": count.error}


def _row(row: StaleFact) -> dict[str, Any]:
    return {column: getattr(row, column) for column in STALE_COLUMNS}


def _print(report: StaleReport, limit: int) -> None:
    groups = group_stale_facts(report.rows)
    console = output.stdout_console()
    if groups:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("level", "source", "what", "last verified", "why", "next due"):
            table.add_column(heading, overflow="fold")
        table.add_column("age", justify="right")
        table.add_column("limit", justify="right")
        for group in groups[: limit or None]:
            table.add_row(*_line(group))
        console.print(table)
    if limit and len(groups) > limit:
        click.echo(f"… and {len(groups) - limit} more groups; --limit 0 prints them")
    click.echo("\n".join(summary_lines(report)))


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
        worst.next_due[:10] if worst.next_due else "by hand",
        f"{worst.age_days} d",
        f"{worst.limit_days} d",
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
