"""Ingest of the whole models.dev file beside the least that anybody could do with the same rows.

    python benchmarks/ingest_speed.py [ROUNDS]

The least is to validate the same records with msgspec and to write the same rows of the catalog's tables
with plain executemany in one transaction. Ours reads every cell (units, names, providers), compares with
what the catalog says, and keeps spans and evidence. "again" ingests the same page as fetched a day later.
Time is processor time, without parsing JSON.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from msgspec import convert, to_builtins
from scrapy.http import TextResponse
from sides import alone, middle, tell

from cardwatch import normalize
from cardwatch.crawler.documents import Document, Outcome, SourceRow, Visit
from cardwatch.crawler.replay import ArchiveReader
from cardwatch.crawler.spiders.models_dev import ModelsDev
from cardwatch.crawler.warc import warc_files
from cardwatch.db.catalog import CatalogStore
from cardwatch.normalize.identity.resolver import NO_LINKS
from cardwatch.normalize.records import Record
from cardwatch.run.ingest_stage import VisitReader

ROOT = Path(__file__).parents[1]
WHOLE = ROOT.parent / "shared" / "data" / "models.dev" / "api.2026-05-12.json"
DEMO = ROOT / "cardwatch" / "data" / "demo"
NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
TABLES = ("listings", "claims", "names")


def visit() -> Visit | None:
    """Return a visit to the whole file, else the one in the bundled recording."""
    if WHOLE.exists():
        body = WHOLE.read_bytes()
        page = TextResponse(ModelsDev.url, body=body, encoding="utf-8")
        stored = Document(
            f"sha256:{sha256(body).hexdigest()}", page.url, NOW, "application/json", len(body), "a.warc", 512
        )
        rows = tuple(SourceRow(stored, row) for row in ModelsDev().rows(page))
        return Visit(
            ModelsDev.name, "listing", page.url, NOW, Outcome.READ, 1, 200, documents=(stored,), rows=rows
        )
    with ArchiveReader({ModelsDev.name: ModelsDev}) as reader:
        visits = [found for file in warc_files(DEMO) for found in reader.visits(file)]
    return next((found for found in visits if isinstance(found, Visit) and found.rows), None)


def ours(catalog: CatalogStore, made: Visit) -> float:
    """Ingest a visit and return the seconds."""
    start = time.process_time()
    catalog.ingest(ModelsDev.card(), [made], VisitReader(ModelsDev, catalog.links()), rules=normalize.VERSION)
    return time.process_time() - start


def rows_of(conn: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {table: [tuple(row) for row in conn.execute(f"SELECT * FROM {table}")] for table in TABLES}


def validated(records: list[dict[str, object]]) -> float:
    start = time.process_time()
    for record in records:
        convert(record, Record)
    return time.process_time() - start


def written(path: Path, rows: dict[str, list[tuple[object, ...]]]) -> float:
    """Write rows to plain tables of a new file in one transaction."""
    with sqlite3.connect(path) as conn:
        conn.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")
        start = time.process_time()
        for table, found in rows.items():
            conn.execute(f"CREATE TABLE {table} ({', '.join(f'c{n}' for n in range(len(found[0])))})")
            conn.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})", found)
        conn.commit()
    return time.process_time() - start


def measure() -> dict[str, float]:
    """Return seconds of one round, and how many rows there were."""
    made = visit()
    if made is None:
        return {}
    later = replace(made, started=made.started + timedelta(days=1))
    with tempfile.TemporaryDirectory() as folder:
        with CatalogStore.open(Path(folder) / "catalog.db", now=lambda: later.started) as catalog:
            first = ours(catalog, made)
            rows = rows_of(catalog.conn)
            before = catalog.conn.total_changes
            again = ours(catalog, later)
            writes = catalog.conn.total_changes - before
            unmoved = rows_of(catalog.conn) == rows
        records = [to_builtins(r) for r in normalize.read(made, ModelsDev.card(), NO_LINKS).records]
        least = validated(records) + written(Path(folder) / "raw.db", rows)
    return {
        "page rows": len(made.rows),
        "claims": len(rows["claims"]),
        "least": least,
        "ours": first,
        "again": again,
        "writes again": writes,
        "facts unmoved": unmoved,
    }


def main(rounds: int) -> None:
    found = [alone(measure) for _ in range(rounds)]
    if not found[0]:
        tell("ingest: skipped, no recording of models.dev is here")
        return
    medians = middle(found)
    tell(f"{medians['page rows']:,.0f} rows of a page, {medians['claims']:,.0f} claims")
    tell(f"first ingest: {medians['ours'] / medians['least']:.1f}x validation and executemany")
    tell(
        f"same page again: {medians['again'] / medians['ours']:.1%} of the first, {medians['writes again']:.0f} writes"
    )
    tell(f"facts unmoved: {'yes' if medians['facts unmoved'] else 'NO'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
