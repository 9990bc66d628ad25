"""`cardwatch coverage`: which makers and providers speak for themselves."""

from __future__ import annotations

import click

from cardwatch.app import App, pass_app
from cardwatch.json_output import coverage_json
from cardwatch.terminal import output

COVERAGE_COLUMNS = (
    "party",
    "role",
    "sources",
    "last_read",
    "models",
    "facts",
    "own_facts",
    "own_share",
    "only_others",
)


@click.command()
@output.format_option
@pass_app
def coverage(app: App, form: str) -> None:
    """Say for each maker and provider: its own sources, last read, the share it says itself, what only others say.

    A maker speaks for its models as such, a provider for its offers. An empty share means nobody says anything.

    \b
    cardwatch coverage
    cardwatch coverage --format json | jq '.[] | select(.sources == [])'
    """
    with app.reading() as catalog:
        rows = [coverage_json(row) for row in catalog.coverage()]
        headlines = catalog.headline_coverage()
    output.print_rows(rows, COVERAGE_COLUMNS, form, empty="no facts yet")
    if form == "table" and rows:
        output.echo(f"\n{headlines.sentence()}")
