"""The catalog: one SQLite file, opened, written in transactions, and asked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from cardwatch.crawler.documents import Visit
from cardwatch.crawler.source_card import SourceCard
from cardwatch.db.catalog_reader import Catalog
from cardwatch.db.decisions import curated_facts, name_links
from cardwatch.db.ingest import dirty_models, holds
from cardwatch.db.ingest.holds import HoldDecision
from cardwatch.db.ingest.visits import ingest_visits
from cardwatch.db.query import card_reader, catalog_counts, host_outages, overview, stored_comparisons, unread
from cardwatch.db.query.cards import ModelCard
from cardwatch.db.query.catalog_counts import SourceCounts
from cardwatch.db.query.reports import (
    IngestReport,
    PageToRead,
    QuarantinedCell,
    RecordedAttempt,
    StoredComparison,
    UnlinkedName,
)
from cardwatch.db.query.unread import NewShape, NotUnderstood, ReadingFinding
from cardwatch.db.schedule import change_rates
from cardwatch.db.staleness import catalog_report
from cardwatch.db.staleness.stale_facts import StaleReport
from cardwatch.db.store import archive_references, backup, connection, dump
from cardwatch.db.store.freshness_limits import FreshnessLimits
from cardwatch.db.store.hold_rules import HOLD_DAYS
from cardwatch.db.store.values import qualifier_text
from cardwatch.normalize.records import Reading

if TYPE_CHECKING:
    from cardwatch.crawler.crawl_history import PageRequest
    from cardwatch.db.schedule.candidates import Candidate
    from cardwatch.db.schedule.crawl_plan import FreshnessBudget
    from cardwatch.normalize.curated import CuratedFact
    from cardwatch.normalize.identity.resolver import Links


class CatalogStore(Catalog):
    """The one door to the catalog's file for the rest of the project: the reads of Catalog, and all writes.

    Every public method that writes does so in one transaction, or inside the caller's `transaction`.
    """

    @classmethod
    def open(cls, path: Path, *, now: Callable[[], datetime], readonly: bool = False) -> Self:
        """Open the catalog at `path`, made or migrated (after a backup) unless `readonly`.

        Raises CatalogLockedError, CatalogNewerError or CatalogUnreadableError.
        """
        return cls(connection.connect_catalog(path, readonly=readonly), path, now)

    hold_days: int = HOLD_DAYS
    """Days after which a surprise is published without a second look that agrees."""

    @property
    def conn(self) -> sqlite3.Connection:
        """The connection, for the rooms of db alone."""
        return self._conn

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all or nothing; a nested one belongs to the outer. Raises the catalog's own errors."""
        if self.conn.in_transaction:
            yield
            return
        try:
            self.conn.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.conn.execute("COMMIT")
            except BaseException:
                if self.conn.in_transaction:
                    self.conn.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as error:
            raise connection.as_catalog_error(error, self.path) from error

    @contextmanager
    def run(self, kind: str) -> Iterator[dict[str, Any]]:
        """Keep a row about this run; what the caller puts into the mapping becomes its summary.

        A run that is killed or fails has no end.
        """
        with self.transaction():
            number = self.conn.execute(
                "INSERT INTO runs (kind, started) VALUES (?, ?)", [kind, self.now]
            ).lastrowid
        summary: dict[str, Any] = {}
        yield summary
        with self.transaction():
            self.conn.execute(
                "UPDATE runs SET finished = ?, summary = ? WHERE id = ?",
                [self.now, json.dumps(summary), number],
            )

    def last_run(self) -> str | None:
        """Return when the last run that changed something here ended, None before the first."""
        row = self.conn.execute("SELECT max(finished) FROM runs").fetchone()
        return None if row[0] is None else str(row[0])

    def cursor(self, archive_file: str) -> int:
        """Return up to which offset an archive file is normalised; 0 if not at all."""
        row = self.conn.execute("SELECT done FROM archives WHERE file = ?", [archive_file]).fetchone()
        return int(row[0]) if row else 0

    def set_cursor(self, archive_file: str, done: int) -> None:
        """Note that an archive file is normalised up to offset `done`."""
        with self.transaction():
            self.conn.execute(
                "INSERT OR REPLACE INTO archives VALUES (?, ?, ?)", [archive_file, done, self.now]
            )

    def ingest(
        self, card: SourceCard, visits: Sequence[Visit], read: Callable[[Visit], Reading], *, rules: str
    ) -> IngestReport:
        """Take in the visits of one source in one run; see db.ingest."""
        with self.transaction():
            return ingest_visits(
                self.conn, card, visits, read, rules=rules, now=self.now, hold_days=self.hold_days
            )

    def settle_holds(self) -> int:
        """Publish the surprises that waited long enough; returns how many."""
        with self.transaction():
            settled = holds.settle_open_holds(self.conn, self.now, self.hold_days)
            dirty_models.mark_dirty(self.conn, settled, self.now)
        return len(settled)

    def import_facts(
        self, facts: Sequence[CuratedFact], *, cards: Mapping[str, SourceCard] | None = None
    ) -> IngestReport:
        """Take in facts that people state; `cards` lets a line weigh as the crawled source it names."""
        with self.transaction():
            report = curated_facts.record_curated_facts(self.conn, facts, at=self.now, cards=cards)
            dirty_models.mark_dirty(self.conn, report.dirty_models, self.now)
        return report

    def review(
        self, model: str, attribute: str, *, url: str, by: str, offer: str = "", fact: CuratedFact | None = None,
        qualifier: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Confirm the published value, or overrule it with `fact`. Raises NothingToReviewError."""
        with self.transaction():
            if fact is None:
                text = qualifier_text(qualifier or {})
                curated_facts.confirm_fact(
                    self.conn, model, attribute, offer=offer, qualifier=text, url=url, by=by, at=self.now
                )
                return
            curated_facts.record_curated_facts(self.conn, [fact], at=self.now, kind="review")
            name_links.record_decision(
                self.conn, self.now, by, "overrule", f"{model} {attribute}", str(fact.value), url
            )
            dirty_models.mark_dirty(self.conn, [model], self.now)

    def retract(
        self, model: str, attribute: str, *, by: str, reason: str, offer: str = "", source: str | None = None
    ) -> int:
        """Take back what people stated; returns how many values. Raises NothingToReviewError."""
        with self.transaction():
            count = curated_facts.retract_fact(
                self.conn, model, attribute, offer=offer, source=source, by=by, reason=reason, at=self.now
            )
            dirty_models.mark_dirty(self.conn, [model], self.now)
        return count

    def links(self) -> Links:
        """Return what people decided about names and ids."""
        return name_links.load_links(self.conn)

    def link(
        self, name: str, model: str | None, *, by: str, reason: str, source: str = "", provider: str = ""
    ) -> int:
        """Decide that `name` means `model`; None leaves it unlinked. Returns how many pages to read again."""
        with self.transaction():
            return name_links.link_name(
                self.conn, name, model, by=by, reason=reason, at=self.now, source=source, provider=provider
            )

    def unlink(self, name: str, *, by: str, reason: str, source: str = "", provider: str = "") -> int:
        """Decide that `name` means no model."""
        return self.link(name, None, by=by, reason=reason, source=source, provider=provider)

    def merge(self, old: str, new: str, *, by: str, reason: str) -> None:
        """Let model `new` stand for `old`. Raises UnknownModelError."""
        with self.transaction():
            dirty_models.mark_dirty(
                self.conn,
                name_links.merge_models(self.conn, old, new, by=by, reason=reason, at=self.now),
                self.now,
            )

    def unmerge(self, old: str, *, by: str, reason: str) -> None:
        """Take a merge back. Raises UnknownModelError when `old` is not merged."""
        with self.transaction():
            dirty_models.mark_dirty(
                self.conn,
                name_links.unmerge_models(self.conn, old, by=by, reason=reason, at=self.now),
                self.now,
            )

    def outlines(
        self, attributes: Sequence[str], models: Collection[str] | None = None
    ) -> Iterator[ModelCard]:
        """Yield the cards of all models, or these, by id, with the facts of these attributes and no past."""
        return card_reader.read_cards(self.conn, models, at=self.now, only=attributes)

    def decide(self, hold_id: int, decision: HoldDecision, *, by: str) -> None:
        """Release or reject a hold. Raises UnknownHoldError."""
        with self.transaction():
            dirty_models.mark_dirty(
                self.conn, holds.decide_hold(self.conn, hold_id, decision, by=by, at=self.now), self.now
            )
            name_links.record_decision(self.conn, self.now, by, decision, f"hold {hold_id}", "", "")

    def unlinked(self, source: str | None = None) -> list[UnlinkedName]:
        """Return names that mean no known model."""
        return list(overview.unlinked_names(self.conn, source))

    def quarantine(self) -> list[QuarantinedCell]:
        """Return cells that are refused now."""
        return list(overview.quarantined_cells(self.conn))

    def not_understood(self, source: str | None = None, since: str = "") -> list[NotUnderstood]:
        """Return the parts and cells of pages that are not understood now."""
        return unread.list_not_understood(self.conn, source, since)

    def new_shapes(self) -> list[NewShape]:
        """Return each way in which parts of a source are not understood now, once."""
        return unread.new_shapes(self.conn)

    def overdue_unread(self, limits: FreshnessLimits) -> dict[str, int]:
        """Return the sources with a part unread past its facts' error limit, and for how many days."""
        return unread.overdue_sources(self.conn, limits, now=self._now())

    def reading_findings(self, limits: FreshnessLimits) -> list[ReadingFinding]:
        """Return the sources that are read worse than usual."""
        return unread.reading_findings(self.conn, limits, now=self._now())

    def attempts(self, source: str | None = None, since: str = "") -> list[RecordedAttempt]:
        """Return visits, oldest first."""
        return list(overview.list_attempts(self.conn, source, since))

    def to_read_again(self, rules: str) -> list[PageToRead]:
        """Return the pages whose facts were read by other rules than `rules`, and where their bytes are."""
        return list(overview.pages_to_reread(self.conn, rules))

    def comparison(self, a: str, b: str) -> StoredComparison | None:
        """Return the stored comparison of a pair, in either order."""
        return stored_comparisons.load_comparison(self.conn, a, b)

    def comparison_since(self, a: str, b: str, digest: str) -> str:
        """Return when this state of a pair first appeared: now, if never."""
        return stored_comparisons.comparison_first_seen(self.conn, a, b, digest, at=self.now)

    def save_comparison(self, comparison: StoredComparison) -> None:
        """Store a comparison in place of the pair's last one."""
        with self.transaction():
            stored_comparisons.save_comparison(self.conn, comparison)

    def forget_comparison(self, a: str, b: str) -> None:
        """Drop a pair that is no longer kept."""
        with self.transaction():
            stored_comparisons.delete_comparison(self.conn, a, b)

    def comparisons_touching(self, ids: Collection[str]) -> list[tuple[str, str, str]]:
        """Return (a, b, digest) of the stored pairs with one of these models."""
        return list(stored_comparisons.comparisons_of_models(self.conn, ids))

    def comparisons(self) -> list[tuple[str, str, str]]:
        """Return (a, b, digest) of every stored pair."""
        return list(stored_comparisons.list_pairs(self.conn))

    def comparison_dates(self) -> list[tuple[tuple[str, str], str]]:
        """Return every stored pair with the time at which its present state first appeared."""
        return list(stored_comparisons.comparison_dates(self.conn))

    def compared_with(self, template: str) -> bool:
        """Say whether every stored comparison was made with this template."""
        return stored_comparisons.all_use_template(self.conn, template)

    def dirty_models(self) -> list[str]:
        """Return the models whose comparisons must be looked at, also after a run was killed."""
        return dirty_models.list_dirty_models(self.conn, at=self.now)

    def settle(self, ids: Collection[str]) -> None:
        """Note that the comparisons of these models are up to date."""
        with self.transaction():
            dirty_models.mark_clean(self.conn, ids, at=self.now)

    def count_by_source(self) -> dict[str, SourceCounts]:
        """Return the models, offers and present values of every source."""
        return catalog_counts.count_by_source(self.conn)

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
        keeps_limits: Callable[[str], bool] = lambda host: True,
    ) -> StaleReport:
        """Judge every fact published at `now`; `past` says that this moment is over and the catalog went on.

        `keeps_limits` says of a host whether runs of the usual size can look at its pages within their limits.
        """
        return catalog_report.build_stale_report(
            self.conn, now=now, limits=limits, interval=interval, past=past, keeps_limits=keeps_limits
        )

    def list_candidates(
        self, named: Mapping[str, Sequence[PageRequest]], *, limits: FreshnessLimits
    ) -> list[Candidate]:
        """Return every page a run could visit: `named` by the sources, or found on earlier visits."""
        from cardwatch.db.schedule.candidates import (
            list_candidates,  # brings numpy, which most commands do without
        )

        return list_candidates(self.conn, named, now=self._now(), limits=limits)

    def check_freshness_budget(
        self, *, limits: FreshnessLimits, budget: int, host_allowance: int, run_days: float
    ) -> FreshnessBudget:
        """Say whether runs of this size can keep every page within its strictest limit."""
        from cardwatch.db.schedule.crawl_plan import check_freshness_budget  # brings numpy

        return check_freshness_budget(
            self.conn, limits=limits, budget=budget, host_allowance=host_allowance, run_days=run_days
        )

    def failing_hosts(self, window: timedelta) -> frozenset[str]:
        """Return the hosts that gave nothing when last asked; attempts less than `window` apart are one asking."""
        return host_outages.failing_hosts(host_outages.find_outages(self.conn, at=self._now(), window=window))

    def update_page_weights(self) -> None:
        """Set each page's weight by the facts it verifies and the comparisons that show them."""
        from cardwatch.db.schedule.candidates import update_page_weights  # brings numpy

        with self.transaction():
            update_page_weights(self.conn)

    def relearn_change_rates(self) -> int:
        """Learn from the attempts anew how often each page changes; return how many pages have a rate."""
        with self.transaction():
            return change_rates.relearn_pages(self.conn)

    def documents_in_use(self) -> set[str]:
        """Return the digests of the documents that present claims were read from."""
        return archive_references.documents_in_use(self.conn)

    def evidence_documents(self) -> set[str]:
        """Return the digests of the documents that published values were read from."""
        return overview.evidence_documents(self.conn)

    def readable_since(self) -> dict[tuple[str, str], datetime]:
        """Return by source and URL the start of the oldest visit that may have to be read again."""
        return archive_references.readable_since(self.conn)

    def record_rewritten_file(self, file: str, moved: Mapping[int, int], size: int) -> None:
        """Note where the records of an archive file stand after it was written anew with `size` bytes."""
        with self.transaction():
            archive_references.record_rewritten_file(self.conn, file, moved, size)

    def latest_attempt(self) -> str:
        """Return when the last visit started, "" when there was none."""
        return overview.latest_attempt(self.conn)

    def validators(self, source: str, url: str, parser_version: int) -> Mapping[str, str]:
        """Return the conditional headers for a page, none if it must be read in full."""
        return overview.conditional_headers(self.conn, source, url, parser_version)

    def backup(self, dest: Path) -> Path:
        """Write a consistent copy to `dest`, also while others write."""
        return backup.write_backup(self.conn, dest)

    def check(self) -> list[str]:
        """Return what is wrong with the catalog, one sentence each."""
        return list(backup.check_catalog(self.conn))

    def dump(self) -> str:
        """Return the catalog as canonical text."""
        return "\n".join(dump.dump_catalog(self.conn))
