"""`cardwatch models link / unlink / merge`: what people decide about names; recorded, never deleted."""

from __future__ import annotations

import click

from cardwatch.app import App, pass_app
from cardwatch.terminal import output
from cardwatch.terminal.params import MODEL_PARAM

by_option = click.option("--by", required=True, metavar="NAME", help="Who decides.")
reason_option = click.option("--reason", required=True, help="Why; kept with the decision.")
provider_option = click.option(
    "--provider", default="", help="Provider, by its id or as the source prints it; default any."
)


@click.command()
@click.argument("source")
@click.argument("name")
@click.argument("model", type=MODEL_PARAM)
@provider_option
@by_option
@reason_option
@pass_app
def link(app: App, source: str, name: str, model: str, provider: str, by: str, reason: str) -> None:
    """Say that NAME, as SOURCE prints it, is MODEL; its pages are read again at the next run.

    \b
    cardwatch models link openrouter_models "acme/large:beta" acme/large --by reviewer --reason "same weights"
    """
    with app.writing() as catalog:
        catalog.link(name, model, by=by, reason=reason, source=source, provider=provider)
    output.stderr_console().print(
        f"{source} {name!r} is {model}; `cardwatch normalize` reads its pages again"
    )


@click.command()
@click.argument("source")
@click.argument("name")
@provider_option
@by_option
@reason_option
@pass_app
def unlink(app: App, source: str, name: str, provider: str, by: str, reason: str) -> None:
    """Say that NAME, as SOURCE prints it, means no single model.

    \b
    cardwatch models unlink openrouter_models "acme/auto" --by reviewer --reason "a router"
    """
    with app.writing() as catalog:
        catalog.unlink(name, by=by, reason=reason, source=source, provider=provider)
    output.stderr_console().print(
        f"{source} {name!r} stays unlinked; `cardwatch normalize` reads its pages again"
    )


@click.command()
@click.argument("model", type=MODEL_PARAM)
@click.argument("into", type=MODEL_PARAM)
@by_option
@reason_option
@pass_app
def merge(app: App, model: str, into: str, by: str, reason: str) -> None:
    """Say that MODEL is the same as INTO, which takes over its facts.

    \b
    cardwatch models merge acme/large-beta acme/large --by reviewer --reason "renamed"
    """
    with app.writing() as catalog:
        catalog.merge(catalog.find(model), catalog.find(into), by=by, reason=reason)
    output.stderr_console().print(f"{model} is now {into}")


MODEL_DECISIONS = (link, unlink, merge)
