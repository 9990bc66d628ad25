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
    cd /var/lib/node_exporter
    cardwatch metrics > cardwatch.prom.tmp && mv cardwatch.prom.tmp cardwatch.prom
    """
    from cardwatch.metrics import metrics_text

    output.echo(metrics_text(app), nl=False)
