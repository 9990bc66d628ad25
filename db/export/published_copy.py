"""A copy of the catalog for readers: views as indexed tables, names to search, no working columns.

Tables keep the names and columns of the views they are made from, so a query that runs on the catalog runs on
the copy. What people typed about each other (decisions, confirmations) and values that a source's terms keep
from being passed on stay home.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.export import published_tables
from cardwatch.db.export.published_tables import MODELS_SEARCHED, PUBLISHED_TABLES, PublishedTable
from cardwatch.db.staleness.stale_facts import StaleFact
from cardwatch.db.store.current_claims import with_claims_at
from cardwatch.db.store.errors import CatalogUnreadableError

STALE = (
    "level", "model", "offer", "source", "attribute", "last_verified", "age_days", "limit_days", "reason",
    "next_due", "weight",
)  # fmt: skip
SitePages = Mapping[tuple[str, ...], str]
"""Where the static site has the page of a model, (id,), or of a pair, (a, b)."""
LONGEST_QUERIED_VALUE = 200_000
"""Bytes of one value or row in a reader's query: no time limit stops what one SQL function does to a longer one."""
LONGEST_LIKE_PATTERN = 200


@dataclass(frozen=True, slots=True)
class PublishedCopy:
    """A finished copy: its file, its tables with the meaning and the columns of each, and how many rows each has.

    `example` is the model whose prices moved most often.
    """

    path: Path
    meanings: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, int]
    example: str


def publish_copy(
    catalog: CatalogReports,
    dest: Path,
    *,
    at: str | None = None,
    stale: Sequence[StaleFact] = (),
    pages: SitePages | None = None,
) -> PublishedCopy:
    """Write the copy to `dest`, whole or not at all, as of the time `at` (now); readers of the old one keep theirs.

    Raises CatalogUnreadableError when the disk refuses.
    """
    part = dest.with_name(f"{dest.name}.new")
    try:
        catalog.backup(part)
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            _reshape(copy, at or catalog.now, stale, pages or {})
            made = _describe_copy(copy, dest)
        part.replace(dest)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise CatalogUnreadableError(f"{dest}: cannot publish here: {error}") from error
    return made


def bound_query_steps(copy: sqlite3.Connection) -> None:
    """Bound what a single step of a reader's query on the copy may do."""
    copy.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_QUERIED_VALUE)
    copy.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, LONGEST_LIKE_PATTERN)


def _reshape(copy: sqlite3.Connection, at: str, stale: Sequence[StaleFact], pages: SitePages) -> None:
    copy.execute("PRAGMA foreign_keys = OFF")
    copy.execute("PRAGMA journal_mode = MEMORY")
    copy.execute("BEGIN")
    _add_site_data(copy, stale, pages)
    kept = _meanings(copy)
    for relation in PUBLISHED_TABLES:
        _fill(copy, relation, at)
    _drop_all(copy, but={f"new_{relation.name}" for relation in PUBLISHED_TABLES})
    for relation in PUBLISHED_TABLES:
        copy.execute(f"ALTER TABLE new_{relation.name} RENAME TO {relation.name}")
    _write_column_docs(copy, kept)
    copy.execute(f'CREATE VIRTUAL TABLE models_fts USING fts5({MODELS_SEARCHED}, content="models")')
    copy.execute("INSERT INTO models_fts (models_fts) VALUES ('rebuild')")
    copy.execute("COMMIT")
    copy.execute("PRAGMA journal_mode = DELETE")
    copy.execute("ANALYZE")
    copy.execute("VACUUM")


def _add_site_data(copy: sqlite3.Connection, stale: Sequence[StaleFact], pages: SitePages) -> None:
    """Put what the catalog does not hold itself beside it."""
    copy.execute(f"CREATE TEMP TABLE told_stale ({', '.join(STALE)})")
    copy.executemany(
        f"INSERT INTO told_stale VALUES ({', '.join('?' * len(STALE))})",
        [[getattr(row, column) for column in STALE] for row in stale],
    )
    copy.execute("CREATE TEMP TABLE told_pages (a, b, page)")
    copy.executemany(
        "INSERT INTO told_pages VALUES (?, ?, ?)",
        [(key[0], key[1] if key[1:] else "", page) for key, page in pages.items()],
    )
    copy.execute("CREATE INDEX temp.told_page ON told_pages (a, b)")


def _meanings(copy: sqlite3.Connection) -> dict[tuple[str, str], str]:
    rows = copy.execute("SELECT relation, column, meaning FROM column_docs")
    return {
        (relation, column): meaning for relation, column, meaning in rows
    } | published_tables.column_meanings()


def _fill(copy: sqlite3.Connection, relation: PublishedTable, at: str) -> None:
    """Make the table of `relation` under another name and fill it."""
    query = f"{with_claims_at(':at')} {relation.query}"
    columns = [column[0] for column in copy.execute(f"{query} LIMIT 0", {"at": at}).description]
    types = {row[1]: row[2] for row in copy.execute(f"PRAGMA table_info({relation.name})")}
    lines = [
        f'"{column}" {types.get(column, "")}{" PRIMARY KEY" * (column == relation.key)}' for column in columns
    ]
    lines += [f'FOREIGN KEY ("{own}") REFERENCES {other}' for own, other in relation.refs(columns)]
    copy.execute(f"CREATE TABLE new_{relation.name} ({', '.join(lines)})")
    copy.execute(f"INSERT INTO new_{relation.name} {query}", {"at": at})
    for column in relation.also.keys() & {
        *columns
    }:  # "about no provider" is a word in the catalog, no row to lead to
        copy.execute(f"UPDATE new_{relation.name} SET {column} = NULL WHERE {column} = ''")
    for number, keys in enumerate(relation.indexes):
        copy.execute(f"CREATE INDEX {relation.name}_{number} ON new_{relation.name} ({keys})")


def _drop_all(copy: sqlite3.Connection, *, but: set[str]) -> None:
    rows = copy.execute("SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'view')").fetchall()
    for kind, name in rows:
        if name not in but and not name.startswith("sqlite_"):
            copy.execute(f'DROP {kind} "{name}"')


def _write_column_docs(copy: sqlite3.Connection, kept: Mapping[tuple[str, str], str]) -> None:
    """Write what every table and column of the copy means. Raises CatalogUnreadableError if one is not said."""
    copy.execute(
        "CREATE TABLE column_docs (relation TEXT, column TEXT, meaning TEXT, PRIMARY KEY (relation, column))"
    )
    for relation in (*(r.name for r in PUBLISHED_TABLES), "column_docs"):
        names = ["", *(row[1] for row in copy.execute(f"PRAGMA table_info({relation})"))]
        if missing := [name for name in names if not kept.get((relation, name))]:
            raise CatalogUnreadableError(
                f"{relation}: wanted a meaning for every column, found none for {missing}"
            )
        copy.executemany(
            "INSERT INTO column_docs VALUES (?, ?, ?)",
            [(relation, name, kept[relation, name]) for name in names],
        )


def _describe_copy(copy: sqlite3.Connection, path: Path) -> PublishedCopy:
    meanings: dict[str, str] = {}
    columns: dict[str, dict[str, str]] = {}
    for relation, column, meaning in copy.execute("SELECT * FROM column_docs"):
        if column:
            columns.setdefault(relation, {})[column] = meaning
        else:
            meanings[relation] = meaning
    return PublishedCopy(path, meanings, columns, _counts(copy, meanings), _most_moved(copy))


def _counts(copy: sqlite3.Connection, relations: Iterable[str]) -> dict[str, int]:
    return {name: copy.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in relations}


def _most_moved(copy: sqlite3.Connection) -> str:
    row = copy.execute(
        "SELECT model FROM price_history WHERE attribute IN ('input_price', 'output_price')"
        " GROUP BY model ORDER BY count(DISTINCT CASE WHEN until IS NOT NULL THEN since END) DESC, model LIMIT 1"
    ).fetchone()
    return str(row[0]) if row else ""
