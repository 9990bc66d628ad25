"""The stale-data report of a catalog, for now or for a moment in the past."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from db import stale, views
from db.catalog import Catalog
from db.freshness import Limits
from db.hosts import outages
from db.stale import Basis, StaleReport
from db.values import stamp

CORE = (
    "name", "vendor", "product_type", "release_date", "context_window", "max_output_tokens", "license",
    "openness", "knowledge_cutoff", "lifecycle", "modality.input", "capability.vision",
    "capability.reasoning", "capability.function_calling", "capability.structured_outputs",
)  # fmt: skip
"""What a reader expects to know of any model; where no source says one, it counts as never sourced."""


def stale_report(
    catalog: Catalog, *, now: datetime, limits: Limits, interval: timedelta, past: bool = False
) -> StaleReport:
    """Judge every fact published at `now`; `past` says that this moment is over and the catalog went on."""
    conn, at = catalog.conn, stamp(now)
    facts = list(_facts(conn, at, past=past))
    return stale.report(
        facts,
        stale.page_states(conn, at, outages(conn, at=now, window=interval / 2)),
        now=now,
        limits=limits,
        interval=interval,
        last_run=_one(conn, "select max(finished) from runs where finished <= :at", at),
        never_sourced=_never_sourced(conn, facts, at),
        held=_one(
            conn, "select count(*) from holds where since <= :at and (until is null or until > :at)", at
        ),
        quarantined=_one(
            conn,
            "select count(*) from quarantine where first_seen <= :at and (until is null or until > :at)",
            at,
        ),
        skipped=_skipped(conn, at),
    )


def _skipped(conn: sqlite3.Connection, at: str) -> dict[str, str]:
    """Return why the last crawl before `at` asked nothing of some sources, as its summary tells."""
    row = conn.execute(
        "select summary from runs where kind = 'refresh' and finished <= ? order by finished desc limit 1",
        [at],
    ).fetchone()
    skipped: dict[str, str] = json.loads(row[0]).get("skipped", {}) if row else {}
    return skipped


def _facts(conn: sqlite3.Connection, at: str, *, past: bool) -> Iterator[Basis]:
    rows = conn.execute(
        f"""{views.given(":at", past=past)},
          confirmed(model, offer, attribute, qualifier, value, day) as (
            select model, offer, attribute, qualifier, value, max(substr(at, 1, 10)) from confirmations
            where at <= :at group by 1, 2, 3, 4, 5)
        select r.model, r.offer, r.attribute, r.source, r.authority, r.listed, r.last_verified,
          max(substr(r.last_verified, 1, 10), coalesce(k.day, '')) as reviewed_on, l.page_id,
          exists (select 1 from holds h where h.since <= :at and (h.until is null or h.until > :at)
            and h.page_id = l.page_id and (h.kind = 'visit' or (h.listing_id = l.id
              and h.attribute = r.attribute and h.qualifier = r.qualifier))) as held,
          p.weight
        from ({views.SHOWN}) r cross join listings l on l.id = r.listing_id cross join pages p on p.id = l.page_id
          left join confirmed k on k.model = r.model and k.offer = r.offer and k.attribute = r.attribute
            and k.qualifier = r.qualifier and k.value is r.value
        where r.value is not null and r.listed""",
        {"at": at},
    )
    for model, offer, attribute, source, authority, listed, verified, reviewed, page, held, weight in rows:
        yield Basis(
            model,
            offer,
            attribute,
            source,
            authority,
            bool(listed),
            verified,
            reviewed,
            page,
            bool(held),
            weight,
        )


def _never_sourced(conn: sqlite3.Connection, facts: list[Basis], at: str) -> int:
    """Count the core attributes of all models that no source states."""
    models = _one(conn, "select count(*) from model_ids where merged_into is null and first_seen <= :at", at)
    known = {(fact.model, fact.attribute) for fact in facts if not fact.offer and fact.attribute in CORE}
    return int(models) * len(CORE) - len(known)


def _one(conn: sqlite3.Connection, query: str, at: str) -> Any:
    return conn.execute(query, {"at": at}).fetchone()[0]
