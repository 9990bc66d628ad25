"""Whether the freshness limits fit the runs that are meant to happen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from cardwatch.app import App

if TYPE_CHECKING:
    from cardwatch.db.catalog_reports import CatalogReports
    from cardwatch.db.schedule.freshness_budget import FreshnessBudget
    from cardwatch.db.staleness.stale_facts import StaleReport

HUB_HOST = "huggingface.co"


def run_days(app: App) -> float:
    """Return the days between two runs."""
    return app.interval / timedelta(days=1)


def host_allowances(app: App) -> Mapping[str, int]:
    """Return how many pages one run visits at most on hosts that have an allowance of their own."""
    return {HUB_HOST: app.config.huggingface.visits}


def limits_kept(app: App, catalog: CatalogReports) -> FreshnessBudget:
    """Say whether runs of the configured budget can look at every fact within its limit."""
    return catalog.check_freshness_budget(
        limits=app.limits,
        budget=app.config.crawl.budget,
        host_allowance=app.config.crawl.host_allowance,
        host_allowances=host_allowances(app),
        run_days=run_days(app),
    )


def build_stale_report(
    app: App,
    catalog: CatalogReports,
    *,
    as_of: datetime | None = None,
    sums_only: bool = False,
    kept: FreshnessBudget | None = None,
) -> StaleReport:
    """Judge every published fact, now or at a moment in the past, with the true reason for each stale one.

    `sums_only` leaves those out; `kept` says whether the limits can be kept where that was asked before.
    """
    found = cache(lambda: kept or limits_kept(app, catalog))  # asked for by few facts, and not cheap
    return catalog.stale_report(
        now=as_of or app.now(),
        limits=app.limits,
        interval=app.interval,
        past=as_of is not None,
        sums_only=sums_only,
        keeps_limits=lambda host: found().keeps_limits(host),
    )


def limits_sentence(app: App, kept: FreshnessBudget) -> str:
    """Say it in one line, with what becomes of the limit for prices."""
    return kept.sentence(app.limits.of("input_price").warn)
