"""`cardwatch notify`: tell what is untold, list it, or try the addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import click

from cardwatch.app import App, pass_app
from cardwatch.errors import CardwatchError, UsageError
from cardwatch.notifications.delivery import (
    UNUSABLE_ADDRESS,
    URLS_VARIABLE,
    EventDelivery,
    Receiver,
    configured_receivers,
    deliver_events,
    register_receivers,
    undelivered_events,
)
from cardwatch.terminal import output

DELIVERY_COLUMNS = ("state", "kind", "at", "text", "receiver", "source", "model")
NO_ADDRESS = f"no address to tell: put one into {URLS_VARIABLE}, or under [notify] urls in cardwatch.toml"
GREETING = "This is a test. Prices that moved, models that ended and sources that fail will be told here."


@click.command()
@click.option("--dry-run", is_flag=True, help="Only list what was not sent yet.")
@click.option("--test", "trial", is_flag=True, help="Send a test message to every address, and nothing else.")
@output.format_option
@pass_app
def notify(app: App, dry_run: bool, trial: bool, form: str) -> None:
    """Send what changed, ended or fails and was not sent yet, as every run does at its end; print what was sent.

    Exits 1 when a receiver did not accept its message, 2 when an address cannot be used.

    \b
    cardwatch notify --test
    cardwatch notify --dry-run --format json
    """
    found = configured_receivers(app.config.notify)
    if not found and not dry_run:
        raise UsageError(NO_ADDRESS)
    if trial:
        _send_test(found)
        return
    with app.reading() as catalog:
        rows = undelivered_events(app, catalog, found) if dry_run else []
    if not dry_run:
        rows = _deliver_now(app, found)
    elif not found:
        output.echo(f"cardwatch: {NO_ADDRESS}; this is what it would be told", err=True)
    output.print_rows([asdict(row) for row in rows], DELIVERY_COLUMNS, form, empty="nothing to tell")
    _raise_failures(found, [] if dry_run else [row.receiver for row in rows if row.state == "untold"])


def _deliver_now(app: App, found: Sequence[Receiver]) -> list[EventDelivery]:
    with app.writing() as catalog:
        register_receivers(app, catalog, found, before_run=False)
        return deliver_events(app, catalog, found)


def _send_test(found: Sequence[Receiver]) -> None:
    refused = []
    for receiver in (receiver for receiver in found if receiver.service is not None):
        took = receiver.send_message("Cardwatch: a test", GREETING)
        output.echo(f"{receiver.label} {'took' if took else 'did not take'} the message")
        refused += [] if took else [receiver.label]
    _raise_failures(found, refused)


def _raise_failures(found: Sequence[Receiver], refused: Sequence[str | None]) -> None:
    """Raise UsageError for addresses nobody can use, CardwatchError for receivers that took nothing."""
    if unusable := [receiver.label for receiver in found if receiver.service is None]:
        raise UsageError(f"{', '.join(unusable)}: {UNUSABLE_ADDRESS}")
    if refused:
        raise CardwatchError(f"{', '.join(dict.fromkeys(map(str, refused)))}: did not take the message")
