"""The catalog as canonical text: what the archive says, without numbers, runs and the machine's clock."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

_PAGE = "p.source, p.url, p.kind"
_LISTING = f"{_PAGE}, l.said_model, l.offer, l.via"
_OF_LISTING = "JOIN listings l ON l.id = x.listing_id JOIN pages p ON p.id = l.page_id"
QUERIES = {
    "sources": "SELECT * FROM sources x",
    "pages": "SELECT source, url, kind, parser_version, rules, rows_digest, etag, last_modified, first_seen,"
    " last_attempt, last_outcome, last_status, last_detail, last_verified, last_changed, failing_since, failures,"
    " gone_since, redirected_to FROM pages x",
    "documents": "SELECT digest, url, fetched_at, content_type, size, archive, archive_offset FROM documents x",
    "attempts": f"SELECT {_PAGE}, started, outcome, verified_at, status, size, age, sent, received, body,"
    " x.rows_digest, x.parser_version, changes, archive, archive_offset, detail"
    " FROM attempts x JOIN pages p ON p.id = x.page_id",
    "models": "SELECT id, first_seen, merged_into FROM model_ids x",
    "listings": f"SELECT {_LISTING}, l.model, l.name, l.provider, l.tier, l.region, l.snapshot, l.quantization,"
    " l.mode, l.authority, l.via_rank, l.first_seen FROM listings l JOIN pages p ON p.id = l.page_id",
    "absences": f"SELECT {_LISTING}, x.since, x.until, x.last_verified, x.withdrawn FROM absences x {_OF_LISTING}",
    "claims": f"SELECT {_LISTING}, x.attribute, x.qualifier, x.valid_from, x.valid_to, x.since, x.until, x.value,"
    " x.unit, x.state, x.raw, x.raw_unit, x.locator, d.digest, x.effective_from, x.published_on, x.first_seen,"
    f" x.last_verified, x.reviewer FROM claims x {_OF_LISTING} LEFT JOIN documents d ON d.id = x.document_id",
    "holds": f"SELECT {_PAGE}, l.said_model, l.offer, l.via, x.kind, x.attribute, x.qualifier, x.valid_from,"
    " x.valid_to, x.since, x.old, x.new, x.rule, x.reason, x.state, x.until, x.decided_by"
    " FROM holds x JOIN pages p ON p.id = x.page_id LEFT JOIN listings l ON l.id = x.listing_id",
    "quarantine": f"SELECT {_PAGE}, x.name, attribute, raw, raw_unit, rule, locator, document, x.first_seen,"
    " last_seen, count, until FROM quarantine x JOIN pages p ON p.id = x.page_id",
    "unread_parts": f"SELECT {_PAGE}, x.kind, what, wanted, found, text, section, locator, document, shape, x.rows,"
    " waiting, x.first_seen, last_seen, until FROM unread_parts x JOIN pages p ON p.id = x.page_id",
    "unread_claims": f"SELECT {_LISTING}, c.attribute, c.qualifier, c.valid_from, c.valid_to FROM unread_claims x"
    " JOIN claims c ON c.id = x.claim_id JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id"
    " WHERE c.until IS NULL",
    "names": "SELECT source, provider, name, model, variant, rule, candidates, first_seen, until FROM names x",
}


def dump_catalog(conn: sqlite3.Connection) -> Iterator[str]:
    """Yield one line of JSON per row, in an order that depends on nothing but the rows."""
    for table, query in QUERIES.items():
        lines = [json.dumps([table, *row], ensure_ascii=False) for row in conn.execute(query)]
        yield from sorted(lines)
