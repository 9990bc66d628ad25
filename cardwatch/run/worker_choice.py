"""Whether a run works with others, and what others left: without any, nothing of Dask is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardwatch.app import App
from cardwatch.home import Home

if TYPE_CHECKING:
    from cardwatch.cluster.workers import Workers


def find_workers(app: App) -> Workers | None:
    """Return the workers that the settings ask for, None where this process does everything itself."""
    cluster = app.config.cluster
    if cluster.workers == 1 and not cluster.scheduler:
        return None
    from cardwatch.cluster.workers import connect_workers

    return connect_workers(cluster.workers, cluster.scheduler)


def take_in_shards(home: Home) -> None:
    """Have in the archive what workers of a run that died left. Raises HomeBusyError while they still write."""
    if home.shards.is_dir():
        from cardwatch.cluster.crawling import adopt_shards

        adopt_shards(home.shards, home.archive)
