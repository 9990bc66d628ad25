"""`cardwatch changes`: published values that became others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from cardwatch.app import App, pass_app
from cardwatch.compare.render.record_json import change_json
from cardwatch.compare.wording.number_format import format_move
from cardwatch.db.query.cards import Change
from cardwatch.terminal import output
from cardwatch.terminal.params import DATE_PARAM, MODEL_PARAM, PROVIDER_PARAM, FiniteFloat
from cardwatch.watchlist import watcher

CHANGE_COLUMNS = (
    "at", "model", "provider", "attribute", "from", "to", "source", "url", "offer", "qualifier", "kind", "percent",
)  # fmt: skip
TABLE_COLUMNS = (
    "at",
    "model",
    "provider",
    "attribute",
    "from",
    "to",
    "percent",
    "seen_before",
    "source",
    "url",
)
KINDS = (
    "price", "limit", "capability", "lifecycle", "fact", "new_model", "new_offer", "withdrawn", "returned", "scheduled",
    "took_effect",
)  # fmt: skip


@click.command()
@click.option("--since", type=DATE_PARAM, metavar="DATE", help="Only changes seen on or after this day.")
@click.option("--model", type=MODEL_PARAM, help="Only this model.")
@click.option("--provider", type=PROVIDER_PARAM, help="Only this provider's offers.")
@click.option(
    "--kind", "kinds", type=click.Choice(KINDS), multiple=True, metavar="KIND",
    help=f"Only this kind; repeatable: {', '.join(KINDS)}.",
)  # fmt: skip
@click.option(
    "--min-percent", type=FiniteFloat(0), help="Only prices that moved this far, or from or to free."
)
@click.option("--watched", is_flag=True, help="Only what the [watch] section of the settings lists.")
@output.format_option
@pass_app
def changes(
    app: App, since: str | None, model: str | None, provider: str | None, kinds: tuple[str, ...],
    min_percent: float | None, watched: bool, form: str,
) -> None:  # fmt: skip
    """List published values that became others: old, new, how far a price moved, source.

    The table stands in groups of one model at one provider.

    \b
    cardwatch changes --since 2026-05-01 --kind price --min-percent 10
    cardwatch changes --model gpt-4.1 --format csv
    """
    with app.reading() as catalog:
        wanted = catalog.find(model) if model else None
        seen = watcher(app, catalog) if watched else None
        least = app.config.watch.price_moved_percent if watched and min_percent is None else None
        found = [
            change
            for change in catalog.changes(since=since)
            if wanted in (None, change.model)
            and provider in (None, change.provider)
            and (not kinds or change.kind in kinds)
            and (min_percent is None or is_price_move(change, min_percent))
            and (not least or change.kind != "price" or is_price_move(change, least))
            and (seen is None or seen(change.model, change.offer, change.attribute))
        ]
    if form == "table":
        output.print_rows([*_table_rows(found)], TABLE_COLUMNS, form, empty="no change")
    else:
        output.print_rows([change_json(change) for change in found], CHANGE_COLUMNS, form)


def is_price_move(change: Change, least_percent: float) -> bool:
    """Say whether a price moved by at least so many percent; from or to free is further than any."""
    return bool(change.prices) and (change.percent is None or abs(change.percent) >= least_percent)


def _table_rows(found: list[Change]) -> Iterator[dict[str, Any]]:
    """Yield the rows with those of one day, model and provider together."""
    for change in sorted(found, key=lambda one: (one.at[:10], one.model, one.provider or "")):
        row = change_json(change)
        row["attribute"] = f"{row['attribute']} {_condition(row['qualifier'])}".strip()
        row["provider"] = change.offer or change.provider
        row["percent"] = format_move(change.percent)
        yield row


def _condition(qualifier: Mapping[str, str]) -> str:
    return " ".join(f"{key}={value}" for key, value in sorted(qualifier.items()))
