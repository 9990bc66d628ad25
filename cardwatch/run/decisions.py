"""What follows a person's decision."""

from __future__ import annotations

from cardwatch.app import App
from cardwatch.db.catalog import CatalogStore
from cardwatch.run.comparison_stage import ComparisonUpdate, update_comparisons
from cardwatch.terminal import output


def update_and_report(app: App, catalog: CatalogStore, what: str) -> None:
    """Make the comparisons that a decision touches, and say both."""
    compared: ComparisonUpdate = update_comparisons(app, catalog)
    output.echo(f"{what}; comparisons: {compared.sentence()}", err=True)
