"""From the visits of one source to facts: what may move a date, what is published, what is held."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from cardwatch.crawler.crawl_history import INDEX_PAGE_KIND
from cardwatch.crawler.documents import Outcome, Visit
from cardwatch.crawler.source_card import Authority, SourceCard
from cardwatch.db.ingest import (
    corroboration,
    diff_writer,
    dirty_models,
    healing,
    holds,
    pages,
    screening,
    unread_parts,
)
from cardwatch.db.ingest.authority import authority_of
from cardwatch.db.ingest.page_diff import ClaimChange, LostClaim, PageDiff, diff_page, lost_claims
from cardwatch.db.ingest.pages import StoredPage
from cardwatch.db.ingest.plausibility import HoldReason
from cardwatch.db.query import card_reader
from cardwatch.db.query.reports import IngestReport, PartialRead
from cardwatch.db.schedule import change_signals
from cardwatch.db.store.choice_rules import may_be_stale
from cardwatch.db.store.hold_rules import HOLD_DAYS
from cardwatch.db.store.speakers import speaker_of
from cardwatch.db.store.values import ClaimKey, format_time, provider_of
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
    hold_days: int = HOLD_DAYS,
) -> IngestReport:
    """Take in the visits one crawl made to one source, oldest first; the caller owns the transaction.

    `read_visit` is called only for pages whose rows or whose reading rules changed. Visits taken in before
    change nothing, unless the rules changed since: what the page's last reading says by the new ones is
    published as of `now`. Visits older than the page's latest change nothing either. A surprise is published
    after `hold_days` at the latest.
    """
    report = IngestReport(card.id)
    if pages.record_source(conn, card):
        report.dirty_models.update(pages.list_models(conn, "p.source = ?", card.id))
    times: set[str] = set()
    healing.hold_back_impossible(conn, card.id, report, now)
    for batch in split_batches(visits):
        _Batch(conn, card, read_visit, rules, now, report, times, hold_days).take(batch)
    dirty_models.mark_dirty(conn, report.dirty_models, max(times, default=now))
    if card.authority is Authority.AGGREGATOR and report.outcomes.keys() & {*pages.VERIFIED_OUTCOMES}:
        change_signals.signal_priced_pages(conn, card.id, sorted(times))
    if times:
        seen = card_reader.read_changes(conn, published_since=min(times), source=card.id)
        report.changes = [change for change in seen if change.published_at in times]
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
    hold_days: int
    number: int = 0
    page_diffs: list[PageDiff] = field(default_factory=list)

    def take(self, visits: Sequence[Visit]) -> None:
        self.number = self._next_number()
        if any(visit.versions for visit in visits):
            for visit in visits:
                self._page(visit)  # known before they are told of
        for visit in visits:
            with self._contained(visit):
                self._process_visit(visit)
        losses = {made.page.id: self._losses(made) for made in self.page_diffs}
        together = self._source_loss_reason(losses)
        known = (
            screening.offer_values(self.conn, {s[0] for p in self.page_diffs for s in p.readings})
            if self.page_diffs
            else {}
        )
        crowd = self._crowd_reason()
        for made in self.page_diffs:
            with self._contained(made.visit):
                lost = losses[made.page.id]
                doubt = self._page_loss_reason(made, lost) or together
                held = lost if self._hold_losses(made, lost, doubt) else None
                self._publish(made, known, crowd, held)
        self._settle_holds(max(format_time(pages.completed_at(visit)) for visit in visits))

    def _settle_holds(self, at: str) -> None:
        """Publish what waited long enough, or what another source has come to say, on any page."""
        settled = holds.settle_open_holds(self.conn, at, self.hold_days)
        if settled:
            self.times.add(at)
        self.report.released += len(settled)
        self.report.dirty_models.update(settled)

    @contextmanager
    def _contained(self, visit: Visit) -> Iterator[None]:
        """Turn an error in one visit into that visit's outcome; only an error of the archive file ends a run."""
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
            "SELECT coalesce(max(number), 0) + 1 FROM batches WHERE source = ?", [self.card.id]
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
        elif digest == page.rows_digest and page.rules == self.rules and not self._losses_wait(page):
            self._same(page, visit, digest)
        else:
            self._diff_page(page, visit, digest, format_time(pages.completed_at(visit)))

    def _index(self, page: StoredPage, visit: Visit) -> None:
        """Note that a page was read which only names others: it changed if its bytes did."""
        body = " ".join(document.digest for document in visit.documents)
        outcome = "verified_same" if body == page.rows_digest else "verified_changed"
        pages.record_read(
            self.conn, page, visit, digest=body, rules=self.rules, at=format_time(pages.completed_at(visit))
        )
        pages.record_verified(self.conn, page, visit, outcome)
        pages.record_attempt(self.conn, page, visit, outcome, batch=self.number)
        self._count(outcome)

    def _diff_page(self, page: StoredPage, visit: Visit, digest: str, at: str) -> None:
        reread = digest == page.rows_digest and not self._losses_wait(page)
        reading = self.read_visit(visit)
        made = diff_page(self.conn, page, visit, reading, digest=digest, at=at, reread=reread)
        unread_parts.set_apart_unread(made)
        self.page_diffs.append(made)

    def _losses_wait(self, page: StoredPage) -> bool:
        return holds.active_visit_hold(self.conn, page.id) is not None

    def _was_attempted(self, page: StoredPage, visit: Visit) -> bool:
        return pages.was_attempted(self.conn, page, visit)

    def _to_read_again(self, page: StoredPage, visit: Visit, digest: str) -> bool:
        """Say whether a visit from the archive is the page's last reading, under rules that changed since.

        A page that was not understood whole is read again whenever its source has learned to read it otherwise.
        """
        if not digest:
            return False
        last = format_time(visit.started) == page.last_attempt
        if (
            last
            and digest != page.rows_digest
            and (
                unread_parts.is_read_in_part(self.conn, page.id)
                or (
                    visit.parser_version != page.parser_version
                    and unread_parts.has_refused(self.conn, page.id)
                )
            )
        ):
            return True
        if page.rules == self.rules:
            return False
        held = holds.active_visit_hold(self.conn, page.id)
        released = held is not None and held.state == "released" and last
        return released or digest == page.rows_digest

    def _fail(self, page: StoredPage, visit: Visit, outcome: str, detail: str) -> None:
        self.report.failures[page.url] = detail
        pages.record_failure(self.conn, page, visit, outcome, detail)
        pages.record_attempt(self.conn, page, visit, outcome, batch=self.number, detail=detail)
        self._count(outcome)

    def _not_modified(self, page: StoredPage, visit: Visit) -> None:
        why_not = pages.not_modified_problem(page, visit)
        if why_not:
            self._fail(page, visit, "unparsed", why_not)
            pages.drop_validators(self.conn, page)
        else:
            self._same(page, visit, page.rows_digest)

    def _same(self, page: StoredPage, visit: Visit, digest: str) -> None:
        """Move the dates of an unchanged page, in two writes. Values on hold have then been seen twice.

        On a page that was read in part nobody can tell whether it was: there holds stay.
        """
        at = format_time(pages.completed_at(visit))
        if unread_parts.is_read_in_part(self.conn, page.id):
            unread_parts.confirm_unread_parts(self.conn, page.id, at)
            self._count_unread(page.url, visit)
        else:
            self._end_waiting(page, visit, at)
        self._record_verified(page, visit, "verified_same")
        pages.record_attempt(self.conn, page, visit, "verified_same", batch=self.number, digest=digest)
        self._count("verified_same")

    def _end_waiting(self, page: StoredPage, visit: Visit, at: str) -> None:
        confirmed = holds.publish_confirmed(self.conn, page.id, visit, at)
        if confirmed:
            self.times.add(at)
        self.report.released += len(confirmed)
        self.report.dirty_models.update(confirmed)

    def _record_verified(self, page: StoredPage, visit: Visit, outcome: str) -> None:
        """Move the date of a page; what it says may be chosen again if it was old until now."""
        pages.record_verified(self.conn, page, visit, outcome)
        if page.last_verified and may_be_stale(page.last_verified, self.now):
            self.report.dirty_models.update(pages.list_models(self.conn, "p.id = ?", page.id))

    def _count_unread(self, url: str, visit: Visit) -> None:
        if visit.unread:
            self.report.partial_reads[url] = PartialRead.of(visit)

    def _losses(self, made: PageDiff) -> list[LostClaim]:
        """Return the facts a page would lose: those it stated until now, and those whose loss is on hold."""
        known = holds.active_visit_hold(self.conn, made.page.id)
        waiting = {*known.signature} if known is not None else set()
        lost = {id(claim): (subject, key, claim) for subject, key, claim in lost_claims(made)}
        for subject, key, claim in made.gone if waiting else ():
            if screening.loss_digest(subject, key) in waiting:
                lost[id(claim)] = (subject, key, claim)
        return list(lost.values())

    def _page_loss_reason(self, made: PageDiff, lost: Sequence[LostClaim]) -> HoldReason | None:
        if made.reread or made.page.last_verified is None:
            return None
        return screening.mass_loss_reason(len(lost), made.live)

    def _source_loss_reason(self, losses: Mapping[int, Sequence[LostClaim]]) -> HoldReason | None:
        """Judge what all of the source's pages would lose in this run together."""
        going = [made for made in self.page_diffs if not made.reread and made.page.last_verified is not None]
        if not going:
            return None
        lost = sum(len(losses[made.page.id]) for made in going)
        return screening.mass_loss_reason(lost, self._count_live_facts(lost, screening.LOST_SHARE))

    def _count_live_facts(self, part: int, share: float) -> int:
        """Return how many facts the source states now, counted as far as it takes to judge a part of them."""
        return screening.count_live_facts(self.conn, self.card.id, screening.least_share(part, share))

    def _crowd_reason(self) -> HoldReason | None:
        """Judge how much would change on all of the source's pages in this run."""
        changes = sum(
            len(made.changed)
            for made in self.page_diffs
            if not made.reread and made.page.last_verified is not None
        )
        if not changes:
            return None
        live = self._count_live_facts(changes, screening.CHANGED_SHARE)
        return screening.mass_change_reason(live, changes, self._usual_changes())

    def _usual_changes(self) -> list[int]:
        rows = self.conn.execute(
            "SELECT changes FROM batches WHERE source = ? AND changes > 0 ORDER BY number DESC LIMIT ?",
            [self.card.id, USUAL_RUNS],
        )
        return [row[0] for row in rows]

    def _hold_losses(self, made: PageDiff, lost: Sequence[LostClaim], doubt: HoldReason | None) -> bool:
        """Hold what a page would lose, unless a run before this one or a person has already agreed to it."""
        known = holds.active_visit_hold(self.conn, made.page.id)
        signature = screening.loss_signature(lost)
        if known is not None:
            agreed = screening.signatures_agree(known.signature, signature) and bool(signature)
            if agreed and known.state == "rejected":
                self.report.held_pages.append(made.page.url)
                return True
            settled = known.state == "released" or holds.is_other_run(made.visit, known.archive)
            if agreed and not settled:
                return True
            if not agreed and made.reading.unread:
                return True
            ended = "released" if agreed else "superseded" if doubt and signature else "withdrawn"
            holds.end_hold(self.conn, known.id, ended, made.at)
            self.report.released += agreed
            doubt = None if agreed else doubt
        if doubt is None or not signature:
            return False
        holds.hold_visit(self.conn, made, doubt, signature)
        self.report.held_pages.append(made.page.url)
        return True

    def _publish(
        self,
        made: PageDiff,
        known: screening.OfferValues,
        crowd: HoldReason | None,
        held_losses: Sequence[LostClaim] | None,
    ) -> None:
        verdict = screening.screen_changes(
            made,
            known,
            partial(self._is_confirmed, made),
            partial(self._is_return, made),
            partial(self._first_seen, made, holds.active_value_holds(self.conn, made.page.id)),
            None if made.reread else crowd,
        )
        writer = diff_writer.DiffWriter(self.conn, self.card, made, self.report, hold_days=self.hold_days)
        changed = writer.write(verdict, held_losses)
        self.times.add(made.at)
        unread_parts.record_page_reading(self.conn, made.page.id, made.visit, made.at)
        self._count_unread(made.page.url, made.visit)
        outcome = "verified_same" if made.digest == made.page.rows_digest else "verified_changed"
        pages.record_read(self.conn, made.page, made.visit, digest=made.digest, rules=self.rules, at=made.at)
        if not self._was_attempted(made.page, made.visit):
            self._record_verified(made.page, made.visit, outcome)
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
            self._record_verified(made.page, made.visit, outcome)
            pages.record_released(self.conn, made.page, made.visit, changes=changed)
        self._count("read_again")

    def _is_confirmed(self, made: PageDiff, change: ClaimChange) -> bool:
        """Say whether an independent source, or a statement made beforehand, says a change too."""
        model, offer, via = change.subject
        provider = provider_of(offer or via)
        authority = authority_of(self.card, model=model, provider=provider, offer=bool(offer))
        rank = speaker_of(authority, model=model, provider=provider, offer=offer, url=made.page.url)
        place = corroboration.CorroborationPlace(model, offer, *change.key[:2])
        return corroboration.is_confirmed(
            self.conn, place, change.new.text, source=self.card.id, rank=rank, at=made.at
        )

    def _is_return(self, made: PageDiff, change: ClaimChange) -> bool:
        """Say whether a source goes back to a price that it asked before: a correction of its own."""
        listing = made.listings.get(change.subject)
        return listing is not None and corroboration.is_return(
            self.conn, listing.id, change.key, change.new.text
        )

    def _first_seen(
        self, made: PageDiff, waiting: Mapping[tuple[int, ClaimKey], holds.ValueHold], change: ClaimChange
    ) -> str:
        """Return since when the page says the new value: since before this reading if it waits already."""
        listing = made.listings.get(change.subject)
        known = waiting.get((listing.id, change.key)) if listing else None
        return known.seen_after if known is not None and known.new == change.new.text else made.at

    def _count(self, outcome: str) -> None:
        self.report.outcomes[outcome] += 1
