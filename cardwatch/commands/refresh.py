"""`cardwatch refresh`: crawl what is due, write and compare what changed, print it."""

from __future__ import annotations

from importlib import resources

import click

from cardwatch.app import App, pass_app
from cardwatch.freshness_budget import limits_kept, limits_sentence
from cardwatch.notifications.delivery import notifying
from cardwatch.run.comparison_stage import update_comparisons
from cardwatch.run.crawl_stage import chosen_sources, crawl_due, crawl_signalled, refuse_without_contact
from cardwatch.run.steps import (
    import_curated,
    ingest_archive,
    print_summary,
    reading_ahead,
)
from cardwatch.run.summary import failure_reason, run_json
from cardwatch.terminal import output
from cardwatch.terminal.options import (
    all_option,
    budget_option,
    json_option,
    sources_argument,
    workers_option,
)


@click.command()
@sources_argument
@all_option
@budget_option
@workers_option
@json_option
@pass_app
def refresh(
    app: App,
    sources: tuple[str, ...],
    everything: bool,
    budget: int | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """The main job: crawl what is due, write what changed, make the comparisons it touches, print it.

    Exits 1 when a source failed or is held, never because facts are stale.

    \b
    cardwatch refresh
    cardwatch refresh openrouter_models vercel_models --all
    cardwatch refresh --budget 200 --json
    """
    app = app.with_workers(workers)
    chosen = chosen_sources(app, sources)
    refuse_without_contact(app, chosen)
    with app.writing() as catalog, notifying(app, catalog), catalog.run("refresh") as note:
        with resources.as_file(resources.files("cardwatch") / "data" / "curated") as folder:
            import_curated(catalog, sorted(folder.glob("*.jsonl")))
        left = ingest_archive(app, catalog)
        if not (kept := limits_kept(app, catalog)).ok:
            output.echo(f"cardwatch: {limits_sentence(app, kept)}", err=True)
        with reading_ahead(app, catalog) as ahead:
            crawled = crawl_due(app, catalog, chosen, everything=everything, budget=budget, named=sources)
            taken = ingest_archive(app, catalog, ahead)
        if signalled := crawl_signalled(app, catalog, chosen, crawled, budget=budget):
            crawled += signalled
            taken += ingest_archive(app, catalog)
        catalog.settle_holds()
        taken.reports[:0] = left.reports
        compared = update_comparisons(app, catalog)
        wrong = failure_reason(taken, crawled, overdue=catalog.overdue_unread(app.limits))
        note |= run_json(catalog, taken, compared, crawled, wrong=wrong)
    print_summary(app, taken, compared, crawled, as_json, wrong)
