"""A consistent copy while others write, and a check of what a catalog promises about itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from cardwatch.db.store.errors import CatalogUnreadableError


def write_backup(conn: sqlite3.Connection, dest: Path) -> Path:
    """Copy the catalog to `dest` as one plain file, whole and checked, replacing what was there."""
    part = dest.with_name(f"{dest.name}.part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(part)) as copy:
        conn.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        part.unlink()
        raise CatalogUnreadableError(f"backup to {dest}: wanted a whole copy, found {found}")
    part.replace(dest)
    return dest


def check_catalog(conn: sqlite3.Connection) -> Iterator[str]:
    """Yield what is wrong with the catalog, one sentence each; nothing when all is well."""
    for row in conn.execute("PRAGMA integrity_check"):
        if row[0] != "ok":
            yield f"integrity: {row[0]}"
    for row in conn.execute("PRAGMA foreign_key_check"):
        yield f"{row[0]} row {row[1]} refers to a {row[2]} that does not exist"
    undocumented = conn.execute(
        "SELECT c.id, p.source, c.attribute FROM claims c JOIN listings l ON l.id = c.listing_id"
        " JOIN pages p ON p.id = l.page_id WHERE c.document_id IS NULL AND c.reviewer IS NULL"
    )
    for row in undocumented:
        yield f"claim {row[0]}: {row[2]} from {row[1]} has neither a document nor a reviewer"
    twice = conn.execute(
        "SELECT listing_id, attribute, count(*) FROM claims WHERE until IS NULL"
        " GROUP BY listing_id, attribute, qualifier, valid_from, valid_to HAVING count(*) > 1"
    )
    for row in twice:
        yield f"listing {row[0]}: {row[1]} has {row[2]} present values, wanted 1"
