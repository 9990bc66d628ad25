"""Running Datasette over the published copy, made again when a run has changed the catalog."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module, resources
from pathlib import Path
from typing import Any

from cardwatch.app import App
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.export.published_copy import PublishedCopy, SitePages, publish_copy
from cardwatch.errors import CardwatchError, UsageError
from cardwatch.freshness_budget import build_stale_report
from cardwatch.inspection import links, request_guards
from cardwatch.inspection.metadata import DATABASE, datasette_metadata
from cardwatch.inspection.metrics_route import add_metrics_route
from cardwatch.inspection.request_guards import ServedHosts, guard_requests
from cardwatch.inspection.site_route import open_site_folders
from cardwatch.site.places import PAGE, assign_places
from cardwatch.terminal import output

PLUGINS = {"cardwatch-links": links, "cardwatch-guards": request_guards}
SETTINGS: Mapping[str, Any] = {
    "sql_time_limit_ms": 2000,
    "max_returned_rows": 1000,
    "facet_time_limit_ms": 500,
    "suggest_facets": False,
    "default_page_size": 50,
    "default_facet_size": 12,
    "max_csv_mb": 50,
    "truncate_cells_html": 160,
    "default_cache_ttl": 60,
}
"""Limits that hold for every reader, also for SQL of their own."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """Where to listen, the exported site to serve beside the copy, and whether readers may write SQL.

    `hosts` are the names it goes by; `metrics` makes the text for Prometheus.
    Every `watch` seconds it is seen whether a run has changed the catalog; 0 never looks.
    """

    host: str
    port: int
    site: Path | None
    sql: bool
    metrics: Callable[[], str]
    hosts: ServedHosts
    watch: float = 10


def make_copy(app: App, site: Path | None) -> PublishedCopy:
    """Publish the catalog as it is now to <home>/published/catalog.db. Raises CatalogUnreadableError."""
    folder = app.home.root / "published"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise CardwatchError(f"{folder}: cannot write here: {error.strerror}") from error
    with app.reading() as catalog:
        report = build_stale_report(app, catalog)
        pages = exported_pages(catalog, site) if site else {}
        dest = folder / f"{DATABASE}.db"
        return publish_copy(catalog, dest, stale=report.rows, pages=pages)


def exported_pages(catalog: CatalogReports, site: Path) -> SitePages:
    """Return the pages that the exported site has for models and kept pairs."""
    pairs = [(a, b) for a, b, _ in catalog.comparisons()]
    found = assign_places([model.id for model in catalog.models()], pairs)
    folders: dict[tuple[str, ...], str] = {(model,): folder for model, folder in found.models.items()}
    folders.update({(a, b): folder for (a, b), folder in found.pairs.items()})
    return {key: folder + PAGE for key, folder in folders.items() if (site / folder / PAGE).exists()}


def load_datasette() -> Any:
    """Return Datasette's application class, with our plugins known to it. Raises CardwatchError without Datasette."""
    try:
        made = import_module("datasette.app").Datasette
        manager = import_module("datasette.plugins").pm
    except ModuleNotFoundError as missing:
        raise CardwatchError(
            f"serve: wanted Datasette, found no module {missing.name!r}: pip install 'cardwatch[inspect]', "
            "or in a clone: .venv/bin/pip install -r requirements-inspect.txt"
        ) from missing
    # Where rich is installed, Datasette prints a traceback with all locals for each address that is not there.
    vars(import_module("datasette.handle_exception"))["rich"] = None
    for name, plugin in PLUGINS.items():
        if not manager.has_plugin(name):
            manager.register(plugin, name=name)
    return made


def make_datasette(published: PublishedCopy, serving: ServeOptions) -> Any:
    """Return a Datasette over the copy."""
    parts = resources.files("cardwatch.inspection")
    mounts = [(links.ASSETS, str(parts.joinpath("assets")))]
    if serving.site:
        mounts.append((links.SITE, str(serving.site)))
    return load_datasette()(
        immutables=[str(published.path)],
        metadata=datasette_metadata(published),
        settings={**SETTINGS, "default_allow_sql": serving.sql},
        template_dir=str(parts.joinpath("templates")),
        static_mounts=mounts,
    )


def open_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes a free one. Raises UsageError when the address cannot be had."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise UsageError(f"serve: cannot listen on {host}:{port}: {error.strerror}") from error


def serve_catalog(app: App, serving: ServeOptions) -> None:
    """Serve until stopped; a changed catalog is published again, and readers never wait for it."""
    load_datasette()
    with open_socket(serving.host, serving.port) as door:
        made = make_datasette(make_copy(app, serving.site), serving)
        host = f"[{serving.host}]" if ":" in serving.host else serving.host
        output.echo(f"http://{host}:{door.getsockname()[1]}/{DATABASE}  (Ctrl-C stops)", err=True)
        asyncio.run(_serve_until_stopped(app, serving, made, door))


async def _serve_until_stopped(app: App, serving: ServeOptions, made: Any, door: socket.socket) -> None:
    uvicorn = import_module("uvicorn")
    while made is not None:
        await made.invoke_startup()
        config = uvicorn.Config(
            guard_requests(add_metrics_route(open_site_folders(made.app()), serving.metrics), serving.hosts),
            log_level=logging.WARNING,
            lifespan="on",
            timeout_graceful_shutdown=5,
        )
        server = uvicorn.Server(config)
        watch = asyncio.create_task(_next_datasette(app, serving, server))
        await server.serve(sockets=[door.dup()])
        made = watch.result() if watch.done() else None
        watch.cancel()


async def _next_datasette(app: App, serving: ServeOptions, server: Any) -> Any:
    """Wait until the catalog has changed and rests again, publish it, stop `server`; return the next Datasette."""
    before = seen = catalog_state(app.home.catalog)
    while True:
        await asyncio.sleep(serving.watch or 3600)
        last, seen = seen, catalog_state(app.home.catalog)
        if serving.watch and seen == last != before:
            published = await asyncio.to_thread(make_copy, app, serving.site)
            server.should_exit = True
            return make_datasette(published, serving)


def catalog_state(catalog: Path) -> tuple[tuple[int, int], ...]:
    """Return what tells that a catalog was written to: size and time of the file and its log."""
    files = (catalog, catalog.with_name(f"{catalog.name}-wal"))
    found = (file.stat() for file in files if file.exists())
    return tuple((stat.st_size, stat.st_mtime_ns) for stat in found)
