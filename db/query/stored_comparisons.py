"""Stored comparisons, found by model without a look at the others."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator

from cardwatch.db.query.reports import StoredComparison


def load_comparison(conn: sqlite3.Connection, a: str, b: str) -> StoredComparison | None:
    """Return the stored comparison of a pair, in either order."""
    row = conn.execute(
        "SELECT a, b, digest, template, body, generated_at FROM comparisons"
        " WHERE (a = ?1 AND b = ?2) OR (a = ?2 AND b = ?1)",
        [a, b],
    ).fetchone()
    return StoredComparison(*row) if row else None


def comparison_first_seen(conn: sqlite3.Connection, a: str, b: str, digest: str, *, at: str) -> str:
    """Return when this state of a pair first appeared: now, if never."""
    row = conn.execute(
        "SELECT first_at FROM comparison_digests WHERE digest = ? AND a = ? AND b = ?", [digest, a, b]
    ).fetchone()
    return str(row[0]) if row else at


def save_comparison(conn: sqlite3.Connection, comparison: StoredComparison) -> None:
    """Store a comparison in place of the pair's last one."""
    conn.execute(
        "INSERT INTO comparison_digests VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [comparison.digest, comparison.a, comparison.b, comparison.generated_at],
    )
    conn.execute(
        "INSERT OR REPLACE INTO comparisons VALUES (?, ?, ?, ?, ?, ?)",
        [
            comparison.a,
            comparison.b,
            comparison.digest,
            comparison.template,
            comparison.body,
            comparison.generated_at,
        ],
    )


def delete_comparison(conn: sqlite3.Connection, a: str, b: str) -> None:
    """Drop a pair that is no longer kept; when its states appeared stays known."""
    conn.execute("DELETE FROM comparisons WHERE a = ? AND b = ?", [a, b])


def comparisons_of_models(
    conn: sqlite3.Connection, models: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield (a, b, digest) of the stored pairs that one of `models` is part of, once each."""
    seen = set()
    for model in sorted(models):
        rows = conn.execute(
            "SELECT a, b, digest FROM comparisons WHERE a = ?1 UNION SELECT a, b, digest FROM comparisons WHERE b = ?1",
            [model],
        )
        for row in rows:
            if (row[0], row[1]) not in seen:
                seen.add((row[0], row[1]))
                yield row[0], row[1], row[2]


def list_pairs(conn: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Yield (a, b, digest) of every stored pair, in order."""
    return (tuple(row) for row in conn.execute("SELECT a, b, digest FROM comparisons ORDER BY a, b"))


def load_traits(conn: sqlite3.Connection, models: Iterable[str]) -> dict[str, str]:
    """Return the text of the traits of these models, those that have any."""
    rows = conn.execute(
        "SELECT t.model, traits FROM json_each(?) n JOIN model_traits t ON t.model = n.value",
        [json.dumps(sorted({*models}))],
    )
    return dict(rows.fetchall())


def count_pairs(conn: sqlite3.Connection) -> int:
    """Return how many pairs are stored."""
    return int(conn.execute("SELECT count(*) FROM comparisons").fetchone()[0])


def digests_of_pairs(
    conn: sqlite3.Connection, pairs: Iterable[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the stored ones of these pairs, each with its digest."""
    for pair in pairs:
        row = conn.execute("SELECT digest FROM comparisons WHERE a = ? AND b = ?", pair).fetchone()
        if row:
            yield pair, row[0]


def comparison_dates(conn: sqlite3.Connection) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield every stored pair, in order, with the time at which its present state first appeared."""
    rows = conn.execute("SELECT a, b, generated_at FROM comparisons ORDER BY a, b")
    return (((a, b), since) for a, b, since in rows)


def all_use_template(conn: sqlite3.Connection, template: str) -> bool:
    """Say whether every stored comparison was made with this template."""
    other = conn.execute(
        "SELECT 1 FROM comparisons WHERE template < ?1 OR template > ?1 LIMIT 1", [template]
    ).fetchone()
    return other is None
