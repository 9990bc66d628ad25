"""What people decided about names and ids: links, unlinks and merges, recorded and reversible."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from cardwatch.db.store.errors import UnknownModelError
from cardwatch.normalize.providers import provider_id

if TYPE_CHECKING:
    from cardwatch.normalize.identity.resolver import Links


def load_links(conn: sqlite3.Connection) -> Links:
    """Return all decisions, as the normaliser takes them; its rules load only here."""
    from cardwatch.normalize.identity.resolver import Links

    names = {
        (row[0], row[1], row[2]): row[3]
        for row in conn.execute("SELECT source, provider, name, model FROM links")
    }
    merged = dict(
        conn.execute("SELECT id, merged_into FROM model_ids WHERE merged_into IS NOT NULL").fetchall()
    )
    return Links(names, merged)


def link_name(
    conn: sqlite3.Connection,
    name: str,
    model: str | None,
    *,
    by: str,
    reason: str,
    at: str,
    source: str,
    provider: str,
) -> int:
    """Decide that `name` means `model`, or nothing at all; returns how many pages must be read again.

    `provider` is an id or as the source prints it.
    """
    provider = provider_id(source, provider) or provider
    conn.execute(
        "INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?, ?, ?, ?)",
        [source, provider, name, model, by, reason, at],
    )
    if model is not None:
        conn.execute(
            "INSERT INTO model_ids (id, first_seen) VALUES (?, ?) ON CONFLICT DO NOTHING", [model, at]
        )
    action = "link" if model else "unlink"
    subject = "|".join((source, provider, name))
    record_decision(conn, at, by, action, subject, model or "", reason)
    return conn.execute(
        "UPDATE pages SET rules = '', etag = '', last_modified = '' WHERE id IN (SELECT page_id FROM names"
        " WHERE name = ?1 AND ?2 IN ('', source) AND ?3 IN ('', provider))",
        [name, source, provider],
    ).rowcount


def merge_models(conn: sqlite3.Connection, old: str, new: str, *, by: str, reason: str, at: str) -> set[str]:
    """Let `new` stand for `old` from now on; nothing is lost. Returns the models touched."""
    known = {row[0] for row in conn.execute("SELECT id FROM model_ids WHERE merged_into IS NULL")}
    for model in (old, new):
        if model not in known:
            raise UnknownModelError(model)
    conn.execute("UPDATE model_ids SET merged_into = ? WHERE id = ? OR merged_into = ?", [new, old, old])
    conn.execute("UPDATE listings SET model = ? WHERE model = ?", [new, old])
    conn.execute("UPDATE confirmations SET model = ? WHERE model = ?", [new, old])
    record_decision(conn, at, by, "merge", old, new, reason)
    return {old, new}


def unmerge_models(conn: sqlite3.Connection, old: str, *, by: str, reason: str, at: str) -> set[str]:
    """Take a merge back; what was `old`'s before it returns: listings, confirmations, models merged into it."""
    row = conn.execute(
        "SELECT merged_into FROM model_ids WHERE id = ? AND merged_into IS NOT NULL", [old]
    ).fetchone()
    if row is None:
        raise UnknownModelError(old)
    ids = [old, *_merged_into(conn, old)]
    for model in ids:
        conn.execute("UPDATE model_ids SET merged_into = nullif(?, id) WHERE id = ?", [old, model])
        conn.execute("UPDATE listings SET model = ? WHERE said_model = ?", [old, model])
        conn.execute(
            "UPDATE confirmations SET model = ? WHERE model = ? AND EXISTS (SELECT 1 FROM decisions d"
            " WHERE d.action = 'confirm' AND d.at = confirmations.at AND d.decided_by = reviewer"
            " AND d.subject IN (? || ' ' || attribute, ? || ' ' || offer || ' ' || attribute))",
            [old, row[0], model, model],
        )
    record_decision(conn, at, by, "unmerge", old, row[0], reason)
    return {old, row[0]}


def _merged_into(conn: sqlite3.Connection, model: str) -> list[str]:
    """Return the models that people merged into `model`, if that was their last word on them."""
    rows = conn.execute(
        "SELECT subject FROM decisions d WHERE action = 'merge' AND detail = ? AND NOT EXISTS ("
        " SELECT 1 FROM decisions e WHERE e.subject = d.subject AND e.action IN ('merge', 'unmerge') AND e.id > d.id)",
        [model],
    )
    return [row[0] for row in rows]


def record_decision(
    conn: sqlite3.Connection, at: str, by: str, action: str, subject: str, detail: str, reason: str
) -> None:
    """Append what a person decided."""
    conn.execute(
        "INSERT INTO decisions VALUES (NULL, ?, ?, ?, ?, ?, ?)", [at, by, action, subject, detail, reason]
    )
