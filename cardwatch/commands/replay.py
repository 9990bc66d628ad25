"""`cardwatch replay`: read WARC files into the catalog with today's parsers."""

from __future__ import annotations

from pathlib import Path

import click

from cardwatch.app import App, pass_app
from cardwatch.run.steps import (
    replay_files,
)
from cardwatch.terminal.options import json_option, workers_option


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@workers_option
@json_option
@pass_app
def replay(app: App, path: Path, workers: int | None, as_json: bool) -> None:
    """Read WARC files (ours, or another crawler's) into the catalog with today's parsers, off line.

    PATH is a file or a folder. The files are copied into the archive, so that evidence leads to them. Exits 1 when a
    visit failed, was refused or could not be read, and says which.

    \b
    cardwatch --home again replay var/archive
    """
    replay_files(app.with_workers(workers), path, as_json=as_json)
