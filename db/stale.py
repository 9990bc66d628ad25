"""The stale-data report: which facts are older than their limit, why, and when they are next due."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from db.freshness import Level, Limits, age_days

OVERDUE = 2
"""Usual intervals without a finished run after which the schedule counts as dead."""


@dataclass(frozen=True, slots=True)
class Basis:
    """One published fact and the page it comes from. Times are ISO 8601, days YYYY-MM-DD."""

    model: str
    offer: str
    attribute: str
    source: str
    authority: str
    listed: bool
    last_verified: str
    reviewed_on: str
    page_id: int
    held: bool
    weight: float


@dataclass(frozen=True, slots=True)
class PageState:
    """How visits to one page have gone since it was last read well."""

    outcome: str
    status: int | None
    failing_since: str | None
    gone_since: str | None
    max_age_days: float | None
    last_attempt: str | None
    last_verified: str | None


@dataclass(frozen=True, slots=True)
class StaleRow:
    """One fact past its limit. `limit_days` is the limit it broke: warn's, or error's once past that."""

    model: str
    offer: str | None
    source: str
    attribute: str
    last_verified: str
    age_days: int
    limit_days: int
    level: Level
    reason: str
    next_due: str | None
    weight: float
    group: str


@dataclass(frozen=True, slots=True)
class Shares:
    """Facts by level."""

    fresh: int = 0
    warn: int = 0
    error: int = 0


@dataclass(frozen=True, slots=True)
class StaleReport:
    """All facts past their limits, worst first, and the sums over all facts, stale or not."""

    generated_at: str
    rows: tuple[StaleRow, ...]
    total: Shares
    by_attribute: Mapping[str, Shares]
    by_source: Mapping[str, Shares]
    never_sourced: int
    held: int
    quarantined: int
    oldest: str | None
    last_run: str | None
    next_run: str | None
    schedule_dead: bool


def page_states(conn: sqlite3.Connection, at: str) -> dict[int, PageState]:
    """Return how every page stood at `at`, told from its attempts alone."""
    rows = conn.execute(
        """select p.id, s.max_age_days,
             (select max(started) from attempts where page_id = p.id and verified_at is not null
              and started <= :at) as read_at,
             (select max(verified_at) from attempts where page_id = p.id and started <= :at) as verified
           from pages p left join sources s on s.id = p.source""",
        {"at": at},
    ).fetchall()
    failures = _failures(conn, at)
    states = {}
    for page_id, max_age, read_at, verified in rows:
        since = [row for row in failures.get(page_id, []) if read_at is None or row[0] > read_at]
        bad = [row for row in since if row[1] in {"error", "unparsed", "blocked"}]
        gone = [row for row in bad if row[2] in {404, 410}]
        last = since[-1] if since else (read_at, "verified_same" if read_at else "", None)
        states[page_id] = PageState(
            last[1],
            last[2],
            bad[0][0] if bad else None,
            gone[0][0] if gone and bad[-1][2] in {404, 410} else None,
            max_age,
            last[0],
            verified,
        )
    return states


def _failures(conn: sqlite3.Connection, at: str) -> dict[int, list[tuple[str, str, int | None]]]:
    failures: dict[int, list[tuple[str, str, int | None]]] = {}
    for page_id, started, outcome, status in conn.execute(
        """select page_id, started, outcome, status from attempts
           where verified_at is null and started <= ? order by page_id, started, id""",
        (at,),
    ):
        failures.setdefault(page_id, []).append((started, outcome, status))
    return failures


def reason(fact: Basis, page: PageState, last_run: str | None, *, schedule_dead: bool) -> str:
    """Say in a few words why nobody has looked at a fact in time."""
    if fact.held:
        return "held for review"
    if fact.authority in {"review", "curated"}:
        return "review due"
    if page.gone_since:
        return f"page gone since {page.gone_since[:10]}"
    if page.outcome == "blocked":
        return "blocked by robots" if page.status is None else "blocked by the site"
    if page.outcome == "unparsed":
        return "parser broken by a page change"
    if page.failing_since:
        return f"source failing since {page.failing_since[:10]}"
    if page.last_verified and fact.last_verified < page.last_verified:
        return f"no longer on its page since {fact.last_verified[:10]}"
    if schedule_dead:
        return f"no run since {last_run[:10]}" if last_run else "no run yet"
    return "budget"


def report(
    facts: Iterable[Basis],
    pages: Mapping[int, PageState],
    *,
    now: datetime,
    limits: Limits,
    interval: timedelta,
    last_run: str | None,
    never_sourced: int,
    held: int,
    quarantined: int,
) -> StaleReport:
    """Judge every published fact at `now`; an age equal to its limit is fresh."""
    dead = last_run is None or now - datetime.fromisoformat(last_run) > OVERDUE * interval
    total: Counter[Level] = Counter()
    by_attribute: dict[str, Counter[Level]] = {}
    by_source: dict[str, Counter[Level]] = {}
    rows, oldest = [], None
    for fact in facts:
        limit = limits.of(fact.attribute, source=fact.source, curated=fact.authority == "curated")
        age = age_days(date.fromisoformat(fact.reviewed_on), now.date())
        level = limit.level(age)
        for counter in (
            total,
            by_attribute.setdefault(fact.attribute, Counter()),
            by_source.setdefault(fact.source, Counter()),
        ):
            counter[level] += 1
        oldest = min(oldest or fact.reviewed_on, fact.reviewed_on)
        if level != "fresh":
            page = pages[fact.page_id]
            why = reason(fact, page, last_run, schedule_dead=dead)
            days = limit.error if level == "error" else limit.warn
            rows.append(_row(fact, page, age, days, level, why, now))
    rows.sort(key=_worst_first)
    return StaleReport(
        now.isoformat(),
        tuple(rows),
        _shares(total),
        {name: _shares(count) for name, count in sorted(by_attribute.items())},
        {name: _shares(count) for name, count in sorted(by_source.items())},
        never_sourced,
        held,
        quarantined,
        oldest,
        last_run,
        (datetime.fromisoformat(last_run) + interval).isoformat() if last_run else None,
        dead,
    )


def _row(
    fact: Basis, page: PageState, age: int, days: int, level: Level, why: str, now: datetime
) -> StaleRow:
    return StaleRow(
        fact.model,
        fact.offer or None,
        fact.source,
        fact.attribute,
        fact.last_verified,
        age,
        days,
        level,
        why,
        _next_due(fact, page, now),
        fact.weight,
        limits_group(fact.attribute),
    )


def _next_due(fact: Basis, page: PageState, now: datetime) -> str | None:
    """Return when the page is visited next by its source's policy; a person's fact has no date of its own."""
    if fact.authority in {"review", "curated"} or page.max_age_days is None:
        return None
    if page.last_verified is None:
        return now.isoformat()
    due = datetime.fromisoformat(page.last_verified) + timedelta(days=page.max_age_days)
    return max(due, now).isoformat()


def limits_group(attribute: str) -> str:
    """Return an attribute without its last part: one line of the report stands for such a group."""
    return attribute.split(".")[0]


def _worst_first(row: StaleRow) -> tuple[bool, float, float, str, str, str]:
    return (
        row.level != "error",
        -row.age_days / max(row.limit_days, 1),
        -row.weight,
        row.source,
        row.model,
        row.attribute,
    )


def _shares(count: Counter[Level]) -> Shares:
    return Shares(count["fresh"], count["warn"], count["error"])


@dataclass(frozen=True, slots=True)
class StaleGroup:
    """What one line of the printed report stands for: facts of one source with one reason and limit."""

    source: str
    attributes: tuple[str, ...]
    models: tuple[str, ...]
    facts: int
    worst: StaleRow


def grouped(rows: Sequence[StaleRow]) -> list[StaleGroup]:
    """Gather rows that share source, reason, level, limit and day; worst first, as they came."""
    groups: dict[tuple[str, str, str, int, str], list[StaleRow]] = {}
    for row in rows:
        key = (row.source, row.reason, row.level, row.limit_days, row.last_verified[:10])
        groups.setdefault(key, []).append(row)
    return [
        StaleGroup(
            key[0],
            tuple(dict.fromkeys(row.group for row in members)),
            tuple(dict.fromkeys(row.model for row in members)),
            len(members),
            members[0],
        )
        for key, members in groups.items()
    ]
