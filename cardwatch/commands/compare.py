"""`cardwatch compare`: any two models, stored or not; or the stage that keeps the stored ones up to date."""

from __future__ import annotations

import sys

import click

from cardwatch.app import App, pass_app
from cardwatch.compare.comparison import Comparison
from cardwatch.compare.render.comparison_json import to_json
from cardwatch.compare.render.comparison_page import render_html, render_markdown
from cardwatch.compare.render.review import RenderContext
from cardwatch.run.comparison_stage import compare_on_demand, update_comparisons
from cardwatch.terminal import output
from cardwatch.terminal.options import workers_option
from cardwatch.terminal.params import MODEL_PARAM


@click.command()
@click.argument("models", nargs=-1, type=MODEL_PARAM, metavar="[A B]")
@click.option("--format", "form", type=click.Choice(["md", "html", "json"]), help="How to print.")
@click.option("--changed", is_flag=True, help="Bring the kept pairs that a change touched up to date.")
@click.option("--all", "everything", is_flag=True, help="Look at every kept pair.")
@click.option("--input-mtok", type=click.IntRange(0), help="Monthly input, million tokens.")
@click.option("--output-mtok", type=click.IntRange(0), help="Monthly output, million tokens.")
@workers_option
@pass_app
def compare(
    app: App,
    models: tuple[str, ...],
    form: str | None,
    changed: bool,
    everything: bool,
    input_mtok: int | None,
    output_mtok: int | None,
    workers: int | None,
) -> None:
    """Compare two models: every sentence from named rules over facts with evidence.

    A and B are ids, their last parts, display names or reviewed aliases; their order does not matter. Prints
    a table view on a terminal, Markdown when piped.

    \b
    cardwatch compare gpt-4.1 qwen3.5-4b
    cardwatch compare gpt-4.1 qwen3.5-4b --format json | jq .cost
    cardwatch compare --changed
    """
    if changed or everything:
        if models:
            raise click.UsageError("--changed and --all take no models")
        app = app.with_workers(workers)
        with app.writing() as catalog:
            output.echo(update_comparisons(app, catalog, everything=everything).sentence())
        return
    if len(models) != 2:
        raise click.UsageError(f"wanted two models, found {len(models)}")
    comparison, stamp = compare_on_demand(app, models[0], models[1], input_mtok, output_mtok)
    if form is None and sys.stdout.isatty():
        from cardwatch.terminal.comparison_tables import print_comparison

        print_comparison(comparison, stamp)
        return
    output.echo(render_comparison(comparison, stamp, form or "md"), nl=False)


def render_comparison(comparison: Comparison, stamp: RenderContext, form: str) -> str:
    """Return the comparison in one of its three renderings."""
    if form == "json":
        return to_json(comparison, stamp, pretty=True).decode()
    return render_html(comparison, stamp) if form == "html" else render_markdown(comparison, stamp)
