"""`cardwatch holds`: the changes that wait for a person, and the decision on one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click
from msgspec import to_builtins

from cardwatch.app import App, pass_app
from cardwatch.errors import UsageError
from cardwatch.json_output import HOLD_COLUMNS
from cardwatch.terminal import output
from cardwatch.terminal.options import by_option
from cardwatch.terminal.params import MODEL_PARAM, NUMBER_PARAM

if TYPE_CHECKING:
    from cardwatch.db.ingest.holds import HoldDecision


@click.group(invoke_without_command=True)
@output.format_option
@click.pass_context
def holds(ctx: click.Context, form: str) -> None:
    """List the changes that were too surprising to publish, or decide on one.

    The value before stays published. A surprise ends when a second look agrees with the first against the old value,
    or after three days; what is impossible waits for a person, a correction or an independent source.

    \b
    cardwatch holds
    cardwatch holds release 12 --by "pricing desk"
    """
    if ctx.invoked_subcommand is not None:
        return
    app = ctx.find_object(App)
    assert app is not None
    with app.reading() as catalog:
        rows = [to_builtins(row) for row in catalog.holds()]
    if form == "table":
        rows = [{**row, "if_undecided": _in_short(row)} for row in rows]
    output.print_rows(rows, HOLD_COLUMNS, form, empty="nothing is held")


def _in_short(row: Mapping[str, Any]) -> str:
    """Return what happens if nobody decides, short enough for a column."""
    if row["ends_on"]:
        return f"published by {row['ends_on']}"
    return "it waits" if row["doubt"] == "impossible" else "a second run decides"


def _which_holds(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the ways to name holds: by id, by model, by the rule that stopped them."""
    for option in (
        click.option(
            "--reason", metavar="RULE", help="Every hold stopped by this rule, such as jumps or beyond."
        ),
        click.option("--model", type=MODEL_PARAM, help="Every hold of this model."),
        click.argument("hold_ids", type=NUMBER_PARAM, nargs=-1),
    ):
        command = option(command)
    return command


@holds.command()
@_which_holds
@by_option
@pass_app
def release(app: App, hold_ids: tuple[int, ...], model: str | None, reason: str | None, by: str) -> None:
    """Publish the values that wait.

    \b
    cardwatch holds release 12 --by "pricing desk"
    cardwatch holds release --model gpt-4.1 --reason jumps --by "pricing desk"
    """
    _decide(app, hold_ids, model, reason, "release", by)


@holds.command()
@_which_holds
@by_option
@pass_app
def reject(app: App, hold_ids: tuple[int, ...], model: str | None, reason: str | None, by: str) -> None:
    """Keep the old values; the same new ones are not asked about again.

    \b
    cardwatch holds reject 12 --by "pricing desk"
    cardwatch holds reject --reason beyond --by "pricing desk"
    """
    _decide(app, hold_ids, model, reason, "reject", by)


def _decide(
    app: App,
    hold_ids: tuple[int, ...],
    model: str | None,
    reason: str | None,
    decision: HoldDecision,
    by: str,
) -> None:
    if bool(hold_ids) == bool(model or reason):
        raise click.UsageError("name the holds: ids, or --model and --reason")
    from cardwatch.run.decisions import update_and_report  # brings the comparisons

    with app.writing() as catalog:
        found = catalog.find(model) if model else None
        chosen = hold_ids or [
            hold.id
            for hold in catalog.holds()
            if found in (None, hold.model) and reason in (None, hold.rule, hold.reason)
        ]
        if not chosen:
            raise UsageError("no open hold is like that: `cardwatch holds` lists them with their rule")
        with catalog.transaction():
            for hold_id in chosen:
                catalog.decide(hold_id, decision, by=by)
        numbers = ", ".join(map(str, chosen))
        update_and_report(app, catalog, f"hold{'s' * (len(chosen) > 1)} {numbers}: {decision}")
