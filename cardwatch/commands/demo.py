"""`cardwatch demo`: replay the bundled recording and export its site."""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from pathlib import Path

import click

from cardwatch.app import App, pass_app
from cardwatch.run.steps import (
    replay_files,
)
from cardwatch.terminal import output
from cardwatch.terminal.options import json_option


@click.command()
@json_option
@pass_app
def demo(app: App, as_json: bool) -> None:
    """Replay the bundled recording: two dates of the public APIs, real changes, three moves that are held.

    Ends with the static site in the home. The clock is the recording's own.

    \b
    cardwatch demo
    cardwatch --now 2026-05-16T00:00:00Z stale   # as of the last day recorded
    """
    with resources.as_file(resources.files("cardwatch") / "data") as data:
        recorded = App(app.home, app.config, lambda: _end_of(data / "demo"), app.verbose)
        replay_files(
            recorded,
            data / "demo",
            facts=[data / "curated" / "seed_models.jsonl"],
            as_json=as_json,
            demo=True,
        )
    if not as_json:
        _export_site(recorded)


def _export_site(app: App) -> None:
    """Export the site and say where it is, with the pages of the models that the settings compare."""
    from cardwatch.site.build import export_site
    from cardwatch.site.places import assign_places

    export_site(app, app.home.site, "")
    output.echo(f"Site:    {app.home.site / 'index.html'}")
    named = sorted({model for pair in app.config.compare.pairs for model in pair})
    for model, folder in assign_places(named, ()).models.items():
        output.echo(f"  {model}: {app.home.site / folder / 'index.html'}")


def _end_of(folder: Path) -> datetime:
    """Return the moment after the last visit of a recording."""
    text = (folder / "ENDED").read_text(encoding="utf-8").strip()
    return datetime.fromisoformat(text)
