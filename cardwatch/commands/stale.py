"""`cardwatch stale`: what is older than its limit, why, and when it is next due."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from msgspec.structs import replace

from cardwatch.app import App, parse_clock, pass_app
from cardwatch.freshness_budget import build_stale_report, limits_kept, limits_sentence
from cardwatch.json_output import STALE_COLUMNS, stale_report_json, stale_row_json
from cardwatch.terminal import output
from cardwatch.terminal.options import limit_option
from cardwatch.terminal.params import SOURCE_PARAM, require_sources
from cardwatch.terminal.stale_table import print_stale_report
from cardwatch.watchlist import watcher


@click.command()
@click.option(
    "--format", "form", type=click.Choice([*output.FORMATS, "html"]), default="table", show_default=True
)
@click.option(
    "--fail-on", type=click.Choice(["warn", "error"]), help="Exit 1 when a fact is this stale or worse."
)
@click.option("--as-of", metavar="DATE", help="Answer for a day in the past.")
@click.option(
    "--source", "sources", type=SOURCE_PARAM, multiple=True, help="Only facts of this source; repeatable."
)
@click.option("--watched", is_flag=True, help="Only what the [watch] section of the settings lists.")
@limit_option
@pass_app
def stale(
    app: App,
    form: str,
    fail_on: str | None,
    as_of: str | None,
    sources: tuple[str, ...],
    watched: bool,
    limit: int,
) -> None:
    """Say which published facts nobody has looked at within their limit, and why.

    The table gathers facts that share source, reason and day; JSON and CSV list every one. Exits 0 however
    stale the catalog is, unless --fail-on is given.

    \b
    cardwatch stale --fail-on error
    cardwatch stale --format json | jq .summary
    """
    with app.reading() as catalog:
        require_sources(catalog, sources)
        wanted = form in {"json", "table"} and as_of is None
        kept = limits_kept(app, catalog) if wanted else None
        report = build_stale_report(app, catalog, as_of=_moment(as_of), kept=kept)
        findings = catalog.reading_findings(app.limits) if wanted else []
        if watched:
            seen = watcher(app, catalog)
            kept_rows = (row for row in report.rows if seen(row.model, row.offer, row.attribute))
            report = replace(report, rows=tuple(kept_rows))
    if sources:
        report = replace(report, rows=tuple(row for row in report.rows if row.source in sources))
    if form == "json":
        output.echo(output.json_text(stale_report_json(report, kept, findings)))
    elif form == "csv":
        output.echo(output.csv_text([stale_row_json(row) for row in report.rows], STALE_COLUMNS), nl=False)
    elif form == "html":
        from cardwatch.site.stale_page import stale_html

        output.echo(stale_html(report), nl=False)
    else:
        print_stale_report(report, limit)
        if kept and not kept.ok:
            output.echo(f"Note: {limits_sentence(app, kept)}.")
        for each in findings:
            output.echo(f"{each.source}: {each.finding}{f', {each.url}' if each.url else ''}")
    if fail_on and any(fail_on in ("warn", row.level) for row in report.rows):
        raise click.exceptions.Exit(1)


def _moment(as_of: str | None) -> datetime | None:
    """Return the asked moment: the end of a day, or a time as given; None for now."""
    if as_of is None:
        return None
    moment = parse_clock(as_of, "--as-of")()
    return moment.replace(hour=23, minute=59, second=59, tzinfo=UTC) if len(as_of) == 10 else moment
