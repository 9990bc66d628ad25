"""What one reading of a page would change: its claims beside those the catalog holds."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cardwatch.crawler.documents import Visit
from cardwatch.db.ingest.pages import StoredPage
from cardwatch.db.ingest.plausibility import same_price
from cardwatch.db.store.archive_references import lost_documents
from cardwatch.db.store.values import ClaimKey, claim_key, encode_value, variant_key
from cardwatch.normalize.attributes import get_attribute
from cardwatch.normalize.records import Reading, Record, Rejected, Value

Subject = tuple[str, str, str]
"""Model, offer key, via."""


class StoredClaim(NamedTuple):
    """A claim the catalog holds now. `last_verified` is set once its page stopped repeating it."""

    id: int
    value: str | None
    unit: str
    state: str
    last_verified: str | None
    first_seen: str
    effective_from: str | None
    document_id: int | None


class Listing(NamedTuple):
    """A subject known from the page: its printed name, its rank, and since when it is missing.

    `last_verified` is when a missing one had last been found so, as far as the catalog knows.
    """

    id: int
    absent_since: str | None
    last_verified: str | None
    name: str
    authority: str


class NewClaim(NamedTuple):
    """One value the page says now."""

    text: str | None
    value: Value
    document: str


@dataclass(slots=True)
class SubjectReading:
    """All that the page says of one subject now."""

    record: Record
    claims: dict[ClaimKey, NewClaim] = field(default_factory=dict)


class ClaimChange(NamedTuple):
    """One value that would be published: `old` is None on first sight."""

    subject: Subject
    key: ClaimKey
    old: StoredClaim | None
    new: NewClaim


LostClaim = tuple[Subject, ClaimKey, StoredClaim]
"""A claim that its page no longer makes."""


@dataclass(slots=True)
class PageDiff:
    """The difference that one reading makes to its page.

    `moves` are new and changed values, `same` those said again after a silence, `gone` those no longer said,
    `unproven` those said again whose bytes are in the archive no more.
    `waiting` are values that may stand in a part of the page that was not read, counted by that part's place
    in the reading; `unread_subjects` are those of which nothing missing can be told from such a part.
    `at` is when its values are published. `reread` means that only the rules changed, so that what is gone was
    never true, unless other bytes had said it.
    """

    page: StoredPage
    visit: Visit
    digest: str
    reading: Reading
    at: str
    reread: bool
    readings: dict[Subject, SubjectReading] = field(default_factory=dict)
    listings: dict[Subject, Listing] = field(default_factory=dict)
    claim_changes: list[ClaimChange] = field(default_factory=list)
    again: list[tuple[Subject, StoredClaim]] = field(default_factory=list)
    lost: frozenset[int] = frozenset()
    """Documents that the archive has no more, where the page had some of them."""
    unproven: list[tuple[StoredClaim, NewClaim]] = field(default_factory=list)
    gone: list[LostClaim] = field(default_factory=list)
    waiting: list[LostClaim] = field(default_factory=list)
    waiting_by_part: Counter[int] = field(default_factory=Counter)
    unread_subjects: set[Subject] = field(default_factory=set)
    refused: list[Rejected] = field(default_factory=list)
    unchanged: int = 0
    live: int = 0

    @property
    def changed(self) -> list[ClaimChange]:
        return [move for move in self.claim_changes if move.old is not None]


def subject_of(record: Record) -> Subject | None:
    """Return whom a record is about; None while its name is unlinked or an offer names no provider."""
    if record.model is None:
        return None
    key = variant_key(record.provider or "", record.variant)
    if record.kind == "offer":
        return (record.model, key, "") if record.provider else None
    return record.model, "", key


def diff_page(
    conn: sqlite3.Connection, page: StoredPage, visit: Visit, reading: Reading, *, digest: str, at: str,
    reread: bool,
) -> PageDiff:  # fmt: skip
    """Return what `reading` would change on `page`; nothing is written."""
    made = PageDiff(page, visit, digest, reading, at, reread=reread)
    made.listings, present = _stored_claims(conn, page.id)
    if present and not page.rules:
        made.lost = lost_documents(conn)
    made.refused = [*reading.rejected]
    for record in reading.records:
        _add_record(made, record, present)
    for subject, subject_reading in made.readings.items():
        listing = made.listings.get(subject)
        _diff_subject(made, subject, subject_reading, present.get(listing.id, {}) if listing else {})
    for subject, listing in made.listings.items():
        if subject not in made.readings:
            made.gone += [(subject, key, claim) for key, claim in present.get(listing.id, {}).items()]
    made.live = sum(
        _is_live(claim, listing)
        for listing in made.listings.values()
        for claim in present.get(listing.id, {}).values()
    )
    return made


def _is_live(claim: StoredClaim, listing: Listing) -> bool:
    return claim.value is not None and was_current(claim, listing)


def was_current(claim: StoredClaim, listing: Listing) -> bool:
    """Say whether the reading before this one had the claim."""
    return claim.last_verified is None and listing.absent_since is None


def _stored_claims(
    conn: sqlite3.Connection, page_id: int
) -> tuple[dict[Subject, Listing], dict[int, dict[ClaimKey, StoredClaim]]]:
    listings = {
        (row[1], row[2], row[3]): Listing(row[0], *row[4:])
        for row in conn.execute(
            "SELECT l.id, said_model, offer, via, a.since, a.last_verified, name, authority FROM listings l"
            " LEFT JOIN absences a ON a.listing_id = l.id AND a.until IS NULL WHERE page_id = ? ORDER BY l.id",
            [page_id],
        )
    }
    present: dict[int, dict[ClaimKey, StoredClaim]] = {}
    rows = conn.execute(
        "SELECT c.listing_id, attribute, qualifier, valid_from, valid_to, c.id, value, unit, state, last_verified,"
        " c.first_seen, effective_from, document_id FROM listings l JOIN claims c ON c.listing_id = l.id"
        " WHERE l.page_id = ? AND c.until IS NULL",
        [page_id],
    )
    for listing_id, *rest in rows:
        present.setdefault(listing_id, {})[rest[0], rest[1], rest[2], rest[3]] = StoredClaim(*rest[4:])
    return listings, present


def _add_record(
    made: PageDiff, record: Record, present: Mapping[int, Mapping[ClaimKey, StoredClaim]]
) -> None:
    subject = subject_of(record)
    if subject is None:
        if record.model is not None:
            made.refused += _without_provider(record)
        return
    subject_reading = made.readings.get(subject)
    if subject_reading is None:
        subject_reading = made.readings[subject] = SubjectReading(record)
    for value in record.values:
        if value.value is None and value.state == "known":
            continue
        key = claim_key(value.attribute, value.qualifier)
        new = NewClaim(encode_value(value.value), value, record.evidence.document)
        before = subject_reading.claims.setdefault(key, new)
        if before is not new and before.text != new.text:
            listing = made.listings.get(subject)
            held = present.get(listing.id, {}).get(key) if listing else None
            made.refused.append(_contradiction(record, value, before.value.raw))
            stands = held is not None and held.value == new.text
            if _is_shortcut(subject_reading.record, record) or (
                stands and not _is_shortcut(record, subject_reading.record)
            ):
                subject_reading.claims[key] = new


def _is_shortcut(record: Record, plain: Record) -> bool:
    """Say whether a row is a second way to ask for an offer that the page lists by its plain name too."""
    return record.name.startswith(f"{plain.name}:")


def _without_provider(record: Record) -> Iterator[Rejected]:
    for value in record.values[:1]:
        yield _rejected(record, value, "an offer of no known provider")


def _contradiction(record: Record, value: Value, first: str) -> Rejected:
    return _rejected(record, value, f"said twice on one page with different values, first {first!r}")


def _rejected(record: Record, value: Value, reason: str) -> Rejected:
    return Rejected(
        evidence=record.evidence,
        name=record.name,
        attribute=value.attribute,
        raw=value.raw,
        raw_unit=value.raw_unit,
        reason=reason,
    )


def _diff_subject(
    made: PageDiff, subject: Subject, subject_reading: SubjectReading, present: Mapping[ClaimKey, StoredClaim]
) -> None:
    for key, new in subject_reading.claims.items():
        old = present.get(key)
        if old is None:
            made.claim_changes.append(ClaimChange(subject, key, None, new))
        elif new.text is None and old.value is not None:
            made.gone.append((subject, key, old))
        elif (
            _same_value(key[0], new.text, old.value)
            and new.value.state == old.state
            and new.value.unit == old.unit
        ):
            made.unchanged += 1
            if old.last_verified is not None:
                made.again.append((subject, old))
            if old.document_id in made.lost:
                made.unproven.append((old, new))
        else:
            made.claim_changes.append(ClaimChange(subject, key, old, new))
    made.gone += [(subject, key, old) for key, old in present.items() if key not in subject_reading.claims]


def _same_value(name: str, text: str | None, old: str | None) -> bool:
    """Say whether a value is the old one, prices but for the noise of binary fractions."""
    return text == old or (get_attribute(name).type == "price" and same_price(text, old))


def lost_claims(made: PageDiff) -> Iterator[LostClaim]:
    """Yield the facts that were live until this visit and are gone with it."""
    for subject, key, claim in made.gone:
        if _is_live(claim, made.listings[subject]):
            yield subject, key, claim
