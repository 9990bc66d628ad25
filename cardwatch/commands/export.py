"""`cardwatch export`: the catalog as a static site and as files for other programs."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import click

from cardwatch.app import App, pass_app
from cardwatch.errors import UsageError
from cardwatch.terminal import output
from cardwatch.terminal.options import workers_option


@click.command()
@click.argument("dest", metavar="[DIR]", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--base-url", default="", metavar="URL", help="Where it will be published; for sitemap and feed."
)
@workers_option
@pass_app
def export(app: App, dest: Path | None, base_url: str, workers: int | None) -> None:
    """Write the site to DIR (default: `site` in the home): pages, feed, and data for other programs.

    Only what changed is written anew; the old site stays until the new one is whole. Values that a source
    does not let us pass on are left out.

    \b
    cardwatch export
    cardwatch export public --base-url https://models.example.org/
    """
    from cardwatch.site.build import export_site as write

    target = app.home.site if dest is None else dest
    counts = write(app.with_workers(workers), target, parse_base_url(base_url))
    output.echo(
        f"{target}: {counts.written} files written, {counts.kept} as before, {counts.removed} removed",
        err=True,
    )


def parse_base_url(base_url: str) -> str:
    """Return the address with a slash at its end, "" for none. Raises UsageError unless http or https."""
    parts = urlsplit(base_url)
    if base_url and (parts.scheme not in {"http", "https"} or not parts.netloc):
        raise UsageError(f"--base-url: wanted http or https and a host, found {base_url!r}")
    return base_url and base_url.rstrip("/") + "/"
