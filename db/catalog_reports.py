"""What commands read beside the library's answers: reports, counts, stored comparisons, the state of the crawl."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from cardwatch.db.catalog_reader import Catalog
from cardwatch.db.query import (
    card_reader,
    catalog_counts,
    kept_facts,
    overview,
    stated_rows,
    stored_comparisons,
)
from cardwatch.db.query.cards import ModelCard
from cardwatch.db.query.reports import (
    PageToRead,
    QuarantinedCell,
    RecordedAttempt,
    StoredComparison,
    UnlinkedName,
    WaitingCounts,
)
from cardwatch.db.query.stated_rows import SourceCounts
from cardwatch.db.store import archive_references, backup, dump
from cardwatch.db.store.connection import as_catalog_error
from cardwatch.db.store.errors import BackupRefusedError
from cardwatch.db.store.freshness_limits import FreshnessLimits

if TYPE_CHECKING:
    from cardwatch.crawler.crawl_history import PageRequest
    from cardwatch.db.query.unread import NewShape, NotUnderstood, ReadingFinding
    from cardwatch.db.schedule.candidates import KnownPages
    from cardwatch.db.schedule.freshness_budget import FreshnessBudget
    from cardwatch.db.staleness.stale_facts import StaleReport
    from cardwatch.normalize.identity.resolver import Links


class CatalogReports(Catalog):
    """The catalog as commands read it: nothing here changes it, and what writes is not even loaded."""

    intervals: Mapping[str, timedelta] = MappingProxyType({})
    """By source, after how long its pages are due again, where the settings say otherwise than the source."""

    @property
    def conn(self) -> sqlite3.Connection:
        """The connection, for the rooms of db alone."""
        return self._conn

    def last_run(self) -> str | None:
        """Return when the last run that changed something here ended, None before the first."""
        row = self.conn.execute("SELECT max(finished) FROM runs").fetchone()
        return None if row[0] is None else str(row[0])

    def cursor(self, archive_file: str) -> int:
        """Return up to which offset an archive file is normalised; 0 if not at all."""
        row = self.conn.execute("SELECT done FROM archives WHERE file = ?", [archive_file]).fetchone()
        return int(row[0]) if row else 0

    def outlines(
        self, attributes: Sequence[str], models: Collection[str] | None = None
    ) -> Iterator[ModelCard]:
        """Yield the cards of all models, or these, by id, with the facts of these attributes and no past."""
        return card_reader.read_cards(self.conn, models, at=self.now, only=attributes)

    def unlinked(self, source: str | None = None) -> list[UnlinkedName]:
        """Return names that mean no known model."""
        return list(overview.unlinked_names(self.conn, source))

    def quarantine(self) -> list[QuarantinedCell]:
        """Return cells that are refused now."""
        return list(overview.quarantined_cells(self.conn))

    def not_understood(self, source: str | None = None, since: str = "") -> list[NotUnderstood]:
        """Return the parts and cells of pages that are not understood now."""
        from cardwatch.db.query import unread

        return unread.list_not_understood(self.conn, source, since)

    def new_shapes(self) -> list[NewShape]:
        """Return each way in which parts of a source are not understood now, once."""
        from cardwatch.db.query import unread

        return unread.new_shapes(self.conn)

    def overdue_unread(self, limits: FreshnessLimits) -> dict[str, int]:
        """Return the sources with a part unread past its facts' error limit, and for how many days."""
        from cardwatch.db.query import unread

        return unread.overdue_sources(self.conn, limits, now=self._now())

    def reading_findings(self, limits: FreshnessLimits) -> list[ReadingFinding]:
        """Return the sources that are read worse than usual."""
        from cardwatch.db.query import unread

        return unread.reading_findings(self.conn, limits, now=self._now())

    def attempts(self, source: str | None = None, since: str = "") -> list[RecordedAttempt]:
        """Return visits, oldest first."""
        return list(overview.list_attempts(self.conn, source, since))

    def to_read_again(
        self, rules: str, versions: Mapping[str, int] = MappingProxyType({})
    ) -> list[PageToRead]:
        """Return the pages whose facts were read by other rules, or not all understood, and where their bytes are.

        `versions` are those of the sources' reading code, where they are known.
        """
        return list(overview.pages_to_reread(self.conn, rules, versions))

    def comparison(self, a: str, b: str) -> StoredComparison | None:
        """Return the stored comparison of a pair, in either order."""
        return stored_comparisons.load_comparison(self.conn, a, b)

    def comparison_since(self, a: str, b: str, digest: str) -> str:
        """Return when this state of a pair first appeared: now, if never."""
        return stored_comparisons.comparison_first_seen(self.conn, a, b, digest, at=self.now)

    def comparisons_touching(self, ids: Collection[str]) -> list[tuple[str, str, str]]:
        """Return (a, b, digest) of the stored pairs with one of these models."""
        return list(stored_comparisons.comparisons_of_models(self.conn, ids))

    def kept_traits(self, models: Iterable[str]) -> dict[str, str]:
        """Return by what the nearness of these models is judged, as text; nothing of one that is not kept."""
        return stored_comparisons.load_traits(self.conn, models)

    def count_comparisons(self) -> int:
        """Return how many pairs are stored."""
        return stored_comparisons.count_pairs(self.conn)

    def comparison_digests(self, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """Return the digests of these pairs, those that are stored."""
        return dict(stored_comparisons.digests_of_pairs(self.conn, pairs))

    def still_listed(self, models: Collection[str]) -> list[str]:
        """Return the ones of these models of which anything is still said; for settled facts."""
        return kept_facts.list_listed(self.conn, models)

    def comparisons(self) -> list[tuple[str, str, str]]:
        """Return (a, b, digest) of every stored pair."""
        return list(stored_comparisons.list_pairs(self.conn))

    def comparison_dates(self) -> list[tuple[tuple[str, str], str]]:
        """Return every stored pair with the time at which its present state first appeared."""
        return list(stored_comparisons.comparison_dates(self.conn))

    def compared_with(self, template: str) -> bool:
        """Say whether every stored comparison was made with this template."""
        return stored_comparisons.all_use_template(self.conn, template)

    def count_by_source(self) -> dict[str, SourceCounts]:
        """Return the models, offers and present values of every source."""
        return stated_rows.count_by_source(self.conn)

    def count_waiting(self) -> dict[str, WaitingCounts]:
        """Return of every source with anything that waits for a person how much it is."""
        return overview.count_waiting(self.conn)

    def count_models(self) -> int:
        """Return how many models are known, merged ones aside."""
        return catalog_counts.count_models(self.conn)

    def stale_report(
        self,
        *,
        now: datetime,
        limits: FreshnessLimits,
        interval: timedelta,
        past: bool = False,
        sums_only: bool = False,
        keeps_limits: Callable[[str], bool] = lambda host: True,
    ) -> StaleReport:
        """Judge every fact published at `now`; `past` says that this moment is over, `sums_only` leaves out the rows.

        `keeps_limits` says of a host whether runs of the usual size can look at its pages within their limits.
        """
        from cardwatch.db.staleness import catalog_report

        return catalog_report.build_stale_report(
            self.conn, now=now, limits=limits, interval=interval, past=past, sums_only=sums_only,
            keeps_limits=keeps_limits,
        )  # fmt: skip

    def known_pages(
        self, named: Mapping[str, Sequence[PageRequest]], *, limits: FreshnessLimits
    ) -> KnownPages:
        """Return the pages a run could visit: `named` by the sources, or found on earlier visits."""
        from cardwatch.db.schedule.candidates import (
            KnownPages,
        )  # brings numpy, which most commands do without

        return KnownPages(self.conn, named, now=self._now(), limits=limits, intervals=self.intervals)

    def names_listed_elsewhere(self, sources: Sequence[str]) -> frozenset[str]:
        """Return the names that `sources` print now of models which another source lists as well."""
        return overview.names_listed_elsewhere(self.conn, sources)

    def any_unanswered_signal(self) -> bool:
        """Say whether anything has spoken of a page since that was last verified."""
        from cardwatch.db.schedule.change_signals import any_unanswered

        return any_unanswered(self.conn)

    def check_freshness_budget(
        self,
        *,
        limits: FreshnessLimits,
        budget: int,
        host_allowance: int,
        run_days: float,
        host_allowances: Mapping[str, int] = MappingProxyType({}),
    ) -> FreshnessBudget:
        """Say whether runs of this size can keep every page within its strictest limit."""
        from cardwatch.db.schedule.freshness_budget import check_freshness_budget

        return check_freshness_budget(
            self.conn,
            limits=limits,
            budget=budget,
            host_allowance=host_allowance,
            host_allowances=host_allowances,
            run_days=run_days,
        )

    def failing_hosts(self, window: timedelta) -> frozenset[str]:
        """Return the hosts that gave nothing when last asked; attempts less than `window` apart are one asking."""
        from cardwatch.db.query import host_outages

        return host_outages.find_failing_hosts(self.conn, at=self._now(), window=window)

    def documents_in_use(self) -> set[str]:
        """Return the digests of the documents that present claims were read from."""
        return archive_references.documents_in_use(self.conn)

    def evidence_documents(self) -> set[str]:
        """Return the digests of the documents that published values were read from."""
        return overview.evidence_documents(self.conn)

    def readable_since(self) -> dict[tuple[str, str], datetime]:
        """Return by source and URL the start of the oldest visit that may have to be read again."""
        return archive_references.readable_since(self.conn)

    def facts_read_from(self, file: str, offsets: Collection[int]) -> dict[int, list[str]]:
        """Return by offset the present facts that were read from these records of an archive file."""
        return archive_references.facts_read_from(self.conn, file, offsets)

    def failed_pages(self) -> list[tuple[str, str, str]]:
        """Return the source, the URL and the reason of every page whose last visit could not be read."""
        return archive_references.failed_pages(self.conn)

    def latest_attempt(self) -> str:
        """Return when the last visit started, "" when there was none."""
        return overview.latest_attempt(self.conn)

    def validators(self, source: str, url: str, parser_version: int) -> Mapping[str, str]:
        """Return the conditional headers for a page, none if it must be read in full."""
        return overview.conditional_headers(self.conn, source, url, parser_version)

    def backup(self, dest: Path, *, replace: bool = False) -> Path:
        """Write a consistent copy to `dest`, also while others write; with `replace` over an older one.

        Raises BackupRefusedError for anything else that is there, CatalogUnreadableError when the disk refuses.
        """
        if problem := backup.backup_problem(dest, replace=replace):
            raise BackupRefusedError(problem)
        try:
            return backup.write_backup(self.conn, dest)
        except sqlite3.Error as error:
            raise as_catalog_error(error, dest) from error

    def check(self) -> list[str]:
        """Return what is wrong with the catalog, one sentence each."""
        from cardwatch.db.ingest.fact_keeping import find_wrong_facts  # what writes, and few ask for it

        return [*backup.check_catalog(self.conn), *find_wrong_facts(self.conn)]

    def dump(self) -> str:
        """Return the catalog as canonical text."""
        return "\n".join(dump.dump_catalog(self.conn))

    def links(self) -> Links:
        """Return what people decided about names and ids."""
        from cardwatch.db.decisions.name_links import load_links  # brings the rules that read names

        return load_links(self.conn)
