"""`cardwatch prune`: drop old archived bodies that no present fact was read from."""

from __future__ import annotations

from datetime import timedelta

import click

from cardwatch.app import App, pass_app
from cardwatch.config import LONGEST_DAYS
from cardwatch.errors import UsageError
from cardwatch.terminal import output


@click.command()
@click.option(
    "--keep", type=click.IntRange(1, LONGEST_DAYS), metavar="DAYS", help="Instead of [archive] keep."
)
@click.option("--dry-run", is_flag=True, help="Only list what would go.")
@output.format_option
@pass_app
def prune(app: App, keep: int | None, dry_run: bool, form: str) -> None:
    """Drop archived bodies older than [archive] keep days that no present fact was read from.

    What stays: what present facts were read from, each page's last good reading and what came after it,
    whatever waits for a decision, and the line about every visit. Facts of the past keep the digest of what
    they were read from. A replay of a pruned archive tells the present in full and less of the past.

    \b
    cardwatch prune --dry-run
    cardwatch prune --keep 365
    """
    from cardwatch import pruning

    days = keep or app.config.archive.keep
    if not days:
        raise UsageError(
            "prune: everything is kept; put keep = 365 under [archive] in cardwatch.toml, or --keep"
        )
    with app.writing() as catalog:
        found = pruning.unneeded_bodies(catalog, app.home.archive, app.now() - timedelta(days=days))
        for spared in () if dry_run else found:
            pruning.prune_file(catalog, spared)
    rows = [{"file": s.file.name, "bodies": len(s.bodies), "bytes": s.size} for s in found]
    output.print_rows(rows, ("file", "bodies", "bytes"), form, empty="nothing to drop")
