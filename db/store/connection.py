"""Opening the file: settings, version checks, migrations after a backup, views and their documentation."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

from cardwatch.db.store import schema, views
from cardwatch.db.store.backup import write_backup
from cardwatch.db.store.errors import CatalogLockedError, CatalogNewerError, CatalogUnreadableError
from cardwatch.db.store.kept_tables import KEPT_RULES, drop_kept
from cardwatch.db.store.speakers import update_speakers
from cardwatch.normalize.attributes import ATTRIBUTES
from cardwatch.normalize.providers import DEVELOPERS, PROVIDERS

BUSY_MS = 5_000
LAYOUT = "layout"


def connect_catalog(path: Path, *, readonly: bool = False) -> sqlite3.Connection:
    """Open the catalog at `path`, brought up to date; made if absent, unless `readonly`.

    Raises CatalogNewerError, CatalogLockedError or CatalogUnreadableError.
    """
    try:
        conn = _open(path, readonly=readonly)
    except sqlite3.Error as error:
        raise as_catalog_error(error, path) from error
    try:
        _check_version(conn, path)
        if not readonly:
            _bring_up_to_date(conn, path)
        elif not _up_to_date(conn):
            conn.close()
            connect_catalog(path).close()
            conn = _open(path, readonly=True)
    except sqlite3.Error as error:
        conn.close()
        raise as_catalog_error(error, path) from error
    except CatalogNewerError:
        conn.close()
        raise
    return conn


@contextmanager
def read_transaction(conn: sqlite3.Connection) -> Iterator[None]:
    """Let several queries see one state of the catalog."""
    if conn.in_transaction:
        yield
        return
    conn.execute("BEGIN")
    try:
        yield
    finally:
        conn.execute("COMMIT")


def _up_to_date(conn: sqlite3.Connection) -> bool:
    return _version(conn) == schema.VERSION and _layout(conn) == _wanted_layout()


def roll_back(conn: sqlite3.Connection) -> None:
    """Undo a transaction; a full disk has undone it already, and that is the error to tell."""
    if conn.in_transaction:
        conn.execute("ROLLBACK")


def as_catalog_error(error: sqlite3.Error, path: Path) -> CatalogLockedError | CatalogUnreadableError:
    """Return `error` as one that a person can act on."""
    if "locked" in str(error) or "busy" in str(error):
        return CatalogLockedError(path)
    if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
        return CatalogUnreadableError(f"{path}: disk full; nothing half-written is left")
    return CatalogUnreadableError(f"{path}: {error}")


def _open(path: Path, *, readonly: bool) -> sqlite3.Connection:
    mode = "rwc"
    if readonly:
        mode = "ro" if os.access(path.parent, os.W_OK) or _has_log(path) else "ro&immutable=1"
    conn = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)
    try:
        _set_up(conn, readonly=readonly)
    except sqlite3.Error:
        conn.close()
        raise
    return conn


def _set_up(conn: sqlite3.Connection, *, readonly: bool) -> None:
    conn.row_factory = sqlite3.Row
    conn.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute("PRAGMA cache_size = -65536")
    conn.execute("PRAGMA temp_store = MEMORY")
    if not readonly:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA synchronous = NORMAL")


def _has_log(path: Path) -> bool:
    """Say whether another process may be writing: only then is there a log beside the file."""
    return path.with_name(f"{path.name}-wal").exists()


def _check_version(conn: sqlite3.Connection, path: Path) -> None:
    found = _version(conn)
    if found > schema.VERSION:
        raise CatalogNewerError(path, found=found, wanted=schema.VERSION)


def _version(conn: sqlite3.Connection) -> int:
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def _bring_up_to_date(conn: sqlite3.Connection, path: Path) -> None:
    found = _version(conn)
    if found != schema.VERSION:
        if found:
            write_backup(conn, path.with_name(f"{path.name}.v{found}.bak"))
        conn.execute("BEGIN IMMEDIATE")
        try:
            _migrate(conn)
            conn.execute(f"PRAGMA user_version = {schema.VERSION}")
            conn.execute("COMMIT")
        except BaseException:
            roll_back(conn)
            raise
    if _layout(conn) != _wanted_layout():
        _write_layout(conn)


def _migrate(conn: sqlite3.Connection) -> None:
    from sqlite_utils import Database

    from cardwatch.db.store.migrations import MIGRATIONS

    MIGRATIONS.apply(Database(conn, execute_plugins=False))


def _layout(conn: sqlite3.Connection) -> str:
    row = conn.execute("SELECT value FROM settings WHERE name = ?", [LAYOUT]).fetchone()
    return str(row[0]) if row else ""


def _wanted_layout() -> str:
    words = (
        schema.VERSION,
        KEPT_RULES,
        *views.VIEWS.items(),
        *ATTRIBUTES.values(),
        *PROVIDERS.values(),
        *DEVELOPERS.values(),
    )
    return f"{crc32(repr(words).encode()):08x}"


def _write_layout(conn: sqlite3.Connection) -> None:
    """Make the views anew, fill the tables of words and weigh who speaks; all or nothing."""
    conn.execute("BEGIN IMMEDIATE")
    try:
        for (name,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall():
            conn.execute(f'DROP VIEW "{name}"')
        for name, text in views.VIEWS.items():
            conn.execute(f"CREATE VIEW {name} AS {text}")
        _fill_vocabulary(conn)
        update_speakers(conn)
        drop_kept(conn)
        conn.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [LAYOUT, _wanted_layout()])
        conn.execute("COMMIT")
    except BaseException:
        roll_back(conn)
        raise


def _fill_vocabulary(conn: sqlite3.Connection) -> None:
    conn.executemany(
        "INSERT OR REPLACE INTO attributes VALUES (?, ?, ?, ?, ?)",
        [(a.name, a.type, a.unit, a.group, a.meaning) for a in ATTRIBUTES.values()],
    )
    conn.executemany(
        "INSERT OR REPLACE INTO providers VALUES (?, ?, ?)",
        [(p.id, p.name, p.kind) for p in PROVIDERS.values()],
    )
    conn.executemany(
        "INSERT OR REPLACE INTO developers VALUES (?, ?)", [(d.id, d.name) for d in DEVELOPERS.values()]
    )
    conn.execute("DELETE FROM column_docs")
    conn.executemany("INSERT OR REPLACE INTO column_docs VALUES (?, ?, ?)", column_docs(conn))


def column_docs(conn: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Yield (relation, column, meaning) from the comments in the catalog's own schema."""
    rows = conn.execute("SELECT name, sql FROM sqlite_schema WHERE type IN ('table', 'view')").fetchall()
    for relation, sql in rows:
        about = re.search(r"-- (.+)", sql)
        yield relation, "", about[1] if about else ""
        for (column,) in conn.execute(f"SELECT name FROM pragma_table_info('{relation}')").fetchall():
            if meaning := re.search(rf"\b{column}\b[^-\n]*-- (.+)$", sql, re.MULTILINE):
                yield relation, column, meaning[1]
