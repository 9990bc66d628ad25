"""A consistent copy while others write, and a check of what a catalog promises about itself."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from cardwatch.db.store.errors import CatalogUnreadableError

SQLITE_MAGIC = b"SQLite format 3\0"
_HEADER_SIZE = 20


def write_backup(conn: sqlite3.Connection, dest: Path) -> Path:
    """Copy the catalog to `dest` as one plain file, whole and checked, replacing what was there.

    Whatever goes wrong leaves no part of a copy.
    """
    part = dest.with_name(f"{dest.name}.part")
    part.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(part)) as copy:
            conn.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise CatalogUnreadableError(f"backup to {dest}: wanted a whole copy, found {found}")
        part.replace(dest)
    finally:
        for left in (part, part.with_name(f"{part.name}-journal")):
            left.unlink(missing_ok=True)
    return dest


def backup_problem(dest: Path, *, replace: bool) -> str:
    """Return why a backup may not be written to `dest`, "" if it may; `replace` allows it over an older one."""
    if os.path.lexists(dest) and not is_backup(dest):
        return f"{dest}: exists and is no backup of a catalog"
    part = dest.with_name(f"{dest.name}.part")
    if os.path.lexists(part) and not _is_part(part):
        return f"{part}: in the way, and no part of a backup"
    return (
        "" if replace or not os.path.lexists(dest) else f"{dest}: exists; --force writes over an older backup"
    )


def is_backup(path: Path) -> bool:
    """Say whether a file is a catalog that nobody works in: a plain file, without the mark of a write-ahead log."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        header = file.read(_HEADER_SIZE)
    if not header.startswith(SQLITE_MAGIC) or header[18:20] != b"\x01\x01":
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as conn:
            known = conn.execute(
                "SELECT count(*) FROM sqlite_schema WHERE name IN ('claims', 'pages')"
            ).fetchone()[0]
            return bool(known == 2 and conn.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError:
        return False


def _is_part(path: Path) -> bool:
    """Say whether a file may be what a killed backup left."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(SQLITE_MAGIC)) in (b"", SQLITE_MAGIC)


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
