"""Facts that people state, confirm, overrule or take back."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from cardwatch.crawler.source_card import Authority, SourceCard
from cardwatch.db.decisions import name_links
from cardwatch.db.ingest import pages
from cardwatch.db.ingest.authority import authority_of
from cardwatch.db.query.reports import IngestReport
from cardwatch.db.store.choice_rules import RowKind
from cardwatch.db.store.errors import NothingToReviewError
from cardwatch.db.store.speakers import speaker_of
from cardwatch.db.store.values import VARIANT_KEYS, claim_key, encode_value, variant_key

if TYPE_CHECKING:
    from cardwatch.normalize.curated import CuratedFact

CURATED_KINDS = ("import", "review")
Key = tuple[object, ...]


def typed_source_card(source: str, authority: Authority) -> SourceCard:
    """Return the card of a source that people type."""
    return SourceCard(source, source, "typed by people", authority, "", timedelta(days=30), range(1))


def record_curated_facts(
    conn: sqlite3.Connection, facts: Sequence[CuratedFact], *, at: str, kind: str = "import",
    cards: Mapping[str, SourceCard] | None = None,
) -> IngestReport:  # fmt: skip
    """Take in what people state. The same lines again, or lines reviewed earlier, change nothing.

    A line that names a crawled source in `cards` weighs as that source does; any other is curated.
    """
    report = IngestReport(kind)
    newest: dict[Key, CuratedFact] = {}
    for fact in facts:
        key = _key(fact)
        if key not in newest or fact.reviewed_on >= newest[key].reviewed_on:
            newest[key] = fact
    for fact in newest.values():
        _CuratedFactWriter(conn, fact, _authority_card(fact, kind, cards or {}), kind, at, report).write()
    return report


def _authority_card(fact: CuratedFact, kind: str, cards: Mapping[str, SourceCard]) -> SourceCard:
    if kind == "review":
        return typed_source_card("review", Authority.REVIEW)
    return cards.get(fact.source) or typed_source_card(fact.source, Authority.CURATED)


def _variant(fact: CuratedFact) -> dict[str, str]:
    if fact.offer is None:
        return {}
    own = {"tier": fact.offer.tier, "region": fact.offer.region, **fact.offer.variant}
    return {key: text for key, text in own.items() if text and (key, text) != ("tier", "standard")}


def _offer_key(fact: CuratedFact) -> str:
    return variant_key(fact.offer.provider, _variant(fact)) if fact.offer else ""


def _key(fact: CuratedFact) -> Key:
    return fact.source, fact.url, fact.model, _offer_key(fact), *claim_key(fact.attribute, fact.qualifier)


@dataclass(slots=True)
class _CuratedFactWriter:
    """One stated fact on its way into the catalog."""

    conn: sqlite3.Connection
    fact: CuratedFact
    card: SourceCard
    kind: str
    at: str
    report: IngestReport

    def write(self) -> None:
        fact, reviewed = self.fact, f"{self.fact.reviewed_on}T00:00:00Z"
        listing = self._listing()
        key = (listing, *claim_key(fact.attribute, fact.qualifier))
        old = self.conn.execute(
            "SELECT id, value, unit, state, last_verified, first_seen FROM claims WHERE listing_id = ? AND attribute = ?"
            " AND qualifier = ? AND valid_from = ? AND valid_to = ? AND until IS NULL",
            key,
        ).fetchone()
        if old is not None and (old["last_verified"] or "") > reviewed:
            self.report.outcomes["late"] += 1
        elif old is None and self._was_retracted(key, reviewed):
            self.report.outcomes["taken_back"] += 1
        elif old is not None and (old["value"], old["unit"], old["state"]) == self._said():
            self._record_same(old, reviewed)
        else:
            self._replace(old, key, reviewed)

    def _was_retracted(self, key: Key, reviewed: str) -> bool:
        """Say whether this line, or one reviewed after it, was taken back; what a reviewer says now is news."""
        row = self.conn.execute(
            "SELECT 1 FROM claims WHERE listing_id = ? AND attribute = ? AND qualifier = ? AND valid_from = ?"
            " AND valid_to = ? AND (last_verified > ? OR (last_verified = ? AND value IS ? AND unit = ? AND state = ?))",
            (*key, reviewed, reviewed, *self._said()),
        ).fetchone()
        return row is not None and self.kind == "import"

    def _said(self) -> tuple[str | None, str, str]:
        return encode_value(self.fact.value), self.fact.unit, self.fact.state

    def _record_same(self, old: sqlite3.Row, reviewed: str) -> None:
        self.report.same += 1
        if old["last_verified"] != reviewed:
            self.conn.execute(
                "UPDATE claims SET last_verified = ?, reviewer = ? WHERE id = ?",
                [reviewed, self.fact.reviewer, old["id"]],
            )
            self.report.dirty_models.add(self.fact.model)

    def _replace(self, old: sqlite3.Row | None, key: Key, reviewed: str) -> None:
        fact = self.fact
        if old is not None:
            self.conn.execute("UPDATE claims SET until = ? WHERE id = ?", [self.at, old["id"]])
        first = old["first_seen"] if old is not None else self.at
        self.conn.execute(
            "UPDATE absences SET until = ? WHERE listing_id = ? AND until IS NULL", [self.at, key[0]]
        )
        self.conn.execute(
            f"INSERT INTO claims VALUES (NULL{', ?' * 21})",
            (
                *key, *self._said(), fact.raw, "", "", None, None, fact.published_on, first, self.at, None, reviewed,
                fact.reviewer, fact.observed_at or fact.reviewed_on, old["id"] if old is not None else None,
            ),
        )  # fmt: skip
        self.report.dirty_models.add(fact.model)
        self.report.changed += old is not None
        self.report.new += old is None

    def _listing(self) -> int:
        """Return the listing of what the fact is about; page, model and listing are made on first use."""
        if not self.conn.execute("SELECT 1 FROM sources WHERE id = ?", [self.card.id]).fetchone():
            pages.record_source(self.conn, self.card)
        page = pages.find_or_add_page(self.conn, self.card.id, self.fact.url, self.kind, first_seen=self.at)
        model, offer = self.fact.model, _offer_key(self.fact)
        self.conn.execute(
            "INSERT INTO model_ids (id, first_seen) VALUES (?, ?) ON CONFLICT DO NOTHING", [model, self.at]
        )
        known = self.conn.execute(
            "SELECT id FROM listings WHERE page_id = ? AND said_model = ? AND offer = ? AND via = ''",
            [page.id, model, offer],
        ).fetchone()
        return self._new_listing(page.id, model, offer) if known is None else int(known[0])

    def _new_listing(self, page_id: int, model: str, offer: str) -> int:
        provider, variant = self.fact.offer.provider if self.fact.offer else "", _variant(self.fact)
        authority = authority_of(self.card, model=model, provider=provider, offer=bool(offer))
        row = self.conn.execute(
            "SELECT coalesce(merged_into, id) FROM model_ids WHERE id = ?", [model]
        ).fetchone()
        made = self.conn.execute(
            f"INSERT INTO listings VALUES (NULL{', ?' * 16})",
            (
                page_id, model, row[0], offer, "", model, provider, *(variant.get(key) for key in VARIANT_KEYS),
                authority.value,
                speaker_of(authority, model=model, provider=provider, offer=offer, url=self.fact.url),
                RowKind.OWN, self.at,
            ),
        )  # fmt: skip
        assert made.lastrowid is not None
        return made.lastrowid


def confirm_fact(
    conn: sqlite3.Connection,
    model: str,
    attribute: str,
    *,
    offer: str,
    qualifier: str,
    url: str,
    by: str,
    at: str,
) -> None:
    """Note that a person looked and found the published value right. Raises NothingToReviewError."""
    row = conn.execute(
        "SELECT value FROM facts WHERE model = ? AND offer = ? AND attribute = ? AND qualifier = ? AND value IS NOT NULL",
        [model, offer, attribute, qualifier],
    ).fetchone()
    if row is None:
        raise NothingToReviewError(f"{_fact_name(model, offer, attribute)}: no published value to confirm")
    conn.execute(
        "INSERT INTO confirmations VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
        [model, offer, attribute, qualifier, row[0], url, by, at],
    )
    name_links.record_decision(conn, at, by, "confirm", _fact_name(model, offer, attribute), row[0], url)


def retract_fact(
    conn: sqlite3.Connection,
    model: str,
    attribute: str,
    *,
    offer: str,
    source: str | None,
    by: str,
    reason: str,
    at: str,
) -> int:
    """Take back what people stated about a fact; it stays in the history. Returns how many values that were.

    Raises NothingToReviewError when nobody stated it.
    """
    rows = _curated_claims(conn, model, offer, attribute, source)
    subject = _fact_name(model, offer, attribute)
    if not rows:
        raise NothingToReviewError(f"{subject}: nobody stated it, so nothing to retract")
    for row in rows:
        conn.execute("UPDATE claims SET until = ? WHERE id = ?", [at, row["id"]])
        name_links.record_decision(
            conn, at, by, "retract", subject, f"{row['source']}: {row['value']}", reason
        )
    conn.executemany(
        "INSERT OR IGNORE INTO absences SELECT id, ?, NULL, NULL, 0 FROM listings WHERE id = ? AND NOT EXISTS"
        " (SELECT 1 FROM claims WHERE listing_id = listings.id AND until IS NULL)",
        [(at, row["listing_id"]) for row in rows],
    )
    return len(rows)


def _curated_claims(
    conn: sqlite3.Connection, model: str, offer: str, attribute: str, source: str | None
) -> list[sqlite3.Row]:
    """Return what people state about a fact now."""
    return conn.execute(
        "SELECT c.id, c.listing_id, c.value, p.source FROM claims c JOIN listings l ON l.id = c.listing_id"
        " JOIN pages p ON p.id = l.page_id WHERE c.until IS NULL AND l.model = ? AND l.offer = ?"
        " AND c.attribute = ? AND p.kind IN (?, ?) AND (? IS NULL OR p.source = ?)",
        [model, offer, attribute, *CURATED_KINDS, source, source],
    ).fetchall()


def _fact_name(model: str, offer: str, attribute: str) -> str:
    return " ".join(filter(None, (model, offer, attribute)))
