"""Which archived bodies the catalog still refers to, and their new places after an archive file was rewritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
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
