"""`cardwatch compare`: any two models, stored or not; or the stage that keeps the stored ones up to date."""

from __future__ import annotations

import sys

import click

from cardwatch.app import App, pass_app
from cardwatch.compare.comparison import Comparison
from cardwatch.compare.comparison import compare as make
from cardwatch.compare.document import to_json
from cardwatch.compare.page import html, markdown
from cardwatch.compare.review import Stamp
from cardwatch.params import MODEL
from cardwatch.stage import compare_touched, settings_of, stamp_of


@click.command()
@click.argument("models", nargs=-1, type=MODEL, metavar="[A B]")
@click.option("--format", "form", type=click.Choice(["md", "html", "json"]), help="How to print.")
@click.option("--changed", is_flag=True, help="Bring the kept pairs that a change touched up to date.")
@click.option("--all", "everything", is_flag=True, help="Look at every kept pair.")
@click.option("--input-mtok", type=click.IntRange(0), help="Monthly input, million tokens.")
@click.option("--output-mtok", type=click.IntRange(0), help="Monthly output, million tokens.")
@pass_app
def compare(
    app: App,
    models: tuple[str, ...],
    form: str | None,
    changed: bool,
    everything: bool,
    input_mtok: int | None,
    output_mtok: int | None,
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
        with app.writing() as catalog:
            click.echo(compare_touched(app, catalog, everything=everything).sentence())
        return
    if len(models) != 2:
        raise click.UsageError(f"wanted two models, found {len(models)}")
    comparison, stamp = on_demand(app, models[0], models[1], input_mtok, output_mtok)
    if form is None and sys.stdout.isatty():
        from cardwatch.compare_view import print_comparison

        print_comparison(comparison, stamp)
        return
    click.echo(rendered(comparison, stamp, form or "md"), nl=False)


def on_demand(
    app: App, a: str, b: str, input_mtok: int | None = None, output_mtok: int | None = None
) -> tuple[Comparison, Stamp]:
    """Return the comparison of two models as the catalog has them now, and its dates."""
    usual = settings_of(app)
    settings = type(usual)(
        usual.input_mtok if input_mtok is None else input_mtok,
        usual.output_mtok if output_mtok is None else output_mtok,
    )
    with app.reading() as catalog:
        first, second = catalog.find(a), catalog.find(b)
        if first == second:
            raise click.UsageError(f"{a} and {b} are the same model, {first}")
        found = {card.id: card for card in catalog.cards([first, second])}
        comparison = make(found[first], found[second], settings=settings)
        return comparison, stamp_of(app, catalog, comparison)


def rendered(comparison: Comparison, stamp: Stamp, form: str) -> str:
    """Return the comparison in one of its three renderings."""
    if form == "json":
        return to_json(comparison, stamp, pretty=True).decode()
    return html(comparison, stamp) if form == "html" else markdown(comparison, stamp)
