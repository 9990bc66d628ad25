"""The numbered migrations of catalog.db; imported only when one is due, so that reading stays quick."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

from cardwatch.db.store import schema

MIGRATIONS = Migrations("cardwatch")


@MIGRATIONS()
def m0001_sources_and_claims(db: Database) -> None:
    for script in (schema.SOURCES, schema.RUNS, schema.CLAIMS, schema.HOLDS, schema.VOCABULARY):
        _create(db, script)


@MIGRATIONS()
def m0002_people_and_comparisons(db: Database) -> None:
    for script in (schema.DECISIONS, schema.COMPARISONS):
        _create(db, script)


@MIGRATIONS()
def m0007_layouts_of_one_number(db: Database) -> None:
    """Make alike what was written under one number; here, because later ones need claims.previous_id.

    Four layouts bear version 2, two bear version 5, and the second of those two was never made of the first.
    """
    for (view,) in db.conn.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall():
        db.conn.execute(f'DROP VIEW "{view}"')
    if "previous_id" not in _columns(db, "claims"):
        _remake(db, "claims", schema.CLAIMS)
        _link_replaced_claims(db)
    if db.conn.execute(_HAS_NARROW_ATTEMPTS).fetchone():
        _remake(db, "attempts", schema.RUNS)
    db.conn.execute("CREATE INDEX IF NOT EXISTS names_page ON names(page_id)")
    db.conn.execute(schema.CLAIMS_ENDS)


_HAS_NARROW_ATTEMPTS = """SELECT 1 FROM pragma_index_list('attempts') i WHERE i."unique"
  AND (SELECT count(*) FROM pragma_index_info(i.name)) = 2"""


def _columns(db: Database, table: str) -> list[str]:
    return [name for (name,) in db.conn.execute("SELECT name FROM pragma_table_info(?)", [table])]


def _remake(db: Database, table: str, script: str) -> None:
    """Put the rows of `table` into the table that `script` makes; nothing may refer to them yet."""
    columns = ", ".join(_columns(db, table))
    db.conn.execute(f"CREATE TEMP TABLE kept AS SELECT {columns} FROM main.{table}")
    db.conn.execute(f"DROP TABLE main.{table}")
    for statement in script.split(";\n"):
        if f"CREATE TABLE {table} (" in statement or f" ON {table}(" in statement:
            db.conn.execute(statement)
    db.conn.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM temp.kept ORDER BY id")
    db.conn.execute("DROP TABLE temp.kept")


def _link_replaced_claims(db: Database) -> None:
    """Say which claim each one replaced: the one of the same fact that ended as it began."""
    db.conn.execute(
        "UPDATE claims SET previous_id = (SELECT max(old.id) FROM claims old"
        " WHERE old.listing_id = claims.listing_id AND old.attribute = claims.attribute"
        " AND old.qualifier = claims.qualifier AND old.valid_from = claims.valid_from"
        " AND old.valid_to = claims.valid_to AND old.until = claims.since AND old.id < claims.id)"
    )


@MIGRATIONS()
def m0003_told(db: Database) -> None:
    _create(db, schema.DELIVERIES)


@MIGRATIONS()
def m0004_unread_parts(db: Database) -> None:
    _create(db, schema.UNREAD_PARTS)


@MIGRATIONS()
def m0005_delayed_claims(db: Database) -> None:
    _create(db, schema.DELAYS)


@MIGRATIONS()
def m0006_comparisons_say_once(db: Database) -> None:
    """Stored comparisons held both models' offers and evidence too, nine tenths of a catalog."""
    db.conn.execute(
        "UPDATE comparisons SET body = json_object('parts', json_object('a', NULL, 'b', NULL),"
        " 'names', json_array(body ->> '$.models[0].name', body ->> '$.models[1].name'),"
        " 'verdict', json_extract(body, '$.verdict'), 'gap', json_extract(body, '$.cost.gap'),"
        " 'unknown', body ->> '$.unknown.count', 'claims', json_extract(body, '$.claims'))"
        " WHERE json_valid(body)"
    )


@MIGRATIONS()
def m0008_change_signals(db: Database) -> None:
    _create(db, schema.SIGNALS)


@MIGRATIONS()
def m0009_history_windows(db: Database) -> None:
    _create(db, schema.HISTORY_WINDOWS)
    db.conn.execute(
        "INSERT INTO batches SELECT p.source, a.batch, sum(iif(a.verified_at IS NULL, 0, a.changes))"
        " FROM attempts a JOIN pages p ON p.id = a.page_id GROUP BY p.source, a.batch"
    )


@MIGRATIONS()
def m0010_cards_by_resolver(db: Database) -> None:
    """Cards on the Hub are asked for at another address now; the validators were those of the old one."""
    _create(db, schema.TOLD_VERSIONS)
    db.conn.execute(
        "UPDATE OR IGNORE pages SET url = replace(url, '/raw/main/README.md', '/resolve/main/README.md'),"
        " etag = '', last_modified = '' WHERE source = 'huggingface_cards' AND url LIKE '%/raw/main/README.md'"
    )


@MIGRATIONS()
def m0011_kept_rows(db: Database) -> None:
    """Nothing is kept yet; the layout, which is new too, has everything worked out."""
    _create(db, schema.KEPT_FACTS)
    _create(db, schema.NEAREST_MODELS)
    db.conn.execute(
        "INSERT INTO touched SELECT id, first_seen FROM model_ids WHERE true ON CONFLICT DO NOTHING"
    )


@MIGRATIONS()
def m0012_unread_claims(db: Database) -> None:
    """Which they are, the next reading of each page says."""
    _create(db, schema.UNREAD_CLAIMS)


@MIGRATIONS()
def m0013_stated_rows(db: Database) -> None:
    """Nothing is kept yet; how many answers a listing goes on over is told once by the facts read from them."""
    _create(db, schema.STATED_ROWS)
    db.conn.execute(
        "INSERT INTO long_listings SELECT l.page_id, count(DISTINCT d.url) AS answers FROM claims c"
        " JOIN listings l ON l.id = c.listing_id JOIN documents d ON d.id = c.document_id WHERE c.until IS NULL"
        " GROUP BY l.page_id HAVING answers > 1"
    )


@MIGRATIONS()
def m0014_growth_indexes(db: Database) -> None:
    _create(db, schema.GROWTH_INDEXES)


@MIGRATIONS()
def m0015_page_classes(db: Database) -> None:
    """No page has a class yet; the layout, which is new too, has everything worked out."""
    _create(db, schema.PAGE_CLASSES)


def _create(db: Database, script: str) -> None:
    """Run the statements one by one: executescript would commit the migration's transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.conn.execute(statement)
            statement = ""
