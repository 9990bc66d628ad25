"""What follows a person's decision."""

from __future__ import annotations

import click

from cardwatch.app import App
from cardwatch.db.catalog import CatalogStore
from cardwatch.run.comparison_stage import ComparisonUpdate, update_comparisons


def update_and_report(app: App, catalog: CatalogStore, what: str) -> None:
    """Make the comparisons that a decision touches, and say both."""
    compared: ComparisonUpdate = update_comparisons(app, catalog)
    click.echo(f"{what}; comparisons: {compared.sentence()}", err=True)
