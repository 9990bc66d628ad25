"""`cardwatch changes`: published values that became others."""

from __future__ import annotations

from collections.abc import Mapping

import click

from cardwatch.app import App, pass_app
from cardwatch.json_output import change_json
from cardwatch.terminal import output
from cardwatch.terminal.params import DATE_PARAM, MODEL_PARAM

CHANGE_COLUMNS = ("at", "model", "provider", "attribute", "from", "to", "source", "url", "offer", "qualifier")


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
