"""The numbered migrations of catalog.db; imported only when one is due, so that reading stays quick."""

from __future__ import annotations

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


def _create(db: Database, script: str) -> None:
    """Run the statements one by one: executescript would commit the migration's transaction."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)
