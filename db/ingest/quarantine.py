"""What could not be understood or linked: refused cells, each once, and names without a model."""

from __future__ import annotations

import json
import sqlite3

from cardwatch.db.ingest.page_diff import PageDiff
from cardwatch.db.query.reports import IngestReport

_SAME = "page_id = ? AND name = ? AND attribute = ? AND raw = ? AND raw_unit = ? AND rule = ?"


def write_quarantine(conn: sqlite3.Connection, diff: PageDiff, report: IngestReport) -> None:
    """Note the refusals and the names of one reading."""
    _write_cells(conn, diff, report)
    _write_names(conn, diff, report)


def _write_cells(conn: sqlite3.Connection, diff: PageDiff, report: IngestReport) -> None:
    found: dict[tuple[int, str, str, str, str, str], tuple[str, str]] = {}
    for cell in diff.refused:
        key = (diff.page.id, cell.name, cell.attribute, cell.raw, cell.raw_unit, cell.reason)
        found.setdefault(key, (cell.evidence.locator, cell.evidence.document))
    report.rejected += len(found)
    conn.executemany(
        "INSERT INTO quarantine VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, NULL)"
        " ON CONFLICT DO UPDATE SET count = count + 1, last_seen = excluded.last_seen, until = NULL",
        [(*key, *where, diff.at, diff.at) for key, where in found.items()],
    )
    known = conn.execute(
        "SELECT page_id, name, attribute, raw, raw_unit, rule FROM quarantine WHERE page_id = ? AND until IS NULL",
        [diff.page.id],
    ).fetchall()
    over = [(diff.at, *row) for row in known if tuple(row) not in found]
    conn.executemany(f"UPDATE quarantine SET until = ? WHERE {_SAME}", over)


def _write_names(conn: sqlite3.Connection, diff: PageDiff, report: IngestReport) -> None:
    found: dict[tuple[str, str], tuple[str | None, str, str, str]] = {}
    for record in diff.reading.records:
        variant = json.dumps(dict(sorted(record.variant.items()))) if record.variant else ""
        candidates = json.dumps(list(record.candidates)) if record.candidates else ""
        found[record.provider or "", record.name] = (record.model, variant, record.rule, candidates)
    report.unlinked += sum(meaning[0] is None for meaning in found.values())
    known = {name: _known_meaning(conn, diff.page.source, name) for name in found}
    fresh = [
        (diff.page.source, *name, *meaning, diff.page.id, diff.at)
        for name, meaning in found.items()
        if known[name] != (*meaning, diff.page.id, None)
    ]
    conn.executemany(
        "INSERT INTO names VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT DO UPDATE SET model = excluded.model,"
        " variant = excluded.variant, rule = excluded.rule, candidates = excluded.candidates,"
        " page_id = excluded.page_id, until = NULL",
        fresh,
    )
    printed = conn.execute(
        "SELECT provider, name FROM names WHERE page_id = ? AND source = ? AND until IS NULL",
        [diff.page.id, diff.page.source],
    ).fetchall()
    over = [(diff.at, diff.page.source, *row) for row in printed if tuple(row) not in found]
    conn.executemany("UPDATE names SET until = ? WHERE source = ? AND provider = ? AND name = ?", over)


def _known_meaning(conn: sqlite3.Connection, source: str, name: tuple[str, str]) -> tuple[object, ...]:
    """Return what a name was taken to mean, by which page, and until when; nothing for a new one."""
    row = conn.execute(
        "SELECT model, variant, rule, candidates, page_id, until FROM names"
        " WHERE source = ? AND provider = ? AND name = ?",
        [source, *name],
    ).fetchone()
    return tuple(row or ())
