"""`cardwatch publish`: the catalog others may have."""

from __future__ import annotations

from pathlib import Path

import click

from cardwatch.app import App, pass_app
from cardwatch.terminal import output


@click.command()
@click.argument("dest", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@pass_app
def publish(app: App, dest: Path) -> None:
    """Write the dataset to DIR: SQLite, Parquet, CSV, JSON lines, histories, dataset card, dictionary, checksums.

    Left out is what people decided, and values whose source does not let them be passed on; `backup` is the
    private copy. It shows the catalog as of its last run, and the same catalog gives the same bytes.

    \b
    cardwatch publish public/data
    (cd public/data && sha256sum --check --quiet SHA256SUMS)
    """
    from cardwatch.publishing.dataset import publish_dataset

    counts = publish_dataset(app, dest)
    output.echo(
        f"{dest}: {counts.written} files written, {counts.kept} as before, {counts.removed} removed", err=True
    )
