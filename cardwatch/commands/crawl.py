"""`cardwatch crawl`: fetch what is due into the archive."""

from __future__ import annotations

import click

from cardwatch.app import App, pass_app
from cardwatch.run.crawl_stage import chosen_sources, crawl_due, explain_choices
from cardwatch.terminal import output
from cardwatch.terminal.options import all_option, budget_option, sources_argument, workers_option


@click.command()
@sources_argument
@all_option
@budget_option
@click.option(
    "--explain", "why", is_flag=True, help="Print why each page is or is not visited; fetch nothing."
)
@workers_option
@output.format_option
@pass_app
def crawl(
    app: App,
    sources: tuple[str, ...],
    everything: bool,
    budget: int | None,
    why: bool,
    workers: int | None,
    form: str,
) -> None:
    """Fetch what is due into the archive, and stop there; `normalize` reads it.

    \b
    cardwatch crawl --budget 50 --explain
    """
    app = app.with_workers(workers)
    chosen = chosen_sources(app, sources)
    if why:
        rows = explain_choices(app, chosen, everything=everything, budget=budget)
        output.print_rows(rows, ("visit", "source", "url", "index", "why"), form, empty="no page is known")
        return
    with app.writing() as catalog:
        crawled = crawl_due(app, catalog, chosen, everything=everything, budget=budget)
    output.echo(crawled.sentence(), err=True)
