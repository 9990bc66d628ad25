"""The stale-data report of a catalog, for now or for a moment in the past."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from cardwatch.db.query import claim_choice
from cardwatch.db.staleness import stale_facts
from cardwatch.db.staleness.stale_facts import CrawledRun, PublishedFact, StaleReport
from cardwatch.db.store.freshness_limits import FreshnessLimits
from cardwatch.db.store.values import format_time

CORE_ATTRIBUTES = (
    "name", "vendor", "product_type", "release_date", "context_window", "max_output_tokens", "license",
    "openness", "knowledge_cutoff", "lifecycle", "modality.input", "capability.vision",
    "capability.reasoning", "capability.function_calling", "capability.structured_outputs",
)  # fmt: skip
"""What a reader expects to know of any model; where no source says one, it counts as never sourced."""
_WAITING = """h.since <= :at and (h.until is null or h.until > :at) and not exists (
  select 1 from decisions where subject = 'hold ' || h.id and action in ('release', 'reject') and at <= :at)"""
"""Whether a hold waited for a decision at :at."""


def build_stale_report(
    conn: sqlite3.Connection,
    *,
    now: datetime,
    limits: FreshnessLimits,
    interval: timedelta,
    past: bool = False,
    keeps_limits: Callable[[str], bool] = lambda host: True,
) -> StaleReport:
    """Judge every fact published at `now`; `past` says that this moment is over and the catalog went on."""
    at = format_time(now)
    facts = list(_facts(conn, at, past=past))
    return stale_facts.build_report(
        facts,
        partial(stale_facts.page_states, conn, now=now, window=interval / 2),
        now=now,
        limits=limits,
        interval=interval,
        last_run=_one(conn, "select max(finished) from runs where finished <= :at", at),
        never_sourced=_never_sourced(conn, facts, at),
        held=_one(conn, f"select count(*) from holds h where {_WAITING}", at),
        quarantined=_one(
            conn,
            "select count(*) from quarantine where first_seen <= :at and (until is null or until > :at)",
            at,
        ),
        crawled=_last_crawl(conn, at),
        keeps_limits=keeps_limits,
    )


def _last_crawl(conn: sqlite3.Connection, at: str) -> CrawledRun:
    """Return the last run before `at` that asked the web, as its summary tells of it."""
    row = conn.execute(
        "select started, summary from runs where kind = 'refresh' and finished <= ? order by finished desc limit 1",
        [at],
    ).fetchone()
    if row is None:
        return CrawledRun()
    summary = json.loads(row[1])
    return CrawledRun(row[0], summary.get("skipped", {}), frozenset(summary.get("named", ())))


def _facts(conn: sqlite3.Connection, at: str, *, past: bool) -> Iterator[PublishedFact]:
    held, looks = _held(conn, at), claim_choice.confirmation_days(conn, at)
    weights = dict(conn.execute("select id, weight from pages").fetchall())
    for fact in claim_choice.claims_by_fact(conn, at, past=past):
        shown = fact.claims[0]
        if not fact.shown:
            continue
        model, offer, name, qualifier, value = tuple(shown)[:5]
        page, verified = shown["page_id"], shown["last_verified"]
        yield PublishedFact(
            model, offer, name, shown["source"], shown["authority"],
            listed=True,
            last_verified=verified,
            reviewed_on=max(verified, looks.get((model, offer, name, qualifier, value), "")),
            page_id=page,
            held=(page,) in held or (shown["listing_id"], name, qualifier) in held,
            weight=weights[page],
        )  # fmt: skip


def _held(conn: sqlite3.Connection, at: str) -> set[tuple[Any, ...]]:
    """Return what waited at `at`: whole pages by their number, values by listing, attribute and qualifier."""
    rows = conn.execute(
        f"select kind, page_id, listing_id, attribute, qualifier from holds h where {_WAITING}",
        {"at": at},
    )
    return {(page,) if kind == "visit" else tuple(value) for kind, page, *value in rows}


def _never_sourced(conn: sqlite3.Connection, facts: list[PublishedFact], at: str) -> int:
    """Count the core attributes of all models that no source states."""
    models = _one(conn, "select count(*) from model_ids where merged_into is null and first_seen <= :at", at)
    known = {
        (fact.model, fact.attribute) for fact in facts if not fact.offer and fact.attribute in CORE_ATTRIBUTES
    }
    return int(models) * len(CORE_ATTRIBUTES) - len(known)


def _one(conn: sqlite3.Connection, query: str, at: str) -> Any:
    return conn.execute(query, {"at": at}).fetchone()[0]
