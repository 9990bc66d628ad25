"""`cardwatch models`: list the models; link, unlink or merge their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import asdict

from cardwatch.app import App, pass_app
from cardwatch.db.store.errors import UnknownModelError
from cardwatch.errors import UsageError
from cardwatch.normalize.providers import developer_of, is_model_id
from cardwatch.terminal import output
from cardwatch.terminal.options import by_option, provider_option, reason_option, require_text
from cardwatch.terminal.params import MODEL_PARAM, SOURCE_PARAM, require_sources

if TYPE_CHECKING:
    from cardwatch.db.catalog import CatalogStore

MODEL_COLUMNS = ("id", "name", "vendor", "product_type", "lifecycle", "context_window", "cheapest_input",
          "cheapest_output", "offers", "oldest_reviewed_on")  # fmt: skip


@click.group(invoke_without_command=True)
@output.format_option
@click.option("--vendor", help="Only models of this vendor (id or name).")
@click.option("--search", help="Only models whose id or name contains these words.")
@click.pass_context
def models(ctx: click.Context, form: str, vendor: str | None, search: str | None) -> None:
    """List the catalog's models, or decide what a name means (link, unlink, merge).

    \b
    cardwatch models --vendor openai --format csv
    cardwatch models link openrouter_models "acme/large:beta" acme/large \\
        --by me --reason "same weights"
    """
    if ctx.invoked_subcommand is not None:
        return
    app = ctx.find_object(App)
    assert app is not None
    with app.reading() as catalog:
        rows = [*map(asdict, catalog.models())]
    kept = [row for row in rows if _matches_filter(row, vendor, search)]
    output.print_rows(kept, MODEL_COLUMNS, form, empty="no model matches")


def _matches_filter(row: dict[str, Any], vendor: str | None, search: str | None) -> bool:
    names = f"{row['id']} {row['name']}".lower()
    made_by = {str(row["vendor"]).lower(), developer_of(row["id"])}
    wanted = (search or "").lower().split()
    return (vendor is None or vendor.lower() in made_by) and all(word in names for word in wanted)


@models.command()
@click.argument("source", type=SOURCE_PARAM)
@click.argument("name", callback=require_text)
@click.argument("model", type=MODEL_PARAM)
@click.option("--new", is_flag=True, help="MODEL is an id the catalog does not have yet.")
@provider_option
@by_option
@reason_option
@pass_app
def link(
    app: App, source: str, name: str, model: str, provider: str, by: str, reason: str, *, new: bool
) -> None:
    """Say that NAME, as SOURCE prints it, is MODEL; its pages are read again at the next run.

    A mistyped MODEL would found a model of its own: one that the catalog does not know is refused without --new.

    \b
    cardwatch models link openrouter_models "acme/large:beta" acme/large \\
        --by me --reason "same weights"
    """
    with app.writing() as catalog:
        require_sources(catalog, [source])
        found = _new_id(model) if new else _known_id(catalog, model)
        catalog.link(name, found, by=by, reason=reason, source=source, provider=provider)
    output.echo(f"{source} {name!r} is {found}; `cardwatch normalize` reads its pages again", err=True)


def _known_id(catalog: CatalogStore, model: str) -> str:
    """Return the id of a model that the catalog has. Raises UsageError, which names --new where that would do."""
    try:
        return catalog.find(model)
    except UnknownModelError as error:
        hint = "; if it is to be a new model, add --new" if is_model_id(model) else ""
        raise UsageError(f"{error}{hint}") from None


def _new_id(model: str) -> str:
    """Return an id that a model may get. Raises UsageError."""
    if not is_model_id(model):
        raise UsageError(f"--new: wanted an id <developer>/<model>, found {model!r}")
    return model


@models.command()
@click.argument("source", type=SOURCE_PARAM)
@click.argument("name", callback=require_text)
@provider_option
@by_option
@reason_option
@pass_app
def unlink(app: App, source: str, name: str, provider: str, by: str, reason: str) -> None:
    """Say that NAME, as SOURCE prints it, means no single model.

    \b
    cardwatch models unlink openrouter_models acme/auto --by me --reason router
    """
    with app.writing() as catalog:
        require_sources(catalog, [source])
        catalog.unlink(name, by=by, reason=reason, source=source, provider=provider)
    output.echo(f"{source} {name!r} stays unlinked; `cardwatch normalize` reads its pages again", err=True)


@models.command()
@click.argument("model", type=MODEL_PARAM)
@click.argument("into", type=MODEL_PARAM)
@by_option
@reason_option
@pass_app
def merge(app: App, model: str, into: str, by: str, reason: str) -> None:
    """Say that MODEL is the same as INTO, which takes over its facts.

    \b
    cardwatch models merge acme/large-beta acme/large --by me --reason "renamed"
    """
    with app.writing() as catalog:
        catalog.merge(catalog.find(model), catalog.find(into), by=by, reason=reason)
    output.echo(f"{model} is now {into}", err=True)


@models.command()
@click.argument("model", type=MODEL_PARAM)
@by_option
@reason_option
@pass_app
def unmerge(app: App, model: str, by: str, reason: str) -> None:
    """Take a merge back: MODEL is a model of its own again, with its own facts.

    \b
    cardwatch models unmerge acme/large-beta --by me --reason "not the same"
    """
    with app.writing() as catalog:
        catalog.unmerge(model, by=by, reason=reason)
    output.echo(f"{model} is a model of its own again", err=True)
