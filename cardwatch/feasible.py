"""Whether the freshness limits fit the runs that are meant to happen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cardwatch.app import App
from cardwatch.db.catalog import Catalog

if TYPE_CHECKING:
    from cardwatch.db.plan import Achievable


def run_days(app: App) -> float:
    """Return the days between two runs."""
    return app.interval / timedelta(days=1)


def limits_kept(app: App, catalog: Catalog) -> Achievable:
    """Say whether runs of the configured budget can look at every fact within its limit."""
    from cardwatch.db.plan import achievable  # brings numpy, which most commands do without

    return achievable(
        catalog.conn,
        limits=app.limits,
        budget=app.config.crawl.budget,
        host_allowance=app.config.crawl.host_allowance,
        run_days=run_days(app),
    )


def sentence(app: App, kept: Achievable) -> str:
    """Say it in one line, with what becomes of the limit for prices."""
    return kept.sentence(app.limits.of("input_price").warn)


def as_json(kept: Achievable) -> dict[str, Any]:
    """Return it for programs: visits a run needed and there, and how much longer limits would have to be."""
    return {
        "kept": kept.ok,
        "needed": round(kept.needed, 1),
        "budget": kept.budget,
        "host_allowance": kept.host_allowance,
        "crowded": {host: round(needed, 1) for host, needed in kept.crowded.items()},
        "stretch": round(kept.stretch, 2),
    }
