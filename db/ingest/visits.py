"""From the visits of one source to facts: what may move a date, what is published, what is held."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from cardwatch.crawler.crawl_history import INDEX_PAGE_KIND
from cardwatch.crawler.documents import Outcome, Visit
from cardwatch.crawler.source_card import SourceCard
from cardwatch.db.ingest import diff_writer, dirty_models, holds, pages, screening, unread_parts
from cardwatch.db.ingest.page_diff import PageDiff, diff_page, lost_claims
from cardwatch.db.ingest.pages import StoredPage
from cardwatch.db.ingest.plausibility import HoldReason
from cardwatch.db.query import card_reader
from cardwatch.db.query.reports import IngestReport, PartialRead
from cardwatch.db.store.values import format_time
from cardwatch.normalize.records import Reading

ReadVisit = Callable[[Visit], Reading]
FAILURE_OUTCOMES = {Outcome.UNPARSED: "unparsed", Outcome.ERROR: "error", Outcome.BLOCKED: "blocked"}
USUAL_RUNS = 20
_CATALOG_FAULTS = (sqlite3.OperationalError, sqlite3.InternalError)
"""What SQLite raises for a full disk, a lock or a fault of ours, whatever the visit said."""


def ingest_visits(
    conn: sqlite3.Connection,
    card: SourceCard,
    visits: Sequence[Visit],
    read_visit: ReadVisit,
    *,
    rules: str,
    now: str,
) -> IngestReport:
    """Take in the visits one crawl made to one source, oldest first; the caller owns the transaction.

    `read_visit` is called only for pages whose rows or whose reading rules changed. Visits taken in before
    change nothing, unless the rules changed since: what the page's last reading says by the new ones is
    published as of `now`. Visits older than the page's latest change nothing either.
    """
    report = IngestReport(card.id)
    pages.record_source(conn, card)
    times: set[str] = set()
    for batch in split_batches(visits):
        _Batch(conn, card, read_visit, rules, now, report, times).take(batch)
    dirty_models.mark_dirty(conn, report.dirty_models, max(times, default=now))
    if times:
        seen = card_reader.read_changes(conn, since=min(times), source=card.id)
        report.changes = [change for change in seen if change.at in times]
    return report


def split_batches(visits: Sequence[Visit]) -> Iterator[list[Visit]]:
    """Split visits, oldest first, wherever a page comes round again: each part is one run of the source."""
    batch: list[Visit] = []
    seen: set[tuple[str, str]] = set()
    for visit in sorted(visits, key=lambda v: (v.started, v.url)):
        page = (visit.url, visit.page_kind)
        if page in seen:
            yield batch
            batch, seen = [], set()
        seen.add(page)
        batch.append(visit)
    if batch:
        yield batch


@dataclass(slots=True)
class _Batch:
    """The visits of one source in one run, judged together."""

    conn: sqlite3.Connection
    card: SourceCard
    read_visit: ReadVisit
    rules: str
    now: str
    report: IngestReport
    times: set[str]
    """When something was published."""
    number: int = 0
    page_diffs: list[PageDiff] = field(default_factory=list)

    def take(self, visits: Sequence[Visit]) -> None:
        self.number = self._next_number()
        for visit in visits:
            with self._contained(visit):
                self._process_visit(visit)
        together = self._batch_hold_reason()
        known = (
            screening.offer_prices(self.conn, {s[0] for p in self.page_diffs for s in p.heard})
            if self.page_diffs
            else {}
        )
        for made in self.page_diffs:
            with self._contained(made.visit):
                doubt = self._page_hold_reason(made) or together
                if doubt is None or not self._held(made, doubt):
                    self._publish(made, known)

    @contextmanager
    def _contained(self, visit: Visit) -> Iterator[None]:
        """Make whatever goes wrong with one visit its own outcome; only what is wrong with the file ends a run."""
        self.conn.execute("SAVEPOINT visit")
        try:
            yield
        except _CATALOG_FAULTS:
            raise
        except Exception as error:  # noqa: BLE001  one visit never stops the others
            self.conn.execute("ROLLBACK TO visit")
            detail = f"{type(error).__name__}: {error}, in {visit.warc}".encode("utf-8", "backslashreplace")
            self._fail(self._page(visit), visit, "unparsed", detail.decode())
        self.conn.execute("RELEASE visit")

    def _page(self, visit: Visit) -> StoredPage:
        at = format_time(visit.started)
        return pages.find_or_add_page(self.conn, self.card.id, visit.url, visit.page_kind, first_seen=at)

    def _next_number(self) -> int:
        row = self.conn.execute(
            "SELECT coalesce(max(batch), 0) + 1 FROM attempts a JOIN pages p ON p.id = a.page_id WHERE source = ?",
            [self.card.id],
        ).fetchone()
        return int(row[0])

    def _process_visit(self, visit: Visit) -> None:
        """Settle a visit that needs no reading; plan the others."""
        page = self._page(visit)
        digest = pages.rows_digest(visit) if visit.outcome is Outcome.READ and visit.rows else ""
        if self._was_attempted(page, visit):
            if self._to_read_again(page, visit, digest):
                self._diff_page(page, visit, digest, self.now)
            else:
                self._count("known")
        elif page.last_attempt is not None and format_time(visit.started) < page.last_attempt:
            self._count("late")
        elif visit.outcome in FAILURE_OUTCOMES:
            self._fail(page, visit, FAILURE_OUTCOMES[visit.outcome], visit.detail)
        elif visit.outcome is Outcome.NOT_MODIFIED:
            self._not_modified(page, visit)
        elif page.kind == INDEX_PAGE_KIND:
            self._index(page, visit)
        elif not visit.rows:
            self._fail(page, visit, "unparsed", "a page without a single row")
        elif digest != page.rows_digest and (older := pages.outdated_problem(page, visit)):
            self._fail(page, visit, "error", older)
        elif digest == page.rows_digest and page.rules == self.rules:
            self._same(page, visit, digest)
        else:
            self._diff_page(page, visit, digest, format_time(pages.completed_at(visit)))

    def _index(self, page: StoredPage, visit: Visit) -> None:
        """Note that a page was read which only names others: it changed if its bytes did."""
        body = visit.documents[0].digest
        outcome = "verified_same" if body == page.rows_digest else "verified_changed"
        pages.record_read(
            self.conn, page, digest=body, rules=self.rules, at=format_time(pages.completed_at(visit))
        )
        pages.record_verified(self.conn, page, visit, outcome)
        pages.record_attempt(self.conn, page, visit, outcome, batch=self.number)
        self._count(outcome)

    def _diff_page(self, page: StoredPage, visit: Visit, digest: str, at: str) -> None:
        made = diff_page(self.conn, page, visit, self.read_visit(visit), digest=digest, at=at)
        unread_parts.set_apart_unread(made)
        self.page_diffs.append(made)

    def _was_attempted(self, page: StoredPage, visit: Visit) -> bool:
        return pages.was_attempted(self.conn, page, visit)

    def _to_read_again(self, page: StoredPage, visit: Visit, digest: str) -> bool:
        """Say whether a visit from the archive is the page's last reading, under rules that changed since.

        A page that was read in part is read again whenever its source has learned to read it otherwise.
        """
        if not digest:
            return False
        last = format_time(visit.started) == page.last_attempt
        if last and digest != page.rows_digest and unread_parts.is_read_in_part(self.conn, page.id):
            return True
        if page.rules == self.rules:
            return False
        held = holds.active_visit_hold(self.conn, page.id)
        released = held is not None and held.state == "released" and last
        return released or digest == page.rows_digest

    def _fail(self, page: StoredPage, visit: Visit, outcome: str, detail: str) -> None:
        pages.record_failure(self.conn, page, visit, outcome, detail)
        pages.record_attempt(self.conn, page, visit, outcome, batch=self.number, detail=detail)
        self._count(outcome)

    def _not_modified(self, page: StoredPage, visit: Visit) -> None:
        why_not = pages.not_modified_problem(page, visit)
        if why_not:
            self._fail(page, visit, "unparsed", why_not)
        else:
            self._same(page, visit, page.rows_digest)

    def _same(self, page: StoredPage, visit: Visit, digest: str) -> None:
        """Move the page's dates: two writes, whatever it holds. What waited is now seen twice.

        On a page that was read in part nobody can tell whether it was: there holds stay.
        """
        at = format_time(pages.completed_at(visit))
        if unread_parts.is_read_in_part(self.conn, page.id):
            unread_parts.confirm_unread_parts(self.conn, page.id, at)
            self._count_unread(page.url, visit)
        else:
            self._end_waiting(page, visit, at)
        pages.record_verified(self.conn, page, visit, "verified_same")
        pages.record_attempt(self.conn, page, visit, "verified_same", batch=self.number, digest=digest)
        self._count("verified_same")

    def _end_waiting(self, page: StoredPage, visit: Visit, at: str) -> None:
        waited = holds.active_visit_hold(self.conn, page.id)
        if waited is not None:
            holds.end_hold(self.conn, waited.id, "withdrawn", at)
        confirmed = holds.publish_confirmed(self.conn, page.id, visit, at)
        if confirmed:
            self.times.add(at)
        self.report.released += len(confirmed)
        self.report.dirty_models.update(confirmed)

    def _count_unread(self, url: str, visit: Visit) -> None:
        if visit.unread:
            self.report.partial_reads[url] = PartialRead.of(visit)

    def _page_hold_reason(self, made: PageDiff) -> HoldReason | None:
        if made.reread or made.page.last_verified is None:
            return None
        return screening.mass_change_reason(sum(1 for _ in lost_claims(made)), made.live, 0, ())

    def _batch_hold_reason(self) -> HoldReason | None:
        """Judge all of the source's visits in this run together."""
        going = [made for made in self.page_diffs if not made.reread and made.page.last_verified is not None]
        if not going:
            return None
        live = screening.count_live_facts(self.conn, self.card.id)
        gone = sum(1 for made in going for _ in lost_claims(made))
        return screening.mass_change_reason(
            gone, live, sum(len(made.changed) for made in going), self._usual_changes()
        )

    def _usual_changes(self) -> list[int]:
        rows = self.conn.execute(
            "SELECT sum(changes) FROM attempts a JOIN pages p ON p.id = a.page_id"
            " WHERE source = ? AND verified_at IS NOT NULL GROUP BY batch ORDER BY batch DESC LIMIT ?",
            [self.card.id, USUAL_RUNS],
        )
        return [row[0] for row in rows]

    def _held(self, made: PageDiff, doubt: HoldReason) -> bool:
        """Hold a visit whole, unless a run before it or a person has already agreed to it."""
        signature = screening.diff_signature(made)
        if not signature:
            return False
        known = holds.active_visit_hold(self.conn, made.page.id)
        if known is not None and screening.signatures_agree(known.signature, signature):
            agreed = known.state == "released"
            if agreed or (known.state == "open" and holds.is_other_run(made.visit, known.archive)):
                return False
        else:
            if known is not None:
                holds.end_hold(self.conn, known.id, "superseded", made.at)
            holds.hold_visit(self.conn, made, doubt, signature)
        pages.record_held(self.conn, made.page, made.visit, doubt.reason)
        if not self._was_attempted(made.page, made.visit):
            pages.record_attempt(
                self.conn,
                made.page,
                made.visit,
                "held",
                batch=self.number,
                digest=made.digest,
                detail=doubt.reason,
            )
        self.report.held_pages.append(made.page.url)
        self._count("held")
        return True

    def _publish(self, made: PageDiff, known: screening.OfferPrices) -> None:
        waited = holds.active_visit_hold(self.conn, made.page.id)
        if waited is not None:
            agreed = screening.signatures_agree(waited.signature, screening.diff_signature(made))
            if agreed or not made.reading.unread:
                holds.end_hold(self.conn, waited.id, "released" if agreed else "withdrawn", made.at)
            self.report.released += agreed
        verdict = screening.screen_changes(made, known)
        changed = diff_writer.DiffWriter(self.conn, self.card, made, self.report).write(verdict)
        self.times.add(made.at)
        unread_parts.record_page_reading(self.conn, made.page.id, made.visit, made.at)
        self._count_unread(made.page.url, made.visit)
        outcome = "verified_same" if made.digest == made.page.rows_digest else "verified_changed"
        pages.record_read(self.conn, made.page, digest=made.digest, rules=self.rules, at=made.at)
        if not self._was_attempted(made.page, made.visit):
            pages.record_verified(self.conn, made.page, made.visit, outcome)
            pages.record_attempt(
                self.conn,
                made.page,
                made.visit,
                outcome,
                batch=self.number,
                digest=made.digest,
                changes=changed,
            )
            self._count(outcome)
            return
        if not made.reread:
            pages.record_verified(self.conn, made.page, made.visit, outcome)
            pages.record_released(self.conn, made.page, made.visit, changes=changed)
        self._count("read_again")

    def _count(self, outcome: str) -> None:
        self.report.outcomes[outcome] += 1
