"""The catalog: one SQLite file, opened, written in transactions, and asked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from cardwatch.crawler.documents import Visit
from cardwatch.crawler.source_card import SourceCard
from cardwatch.db.decisions import curated_facts, name_links
from cardwatch.db.ingest import dirty_models, holds
from cardwatch.db.ingest.holds import HoldDecision
from cardwatch.db.ingest.visits import ingest_visits
from cardwatch.db.query import card_reader, model_search, overview, stored_comparisons
from cardwatch.db.query.cards import Change, Fact, ModelCard, Offer
from cardwatch.db.query.overview import Traffic
from cardwatch.db.query.reports import (
    Conflict,
    Hold,
    IngestReport,
    ModelSummary,
    PageToRead,
    QuarantinedCell,
    RecordedAttempt,
    SourceStatus,
    StoredComparison,
    UnlinkedName,
)
from cardwatch.db.query.snapshot import Snapshot, parse_as_of
from cardwatch.db.store import backup, connection, dump
from cardwatch.db.store.values import format_time, qualifier_text
from cardwatch.normalize.records import Reading

if TYPE_CHECKING:
    from cardwatch.normalize.curated import CuratedFact
    from cardwatch.normalize.identity.resolver import Links


class Catalog:
    """Every public method that writes does so in one transaction, or inside the caller's `transaction`."""

    def __init__(self, conn: sqlite3.Connection, path: Path, now: Callable[[], datetime]) -> None:
        self.conn, self.path, self._now = conn, path, now

    @classmethod
    def open(cls, path: Path, *, now: Callable[[], datetime], readonly: bool = False) -> Self:
        """Open the catalog at `path`, made or migrated (after a backup) unless `readonly`.

        Raises CatalogLockedError, CatalogNewerError or CatalogUnreadableError.
        """
        return cls(connection.connect_catalog(path, readonly=readonly), path, now)

    @classmethod
    def read(cls, path: Path | str) -> Self:
        """Open the catalog at `path` to look, with the machine's clock. Raises as `open` does."""
        return cls.open(Path(path), now=lambda: datetime.now(UTC), readonly=True)

    def close(self) -> None:
        """Close the file."""
        self.conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if isinstance(error, sqlite3.Error):
            raise connection.as_catalog_error(error, self.path) from error

    @property
    def now(self) -> str:
        """Return the time as the catalog writes it."""
        return format_time(self._now())

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all or nothing; a nested one belongs to the outer. Raises the catalog's own errors."""
        if self.conn.in_transaction:
            yield self.conn
            return
        try:
            self.conn.execute("BEGIN IMMEDIATE")
            try:
                yield self.conn
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
        with self.transaction() as conn:
            number = conn.execute(
                "INSERT INTO runs (kind, started) VALUES (?, ?)", [kind, self.now]
            ).lastrowid
        summary: dict[str, Any] = {}
        yield summary
        with self.transaction() as conn:
            conn.execute(
                "UPDATE runs SET finished = ?, summary = ? WHERE id = ?",
                [self.now, json.dumps(summary), number],
            )

    def cursor(self, archive_file: str) -> int:
        """Return up to which offset an archive file is normalised; 0 if not at all."""
        row = self.conn.execute("SELECT done FROM archives WHERE file = ?", [archive_file]).fetchone()
        return int(row[0]) if row else 0

    def set_cursor(self, archive_file: str, done: int) -> None:
        """Note that an archive file is normalised up to offset `done`."""
        with self.transaction() as conn:
            conn.execute("INSERT OR REPLACE INTO archives VALUES (?, ?, ?)", [archive_file, done, self.now])

    def ingest(
        self, card: SourceCard, visits: Sequence[Visit], read: Callable[[Visit], Reading], *, rules: str
    ) -> IngestReport:
        """Take in the visits of one source in one run; see db.ingest."""
        with self.transaction() as conn:
            return ingest_visits(conn, card, visits, read, rules=rules, now=self.now)

    def import_facts(
        self, facts: Sequence[CuratedFact], *, cards: Mapping[str, SourceCard] | None = None
    ) -> IngestReport:
        """Take in facts that people state; `cards` lets a line weigh as the crawled source it names."""
        with self.transaction() as conn:
            report = curated_facts.record_curated_facts(conn, facts, at=self.now, cards=cards)
            dirty_models.mark_dirty(conn, report.dirty_models, self.now)
        return report

    def review(
        self, model: str, attribute: str, *, url: str, by: str, offer: str = "", fact: CuratedFact | None = None,
        qualifier: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Confirm the published value, or overrule it with `fact`. Raises NothingToReviewError."""
        with self.transaction() as conn:
            if fact is None:
                text = qualifier_text(qualifier or {})
                curated_facts.confirm_fact(
                    conn, model, attribute, offer=offer, qualifier=text, url=url, by=by, at=self.now
                )
                return
            curated_facts.record_curated_facts(conn, [fact], at=self.now, kind="review")
            name_links.record_decision(
                conn, self.now, by, "overrule", f"{model} {attribute}", str(fact.value), url
            )
            dirty_models.mark_dirty(conn, [model], self.now)

    def retract(
        self, model: str, attribute: str, *, by: str, reason: str, offer: str = "", source: str | None = None
    ) -> int:
        """Take back what people stated; returns how many values. Raises NothingToReviewError."""
        with self.transaction() as conn:
            count = curated_facts.retract_fact(
                conn, model, attribute, offer=offer, source=source, by=by, reason=reason, at=self.now
            )
            dirty_models.mark_dirty(conn, [model], self.now)
        return count

    def links(self) -> Links:
        """Return what people decided about names and ids."""
        return name_links.load_links(self.conn)

    def link(
        self, name: str, model: str | None, *, by: str, reason: str, source: str = "", provider: str = ""
    ) -> int:
        """Decide that `name` means `model`; None leaves it unlinked. Returns how many pages to read again."""
        with self.transaction() as conn:
            return name_links.link_name(
                conn, name, model, by=by, reason=reason, at=self.now, source=source, provider=provider
            )

    def unlink(self, name: str, *, by: str, reason: str, source: str = "", provider: str = "") -> int:
        """Decide that `name` means no model."""
        return self.link(name, None, by=by, reason=reason, source=source, provider=provider)

    def merge(self, old: str, new: str, *, by: str, reason: str) -> None:
        """Let model `new` stand for `old`. Raises UnknownModelError."""
        with self.transaction() as conn:
            dirty_models.mark_dirty(
                conn, name_links.merge_models(conn, old, new, by=by, reason=reason, at=self.now), self.now
            )

    def unmerge(self, old: str, *, by: str, reason: str) -> None:
        """Take a merge back. Raises UnknownModelError when `old` is not merged."""
        with self.transaction() as conn:
            dirty_models.mark_dirty(
                conn, name_links.unmerge_models(conn, old, by=by, reason=reason, at=self.now), self.now
            )

    def find(self, text: str) -> str:
        """Return the id of the model people call `text`. Raises UnknownModelError, AmbiguousModelError."""
        return model_search.find_model(self.conn, text)

    def models(self) -> list[ModelSummary]:
        """Return one line per model, by id."""
        return model_search.model_summaries(self.conn, at=self.now)

    def card(self, model: str, as_of: str | None = None) -> ModelCard:
        """Return a model's card; `as_of` (a day or an ISO time) asks for what was published then.

        Raises UnknownModelError.
        """
        made = next(iter(self.cards([model], as_of=as_of)), None)
        if made is None:
            raise model_search.unknown_model_error(self.conn, model)
        return made

    def cards(self, ids: Collection[str] | None = None, as_of: str | None = None) -> Iterator[ModelCard]:
        """Yield the cards of `ids`, or of all models, by id."""
        at = self.now if as_of is None else f"{as_of}T23:59:59Z" if len(as_of) == len("YYYY-MM-DD") else as_of
        return card_reader.read_cards(self.conn, ids, at=at, past=as_of is not None)

    def outlines(
        self, attributes: Sequence[str], models: Collection[str] | None = None
    ) -> Iterator[ModelCard]:
        """Yield the cards of all models, or these, by id, with the facts of these attributes and no past."""
        return card_reader.read_cards(self.conn, models, at=self.now, only=attributes)

    def offers(self, model: str) -> tuple[Offer, ...]:
        """Return who serves a model now; `model` is any of its names. Raises as `find` does."""
        return Snapshot(self, None).offers(model)

    def fact(self, model: str, attribute: str, *, offer: str = "") -> Fact:
        """Return one fact of a model, or of its offer with the key `offer`. Raises as `find` does."""
        return Snapshot(self, None).fact(model, attribute, offer=offer)

    def as_of(self, when: date | str) -> Snapshot:
        """Return what was published at the end of a day, or at a time. Raises ValueError."""
        return Snapshot(self, parse_as_of(when))

    def changes(self, since: str | None = None) -> list[Change]:
        """Return published changes, oldest first, from a day or a time on."""
        return list(card_reader.read_changes(self.conn, since=since or ""))

    def conflicts(self, traffic: Traffic | None = None, model: str | None = None) -> list[Conflict]:
        """Return facts on which sources disagree, the most money at `traffic` first; of all models, or one id."""
        return overview.find_conflicts(self.conn, traffic, at=self.now, model=model)

    def holds(self) -> list[Hold]:
        """Return what waits for a decision, oldest first."""
        return list(holds.open_holds(self.conn))

    def decide(self, hold_id: int, decision: HoldDecision, *, by: str) -> None:
        """Release or reject a hold. Raises UnknownHoldError."""
        with self.transaction() as conn:
            dirty_models.mark_dirty(
                conn, holds.decide_hold(conn, hold_id, decision, by=by, at=self.now), self.now
            )
            name_links.record_decision(conn, self.now, by, decision, f"hold {hold_id}", "", "")

    def sources(self) -> list[SourceStatus]:
        """Return every source and how it does."""
        return overview.source_statuses(self.conn)

    def unlinked(self, source: str | None = None) -> list[UnlinkedName]:
        """Return names that mean no known model."""
        return list(overview.unlinked_names(self.conn, source))

    def quarantine(self) -> list[QuarantinedCell]:
        """Return cells that are refused now."""
        return list(overview.quarantined_cells(self.conn))

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
        with self.transaction() as conn:
            stored_comparisons.save_comparison(conn, comparison)

    def forget_comparison(self, a: str, b: str) -> None:
        """Drop a pair that is no longer kept."""
        with self.transaction() as conn:
            stored_comparisons.delete_comparison(conn, a, b)

    def comparisons_touching(self, ids: Collection[str]) -> list[tuple[str, str, str]]:
        """Return (a, b, digest) of the stored pairs with one of these models."""
        return list(stored_comparisons.comparisons_of_models(self.conn, ids))

    def comparisons(self) -> list[tuple[str, str, str]]:
        """Return (a, b, digest) of every stored pair."""
        return list(stored_comparisons.list_pairs(self.conn))

    def compared_with(self, template: str) -> bool:
        """Say whether every stored comparison was made with this template."""
        return stored_comparisons.all_use_template(self.conn, template)

    def dirty_models(self) -> list[str]:
        """Return the models whose comparisons must be looked at, also after a run was killed."""
        return dirty_models.list_dirty_models(self.conn, at=self.now)

    def settle(self, ids: Collection[str]) -> None:
        """Note that the comparisons of these models are up to date."""
        with self.transaction() as conn:
            dirty_models.mark_clean(conn, ids, at=self.now)

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
