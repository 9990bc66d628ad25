"""What a run prints at its end: counts, changes, comparisons, staleness, and where to look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rich.table import Table

from cardwatch.app import App
from cardwatch.compare.history import change_ends
from cardwatch.compare.offers import qualifier_text
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.query.cards import Change
from cardwatch.db.query.reports import Hold, IngestReport, WaitingCounts
from cardwatch.db.query.stated_rows import SourceCounts
from cardwatch.freshness_budget import build_stale_report
from cardwatch.run.comparison_stage import ComparisonUpdate
from cardwatch.run.crawl_stage import CrawlReport
from cardwatch.run.ingest_stage import IngestResult
from cardwatch.terminal import output
from cardwatch.terminal.consoles import stdout_console
from cardwatch.terminal.stale_table import summary_lines

SHOWN_CHANGES = 15
SHOWN_HOLDS = 6


def failure_reason(
    taken: IngestResult, crawled: CrawlReport | None = None, *, overdue: Mapping[str, int] | None = None
) -> str:
    """Return why a run ends with exit code 1, in one line; "" for a good one.

    `overdue` are the days for which parts of a source were not understood, past their facts' error limit.
    """
    if crawled and crawled.result.stopped:
        return "stopped early by a signal; the next run carries on"
    if crawled and crawled.no_answer:
        return f"no network, or all that was asked is down: nothing answered ({crawled.no_answer})"
    if taken.failed:
        failed = f"failed or held: {', '.join(taken.failed)}; `cardwatch sources` says why"
        return "; ".join(filter(None, [failed, damage_reason(taken)]))
    if taken.damaged:
        return damage_reason(taken)
    if overdue:
        listed = ", ".join(f"{source} ({days} days)" for source, days in overdue.items())
        return f"not understood past the error limit: {listed}; `cardwatch drift` says what"
    return ""


def damage_reason(taken: IngestResult) -> str:
    """Return which records tell of nothing, in one line; "" for none."""
    if not taken.damaged:
        return ""
    more = f", and {len(taken.damaged) - 1} more" if len(taken.damaged) > 1 else ""
    return f"damaged records left out: {taken.damaged[0]}{more}"


def run_json(
    catalog: CatalogReports,
    taken: IngestResult,
    compared: ComparisonUpdate,
    crawled: CrawlReport | None = None,
    *,
    wrong: str = "",
) -> dict[str, Any]:
    """Return the one-line summary of a run, for monitors; `wrong` is what `trouble` says of it."""
    total = Counter[str]()
    for report in taken.reports:
        total.update(report.outcomes)
    return {
        "finished_at": catalog.now,
        "exit_code": 1 if wrong else 0,
        "trouble": wrong or None,
        "sources": len({report.source for report in taken.reports}),
        "visits": sum(total.values()),
        "outcomes": {str(name): count for name, count in total.items()},
        "facts_new": sum(report.new for report in taken.reports),
        "facts_changed": sum(report.changed for report in taken.reports),
        "held": sum(report.held for report in taken.reports),
        "rejected": sum(report.rejected for report in taken.reports),
        "comparisons": {"made": compared.made, "regenerated": compared.regenerated, "left": compared.left},
        "failed": taken.failed,
        "read_in_part": taken.partial,
        "models": catalog.count_models(),
        "skipped": crawled.skipped if crawled else {},
        "planned": crawled.planned if crawled else 0,
        "named": crawled.named if crawled else (),
        "stopped": crawled.result.stopped if crawled else False,
    }


def print_run(
    app: App,
    catalog: CatalogReports,
    taken: IngestResult,
    compared: ComparisonUpdate,
    crawled: CrawlReport | None,
) -> None:
    """Print what a run did, for people."""
    if crawled is not None:
        output.echo(crawled.sentence())
    console = stdout_console()
    if (table := _sources(catalog, taken.reports)).row_count:
        console.print(table)
    if not (crawled and crawled.no_answer):
        _print_failures(taken)
    for source, sentences in taken.partial.items():
        more = f" and {len(sentences) - 1} more pages" if len(sentences) > 1 else ""
        output.echo(f"{source}: {sentences[0]}{more} (cardwatch drift {source})")
    changes = price_changes(change for report in taken.reports for change in report.changes)
    if changes:
        console.print(_changes(changes))
        if len(changes) > SHOWN_CHANGES:
            output.echo(f"… and {len(changes) - SHOWN_CHANGES} more price changes: cardwatch changes\n")
    held = catalog.holds()
    if held:
        output.echo(f"Held, not published: {len(held)} (cardwatch holds)")
        for hold in sorted(held, key=_hold_order)[:SHOWN_HOLDS]:
            what = f"{hold.model or hold.url} {hold.attribute}".strip()
            output.echo(f"  {what}: {hold.reason}")
    output.echo(f"\nComparisons: {compared.sentence()}")
    output.echo("\nStale data:")
    report = build_stale_report(app, catalog, sums_only=True)
    for line in summary_lines(report):
        output.echo(f"  {line}")
    output.echo(f"\nCatalog: {app.home.catalog}   Archive: {app.home.archive}")


def _print_failures(taken: IngestResult) -> None:
    """Print what went wrong, one line a source and a damaged record."""
    for source, found in sorted(taken.failures.items()):
        url, detail = next(iter(found.items()))
        where = "" if url in detail else f", at {url}"
        more = f" and {len(found) - 1} more pages" if len(found) > 1 else ""
        output.echo(f"{source} failed: {detail or 'no reason given'}{where}{more}")
    for record in taken.damaged:
        output.echo(f"left out: {record}")


def _hold_order(hold: Hold) -> tuple[bool, bool, int]:
    """Sort prices that moved before limits that shrank before values nobody had seen before."""
    return hold.old is None, not hold.attribute.endswith("_price"), hold.id


def price_changes(changes: Iterable[Change]) -> list[Change]:
    """Return the price changes, the largest move first."""
    found = [change for change in changes if change.prices]
    return sorted(found, key=lambda change: (-change.ratio, change.model, change.attribute))


def _sources(catalog: CatalogReports, reports: list[IngestReport]) -> Table:
    table = Table(title="Sources", title_justify="left", box=None, pad_edge=False, header_style="dim")
    table.add_column("source")
    for heading in ("models", "offers", "facts", "changed", "held", "refused", "unlinked"):
        table.add_column(heading, justify="right")
    counted, queues = catalog.count_by_source(), catalog.count_waiting()
    changed = Counter[str]()
    for report in reports:
        changed[report.source] += report.changed
    for source in sorted({*counted, *queues, *changed}):
        own, waiting = counted.get(source, SourceCounts()), queues.get(source, WaitingCounts())
        counts = (*own[:3], changed[source], *waiting)
        if any(counts):
            table.add_row(source, *map(str, counts))
    return table


def _changes(changes: list[Change]) -> Table:
    table = Table(title="Price changes", title_justify="left", box=None, pad_edge=False, header_style="dim")
    for heading in ("day", "model", "provider", "price"):
        table.add_column(heading)
    table.add_column("old", justify="right")
    table.add_column("new", justify="right")
    table.add_column("source")
    for change in changes[:SHOWN_CHANGES]:
        price = change.attribute.removesuffix("_price")
        if change.qualifier:
            price = f"{price} {qualifier_text(change.qualifier)}".strip()
        moved = change_ends(change)
        table.add_row(change.at[:10], change.model, change.provider or "", price, *moved, change.source)
    return table
