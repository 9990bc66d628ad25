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


def _create(db: Database, script: str) -> None:
    """Run the statements one by one: executescript would commit the migration's transaction."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)
