"""Commands that only look: models, show, changes, conflicts, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import click

from cardwatch.app import App, pass_app
from cardwatch.commands.identity import MODEL_DECISIONS
from cardwatch.db.catalog import CatalogStore
from cardwatch.json_output import card_json, change_json, conflict_json, model_json
from cardwatch.terminal import output
from cardwatch.terminal.model_card import evidence_text, print_card
from cardwatch.terminal.params import DATE_PARAM, MODEL_PARAM

MODEL_COLUMNS = ("id", "name", "vendor", "product_type", "lifecycle", "context_window", "cheapest_input",
          "cheapest_output", "offers", "oldest_reviewed_on")  # fmt: skip
CHANGE_COLUMNS = ("at", "model", "provider", "attribute", "from", "to", "source", "url", "offer", "qualifier")
CONFLICT_COLUMNS = ("model", "provider", "attribute", "values", "chosen", "why", "monthly_usd")
SOURCE_COLUMNS = ("id", "kind", "authority", "url", "last_success", "facts", "rejected", "unlinked", "held",
           "next_due", "state", "yields")  # fmt: skip


@click.group(invoke_without_command=True)
@output.format_option
@click.option("--vendor", help="Only models of this vendor (id or name).")
@click.option("--search", help="Only models whose id or name contains this.")
@click.pass_context
def models(ctx: click.Context, form: str, vendor: str | None, search: str | None) -> None:
    """List the catalog's models, or decide what a name means (link, unlink, merge).

    \b
    cardwatch models --vendor openai --format csv
    cardwatch models link openrouter_models "acme/large:beta" acme/large --by reviewer --reason "same weights"
    """
    if ctx.invoked_subcommand is not None:
        return
    app = ctx.find_object(App)
    assert app is not None
    with app.reading() as catalog:
        rows = [model_json(row) for row in catalog.models()]
    kept = [row for row in rows if _matches_filter(row, vendor, search)]
    output.print_rows(kept, MODEL_COLUMNS, form, empty="no model matches")


for _command in MODEL_DECISIONS:
    models.add_command(_command)


def _matches_filter(row: dict[str, Any], vendor: str | None, search: str | None) -> bool:
    names = f"{row['id']} {row['name']}".lower()
    made_by = {str(row["vendor"]).lower(), row["id"].split("/")[0]}
    return (vendor is None or vendor.lower() in made_by) and (search is None or search.lower() in names)


@click.command()
@click.argument("model", type=MODEL_PARAM)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option(
    "--as-of", type=DATE_PARAM, metavar="DATE", help="The card as it was published at the end of that day."
)
@click.option("--evidence", metavar="ATTRIBUTE", help="Print the archived bytes this fact was read from.")
@pass_app
def show(app: App, model: str, form: str, as_of: str | None, evidence: str | None) -> None:
    """Print one model's card: facts with source and review date, offers, conflicts, changes.

    MODEL is an id, its last part, a display name or a reviewed alias.

    \b
    cardwatch show gpt-4.1
    cardwatch show openai/gpt-4.1 --as-of 2026-03-31 --format json
    """
    with app.reading() as catalog:
        card = catalog.as_of(as_of).card(model) if as_of else catalog.card(catalog.find(model))
        conflicts = catalog.conflicts(model=card.id)
    if evidence:
        click.echo(evidence_text(card, evidence, app.home.archive))
    elif form == "json":
        click.echo(output.json_text(card_json(card, conflicts)))
    else:
        print_card(card, conflicts, app)


@click.command()
@click.option("--since", type=DATE_PARAM, metavar="DATE", help="Only changes published on or after this day.")
@click.option("--model", type=MODEL_PARAM, help="Only this model.")
@output.format_option
@pass_app
def changes(app: App, since: str | None, model: str | None, form: str) -> None:
    """List published values that became others: old, new, source.

    \b
    cardwatch changes --since 2026-05-01
    cardwatch changes --model gpt-4.1 --format csv
    """
    with app.reading() as catalog:
        wanted = catalog.find(model) if model else None
        rows = [change_json(c) for c in catalog.changes(since=since) if wanted in (None, c.model)]
    if form == "table":
        for row in rows:
            row["attribute"] = f"{row['attribute']} {_condition(row['qualifier'])}".strip()
    output.print_rows(
        rows, CHANGE_COLUMNS[:8] if form == "table" else CHANGE_COLUMNS, form, empty="no change"
    )


def _condition(qualifier: Mapping[str, str]) -> str:
    return " ".join(f"{key}={value}" for key, value in sorted(qualifier.items()))


@click.command()
@click.option("--model", type=MODEL_PARAM, help="Only this model.")
@click.option("--limit", default=40, show_default=True, help="Lines of the table; 0 prints all.")
@output.format_option
@pass_app
def conflicts(app: App, model: str | None, limit: int, form: str) -> None:
    """List facts on which sources disagree, the most money first at the default traffic.

    \b
    cardwatch conflicts --model gpt-5.2-codex
    """
    with app.reading() as catalog:
        wanted = catalog.find(model) if model else None
        found = catalog.conflicts(app.config.compare, wanted)
    rows = [conflict_json(c) for c in found]
    if form != "table":
        output.print_rows(rows, CONFLICT_COLUMNS, form)
        return
    shown = rows[: limit or None]
    for row in shown:
        row["values"] = "; ".join(f"{v['source']}: {v['value']}" for v in row["values"])
    output.print_rows(shown, CONFLICT_COLUMNS, form, empty="no conflict")
    if len(rows) > len(shown):
        click.echo(f"… and {len(rows) - len(shown)} more; --limit 0 prints them")


@click.command()
@click.option("--unlinked", is_flag=True, help="List the names no rule could turn into a model.")
@click.option("--rejected", is_flag=True, help="List the cells that could not be understood.")
@click.option(
    "--report", is_flag=True, help="Rows, facts, refusals by reason, unlinked and conflicts per source."
)
@output.format_option
@pass_app
def sources(app: App, unlinked: bool, rejected: bool, report: bool, form: str) -> None:
    """List the sources: authority, last success, facts, unlinked, held, next due.

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
            rows, columns = [asdict(row) for row in catalog.sources()], SOURCE_COLUMNS
    output.print_rows(rows, columns, form, empty="no source yet" if not unlinked else "every name is linked")
    if form == "table" and columns is SOURCE_COLUMNS:
        click.echo("".join(f"{line}\n" for line in _trouble_lines(rows)), nl=False)


def _trouble_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line for every source that does not do well: what is wrong with it, and since when."""
    for row in rows:
        if row["state"] == "failing":
            yield f"{row['id']}: failing since {row['failing_since'][:10]}: {row['detail']}"
        elif row["state"] == "held":
            yield f"{row['id']}: `cardwatch holds` lists what waits"


def source_report(catalog: CatalogStore) -> list[dict[str, Any]]:
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
