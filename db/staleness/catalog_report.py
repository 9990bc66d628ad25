"""The stale-data report of a catalog, for now or for a moment in the past."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Set
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from cardwatch.db.query import claim_choice
from cardwatch.db.query.claim_choice import OrderedClaims
from cardwatch.db.staleness import stale_facts
from cardwatch.db.staleness.stale_facts import CrawledRun, PublishedFact, StaleReport
from cardwatch.db.store.freshness_limits import FreshnessLimits
from cardwatch.db.store.lifecycle_rules import RETIRED, StatedLife, has_come, lifecycle_state
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
    stated: set[tuple[str, str]] = set()
    facts = list(_facts(conn, at, past=past, stated=stated))
    return stale_facts.build_report(
        facts,
        partial(stale_facts.page_states, conn, now=now, window=interval / 2),
        now=now,
        limits=limits,
        interval=interval,
        last_run=_one(conn, "select max(finished) from runs where finished <= :at", at),
        never_sourced=_never_sourced(conn, stated, at),
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


def _facts(
    conn: sqlite3.Connection, at: str, *, past: bool, stated: set[tuple[str, str]]
) -> Iterator[PublishedFact]:
    """Yield the facts with a value, of offers that can be had; put into `stated` what of each model is stated at all."""
    held, looks = _held(conn, at), claim_choice.confirmation_days(conn, at)
    weights = dict(conn.execute("select id, weight from pages").fetchall())
    said = (fact.claims[0] for fact in _without_undecided(conn, at, past, stated))
    for shown in _without_ended(said, at[:10]):
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


def _without_undecided(
    conn: sqlite3.Connection, at: str, past: bool, stated: set[tuple[str, str]]
) -> Iterator[OrderedClaims]:
    """Yield the facts that have a value: where no rule decides between several, none is published."""
    for fact in claim_choice.claims_by_fact(conn, at, past=past):
        if fact.shown:
            model, offer, name, *_ = fact.claims[0]
            if not offer:
                stated.add((model, name))
            if not fact.conflicting:
                yield fact


def _without_ended(said: Iterable[sqlite3.Row], day: str) -> Iterator[sqlite3.Row]:
    """Yield claims but those of offers that have ended, or whose model is retired: they count for nothing."""
    for _, rows in groupby(said, key=lambda row: row["model"]):
        claims = list(rows)
        told = {(row["offer"], row["attribute"]): row["value"] for row in claims if not row["qualifier"]}
        life = StatedLife(told.get(("", "lifecycle")), shut_down_on=told.get(("", "shutdown_date")))
        retired = lifecycle_state(life, day) == RETIRED
        for row in claims:
            over = retired or has_come(told.get((row["offer"], "shutdown_date")), day)
            if not (row["offer"] and over):
                yield row


def _held(conn: sqlite3.Connection, at: str) -> set[tuple[Any, ...]]:
    """Return what waited at `at`: whole pages by their number, values by listing, attribute and qualifier."""
    rows = conn.execute(
        f"select kind, page_id, listing_id, attribute, qualifier from holds h where {_WAITING}",
        {"at": at},
    )
    return {(page,) if kind == "visit" else tuple(value) for kind, page, *value in rows}


def _never_sourced(conn: sqlite3.Connection, stated: Set[tuple[str, str]], at: str) -> int:
    """Count the core attributes of all models that no source states."""
    models = _one(conn, "select count(*) from model_ids where merged_into is null and first_seen <= :at", at)
    known = {(model, name) for model, name in stated if name in CORE_ATTRIBUTES}
    return int(models) * len(CORE_ATTRIBUTES) - len(known)


def _one(conn: sqlite3.Connection, query: str, at: str) -> Any:
    return conn.execute(query, {"at": at}).fetchone()[0]
