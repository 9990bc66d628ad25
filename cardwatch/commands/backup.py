"""`cardwatch backup`: write a consistent copy of the catalog."""

from __future__ import annotations

from pathlib import Path

import click

from cardwatch.app import App, pass_app
from cardwatch.errors import UsageError
from cardwatch.terminal import output


@click.command()
@click.argument("dest", type=click.Path(path_type=Path))
@pass_app
def backup(app: App, dest: Path) -> None:
    """Write a consistent copy of the catalog to DEST, also while a run writes.

    \b
    cardwatch backup /backups/catalog-2026-11-21.db
    """
    if not dest.parent.is_dir():
        raise UsageError(f"{dest.parent}: no such folder")
    with app.reading() as catalog:
        made = catalog.backup(dest)
    output.echo(f"wrote {made} ({made.stat().st_size} bytes)", err=True)
