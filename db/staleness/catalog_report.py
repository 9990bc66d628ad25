"""The stale-data report of a catalog, for now or for a moment in the past."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import chain, groupby
from typing import Any, NamedTuple

from cardwatch.db.query import claim_choice, kept_facts
from cardwatch.db.query.claim_choice import OrderedClaims
from cardwatch.db.staleness import stale_facts
from cardwatch.db.staleness.stale_facts import NEVER_CRAWLED, CrawledRun, PublishedFact, StaleReport
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
    sums_only: bool = False,
    keeps_limits: Callable[[str], bool] = lambda host: True,
) -> StaleReport:
    """Judge every fact published at `now`; `past` says that this moment is over and the catalog went on.

    `sums_only` leaves out the rows, and with them what tells why a fact is stale.
    """
    at = format_time(now)
    found = _published_then(conn, at) if past else _published_now(conn, now, limits, sums_only)
    return stale_facts.build_report(
        found.facts,
        None if sums_only else partial(stale_facts.page_states, conn, now=now, window=interval / 2),
        now=now,
        limits=limits,
        interval=interval,
        last_run=_one(conn, "select max(finished) from runs where finished <= :at", at),
        never_sourced=_count_models(conn, at) * len(CORE_ATTRIBUTES) - found.known,
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
        return NEVER_CRAWLED
    summary = json.loads(row[1])
    return CrawledRun(row[0], summary.get("skipped", {}), frozenset(summary.get("named", ())))


class _PublishedFacts(NamedTuple):
    """Published facts, and how many of the core attributes of all models are stated at all."""

    facts: Iterable[PublishedFact]
    known: int


def _published_then(conn: sqlite3.Connection, at: str) -> _PublishedFacts:
    """Return every fact that was published at a moment that is over."""
    chosen = list(claim_choice.claims_by_fact(conn, at, past=True))
    return _PublishedFacts(
        _published_facts(conn, _without_ended(chosen, at), at), len(_core_attributes(chosen))
    )


def _published_now(
    conn: sqlite3.Connection, now: datetime, limits: FreshnessLimits, sums_only: bool
) -> _PublishedFacts:
    """Return every published fact that may be past a limit, and counts of the others, from what is kept.

    Where sums are wanted and every limit is of whole days, all are counted by the day of their page.
    """
    counted = sums_only and limits.whole_days
    at = format_time(now)
    since = kept_facts.EVER if counted else format_time(now - timedelta(days=limits.strictest))
    away = kept_facts.find_run_out(conn, at)
    known, of_others = kept_facts.known_attributes(conn, CORE_ATTRIBUTES, away)
    chosen = list(kept_facts.choose_run_out(conn, at, away))
    whole = _without_ended([fact for fact in chosen if fact.key not in away.facts], at)
    single = (fact for fact in chosen if is_published(fact) and away.facts.get(fact.key) == 0)
    counts = (
        PublishedFact("", "", each.attribute, each.source, each.authority, last_verified=each.oldest,
                      reviewed_on=each.oldest, page_id=0, held=False, weight=0.0, alike=each.facts)
        for each in kept_facts.count_fresh(conn, since, away)
    )  # fmt: skip
    facts = chain(_published_facts(conn, chain(whole, single), at), _kept_rows(conn, at, since, away), counts)
    return _PublishedFacts(facts, known + len(of_others | _core_attributes(chosen)))


def _core_attributes(chosen: Iterable[OrderedClaims]) -> set[tuple[str, str]]:
    """Return what of each model is stated at all, whether rules decide it or not."""
    keys = (fact.key for fact in chosen if fact.shown)
    return {(model, name) for model, offer, name, _ in keys if not offer and name in CORE_ATTRIBUTES}


def is_published(fact: OrderedClaims) -> bool:
    """Say whether a fact has a value: where no rule decides between several, none is published."""
    return fact.shown and not fact.conflicting


def _without_ended(chosen: Iterable[OrderedClaims], at: str) -> Iterator[OrderedClaims]:
    """Yield the facts that are published, but those of offers that count for nothing any more."""
    for _, facts in groupby(chosen, key=lambda fact: fact.claims[0]["model"]):
        published = [fact for fact in facts if is_published(fact)]
        has_ended = ended_offers(published, at[:10])
        yield from (fact for fact in published if not has_ended(fact.claims[0]["offer"]))


def ended_offers(published: Iterable[OrderedClaims], day: str) -> Callable[[str], bool]:
    """Return what says of the offers of one model whether they have ended, as all have when it is retired."""
    shown = (fact.claims[0] for fact in published)
    ends = {(row["offer"], row["attribute"]): row["value"] for row in shown if not row["qualifier"]}
    life = StatedLife(ends.get(("", "lifecycle")), shut_down_on=ends.get(("", "shutdown_date")))
    retired = lifecycle_state(life, day) == RETIRED
    return lambda offer: bool(offer) and (retired or has_come(ends.get((offer, "shutdown_date")), day))


def _kept_rows(
    conn: sqlite3.Connection, at: str, since: str, away: kept_facts.RunOut
) -> Iterator[PublishedFact]:
    held, unread = _held(conn, at), _unread(conn)
    for key, (source, authority, verified, reviewed, page, listing, weight) in kept_facts.list_rows(
        conn, since, away
    ):
        model, offer, name, qualifier = key
        waits = bool(held) and ((page,) in held or (listing, name, qualifier) in held)
        yield PublishedFact(
            model, offer, name, source, authority, verified, reviewed, page, waits, weight, qualifier,
            unread=(listing, name, qualifier) in unread,
        )  # fmt: skip


def _published_facts(
    conn: sqlite3.Connection, published: Iterable[OrderedClaims], at: str
) -> Iterator[PublishedFact]:
    held, looks, unread = _held(conn, at), claim_choice.confirmation_days(conn, at), _unread(conn)
    weight = cache(lambda page: conn.execute("select weight from pages where id = ?", [page]).fetchone()[0])
    for fact in published:
        shown = fact.claims[0]
        model, offer, name, qualifier, value = tuple(shown)[:5]
        page, verified = shown["page_id"], shown["last_verified"]
        yield PublishedFact(
            model, offer, name, shown["source"], shown["authority"],
            last_verified=verified,
            reviewed_on=max(verified, looks.get((model, offer, name, qualifier, value), "")),
            page_id=page,
            held=(page,) in held or (shown["listing_id"], name, qualifier) in held,
            weight=weight(page),
            qualifier=qualifier,
            unread=(shown["listing_id"], name, qualifier) in unread,
        )  # fmt: skip


def _unread(conn: sqlite3.Connection) -> set[tuple[int, str, str]]:
    """Return what may stand in a part of its page that was not read, by listing, attribute and qualifier."""
    rows = conn.execute(
        "select c.listing_id, c.attribute, c.qualifier from unread_claims w join claims c on c.id = w.claim_id"
    )
    return {(listing, attribute, qualifier) for listing, attribute, qualifier in rows}


def _held(conn: sqlite3.Connection, at: str) -> set[tuple[Any, ...]]:
    """Return what waited at `at`: whole pages by their number, values by listing, attribute and qualifier."""
    rows = conn.execute(
        f"select kind, page_id, listing_id, attribute, qualifier from holds h where {_WAITING}",
        {"at": at},
    )
    return {(page,) if kind == "visit" else tuple(value) for kind, page, *value in rows}


def _count_models(conn: sqlite3.Connection, at: str) -> int:
    later = "select count(*) from model_ids where merged_into is null and first_seen > :at"
    merged = "select count(*) from model_ids where merged_into is not null"
    query = f"select (select count(*) from model_ids) - ({later}) - ({merged})"
    return int(_one(conn, query, at))


def _one(conn: sqlite3.Connection, query: str, at: str) -> Any:
    return conn.execute(query, {"at": at}).fetchone()[0]
