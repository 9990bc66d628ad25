"""Which archived bodies the catalog still refers to, and their new places after an archive file was rewritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from datetime import UTC, datetime


def documents_in_use(conn: sqlite3.Connection) -> set[str]:
    """Return the digests that present claims were read from, winners and losers, told ones included."""
    rows = conn.execute(
        "SELECT DISTINCT d.digest FROM claims c JOIN documents d ON d.id = c.document_id WHERE c.until IS NULL"
    )
    return {row[0] for row in rows}


def readable_since(conn: sqlite3.Connection) -> dict[tuple[str, str], datetime]:
    """Return by source and URL the start of the oldest visit that may have to be read again.

    That is the page's last good reading, or the day before the first surprise on it that nobody decided.
    """
    rows = conn.execute(
        """SELECT p.source, p.url, min(
          (SELECT max(started) FROM attempts WHERE page_id = p.id AND verified_at IS NOT NULL AND body <> ''),
          coalesce((SELECT strftime('%Y-%m-%dT%H:%M:%SZ', min(since), '-1 day') FROM holds
            WHERE page_id = p.id AND until IS NULL), '9999')) AS oldest
        FROM pages p WHERE oldest IS NOT NULL"""
    )
    return {(source, url): datetime.fromisoformat(oldest).astimezone(UTC) for source, url, oldest in rows}


def facts_read_from(conn: sqlite3.Connection, file: str, offsets: Collection[int]) -> dict[int, list[str]]:
    """Return by offset the present facts that were read from records of an archive file: source, subject, attribute."""
    rows = conn.execute(
        """SELECT d.archive_offset, p.source, l.model, c.attribute FROM documents d
        JOIN claims c ON c.document_id = d.id AND c.until IS NULL
        JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id
        WHERE d.archive = ? ORDER BY c.id""",
        [file],
    )
    found: dict[int, list[str]] = {}
    for offset, *names in rows:
        if offset in offsets:
            found.setdefault(offset, []).append(" ".join(names))
    return found


def fetch_whole(conn: sqlite3.Connection, file: str, offsets: Collection[int]) -> int:
    """Have the next visit fetch whole the pages whose bytes stood in these records, and read them anew; return how many."""
    pages = conn.execute(
        "SELECT page_id, archive_offset FROM attempts WHERE archive = ? UNION SELECT l.page_id, d.archive_offset"
        " FROM documents d JOIN claims c ON c.document_id = d.id JOIN listings l ON l.id = c.listing_id"
        " WHERE d.archive = ?",
        [file, file],
    )
    wanted = {page for page, offset in pages if offset in offsets}
    conn.executemany(
        "UPDATE pages SET etag = '', last_modified = '', rules = '' WHERE id = ?",
        [(page,) for page in wanted],
    )
    return len(wanted)


def lost_documents(conn: sqlite3.Connection) -> frozenset[int]:
    """Return the documents whose bytes are in the archive no more."""
    return frozenset(row[0] for row in conn.execute("SELECT id FROM documents WHERE archive = ''"))


def failed_pages(conn: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Return the source, the URL and the reason of every page whose last visit could not be read."""
    rows = conn.execute(
        "SELECT source, url, last_detail FROM pages WHERE last_outcome = 'unparsed' ORDER BY id"
    )
    return [(row[0], row[1], row[2]) for row in rows]


def record_set_apart(conn: sqlite3.Connection, details: Collection[str]) -> None:
    """Note that the records which pages could not be read from are in the archive no more."""
    conn.executemany(
        "UPDATE pages SET last_detail = ? WHERE last_detail = ?",
        [(f"{text}; set apart", text) for text in details],
    )


def record_rewritten_file(conn: sqlite3.Connection, file: str, moved: Mapping[int, int], size: int) -> None:
    """Note that an archive file of so many bytes takes the place of `file`, and where its records stand now.

    A document that is no longer there keeps its row, its digest and its URL, and loses its place.
    """
    for table in ("documents", "attempts"):
        held = conn.execute(f"SELECT id, archive_offset FROM {table} WHERE archive = ?", [file]).fetchall()
        conn.executemany(
            f"UPDATE {table} SET archive = ?, archive_offset = ? WHERE id = ?",
            [(file, moved[at], row) if at in moved else ("", 0, row) for row, at in held],
        )
    conn.execute("UPDATE archives SET done = ? WHERE file = ?", [size, file])
