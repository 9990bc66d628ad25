"""Writing what a reading changed: one page at a time, inside the source's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from cardwatch.crawler.source_card import Authority, SourceCard
from cardwatch.db.ingest import holds, quarantine, unread_parts
from cardwatch.db.ingest.authority import authority_of
from cardwatch.db.ingest.page_diff import (
    ClaimChange,
    Listing,
    LostClaim,
    PageDiff,
    StoredClaim,
    Subject,
    SubjectReading,
    was_current,
)
from cardwatch.db.ingest.screening import HeldChange, Screening
from cardwatch.db.query.reports import IngestReport
from cardwatch.db.store.choice_rules import Speaker
from cardwatch.db.store.hold_rules import IMPOSSIBLE_RULES
from cardwatch.db.store.speakers import row_kind_of, speaker_of
from cardwatch.db.store.values import VARIANT_KEYS, ClaimKey


class DiffWriter:
    """Writes one page diff. Its public methods are called in the order in which they stand."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        card: SourceCard,
        diff: PageDiff,
        report: IngestReport,
        *,
        hold_days: int,
    ) -> None:
        self.hold_days = hold_days
        self.conn, self.card, self.diff, self.report = conn, card, diff, report
        self.at = diff.at
        self.before = diff.page.last_verified
        self.active_holds = holds.active_value_holds(conn, diff.page.id)
        self.documents: dict[str, int] = {}
        self.unconfirmed: list[ClaimChange] = []

    def write(self, verdict: Screening, held_losses: Sequence[LostClaim] | None) -> int:
        """Publish what is clear, hold what is not; returns how many values changed.

        Losses that are held stand as they did: that the page is silent on them is what is doubted.
        """
        losses_held = held_losses is not None
        self._store_documents()
        self._add_listings()
        self._update_authority()
        clear = [move for move in verdict.clear if not self._rejected(move)]
        moves = [*clear, *self._held(verdict.held_changes)]
        self._publish(moves)
        self._note_delays(moves)
        self._end_holds(verdict)
        if losses_held:
            self._freeze_date((subject, claim) for subject, _, claim in self.diff.gone)
        else:
            self._end_missing(self.diff.gone)
        self._freeze_date((subject, claim) for subject, _, claim in self.diff.waiting)
        self._unfreeze_date(self.diff.again)
        self._update_unread([*self.diff.waiting, *(held_losses or ())])
        self._prove_again()
        self._update_absences(losses_held=losses_held)
        quarantine.write_quarantine(self.conn, self.diff, self.report)
        unread_parts.write_unread_parts(self.conn, self.diff)
        changed = sum(move.old is not None for move in moves)
        self.report.changed += changed
        self.report.new += len(moves) - changed
        self.report.same += self.diff.unchanged
        return changed

    def _store_documents(self) -> None:
        """Store the documents that new values were read from."""
        leaned_on = {move.new.document for move in self.diff.claim_changes}
        leaned_on |= {new.document for _, new in self.diff.unproven}
        for doc in self.diff.visit.documents:
            if doc.digest not in leaned_on or doc.digest in self.documents:
                continue
            fetched = doc.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ")
            key = (doc.digest, doc.url, fetched, doc.offset)
            self.conn.execute(
                "INSERT INTO documents VALUES (NULL, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (doc.digest, doc.url, fetched, doc.content_type, doc.size, doc.warc, doc.offset),
            )
            found = self.conn.execute(
                "SELECT id FROM documents WHERE digest = ? AND url = ? AND fetched_at = ? AND archive_offset = ?",
                key,
            ).fetchone()
            self.documents[doc.digest] = found[0]
        if missing := leaned_on - self.documents.keys():
            raise ValueError(
                f"{self.diff.page.url}: values lean on {min(missing)}, which is no document of the visit"
            )

    def _add_listings(self) -> None:
        """Make the models and listings that are new."""
        new = [subject for subject in self.diff.readings if subject not in self.diff.listings]
        if not new:
            return
        self.conn.executemany(
            "INSERT INTO model_ids (id, first_seen) VALUES (?, ?)"
            " ON CONFLICT DO UPDATE SET first_seen = excluded.first_seen WHERE excluded.first_seen < first_seen",
            [(model, self.at) for model in dict.fromkeys(subject[0] for subject in new)],
        )
        merged = dict(
            self.conn.execute("SELECT id, merged_into FROM model_ids WHERE merged_into IS NOT NULL")
        )
        start = self.conn.execute("SELECT coalesce(max(id), 0) + 1 FROM listings").fetchone()[0]
        rows = []
        for number, subject in enumerate(new, start):
            reading = self.diff.readings[subject]
            self.diff.listings[subject] = Listing(
                number, None, None, reading.record.name, self._weight(subject, reading)
            )
            rows.append(self._listing_row(number, subject, reading, merged))
        self.conn.executemany(f"INSERT INTO listings VALUES ({', '.join('?' * len(rows[0]))})", rows)
        self.report.dirty_models.update(subject[0] for subject in new)

    def _listing_row(
        self, number: int, subject: Subject, reading: SubjectReading, merged: dict[str, str]
    ) -> tuple[object, ...]:
        model, offer, via = subject
        record = reading.record
        provider = record.provider or ""
        authority = self._weight(subject, reading)
        return (
            number, self.diff.page.id, model, merged.get(model, model), offer, via, record.name, provider,
            *(record.variant.get(key) for key in VARIANT_KEYS), authority, self._speaker(subject, reading, authority),
            row_kind_of(model=model, provider=provider, via=via), self.at,
        )  # fmt: skip

    def _weight(self, subject: Subject, reading: SubjectReading) -> Authority:
        model, offer, _ = subject
        return authority_of(self.card, model=model, provider=reading.record.provider or "", offer=bool(offer))

    def _speaker(self, subject: Subject, reading: SubjectReading, authority: Authority) -> Speaker:
        model, offer, _ = subject
        return speaker_of(
            authority,
            model=model,
            provider=reading.record.provider or "",
            offer=offer,
            url=self.diff.page.url,
        )

    def _update_authority(self) -> None:
        """Update the rank and the printed name of listings whose source changed either."""
        rows = [
            (subject, reading.record.name, authority, self._speaker(subject, reading, authority))
            for subject, reading in self.diff.readings.items()
            if (reading.record.name, authority := self._weight(subject, reading))
            != (self.diff.listings[subject].name, self.diff.listings[subject].authority)
        ]
        self.conn.executemany(
            "UPDATE listings SET name = ?, authority = ?, rank = ? WHERE id = ?",
            [(*row, self.diff.listings[subject].id) for subject, *row in rows],
        )
        self.report.dirty_models.update(subject[0] for subject, *_ in rows)

    def _held(self, doubtful: Iterable[HeldChange]) -> list[ClaimChange]:
        """Hold doubtful values; returns those that a second look, or time, has settled."""
        settled = []
        for item in doubtful:
            listing = self.diff.listings[item.change.subject]
            known = self.active_holds.get((listing.id, item.change.key))
            outcome = holds.settle_doubt(known, item, self.diff.visit, self.at, self.hold_days)
            if outcome == "hold":
                self._hold(item, listing, known)
            elif known is not None and outcome in ("confirmed", "unconfirmed"):
                holds.end_hold(
                    self.conn, known.id, "released" if outcome == "confirmed" else outcome, self.at
                )
                self.unconfirmed += [item.change] if outcome == "unconfirmed" else []
                self.report.released += 1
                settled.append(item.change)
            self.report.held += outcome in ("hold", "waiting")
        return settled

    def _hold(self, item: HeldChange, listing: Listing, known: holds.ValueHold | None) -> None:
        since = self.at
        if known is not None:
            holds.end_hold(self.conn, known.id, "superseded", self.at)
            if known.state == "open" and not item.doubt.impossible and known.rule not in IMPOSSIBLE_RULES:
                since = known.since
        document = self.documents[item.change.new.document]
        holds.hold_value(self.conn, self.diff, listing.id, item, document, since)
        if item.change.old is not None:
            self._freeze_date([(item.change.subject, item.change.old)])
        self.report.dirty_models.add(item.change.subject[0])

    def _publish(self, moves: list[ClaimChange]) -> None:
        """Close the spans of replaced values and open those of the new ones."""
        self.conn.executemany(
            "UPDATE claims SET until = ?, last_verified = coalesce(last_verified, ?) WHERE id = ?",
            [
                (self.at, self._last_found(move.subject), move.old.id)
                for move in moves
                if move.old is not None
            ],
        )
        self.conn.executemany(f"INSERT INTO claims VALUES (NULL{', ?' * 21})", map(self._claim_row, moves))
        self.report.dirty_models.update(move.subject[0] for move in moves)

    def _note_delays(self, moves: list[ClaimChange]) -> None:
        """Note of values that waited when they were first seen, and whether nobody confirmed them."""
        for move in moves if self.active_holds else ():
            listing_id = self.diff.listings[move.subject].id
            known = self.active_holds.get((listing_id, move.key))
            if known is None or known.state != "open":
                continue
            seen = known.seen_after if known.new == move.new.text else self.at
            self.conn.execute(
                "INSERT INTO delayed_claims SELECT id, ?, ? FROM claims WHERE listing_id = ? AND attribute = ?"
                " AND qualifier = ? AND valid_from = ? AND valid_to = ? AND until IS NULL",
                [seen, int(move in self.unconfirmed), listing_id, *move.key],
            )

    def _claim_row(self, move: ClaimChange) -> tuple[object, ...]:
        value = move.new.value
        return (
            self.diff.listings[move.subject].id, *move.key, move.new.text, value.unit, value.state, value.raw,
            value.raw_unit, value.locator, self.documents[move.new.document], value.effective_from,
            value.published_on, move.old.first_seen if move.old else self.at, self.at, None, None, None, None,
            move.old.id if move.old else None,
        )  # fmt: skip

    def _rejected(self, move: ClaimChange) -> bool:
        """Say whether a person refused this very value and the page has said nothing else since."""
        known = (
            self.active_holds.get((self.diff.listings[move.subject].id, move.key))
            if self.active_holds
            else None
        )
        return known is not None and known.state == "rejected" and known.new == move.new.text

    def _end_holds(self, verdict: Screening) -> None:
        """End the holds that nothing waits for any more."""
        if not self.active_holds:
            return
        proposals = {
            (self.diff.listings[move.subject].id, move.key): move.new.text for move in self.diff.claim_changes
        }
        doubtful = {
            (self.diff.listings[item.change.subject].id, item.change.key) for item in verdict.held_changes
        }
        models = {listing.id: subject[0] for subject, listing in self.diff.listings.items()}
        for place, known in self.active_holds.items():
            if place in doubtful or (known.state == "rejected" and proposals.get(place) == known.new):
                continue
            if place not in proposals and self._may_be_unread(place):
                continue
            state = (
                "withdrawn"
                if place not in proposals
                else "released"
                if proposals[place] == known.new
                else "superseded"
            )
            holds.end_hold(self.conn, known.id, state, self.at)
            self.report.dirty_models.add(models[place[0]])

    def _may_be_unread(self, place: tuple[int, ClaimKey]) -> bool:
        """Say whether a held value that was not met may stand in a part, or a cell, that was not read."""
        names = {listing.id: listing.name for listing in self.diff.listings.values()}
        reading, (listing_id, key) = self.diff.reading, place
        return bool(reading.unread) or any(
            (cell.name, cell.attribute) == (names[listing_id], key[0]) for cell in reading.rejected
        )

    def _end_missing(self, gone: Iterable[LostClaim]) -> None:
        """Keep values that the page stopped stating, with their old date; end those that were misread or carry dates."""
        fading, ended = [], []
        for subject, key, claim in gone:
            current = was_current(claim, self.diff.listings[subject])
            if (self.diff.reread and current) or key[2] or key[3]:
                ended.append((self.at, self._last_found(subject), claim.id))
            elif subject in self.diff.readings:
                fading.append((subject, claim))
            else:
                continue
            self.report.gone += current
            self.report.dirty_models.add(subject[0])
        self.conn.executemany(
            "UPDATE claims SET until = ?, last_verified = coalesce(last_verified, ?) WHERE id = ?", ended
        )
        self._freeze_date(fading)

    def _freeze_date(self, silent: Iterable[tuple[Subject, StoredClaim]]) -> None:
        """Keep values that their page no longer states, each dated to the last time it did."""
        stated = [(subject, claim) for subject, claim in silent if claim.last_verified is None]
        self.conn.executemany(
            "UPDATE claims SET last_verified = ? WHERE id = ? AND last_verified IS NULL",
            [(self._last_found(subject), claim.id) for subject, claim in stated],
        )
        self.report.dirty_models.update(subject[0] for subject, _ in stated)

    def _last_found(self, subject: Subject) -> str | None:
        """Return when the page was last found to say what it said of a subject before this reading."""
        listing = self.diff.listings[subject]
        return self.before if listing.absent_since is None else listing.last_verified

    def _unfreeze_date(self, again: Sequence[tuple[Subject, StoredClaim]]) -> None:
        """Let values that the page states again take the page's date again."""
        self.conn.executemany(
            "UPDATE claims SET last_verified = NULL WHERE id = ?", [(c.id,) for _, c in again]
        )
        self.report.dirty_models.update(subject[0] for subject, _ in again)

    def _update_unread(self, unread: Iterable[LostClaim]) -> None:
        """Note which values the page may still state, in a part that was not read or is doubted, and which no longer."""
        now = {claim.id: subject[0] for subject, _, claim in unread}
        before: dict[int, str] = dict(
            self.conn.execute(
                "SELECT c.id, l.said_model FROM unread_claims w JOIN claims c ON c.id = w.claim_id"
                " JOIN listings l ON l.id = c.listing_id WHERE l.page_id = ?",
                [self.diff.page.id],
            ).fetchall()
        )
        over, new = before.keys() - now.keys(), now.keys() - before.keys()
        self.conn.executemany("DELETE FROM unread_claims WHERE claim_id = ?", [(each,) for each in over])
        self.conn.executemany("INSERT INTO unread_claims VALUES (?)", [(each,) for each in sorted(new)])
        self.report.dirty_models |= {before[each] for each in over} | {now[each] for each in new}

    def _prove_again(self) -> None:
        """Have values whose bytes are lost lean on the bytes that say them now."""
        self.conn.executemany(
            "UPDATE claims SET document_id = ?, raw = ?, raw_unit = ?, locator = ? WHERE id = ?",
            [
                (
                    self.documents[new.document],
                    new.value.raw,
                    new.value.raw_unit,
                    new.value.locator,
                    claim.id,
                )
                for claim, new in self.diff.unproven
            ],
        )
        if self.diff.unproven:
            self.report.dirty_models.update(subject[0] for subject in self.diff.readings)

    def _update_absences(self, *, losses_held: bool) -> None:
        """Note which listings are missing from the page, unless that is held, and which came back."""
        diff = self.diff
        missing = [
            (listing.id, self.at, self.before, int(self.card.complete and not diff.reread))
            for subject, listing in diff.listings.items()
            if subject not in diff.readings
            and subject not in diff.unread_subjects
            and listing.absent_since is None
            and not losses_held
        ]
        self.conn.executemany("INSERT INTO absences VALUES (?, ?, NULL, ?, ?)", missing)
        back = [
            (self.at, listing.id)
            for subject, listing in diff.listings.items()
            if subject in diff.readings and listing.absent_since is not None
        ]
        self.conn.executemany("UPDATE absences SET until = ? WHERE listing_id = ? AND until IS NULL", back)
        self._count_absences({row[0] for row in missing}, {row[1] for row in back})

    def _count_absences(self, missing: set[int], back: set[int]) -> None:
        for subject, listing in self.diff.listings.items():
            if listing.id in missing or listing.id in back:
                self.report.dirty_models.add(subject[0])
                offered = bool(subject[1]) and self.card.complete and not self.diff.reread
                self.report.withdrawn += offered and listing.id in missing
                self.report.returned += offered and listing.id in back
