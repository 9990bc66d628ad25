"""Lists for people and reports: models, conflicts, sources, quarantine, attempts, pages to read again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from cardwatch.db.query import claim_choice, kept_facts, stated_rows
from cardwatch.db.query.cards import ClaimedValue
from cardwatch.db.query.claim_choice import OrderedClaims
from cardwatch.db.query.disagreement import Traffic, contradict, monthly_difference, read_claimed_value
from cardwatch.db.query.reports import (
    Conflict,
    PageToRead,
    QuarantinedCell,
    RecordedAttempt,
    SourceStatus,
    UnlinkedName,
    WaitingCounts,
)
from cardwatch.db.query.stated_rows import SourceCounts
from cardwatch.db.store.values import decode_value, provider_of
from cardwatch.normalize.attributes import get_attribute


def find_conflicts(
    conn: sqlite3.Connection,
    traffic: Traffic | None,
    *,
    at: str,
    past: bool = False,
    model: str | None = None,
) -> list[Conflict]:
    """Return the facts, of one model or of all, on which sources disagree, or did at a `past` moment; most money first."""
    found = [
        _conflict(rows, fact, traffic)
        for fact in _disputed_facts(conn, at, past=past, model=model)
        if (rows := disagreeing_claims(fact))
    ]
    return sorted(found, key=lambda c: -Decimal(c.monthly_usd or 0))


def _disputed_facts(
    conn: sqlite3.Connection, at: str, *, past: bool, model: str | None
) -> list[OrderedClaims]:
    """Return all facts in order that may be disputed, those that are kept as such among them."""
    models = None if model is None else [model]
    if past:
        return list(claim_choice.claims_by_fact(conn, at, past=True, models=models))
    away = kept_facts.find_run_out(conn, at, models)
    disputed = kept_facts.list_disputed(conn, away, model)
    found = [
        *kept_facts.choose_run_out(conn, at, away),
        *claim_choice.claims_by_fact(conn, at, keys=disputed),
    ]
    return sorted(found, key=lambda fact: fact.key)


def disagreeing_claims(fact: OrderedClaims) -> list[sqlite3.Row]:
    """Return what is still published of a fact, the value shown first; nothing if nobody contradicts it."""
    if fact.unanimous:
        return []
    best = fact.claims[0]
    kind, shown = get_attribute(best["attribute"]).type, best["value"]
    if shown is None or kind == "text":
        return []
    current = [claim for claim in fact.claims if claim["listed"] and claim["value"] is not None]
    if not any(contradict(kind, [shown, claim["value"]]) for claim in current):
        return []
    return sorted(current, key=lambda claim: claim["value"] != shown)


def _conflict(rows: Sequence[sqlite3.Row], fact: OrderedClaims, traffic: Traffic | None) -> Conflict:
    best = rows[0]
    name = best["attribute"]
    values: dict[tuple[str, str], ClaimedValue] = {}
    for row in rows:
        values.setdefault((row["source"], row["value"]), read_claimed_value(row))
    hidden = fact.conflicting or fact.unheard
    return Conflict(
        best["model"], provider_of(best["offer"]) or None, best["offer"] or None, name,
        json.loads(best["qualifier"]) if best["qualifier"] else {}, tuple(values.values()),
        None if hidden else decode_value(name, best["value"]),
        claim_choice.choice_reason(fact),
        monthly_difference(name, bool(best["qualifier"]), [row["value"] for row in rows], traffic),
        fact.deciding,
    )  # fmt: skip


def list_source_ids(conn: sqlite3.Connection) -> list[str]:
    """Return the ids of all sources in order."""
    return [id_ for (id_,) in conn.execute("SELECT id FROM sources ORDER BY id")]


def source_statuses(conn: sqlite3.Connection) -> list[SourceStatus]:
    """Return every source with how it does."""
    rows = conn.execute("""
        SELECT s.id, s.kind, s.authority, s.url, s.title, s.terms, s.redistribute,
          max(p.last_verified) AS last_success, count(p.id) AS pages,
          min(p.failing_since) AS failing_since, min(p.next_due) AS next_due,
          max(CASE WHEN p.failing_since IS NOT NULL THEN p.last_detail ELSE '' END) AS detail,
          sum(p.failing_since IS NOT NULL) AS failing,
          coalesce(min(julianday(p.last_verified)) + s.max_age_days, 0) AS due,
          strftime('%Y-%m-%dT%H:%M:%SZ', min(p.last_verified), '+' || s.max_age_days || ' days') AS by_age
        FROM sources s LEFT JOIN pages p ON p.source = s.id GROUP BY s.id ORDER BY s.id""")
    from cardwatch.db.query import unread

    counted, partial = stated_rows.count_by_source(conn), unread.partial_sources(conn)
    queues = count_waiting(conn)
    return [
        SourceStatus(
            row["id"], row["kind"], row["authority"], row["url"], row["last_success"], own.facts, waiting.refused,
            waiting.unlinked, waiting.held, row["next_due"] or row["by_age"], _state(row, own.facts, waiting.held),
            row["pages"], row["failing_since"], row["detail"] or "", row["title"] or row["id"], own.topics,
            row["terms"], bool(row["redistribute"]), _reason(row, waiting.held, partial.get(row["id"], "")),
        )
        for row in rows
        for own, waiting in [(counted.get(row["id"], SourceCounts()), queues.get(row["id"], WaitingCounts()))]
    ]  # fmt: skip


def count_waiting(conn: sqlite3.Connection) -> dict[str, WaitingCounts]:
    """Return of every source with anything that waits for a person how much it is."""
    rows = conn.execute("""
        SELECT source, sum(what = 'held'), sum(what = 'refused'), sum(what = 'unlinked') FROM (
          SELECT p.source, 'held' AS what FROM holds h JOIN pages p ON p.id = h.page_id
            WHERE h.state = 'open' AND h.until IS NULL
          UNION ALL SELECT p.source, 'refused' FROM quarantine x JOIN pages p ON p.id = x.page_id WHERE x.until IS NULL
          UNION ALL SELECT source, 'unlinked' FROM unlinked) GROUP BY source""")
    return {source: WaitingCounts(*counts) for source, *counts in rows}


def latest_attempt(conn: sqlite3.Connection) -> str:
    """Return when the last visit started, "" when there was none."""
    return str(conn.execute("SELECT max(started) FROM attempts").fetchone()[0] or "")


def evidence_documents(conn: sqlite3.Connection) -> set[str]:
    """Return the digests of the documents that published values were read from."""
    return {digest for (digest,) in conn.execute("SELECT DISTINCT document FROM evidence")}


def _reason(row: sqlite3.Row, waiting: int, partial: str) -> str:
    """Return what is wrong with a source and since when, and what waits or is not understood."""
    failing = f"failing since {row['failing_since'][:10]}: {row['detail']}" if row["failing"] else ""
    held = f"{waiting} held: cardwatch holds" if waiting else ""
    return "; ".join(filter(None, (failing, held, partial)))


def _state(row: sqlite3.Row, facts: int, held: int) -> str:
    if row["failing"]:
        return "failing"
    if held:
        return "held"
    return "ok" if row["last_success"] or facts else "never"


def unlinked_names(conn: sqlite3.Connection, source: str | None) -> Iterator[UnlinkedName]:
    """Yield names that mean no known model, by source."""
    rows = conn.execute(
        "SELECT source, provider, name, candidates, first_seen FROM unlinked WHERE ? IS NULL OR source = ?"
        " ORDER BY source, provider, name",
        [source, source],
    )
    for name, provider, text, near, seen in rows:
        yield UnlinkedName(name, provider, text, tuple(json.loads(near)) if near else (), seen)


def quarantined_cells(conn: sqlite3.Connection) -> Iterator[QuarantinedCell]:
    """Yield the cells that are refused now, by source."""
    rows = conn.execute(
        "SELECT p.source, p.url, name, attribute, raw, raw_unit, rule, document, locator, q.first_seen, last_seen,"
        " count FROM quarantine q JOIN pages p ON p.id = q.page_id WHERE until IS NULL ORDER BY p.source, q.id"
    )
    return (QuarantinedCell(*row) for row in rows)


def list_attempts(conn: sqlite3.Connection, source: str | None, since: str) -> Iterator[RecordedAttempt]:
    """Yield visits, oldest first."""
    rows = conn.execute(
        "SELECT p.source, p.url, started, outcome, verified_at, status, size, changes, a.parser_version, detail"
        " FROM attempts a JOIN pages p ON p.id = a.page_id WHERE (? IS NULL OR p.source = ?) AND started >= ?"
        " ORDER BY started, a.id",
        [source, source, since],
    )
    return (RecordedAttempt(*row) for row in rows)


def names_listed_elsewhere(conn: sqlite3.Connection, sources: Sequence[str]) -> frozenset[str]:
    """Return the names that `sources` print now of models which another source lists as well."""
    among = ", ".join("?" * len(sources))
    rows = conn.execute(
        f"SELECT DISTINCT n.name FROM names n WHERE n.source IN ({among}) AND n.until IS NULL AND EXISTS ("
        f"SELECT 1 FROM listings l JOIN pages p ON p.id = l.page_id WHERE l.model = n.model AND p.source NOT IN ({among}))",
        [*sources, *sources],
    )
    return frozenset(name for (name,) in rows)


def pages_to_reread(
    conn: sqlite3.Connection, rules: str, versions: Mapping[str, int]
) -> Iterator[PageToRead]:
    """Yield the pages last read by other rules, or in part, with the archived visit to read: the one read then.

    So is a page with a refused cell when its source has other reading code now, by `versions`. A released visit
    stands for its page, since that is what shall be published.
    """
    rows = conn.execute(
        """SELECT p.source, p.url, p.kind, a.archive, a.archive_offset, a.started
        FROM pages p JOIN attempts a ON a.page_id = p.id
        WHERE (p.rules <> :rules
          OR EXISTS (SELECT 1 FROM unread_parts u WHERE u.page_id = p.id AND u.until IS NULL)
          OR (p.parser_version <> coalesce(:versions ->> ('$.' || p.source), p.parser_version)
            AND EXISTS (SELECT 1 FROM quarantine q WHERE q.page_id = p.id AND q.until IS NULL)))
          AND p.rows_digest <> '' AND a.archive <> '' AND a.started = (
          SELECT max(started) FROM attempts b WHERE b.page_id = p.id AND b.archive <> '' AND (
            (b.verified_at IS NOT NULL AND b.rows_digest = p.rows_digest) OR (b.outcome = 'held' AND EXISTS (
              SELECT 1 FROM holds h WHERE h.page_id = p.id AND h.kind = 'visit' AND h.state = 'released'
                AND h.until IS NULL)))
        ) ORDER BY p.source, p.url""",
        {"rules": rules, "versions": json.dumps(dict(versions))},
    )
    return (PageToRead(*row) for row in rows)


def conditional_headers(
    conn: sqlite3.Connection, source: str, url: str, parser_version: int
) -> dict[str, str]:
    """Return the conditional headers for a page; none if it must be read in full.

    That is so when another parser read it last, when newer rules have read other pages of its source since,
    and while its losses wait for a second look: a single value that waits is settled by a 304 too.
    """
    row = conn.execute(
        "SELECT etag, last_modified FROM pages p WHERE source = ? AND url = ? AND parser_version = ?"
        " AND last_outcome IN ('verified_same', 'verified_changed', 'error', 'blocked') AND rules <> ''"
        " AND NOT EXISTS (SELECT 1 FROM holds WHERE page_id = p.id AND kind = 'visit' AND state = 'open'"
        " AND until IS NULL)",
        [source, url, parser_version],
    ).fetchone()
    if row is None:
        return {}
    headers = {"If-None-Match": row[0], "If-Modified-Since": row[1]}
    return {name: text for name, text in headers.items() if text}
