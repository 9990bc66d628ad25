"""`cardwatch backup`: write a consistent copy of the catalog."""

from __future__ import annotations

from pathlib import Path

import click

from cardwatch.app import App, pass_app
from cardwatch.errors import UsageError
from cardwatch.terminal import output


@click.command()
@click.argument("dest", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write over an older backup.")
@pass_app
def backup(app: App, dest: Path, force: bool) -> None:
    """Write a consistent copy of the catalog to DEST, also while a run writes.

    What stands at DEST already is left alone: only --force writes over it, and only over a backup.

    \b
    cardwatch backup /backups/catalog-2026-11-21.db
    """
    if not dest.parent.is_dir():
        raise UsageError(f"{dest.parent}: no such folder")
    if app.home.owns(dest):
        raise UsageError(f"{dest}: belongs to the home itself")
    with app.reading() as catalog:
        made = catalog.backup(dest, replace=force)
    output.echo(f"wrote {made} ({made.stat().st_size} bytes)", err=True)
