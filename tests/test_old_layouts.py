"""Every layout that a commit ever wrote under a version number opens, and a new one needs a new number.

tests/data/layouts holds a small catalog of each, made by the program of the commit in its name: two visits to
one page, between which a price went from 2 to 3, and one stored comparison. Comments were taken out. Two were
then opened by a later program that raised the number and left the difference.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from cardwatch.db.catalog import CatalogStore
from cardwatch.db.store import schema

LAYOUTS = sorted((Path(__file__).parent / "data" / "layouts").glob("*.sql"))
LAYOUT_OF_VERSION = (15, "d868762f89030295")


def now() -> datetime:
    return datetime(2026, 5, 16, tzinfo=UTC)


def layout_of(conn: sqlite3.Connection) -> dict[str, str]:
    """Return every table and index as one line of SQL without comments."""
    found = conn.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type IN ('table', 'index') AND sql IS NOT NULL"
        " AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return {name: " ".join(re.sub(r"--[^\n]*", "", sql).replace('"', "").split()) for name, sql in found}


def fresh_layout(folder: Path) -> dict[str, str]:
    with CatalogStore.open(folder / "fresh.db", now=now) as catalog:
        return layout_of(catalog.conn)


def write_old_catalog(dump: Path, folder: Path) -> Path:
    path = folder / "catalog.db"
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript(dump.read_text())
    return path


def test_the_layouts_differ() -> None:
    found = set()
    for dump in LAYOUTS:
        with closing(sqlite3.connect(":memory:")) as conn:
            conn.executescript(dump.read_text())
            version = conn.execute("PRAGMA user_version").fetchone()[0]
            found.add((version, *sorted(layout_of(conn).items())))
    assert len(found) == len(LAYOUTS) == 11


@pytest.mark.parametrize("readonly", [False, True])
@pytest.mark.parametrize("dump", LAYOUTS, ids=lambda dump: dump.stem)
def test_an_old_layout_is_brought_to_the_present_one(dump: Path, readonly: bool, tmp_path: Path) -> None:
    path = write_old_catalog(dump, tmp_path)
    with closing(sqlite3.connect(path)) as conn:
        before, version = layout_of(conn), conn.execute("PRAGMA user_version").fetchone()[0]
    opened = CatalogStore if readonly else CatalogStore.open
    with opened(path, now=now) as catalog:
        assert layout_of(catalog.conn) == fresh_layout(tmp_path)
        assert catalog.check() == []
        changes = catalog.conn.execute("SELECT model, old, new, at FROM changes").fetchall()
        assert [tuple(row) for row in changes] == [("openai/gpt-4.1", "2", "3", "2026-03-11T12:00:00Z")]
        assert catalog.conn.execute("SELECT count(*) FROM attempts").fetchone()[0] == 2
        stored = catalog.comparison("openai/gpt-4.1", "openai/gpt-4o")
        assert stored is not None
        assert '"names":["GPT-4.1","GPT-4o"]' in stored.body
    with closing(sqlite3.connect(f"{path}.v{version}.bak")) as kept:
        assert layout_of(kept) == before


def test_a_layout_has_a_number_of_its_own(tmp_path: Path) -> None:
    """When this fails: add a numbered migration, raise schema.VERSION, then write both here."""
    text = repr(sorted(fresh_layout(tmp_path).items()))
    assert (schema.VERSION, sha256(text.encode()).hexdigest()[:16]) == LAYOUT_OF_VERSION
