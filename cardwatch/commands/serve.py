"""`cardwatch serve`: the catalog in a browser."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from cardwatch.app import App, pass_app
from cardwatch.errors import UsageError
from cardwatch.terminal.params import FiniteFloat


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option("--site", type=click.Path(path_type=Path, file_okay=False),
              help="Exported site to serve beside it.  [default: site/ in the home, if it is there]")  # fmt: skip
@click.option(
    "--sql/--no-sql", default=None, help="Let readers write SQL of their own.  [default: on loopback only]"
)
@click.option("--allow-host", "allowed", multiple=True, metavar="NAME",
              help="A further name by which browsers reach it, e.g. behind a proxy; may be repeated.")  # fmt: skip
@click.option("--watch", default=10.0, show_default=True, type=FiniteFloat(0), metavar="SECONDS",
              help="How often to look whether a run has changed the catalog; 0 never.")  # fmt: skip
@pass_app
def serve(
    app: App,
    host: str,
    port: int,
    site: Path | None,
    sql: bool | None,
    allowed: tuple[str, ...],
    watch: float,
) -> None:
    """Browse the catalog in Datasette: tables, facets, search, ready questions, SQL, JSON and CSV.

    It reads a published copy, not the catalog: nobody can change anything, and a run that writes is not in its
    way. When a run has finished, the copy is made again by itself. A request must name this machine by its
    address, its own name or one of --allow-host.
    Prometheus finds the catalog's health at /metrics. Needs `pip install 'cardwatch[inspect]'`.

    \b
    cardwatch serve
    cardwatch export && cardwatch serve --port 8080   # rows lead to the site
    cardwatch serve --host 0.0.0.0 --no-sql           # for all on this network
    """
    from cardwatch.inspection.request_guards import LOOPBACK_NAMES, ServedHosts
    from cardwatch.inspection.server import ServeOptions
    from cardwatch.inspection.server import serve_catalog as run
    from cardwatch.metrics import metrics_text

    if site is not None and not site.is_dir():
        raise UsageError(f"--site {site}: no such folder; `cardwatch export {site}` writes one")
    own = app.home.site if app.home.site.is_dir() else None
    open_sql = host in LOOPBACK_NAMES if sql is None else sql
    hosts = ServedHosts.of(host, allowed)
    run(app, ServeOptions(host, port, site or own, open_sql, partial(metrics_text, app), hosts, watch))
