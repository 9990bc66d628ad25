"""From the visits of one source to facts: what may move a date, what is published, what is held."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from cardwatch.crawler.card import SourceCard
from cardwatch.crawler.documents import Outcome, Visit
from cardwatch.crawler.past import INDEX
from cardwatch.db import apply, holds, judge, pages, read, touched
from cardwatch.db.delta import Plan, lost, plan
from cardwatch.db.pages import Page
from cardwatch.db.plausibility import Doubt
from cardwatch.db.reports import IngestReport
from cardwatch.db.values import stamp
from cardwatch.normalize.records import Reading

Read = Callable[[Visit], Reading]
FAILURES = {Outcome.UNPARSED: "unparsed", Outcome.ERROR: "error", Outcome.BLOCKED: "blocked"}
USUAL_RUNS = 20


def ingest(
    conn: sqlite3.Connection,
    card: SourceCard,
    visits: Sequence[Visit],
    read_visit: Read,
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
    pages.note_source(conn, card)
    times: set[str] = set()
    for batch in batches(visits):
        _Batch(conn, card, read_visit, rules, now, report, times).take(batch)
    touched.touch(conn, report.touched, max(times, default=now))
    if times:
        seen = read.changes(conn, since=min(times), source=card.id)
        report.changes = [change for change in seen if change.at in times]
    return report


def batches(visits: Sequence[Visit]) -> Iterator[list[Visit]]:
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
    read_visit: Read
    rules: str
    now: str
    report: IngestReport
    times: set[str]
    """When something was published."""
    number: int = 0
    plans: list[Plan] = field(default_factory=list)

    def take(self, visits: Sequence[Visit]) -> None:
        self.number = self._next_number()
        for visit in visits:
            self._look(visit)
        together = self._doubt_of_all()
        known = (
            judge.offer_prices(self.conn, {s[0] for p in self.plans for s in p.heard}) if self.plans else {}
        )
        for made in self.plans:
            doubt = self._doubt_of(made) or together
            if doubt is None or not self._held(made, doubt):
                self._publish(made, known)

    def _next_number(self) -> int:
        row = self.conn.execute(
            "SELECT coalesce(max(batch), 0) + 1 FROM attempts a JOIN pages p ON p.id = a.page_id WHERE source = ?",
            [self.card.id],
        ).fetchone()
        return int(row[0])

    def _look(self, visit: Visit) -> None:
        """Settle a visit that needs no reading; plan the others."""
        page = pages.page_of(
            self.conn, self.card.id, visit.url, visit.page_kind, first_seen=stamp(visit.started)
        )
        digest = pages.rows_digest(visit.rows) if visit.outcome is Outcome.READ and visit.rows else ""
        if self._taken(page, visit):
            if self._to_read_again(page, visit, digest):
                self._plan(page, visit, digest, self.now)
            else:
                self._count("known")
        elif page.last_attempt is not None and stamp(visit.started) < page.last_attempt:
            self._count("late")
        elif visit.outcome in FAILURES:
            self._fail(page, visit, FAILURES[visit.outcome], visit.detail)
        elif visit.outcome is Outcome.NOT_MODIFIED:
            self._not_modified(page, visit)
        elif page.kind == INDEX:
            self._index(page, visit)
        elif not visit.rows:
            self._fail(page, visit, "unparsed", "a page without a single row")
        elif digest != page.rows_digest and (older := pages.older(page, visit)):
            self._fail(page, visit, "error", older)
        elif digest == page.rows_digest and page.rules == self.rules:
            self._same(page, visit, digest)
        else:
            self._plan(page, visit, digest, stamp(pages.moment(visit)))

    def _index(self, page: Page, visit: Visit) -> None:
        """Note that a page was read which only names others: it changed if its bytes did."""
        body = visit.documents[0].digest
        outcome = "verified_same" if body == page.rows_digest else "verified_changed"
        pages.record_read(self.conn, page, digest=body, rules=self.rules, at=stamp(pages.moment(visit)))
        pages.record_verified(self.conn, page, visit, outcome)
        pages.record_attempt(self.conn, page, visit, outcome, batch=self.number)
        self._count(outcome)

    def _plan(self, page: Page, visit: Visit, digest: str, at: str) -> None:
        made = plan(self.conn, page, visit, self.read_visit(visit), digest=digest, at=at)
        self.plans.append(made)

    def _taken(self, page: Page, visit: Visit) -> bool:
        return pages.attempted(self.conn, page, visit)

    def _to_read_again(self, page: Page, visit: Visit, digest: str) -> bool:
        """Say whether a visit from the archive is the page's last reading, under rules that changed since."""
        if not digest or page.rules == self.rules:
            return False
        held = holds.waiting_visit(self.conn, page.id)
        released = held is not None and held.state == "released" and stamp(visit.started) == page.last_attempt
        return released or digest == page.rows_digest

    def _fail(self, page: Page, visit: Visit, outcome: str, detail: str) -> None:
        pages.record_failure(self.conn, page, visit, outcome, detail)
        pages.record_attempt(self.conn, page, visit, outcome, batch=self.number, detail=detail)
        self._count(outcome)

    def _not_modified(self, page: Page, visit: Visit) -> None:
        why_not = pages.confirms(page, visit)
        if why_not:
            self._fail(page, visit, "unparsed", why_not)
        else:
            self._same(page, visit, page.rows_digest)

    def _same(self, page: Page, visit: Visit, digest: str) -> None:
        """Move the page's dates: two writes, whatever it holds. What waited is now seen twice."""
        waited = holds.waiting_visit(self.conn, page.id)
        if waited is not None:
            holds.end(self.conn, waited.id, "withdrawn", stamp(pages.moment(visit)))
        confirmed = holds.confirm(self.conn, page.id, visit, stamp(pages.moment(visit)))
        if confirmed:
            self.times.add(stamp(pages.moment(visit)))
        self.report.released += len(confirmed)
        self.report.touched.update(confirmed)
        pages.record_verified(self.conn, page, visit, "verified_same")
        pages.record_attempt(self.conn, page, visit, "verified_same", batch=self.number, digest=digest)
        self._count("verified_same")

    def _doubt_of(self, made: Plan) -> Doubt | None:
        if made.reread or made.page.last_verified is None:
            return None
        return judge.mass(sum(1 for _ in lost(made)), made.live, 0, ())

    def _doubt_of_all(self) -> Doubt | None:
        """Judge all of the source's visits in this run together."""
        going = [made for made in self.plans if not made.reread and made.page.last_verified is not None]
        if not going:
            return None
        live = judge.live_facts(self.conn, self.card.id)
        gone = sum(1 for made in going for _ in lost(made))
        return judge.mass(gone, live, sum(len(made.changed) for made in going), self._usual())

    def _usual(self) -> list[int]:
        rows = self.conn.execute(
            "SELECT sum(changes) FROM attempts a JOIN pages p ON p.id = a.page_id"
            " WHERE source = ? AND verified_at IS NOT NULL GROUP BY batch ORDER BY batch DESC LIMIT ?",
            [self.card.id, USUAL_RUNS],
        )
        return [row[0] for row in rows]

    def _held(self, made: Plan, doubt: Doubt) -> bool:
        """Hold a visit whole, unless a run before it or a person has already agreed to it."""
        signature = judge.signature(made)
        if not signature:
            return False
        known = holds.waiting_visit(self.conn, made.page.id)
        if known is not None and judge.consistent(known.signature, signature):
            agreed = known.state == "released"
            if agreed or (known.state == "open" and holds.second_look(made.visit, known.archive)):
                return False
        else:
            if known is not None:
                holds.end(self.conn, known.id, "superseded", made.at)
            holds.hold_visit(self.conn, made, doubt, signature)
        pages.record_held(self.conn, made.page, made.visit, doubt.reason)
        if not self._taken(made.page, made.visit):
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

    def _publish(self, made: Plan, known: judge.OfferPrices) -> None:
        waited = holds.waiting_visit(self.conn, made.page.id)
        if waited is not None:
            agreed = judge.consistent(waited.signature, judge.signature(made))
            holds.end(self.conn, waited.id, "released" if agreed else "withdrawn", made.at)
            self.report.released += agreed
        verdict = judge.judge(made, known)
        changed = apply.Writer(self.conn, self.card, made, self.report).write(verdict)
        self.times.add(made.at)
        outcome = "verified_same" if made.digest == made.page.rows_digest else "verified_changed"
        pages.record_read(self.conn, made.page, digest=made.digest, rules=self.rules, at=made.at)
        if not self._taken(made.page, made.visit):
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
