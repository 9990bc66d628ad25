"""`cardwatch show`: one model's card."""

from __future__ import annotations

import click

from cardwatch.app import App, pass_app
from cardwatch.compare.render.record_json import card_json
from cardwatch.terminal import output
from cardwatch.terminal.model_card import print_card
from cardwatch.terminal.params import DATE_PARAM, MODEL_PARAM


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
        conflicts = catalog.as_of(as_of).conflicts(card.id) if as_of else catalog.conflicts(model=card.id)
    if evidence:
        from cardwatch.terminal.evidence_text import evidence_text  # brings the reader of archives

        output.echo(evidence_text(card, evidence, app.home.archive))
    elif form == "json":
        output.echo(output.json_text(card_json(card, conflicts)))
    else:
        print_card(card, conflicts, app)
