"""`cardwatch notify`: tell what is untold, list it, or try the addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import click

from cardwatch import output
from cardwatch.app import App, pass_app
from cardwatch.errors import CardwatchError, UsageError
from cardwatch.notify import UNUSABLE, VARIABLE, Receiver, Told, announce, receivers, tell, untold

COLUMNS = ("state", "kind", "at", "text", "receiver", "source", "model")
NOBODY = f"no address to tell: put one into {VARIABLE}, or under [notify] urls in cardwatch.toml"
GREETING = "This is a test. Prices that moved, models that ended and sources that fail will be told here."


@click.command()
@click.option("--dry-run", is_flag=True, help="Only list what is untold.")
@click.option("--test", "trial", is_flag=True, help="Send a test message to every address, and nothing else.")
@output.format_option
@pass_app
def notify(app: App, dry_run: bool, trial: bool, form: str) -> None:
    """Tell what moved, ended or fails and was not told yet, as every run does at its end; print what was told.

    Exits 1 when a receiver did not take its message, 2 when an address cannot be used.

    \b
    cardwatch notify --test
    cardwatch notify --dry-run --format json
    """
    found = receivers(app.config.notify)
    if not found and not dry_run:
        raise UsageError(NOBODY)
    if trial:
        _try(found)
        return
    with app.reading() as catalog:
        rows = untold(app, catalog, found) if dry_run else []
    if not dry_run:
        rows = _tell(app, found)
    elif not found:
        click.echo(f"cardwatch: {NOBODY}; this is what it would be told", err=True)
    output.print_rows([asdict(row) for row in rows], COLUMNS, form, empty="nothing to tell")
    _complain(found, [] if dry_run else [row.receiver for row in rows if row.state == "untold"])


def _tell(app: App, found: Sequence[Receiver]) -> list[Told]:
    with app.writing() as catalog:
        announce(app, catalog, found, before_run=False)
        return tell(app, catalog, found)


def _try(found: Sequence[Receiver]) -> None:
    refused = []
    for receiver in (receiver for receiver in found if receiver.service is not None):
        took = receiver.takes("Cardwatch: a test", GREETING)
        click.echo(f"{receiver.label} {'took' if took else 'did not take'} the message")
        refused += [] if took else [receiver.label]
    _complain(found, refused)


def _complain(found: Sequence[Receiver], refused: Sequence[str | None]) -> None:
    """Raise UsageError for addresses nobody can use, CardwatchError for receivers that took nothing."""
    if unusable := [receiver.label for receiver in found if receiver.service is None]:
        raise UsageError(f"{', '.join(unusable)}: {UNUSABLE}")
    if refused:
        raise CardwatchError(f"{', '.join(dict.fromkeys(map(str, refused)))}: did not take the message")
