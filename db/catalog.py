"""The catalog: one SQLite file, opened and written in transactions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from cardwatch.crawler.documents import Visit
from cardwatch.crawler.source_card import SourceCard
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.decisions import curated_facts, name_links
from cardwatch.db.ingest import dirty_models, holds
from cardwatch.db.ingest.holds import HoldDecision
from cardwatch.db.ingest.nearest_models import NearestModels
from cardwatch.db.ingest.visits import ingest_visits
from cardwatch.db.query import stored_comparisons
from cardwatch.db.query.reports import (
    IngestReport,
    StoredComparison,
)
from cardwatch.db.schedule import change_rates, change_signals, page_weights
from cardwatch.db.store import archive_references, connection
from cardwatch.db.store.values import encode_qualifier
from cardwatch.normalize.records import Reading

if TYPE_CHECKING:
    from cardwatch.normalize.curated import CuratedFact


class CatalogStore(CatalogReports):
    """The door to the catalog's file for what changes it: the reads of CatalogReports, and all writes.

    Every public method that writes does so in one transaction, or inside the caller's `transaction`.
    """

    @classmethod
    def open(cls, path: Path, *, now: Callable[[], datetime]) -> Self:
        """Open the catalog at `path` to change it, made or migrated (after a backup).

        Raises CatalogLockedError, CatalogNewerError or CatalogUnreadableError.
        """
        return cls(path, now=now, conn=connection.connect_catalog(path))

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
                connection.roll_back(self.conn)
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
        card = replace(card, max_age=self.intervals.get(card.id, card.max_age))
        with self.transaction():
            return ingest_visits(
                self.conn, card, visits, read, rules=rules, now=self.now, hold_days=self.hold_days
            )

    def settle_holds(self) -> int:
        """Publish the surprises that waited long enough; returns how many."""
        with self.transaction():
            settled = holds.settle_open_holds(self.conn, self.now, self.hold_days)
            self._touch(settled)
        return len(settled)

    def import_facts(
        self, facts: Sequence[CuratedFact], *, cards: Mapping[str, SourceCard] | None = None
    ) -> IngestReport:
        """Take in facts that people state; `cards` lets a line weigh as the crawled source it names."""
        with self.transaction():
            report = curated_facts.record_curated_facts(self.conn, facts, at=self.now, cards=cards)
            self._touch(report.dirty_models)
        return report

    def review(
        self, model: str, attribute: str, *, url: str, by: str, offer: str = "", fact: CuratedFact | None = None,
        qualifier: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Confirm the published value, or overrule it with `fact`. Raises NothingToReviewError."""
        with self.transaction():
            if fact is None:
                text = encode_qualifier(qualifier or {})
                curated_facts.confirm_fact(
                    self.conn, model, attribute, offer=offer, qualifier=text, url=url, by=by, at=self.now
                )
                self._touch([model])
                return
            curated_facts.record_curated_facts(self.conn, [fact], at=self.now, kind="review")
            name_links.record_decision(
                self.conn, self.now, by, "overrule", f"{model} {attribute}", str(fact.value), url
            )
            self._touch([model])

    def retract(
        self, model: str, attribute: str, *, by: str, reason: str, offer: str = "", source: str | None = None
    ) -> int:
        """Take back what people stated; returns how many values. Raises NothingToReviewError."""
        with self.transaction():
            count = curated_facts.retract_fact(
                self.conn, model, attribute, offer=offer, source=source, by=by, reason=reason, at=self.now
            )
            self._touch([model])
        return count

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
            self._touch(name_links.merge_models(self.conn, old, new, by=by, reason=reason, at=self.now))

    def unmerge(self, old: str, *, by: str, reason: str) -> None:
        """Take a merge back. Raises UnknownModelError when `old` is not merged."""
        with self.transaction():
            self._touch(name_links.unmerge_models(self.conn, old, by=by, reason=reason, at=self.now))

    def decide(self, hold_id: int, decision: HoldDecision, *, by: str) -> None:
        """Release or reject a hold. Raises UnknownHoldError."""
        with self.transaction():
            self._touch(holds.decide_hold(self.conn, hold_id, decision, by=by, at=self.now))
            name_links.record_decision(self.conn, self.now, by, decision, f"hold {hold_id}", "", "")

    def _touch(self, models: Collection[str]) -> None:
        """Have the comparisons of models that changed looked at, and what is kept of them as they are now."""
        dirty_models.mark_dirty(self.conn, models, self.now)
        dirty_models.update_kept_facts(self.conn, self.now)

    def save_comparison(self, comparison: StoredComparison) -> None:
        """Store a comparison in place of the pair's last one."""
        with self.transaction():
            stored_comparisons.save_comparison(self.conn, comparison)

    def forget_comparison(self, a: str, b: str) -> None:
        """Drop a pair that is no longer kept."""
        with self.transaction():
            stored_comparisons.delete_comparison(self.conn, a, b)

    def dirty_models(self) -> list[str]:
        """Return the models whose comparisons must be looked at, also after a run was killed."""
        self.update_kept_facts()
        return dirty_models.list_dirty_models(self.conn)

    def update_kept_facts(self) -> None:
        """Make the kept rows anew of models that changed, or that have a value which begins or ends by now."""
        with self.transaction():
            dirty_models.update_kept_facts(self.conn, self.now)

    def mark_clean(self, ids: Collection[str]) -> None:
        """Note that the comparisons of these models are up to date."""
        with self.transaction():
            dirty_models.mark_clean(self.conn, ids)

    @property
    def nearest_models(self) -> NearestModels:
        """What tells the nearest of each model, for the stage that chooses pairs."""
        return NearestModels(self.conn)

    def update_page_weights(self, models: Collection[str]) -> None:
        """Set the weight of pages by their facts, of which some are of these models, and the comparisons that show them."""
        with self.transaction():
            page_weights.update_page_weights(self.conn, models)

    def relearn_change_rates(self) -> int:
        """Learn from the attempts anew how often each page changes; return how many pages have a rate."""
        with self.transaction():
            change_signals.relearn_signals(self.conn)
            return change_rates.relearn_pages(self.conn)

    def record_set_apart(self, file: str, offsets: Collection[int], details: Collection[str]) -> int:
        """Note that records are in the archive no more; return how many pages the next visit fetches whole."""
        with self.transaction():
            archive_references.record_set_apart(self.conn, details)
            return archive_references.fetch_whole(self.conn, file, offsets)

    def record_rewritten_file(self, file: str, moved: Mapping[int, int], size: int) -> None:
        """Note where the records of an archive file stand after it was written anew with `size` bytes."""
        with self.transaction():
            archive_references.record_rewritten_file(self.conn, file, moved, size)
