"""`cardwatch coverage`: which makers and providers speak for themselves."""

from __future__ import annotations

from typing import Any

import click

from cardwatch.app import App, pass_app
from cardwatch.db.query.coverage import PartyCoverage
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
        rows = [_printed(row) for row in catalog.coverage()]
    output.print_rows(rows, COVERAGE_COLUMNS, form, empty="no facts yet")


def _printed(row: PartyCoverage) -> dict[str, Any]:
    share = row.own_share
    return {
        "party": row.party,
        "role": row.role,
        "sources": sorted(row.sources),
        "last_read": row.last_read,
        "models": len(row.models),
        "facts": row.facts,
        "own_facts": row.own_facts,
        "own_share": None if share is None else round(share, 3),
        "only_others": dict(sorted(row.only_others.items())),
    }
