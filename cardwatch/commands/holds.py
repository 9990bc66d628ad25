"""`cardwatch holds`: the changes that wait for a person, and the decision on one."""

from __future__ import annotations

from dataclasses import asdict

import click

from cardwatch.app import App, pass_app
from cardwatch.db.ingest.holds import HoldDecision
from cardwatch.json_output import HOLD_COLUMNS
from cardwatch.run.decisions import update_and_report
from cardwatch.terminal import output
from cardwatch.terminal.options import by_option


@click.group(invoke_without_command=True)
@output.format_option
@click.pass_context
def holds(ctx: click.Context, form: str) -> None:
    """List the changes that were too surprising to publish, or decide on one.

    The value before stays published until two consistent runs, or a person, say otherwise.

    \b
    cardwatch holds
    cardwatch holds release 12 --by "pricing desk"
    """
    if ctx.invoked_subcommand is not None:
        return
    app = ctx.find_object(App)
    assert app is not None
    with app.reading() as catalog:
        rows = [asdict(row) for row in catalog.holds()]
    output.print_rows(rows, HOLD_COLUMNS, form, empty="nothing is held")


@holds.command()
@click.argument("hold_id", type=int)
@by_option
@pass_app
def release(app: App, hold_id: int, by: str) -> None:
    """Publish the value that waits.

    \b
    cardwatch holds release 12 --by "pricing desk"
    """
    _decide(app, hold_id, "release", by)


@holds.command()
@click.argument("hold_id", type=int)
@by_option
@pass_app
def reject(app: App, hold_id: int, by: str) -> None:
    """Keep the old value; the same new one is not asked about again.

    \b
    cardwatch holds reject 12 --by "pricing desk"
    """
    _decide(app, hold_id, "reject", by)


def _decide(app: App, hold_id: int, decision: HoldDecision, by: str) -> None:
    with app.writing() as catalog:
        catalog.decide(hold_id, decision, by=by)
        update_and_report(app, catalog, f"hold {hold_id}: {decision}")
