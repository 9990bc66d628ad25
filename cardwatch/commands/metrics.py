"""`cardwatch metrics`: the catalog's health for Prometheus."""

from __future__ import annotations

import click

from cardwatch.app import App, pass_app
from cardwatch.terminal import output


@click.command()
@pass_app
def metrics(app: App) -> None:
    """Print facts by level, the oldest fact, sources by state, holds and the last run for Prometheus.

    \b
    cardwatch metrics > /var/lib/node_exporter/cardwatch.prom.tmp \\
        && mv /var/lib/node_exporter/cardwatch.prom.tmp /var/lib/node_exporter/cardwatch.prom
    """
    from cardwatch.metrics import metrics_text

    output.echo(metrics_text(app), nl=False)
