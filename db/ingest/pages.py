"""Pages and the attempts on them: what was tried, what came of it, and which dates that may move."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256

import orjson

from cardwatch.crawler.documents import Outcome, RawRow, Visit
from cardwatch.crawler.source_card import SourceCard
from cardwatch.db.schedule import change_rates, change_signals
from cardwatch.db.store.values import format_time

GONE = (404, 410)
VERIFIED_OUTCOMES = ("verified_same", "verified_changed")


@dataclass(slots=True)
class StoredPage:
    """A page as the catalog knew it before the visit at hand."""

    id: int
    source: str
    url: str
    kind: str
    parser_version: int
    rules: str
    rows_digest: str
    etag: str
    last_modified: str
    last_attempt: str | None
    last_verified: str | None
    failing_since: str | None
    gone_since: str | None


_COLUMNS = ", ".join(StoredPage.__dataclass_fields__)


def record_source(conn: sqlite3.Connection, card: SourceCard) -> bool:
    """Write what a source declares about itself; return whether a known one copies other sources than it did."""
    row = (
        card.id, card.title, card.kind, card.authority.value, card.url, card.max_age / timedelta(days=1),
        int(card.complete), " ".join(card.derived_from), card.parser_version, card.terms, int(card.redistribute),
    )  # fmt: skip
    known = conn.execute("SELECT * FROM sources WHERE id = ?", [card.id]).fetchone()
    if known is None:
        conn.execute(f"INSERT INTO sources VALUES ({', '.join('?' * len(row))})", row)
    elif tuple(known) != row:
        conn.execute(
            "UPDATE sources SET title = ?, kind = ?, authority = ?, url = ?, max_age_days = ?, complete = ?,"
            " derived_from = ?, parser_version = ?, terms = ?, redistribute = ? WHERE id = ?",
            (*row[1:], card.id),
        )
        return bool(known["derived_from"] != " ".join(card.derived_from))
    return False


def list_models(conn: sqlite3.Connection, where: str, value: object) -> list[str]:
    """Return the models of those pages that meet an SQL condition with one parameter."""
    rows = conn.execute(
        f"SELECT DISTINCT l.model FROM pages p JOIN listings l ON l.page_id = p.id WHERE {where}", [value]
    )
    return [model for (model,) in rows]


def find_or_add_page(
    conn: sqlite3.Connection, source: str, url: str, kind: str, *, first_seen: str
) -> StoredPage:
    """Return the page, made on first sight."""
    conn.execute(
        "INSERT INTO pages (source, url, kind, first_seen) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [source, url, kind, first_seen],
    )
    row = conn.execute(
        f"SELECT {_COLUMNS} FROM pages WHERE source = ? AND url = ? AND kind = ?", [source, url, kind]
    ).fetchone()
    return StoredPage(*row)


def rows_digest(visit: Visit) -> str:
    """Return a digest of a page as printed, also of what was not understood.

    Where the rows stand, and in which order, does not count.
    """
    lines = sorted(orjson.dumps(_printed(found.row), option=orjson.OPT_SORT_KEYS) for found in visit.rows)
    lines += sorted(f"{each.part.what} {each.part.found} {each.part.text}".encode() for each in visit.unread)
    return sha256(b"\n".join(lines)).hexdigest()


def _printed(row: RawRow) -> tuple[object, ...]:
    cells = {name: cell[:2] + cell[3:] if cell.wanted else cell[:2] for name, cell in row.cells.items()}
    return row.kind, row.name, cells, row.provider, dict(row.variant), dict(row.qualifier), dict(row.dates)


def completed_at(visit: Visit) -> datetime:
    """Return when the answer was complete."""
    return max((d.fetched_at for d in visit.documents), default=visit.started)


def verified_at(visit: Visit) -> datetime:
    """Return when the content was true: when its first document came, less the Age of the answer."""
    came = min((d.fetched_at for d in visit.documents), default=visit.started)
    return came - timedelta(seconds=max(visit.age, 0))


def outdated_problem(page: StoredPage, visit: Visit) -> str:
    """Return why an answer tells nothing new: some cache kept it since before the page was last verified; "" if not."""
    true_at = format_time(verified_at(visit))
    if visit.age <= 0 or page.last_verified is None or true_at >= page.last_verified:
        return ""
    return f"an answer as of {true_at} by its Age, older than what was verified at {page.last_verified}"


def not_modified_problem(page: StoredPage, visit: Visit) -> str:
    """Return why a 304 does not confirm this page, "" if it does.

    It must answer validators of an answer that was read well by the reading code still in use.
    """
    if not page.rows_digest or page.last_verified is None:
        return "304 for a page that was never read well"
    if page.parser_version != visit.parser_version:
        return f"304 for rows of parser {page.parser_version}, wanted {visit.parser_version}"
    known = {page.etag, page.last_modified} - {""}
    if visit.sent_validators and not known & {*visit.sent_validators.values()}:
        return "304 for a validator that is not the stored one"
    return _other_version(page, visit)


def _other_version(page: StoredPage, visit: Visit) -> str:
    """Return why a 304 is about another version of the page than the one archived; "" if it is not."""
    etag, last_modified = answer_validators(visit)
    if etag and page.etag and etag.removeprefix("W/") != page.etag.removeprefix("W/"):
        return f"304 that names another ETag: wanted {page.etag}, found {etag}"
    known, found = _http_date(page.last_modified), _http_date(last_modified)
    if known and found and found > known:
        return f"304 that names a newer version: wanted {page.last_modified}, found {last_modified}"
    return ""


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def drop_validators(conn: sqlite3.Connection, page: StoredPage) -> None:
    """Have the next visit fetch the whole page."""
    conn.execute("UPDATE pages SET etag = '', last_modified = '' WHERE id = ?", [page.id])


def answer_validators(visit: Visit) -> tuple[str, str]:
    """Return the ETag and Last-Modified of the answer, "" where it had none."""
    found = {name.lower(): text for name, text in visit.validators.items()}
    return found.get("etag", ""), found.get("last-modified", "")


def was_attempted(conn: sqlite3.Connection, page: StoredPage, visit: Visit) -> bool:
    """Say whether this very visit was taken in before, be it from a copy of its archive file."""
    body = visit.documents[0].digest if visit.documents else ""
    row = conn.execute(
        "SELECT 1 FROM attempts WHERE page_id = ? AND started = ? AND body = ?",
        [page.id, format_time(visit.started), body],
    ).fetchone()
    return row is not None


def record_attempt(
    conn: sqlite3.Connection, page: StoredPage, visit: Visit, outcome: str, *, batch: int, digest: str = "",
    changes: int = 0, detail: str = "",
) -> None:  # fmt: skip
    """Append the attempt."""
    first = visit.documents[0] if visit.documents else None
    true_at = format_time(verified_at(visit)) if outcome in VERIFIED_OUTCOMES else None
    made = conn.execute(
        f"INSERT OR IGNORE INTO attempts VALUES (NULL{', ?' * 17})",
        (
            page.id, batch, format_time(visit.started), outcome, true_at, visit.status, visit.size, visit.age,
            _json(visit.sent_validators), _json(visit.validators), first.digest if first else "", digest,
            visit.parser_version, changes, first.warc if first else "", first.offset if first else 0,
            detail or visit.detail,
        ),
    )  # fmt: skip
    if made.rowcount:
        _count_changes(conn, page, batch, changes if true_at else 0)


def _count_changes(conn: sqlite3.Connection, page: StoredPage, batch: int, changes: int) -> None:
    conn.execute(
        "INSERT INTO batches VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET changes = changes + excluded.changes"
        " WHERE excluded.changes > 0",
        [page.source, batch, changes],
    )


def _json(mapping: Mapping[str, str]) -> str:
    return json.dumps(dict(sorted(mapping.items()))) if mapping else ""


def record_failure(
    conn: sqlite3.Connection, page: StoredPage, visit: Visit, outcome: str, detail: str
) -> None:
    """Note on the page that it could not be read; its dates stay."""
    at = format_time(visit.started)
    gone = visit.status in GONE
    conn.execute(
        "UPDATE pages SET last_attempt = ?, last_outcome = ?, last_status = ?, last_detail = ?,"
        " failures = failures + 1, failing_since = coalesce(failing_since, ?),"
        " gone_since = CASE WHEN ? THEN coalesce(gone_since, ?) END, redirected_to = ? WHERE id = ?",
        (at, outcome, visit.status, detail, at, gone, at, visit.redirected_to, page.id),
    )


def record_verified(conn: sqlite3.Connection, page: StoredPage, visit: Visit, outcome: str) -> None:
    """Note on the page that what it says is true as of the visit; a date never moves back."""
    etag, last_modified = answer_validators(visit)
    if visit.outcome is Outcome.NOT_MODIFIED:
        etag, last_modified = etag or page.etag, last_modified or page.last_modified
    true_at = max(format_time(verified_at(visit)), page.last_verified or "")
    conn.execute(
        "UPDATE pages SET last_attempt = ?, last_outcome = ?, last_status = ?, last_detail = '', etag = ?,"
        " last_modified = ?, last_verified = ?, failures = 0,"
        " failing_since = NULL, gone_since = NULL, redirected_to = ?, parser_version = ? WHERE id = ?",
        (
            format_time(visit.started), outcome, visit.status, etag, last_modified, true_at,
            visit.redirected_to, visit.parser_version, page.id,
        ),
    )  # fmt: skip
    changed = outcome == "verified_changed"
    change_signals.learn_outcome(conn, page.id, page.kind, page.last_verified, true_at, changed=changed)
    change_rates.learn_visit(conn, page.id, page.last_verified, true_at, changed=changed)
    age = timedelta(seconds=max(visit.age, 0))
    change_signals.record_versions(conn, page.source, visit.versions, age)


def record_released(conn: sqlite3.Connection, page: StoredPage, visit: Visit, *, changes: int) -> None:
    """Count a held visit as read, now that a person has released it."""
    released = conn.execute(
        "UPDATE attempts SET outcome = 'verified_changed', verified_at = ?, changes = ?"
        " WHERE page_id = ? AND started = ? AND outcome = 'held' RETURNING batch",
        [format_time(verified_at(visit)), changes, page.id, format_time(visit.started)],
    ).fetchall()
    for (batch,) in released:
        _count_changes(conn, page, batch, changes)


def record_read(
    conn: sqlite3.Connection, page: StoredPage, visit: Visit, *, digest: str, rules: str, at: str
) -> None:
    """Note which rows the page's facts were read from, from how many answers, and by which rules."""
    conn.execute(
        "UPDATE pages SET last_changed = CASE rows_digest WHEN ? THEN last_changed ELSE ? END,"
        " rows_digest = ?, rules = ? WHERE id = ?",
        (digest, at, digest, rules, page.id),
    )
    conn.execute("DELETE FROM long_listings WHERE page_id = ?", [page.id])
    answers = {document.url for document in visit.documents}
    if len(answers) > 1:
        conn.execute("INSERT INTO long_listings VALUES (?, ?)", [page.id, len(answers)])
