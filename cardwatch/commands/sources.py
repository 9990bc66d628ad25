"""`cardwatch sources`: every source and how it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from msgspec.structs import asdict

from cardwatch.app import App, pass_app
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.query.reports import SourceStatus
from cardwatch.db.query.unread import ReadingFinding
from cardwatch.terminal import output

SOURCE_COLUMNS = ("id", "kind", "authority", "url", "last_success", "facts", "rejected", "unlinked", "held",
           "next_due", "state", "reason", "yields")  # fmt: skip


@click.command()
@click.option("--unlinked", is_flag=True, help="List the names no rule could turn into a model.")
@click.option("--rejected", is_flag=True, help="List the cells that could not be understood.")
@click.option(
    "--report", is_flag=True, help="Rows, facts, refusals by reason, unlinked and conflicts per source."
)
@output.format_option
@pass_app
def sources(app: App, unlinked: bool, rejected: bool, report: bool, form: str) -> None:
    """List the sources: authority, last success, facts, unlinked, held, next due, and why one is not well.

    \b
    cardwatch sources --unlinked
    cardwatch sources --report --format json
    """
    with app.reading() as catalog:
        if unlinked:
            rows: list[dict[str, Any]] = [asdict(row) for row in catalog.unlinked()]
            columns: tuple[str, ...] = ("source", "provider", "name", "candidates", "first_seen")
        elif rejected:
            rows = [asdict(row) for row in catalog.quarantine()]
            columns = (
                "source",
                "name",
                "attribute",
                "raw",
                "raw_unit",
                "rule",
                "locator",
                "count",
                "last_seen",
            )
        elif report:
            rows, columns = source_report(catalog), ()
            columns = tuple(rows[0]) if rows else ()
        else:
            findings = catalog.reading_findings(app.limits)
            rows, columns = [_source_row(row, findings) for row in catalog.sources()], SOURCE_COLUMNS
    output.print_rows(rows, columns, form, empty="no source yet" if not unlinked else "every name is linked")


def _source_row(source: SourceStatus, findings: Sequence[ReadingFinding]) -> dict[str, Any]:
    """Return a source as a row; its reason also says what the self-check of reading found."""
    found = dict.fromkeys(each.finding for each in findings if each.source == source.id)
    return {**asdict(source), "reason": "; ".join(filter(None, (source.reason, *found)))}


def source_report(catalog: CatalogReports) -> list[dict[str, Any]]:
    """Return per source what was read and what was refused, with the three commonest reasons."""
    refused: dict[str, dict[str, int]] = {}
    for row in catalog.quarantine():
        reasons = refused.setdefault(row.source, {})
        reasons[row.rule] = reasons.get(row.rule, 0) + 1
    conflicts: dict[str, int] = {}
    for conflict in catalog.conflicts():
        for name in {value.source for value in conflict.values}:
            conflicts[name] = conflicts.get(name, 0) + 1
    return [
        {
            "id": row.id,
            "pages": row.pages,
            "facts": row.facts,
            "rejected": row.rejected,
            "reasons": _commonest(refused.get(row.id, {})),
            "unlinked": row.unlinked,
            "held": row.held,
            "conflicts": conflicts.get(row.id, 0),
            "state": row.state,
        }
        for row in catalog.sources()
    ]


def _commonest(reasons: dict[str, int]) -> str:
    first = sorted(reasons.items(), key=lambda item: -item[1])[:3]
    return "; ".join(f"{count}× {reason}" for reason, count in first)
