"""`cardwatch coverage`: which makers and providers speak for themselves."""

from __future__ import annotations

from collections.abc import Sequence

import click

from cardwatch.app import App, pass_app
from cardwatch.db.query.coverage import ModelCoverage
from cardwatch.json_output import coverage_json, model_coverage_json
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
MODEL_COLUMNS = ("model", "providers", "said", "missing", "sold")


@click.command()
@click.option(
    "--models", "by_model", is_flag=True, help="The models with the most providers instead, one a line."
)
@output.format_option
@pass_app
def coverage(app: App, by_model: bool, form: str) -> None:
    """Say for each maker and provider: its own sources, last read, the share it says itself, what only others say.

    A maker speaks for its models as such, a provider for its offers. An empty share means nobody says anything.
    Below stands how many of the models with the most providers have price, context, release and lifecycle from
    their maker; `--models` says it model by model. A model that its maker does not sell can have no price from it.

    \b
    cardwatch coverage
    cardwatch coverage --models --format csv
    cardwatch coverage --format json | jq '.[] | select(.sources == [])'
    """
    with app.reading() as catalog:
        headlines = catalog.headline_coverage()
        if by_model:
            _print_models(headlines.models, form)
            return
        rows = [coverage_json(row) for row in catalog.coverage()]
    output.print_rows(rows, COVERAGE_COLUMNS, form, empty="no facts yet")
    if form == "table" and rows:
        output.echo(f"\n{headlines.sentence()}")
        if missing := headlines.missing_sentence():
            output.echo(f"Not said by the maker: {missing}.")


def _print_models(models: Sequence[ModelCoverage], form: str) -> None:
    output.print_rows(
        [model_coverage_json(row) for row in models], MODEL_COLUMNS, form, empty="no offers yet"
    )
