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

from cardwatch.crawler.card import SourceCard
from cardwatch.crawler.documents import Visit
from cardwatch.db import (
    backup,
    comparisons,
    dump,
    holds,
    migrate,
    models,
    names,
    overview,
    read,
    reviews,
    touched,
)
from cardwatch.db.cards import Change, Fact, ModelCard, Offer
from cardwatch.db.holds import Decision
from cardwatch.db.ingest import ingest
from cardwatch.db.library import View, moment
from cardwatch.db.overview import Traffic
from cardwatch.db.reports import (
    Attempt,
    Conflict,
    Held,
    IngestReport,
    ModelSummary,
    PageToRead,
    Quarantined,
    SourceStatus,
    StoredComparison,
    Unlinked,
)
from cardwatch.db.values import qualifier_text, stamp
from cardwatch.normalize.records import Reading

if TYPE_CHECKING:
    from cardwatch.normalize.curated import CuratedFact
    from cardwatch.normalize.identity import Links


class Catalog:
    """Every public method that writes does so in one transaction, or inside the caller's `transaction`."""

    def __init__(self, conn: sqlite3.Connection, path: Path, now: Callable[[], datetime]) -> None:
        self.conn, self.path, self._now = conn, path, now

    @classmethod
    def open(cls, path: Path, *, now: Callable[[], datetime], readonly: bool = False) -> Self:
        """Open the catalog at `path`, made or migrated (after a backup) unless `readonly`.

        Raises CatalogLockedError, CatalogNewerError or CatalogUnreadableError.
        """
        return cls(migrate.connect(path, readonly=readonly), path, now)

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
            raise migrate.plain(error, self.path) from error

    @property
    def now(self) -> str:
        """Return the time as the catalog writes it."""
        return stamp(self._now())

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
            raise migrate.plain(error, self.path) from error

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
            return ingest(conn, card, visits, read, rules=rules, now=self.now)

    def import_facts(
        self, facts: Sequence[CuratedFact], *, cards: Mapping[str, SourceCard] | None = None
    ) -> IngestReport:
        """Take in facts that people state; `cards` lets a line weigh as the crawled source it names."""
        with self.transaction() as conn:
            report = reviews.state(conn, facts, at=self.now, cards=cards)
            touched.touch(conn, report.touched, self.now)
        return report

    def review(
        self, model: str, attribute: str, *, url: str, by: str, offer: str = "", fact: CuratedFact | None = None,
        qualifier: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Confirm the published value, or overrule it with `fact`. Raises NothingToReviewError."""
        with self.transaction() as conn:
            if fact is None:
                text = qualifier_text(qualifier or {})
                reviews.confirm(
                    conn, model, attribute, offer=offer, qualifier=text, url=url, by=by, at=self.now
                )
                return
            reviews.state(conn, [fact], at=self.now, kind="review")
            names.decide(conn, self.now, by, "overrule", f"{model} {attribute}", str(fact.value), url)
            touched.touch(conn, [model], self.now)

    def retract(
        self, model: str, attribute: str, *, by: str, reason: str, offer: str = "", source: str | None = None
    ) -> int:
        """Take back what people stated; returns how many values. Raises NothingToReviewError."""
        with self.transaction() as conn:
            count = reviews.retract(
                conn, model, attribute, offer=offer, source=source, by=by, reason=reason, at=self.now
            )
            touched.touch(conn, [model], self.now)
        return count

    def links(self) -> Links:
        """Return what people decided about names and ids."""
        return names.links(self.conn)

    def link(
        self, name: str, model: str | None, *, by: str, reason: str, source: str = "", provider: str = ""
    ) -> int:
        """Decide that `name` means `model`; None leaves it unlinked. Returns how many pages to read again."""
        with self.transaction() as conn:
            return names.link(
                conn, name, model, by=by, reason=reason, at=self.now, source=source, provider=provider
            )

    def unlink(self, name: str, *, by: str, reason: str, source: str = "", provider: str = "") -> int:
        """Decide that `name` means no model."""
        return self.link(name, None, by=by, reason=reason, source=source, provider=provider)

    def merge(self, old: str, new: str, *, by: str, reason: str) -> None:
        """Let model `new` stand for `old`. Raises UnknownModelError."""
        with self.transaction() as conn:
            touched.touch(conn, names.merge(conn, old, new, by=by, reason=reason, at=self.now), self.now)

    def unmerge(self, old: str, *, by: str, reason: str) -> None:
        """Take a merge back. Raises UnknownModelError when `old` is not merged."""
        with self.transaction() as conn:
            touched.touch(conn, names.unmerge(conn, old, by=by, reason=reason, at=self.now), self.now)

    def find(self, text: str) -> str:
        """Return the id of the model people call `text`. Raises UnknownModelError, AmbiguousModelError."""
        return models.find(self.conn, text)

    def models(self) -> list[ModelSummary]:
        """Return one line per model, by id."""
        return models.summaries(self.conn, at=self.now)

    def card(self, model: str, as_of: str | None = None) -> ModelCard:
        """Return a model's card; `as_of` (a day or an ISO time) asks for what was published then.

        Raises UnknownModelError.
        """
        made = next(iter(self.cards([model], as_of=as_of)), None)
        if made is None:
            raise models.unknown(self.conn, model)
        return made

    def cards(self, ids: Collection[str] | None = None, as_of: str | None = None) -> Iterator[ModelCard]:
        """Yield the cards of `ids`, or of all models, by id."""
        at = self.now if as_of is None else f"{as_of}T23:59:59Z" if len(as_of) == len("YYYY-MM-DD") else as_of
        return read.cards(self.conn, ids, at=at, past=as_of is not None)

    def outlines(
        self, attributes: Sequence[str], models: Collection[str] | None = None
    ) -> Iterator[ModelCard]:
        """Yield the cards of all models, or these, by id, with the facts of these attributes and no past."""
        return read.cards(self.conn, models, at=self.now, only=attributes)

    def offers(self, model: str) -> tuple[Offer, ...]:
        """Return who serves a model now; `model` is any of its names. Raises as `find` does."""
        return View(self, None).offers(model)

    def fact(self, model: str, attribute: str, *, offer: str = "") -> Fact:
        """Return one fact of a model, or of its offer with the key `offer`. Raises as `find` does."""
        return View(self, None).fact(model, attribute, offer=offer)

    def as_of(self, when: date | str) -> View:
        """Return what was published at the end of a day, or at a time. Raises ValueError."""
        return View(self, moment(when))

    def changes(self, since: str | None = None) -> list[Change]:
        """Return published changes, oldest first, from a day or a time on."""
        return list(read.changes(self.conn, since=since or ""))

    def conflicts(self, traffic: Traffic | None = None, model: str | None = None) -> list[Conflict]:
        """Return facts on which sources disagree, the most money at `traffic` first; of all models, or one id."""
        return overview.conflicts(self.conn, traffic, at=self.now, model=model)

    def holds(self) -> list[Held]:
        """Return what waits for a decision, oldest first."""
        return list(holds.open_holds(self.conn))

    def decide(self, hold_id: int, decision: Decision, *, by: str) -> None:
        """Release or reject a hold. Raises UnknownHoldError."""
        with self.transaction() as conn:
            touched.touch(conn, holds.decide(conn, hold_id, decision, by=by, at=self.now), self.now)
            names.decide(conn, self.now, by, decision, f"hold {hold_id}", "", "")

    def sources(self) -> list[SourceStatus]:
        """Return every source and how it does."""
        return overview.sources(self.conn)

    def unlinked(self, source: str | None = None) -> list[Unlinked]:
        """Return names that mean no known model."""
        return list(overview.unlinked(self.conn, source))

    def quarantine(self) -> list[Quarantined]:
        """Return cells that are refused now."""
        return list(overview.quarantine(self.conn))

    def attempts(self, source: str | None = None, since: str = "") -> list[Attempt]:
        """Return visits, oldest first."""
        return list(overview.attempts(self.conn, source, since))

    def to_read_again(self, rules: str) -> list[PageToRead]:
        """Return the pages whose facts were read by other rules than `rules`, and where their bytes are."""
        return list(overview.to_read_again(self.conn, rules))

    def comparison(self, a: str, b: str) -> StoredComparison | None:
        """Return the stored comparison of a pair, in either order."""
        return comparisons.load(self.conn, a, b)

    def comparison_since(self, a: str, b: str, digest: str) -> str:
        """Return when this state of a pair first appeared: now, if never."""
        return comparisons.first_seen(self.conn, a, b, digest, at=self.now)

    def save_comparison(self, comparison: StoredComparison) -> None:
        """Store a comparison in place of the pair's last one."""
        with self.transaction() as conn:
            comparisons.save(conn, comparison)

    def forget_comparison(self, a: str, b: str) -> None:
        """Drop a pair that is no longer kept."""
        with self.transaction() as conn:
            comparisons.forget(conn, a, b)

    def comparisons_touching(self, ids: Collection[str]) -> list[tuple[str, str, str]]:
        """Return (a, b, digest) of the stored pairs with one of these models."""
        return list(comparisons.touching(self.conn, ids))

    def comparisons(self) -> list[tuple[str, str, str]]:
        """Return (a, b, digest) of every stored pair."""
        return list(comparisons.pairs(self.conn))

    def compared_with(self, template: str) -> bool:
        """Say whether every stored comparison was made with this template."""
        return comparisons.of_template(self.conn, template)

    def touched(self) -> list[str]:
        """Return the models whose comparisons must be looked at, also after a run was killed."""
        return touched.waiting(self.conn, at=self.now)

    def settle(self, ids: Collection[str]) -> None:
        """Note that the comparisons of these models are up to date."""
        with self.transaction() as conn:
            touched.settle(conn, ids, at=self.now)

    def validators(self, source: str, url: str, parser_version: int) -> Mapping[str, str]:
        """Return the conditional headers for a page, none if it must be read in full."""
        return overview.validators(self.conn, source, url, parser_version)

    def backup(self, dest: Path) -> Path:
        """Write a consistent copy to `dest`, also while others write."""
        return backup.backup(self.conn, dest)

    def check(self) -> list[str]:
        """Return what is wrong with the catalog, one sentence each."""
        return list(backup.check(self.conn))

    def dump(self) -> str:
        """Return the catalog as canonical text."""
        return "\n".join(dump.dump(self.conn))
