"""What every command is given: the home, the settings and the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import click
import msgspec

from cardwatch.config import ClusterSection, Config
from cardwatch.db.store.freshness_limits import FreshnessLimit, FreshnessLimits
from cardwatch.errors import UsageError
from cardwatch.home import Home

if TYPE_CHECKING:
    from cardwatch.db.catalog import CatalogStore
    from cardwatch.db.catalog_reports import CatalogReports


@dataclass(frozen=True, slots=True)
class App:
    """The arguments all commands share; `now` is the only clock they read."""

    home: Home
    config: Config
    now: Callable[[], datetime]
    verbose: int = 0

    @contextmanager
    def reading(self) -> Iterator[CatalogReports]:
        """Open the catalog to look; it must exist."""
        if not self.home.catalog.exists():
            raise UsageError(
                f"{self.home.catalog}: no catalog yet; `cardwatch refresh` or `cardwatch demo` makes one"
            )
        from cardwatch.db.catalog_reports import CatalogReports

        with CatalogReports(self.home.catalog, now=self.now) as catalog:
            catalog.hold_days = self.config.holds.days
            catalog.intervals = self.intervals
            yield catalog

    @contextmanager
    def writing(self) -> Iterator[CatalogStore]:
        """Open the catalog to change it, made if absent, with this home held."""
        from cardwatch.db.catalog import CatalogStore
        from cardwatch.pruning import finish_pruning

        with self.home.locked(), CatalogStore.open(self.home.catalog, now=self.now) as catalog:
            catalog.hold_days = self.config.holds.days
            catalog.intervals = self.intervals
            finish_pruning(catalog, self.home.archive)
            yield catalog

    def with_workers(self, count: int | None) -> App:
        """Return the same application with this number of worker processes; for None, with the number in the settings."""
        if count is None:
            return self
        cluster = ClusterSection(workers=count)
        return replace(self, config=msgspec.structs.replace(self.config, cluster=cluster))

    def at(self, moment: datetime) -> App:
        """Return the same with a clock that stands."""
        return replace(self, now=partial(_return_moment, moment))

    @property
    def interval(self) -> timedelta:
        """How often runs are meant to happen."""
        return timedelta(hours=self.config.crawl.interval_hours)

    @property
    def intervals(self) -> dict[str, timedelta]:
        """After how long the pages of a source are due again, where the settings say so."""
        own = self.config.sources.items()
        return {name: timedelta(days=float(source.every)) for name, source in own if source.every is not None}

    @property
    def limits(self) -> FreshnessLimits:
        """The freshness limits in force."""
        settings = self.config.freshness
        return FreshnessLimits(
            {
                name: FreshnessLimit(limit.warn.number, limit.error.number)
                for name, limit in settings.limits.items()
            },
            {
                source: {
                    name: FreshnessLimit(limit.warn.number, limit.error.number) for name, limit in own.items()
                }
                for source, own in settings.sources.items()
            },
        )


pass_app = click.make_pass_decorator(App)


FIRST_MOMENT, LAST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC), datetime(2201, 1, 1, tzinfo=UTC)
"""Between these a clock may be set: models, pages and their dates lie well inside."""


def parse_clock(text: str | None, option: str = "--now") -> Callable[[], datetime]:
    """Return the clock: the machine's, or one that stands at `text` (ISO 8601, UTC if it does not say).

    Raises UsageError that names `option`.
    """
    if text is None:
        return partial(datetime.now, UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option}: wanted ISO 8601 such as 2026-05-15T12:00:00Z, found {text!r}") from None
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    if not FIRST_MOMENT <= aware < LAST_MOMENT:
        raise UsageError(f"{option}: wanted a time from 1970 to 2200, found {text!r}")
    fixed = aware.astimezone(UTC)
    return partial(_return_moment, fixed)


def _return_moment(moment: datetime) -> datetime:
    return moment
