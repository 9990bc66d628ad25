"""`cardwatch conflicts`: facts on which sources disagree."""

from __future__ import annotations

import click

from cardwatch.app import App, pass_app
from cardwatch.compare.render.record_json import conflict_json
from cardwatch.terminal import output
from cardwatch.terminal.options import limit_option
from cardwatch.terminal.params import MODEL_PARAM

CONFLICT_COLUMNS = ("model", "provider", "attribute", "values", "chosen", "why", "monthly_usd")


@click.command()
@click.option("--model", type=MODEL_PARAM, help="Only this model.")
@limit_option
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
        row["values"] = "; ".join(
            f"{output.cell_text(v['value']).text}: {v['listing']} ({v['source']})" for v in row["values"]
        )
    output.print_rows(shown, CONFLICT_COLUMNS, form, empty="no conflict")
    if len(rows) > len(shown):
        output.echo(f"… and {len(rows) - len(shown)} more; --limit 0 prints them")
