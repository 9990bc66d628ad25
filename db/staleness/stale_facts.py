"""The stale-data report: which facts are older than their limit, why, and when they are next due."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec import Struct, field

from cardwatch.crawler.documents import VisitProblem
from cardwatch.crawler.url_host import host_of
from cardwatch.db.query.host_outages import Outage, find_outages
from cardwatch.db.store.choice_rules import STATED
from cardwatch.db.store.freshness_limits import FreshnessLevel, FreshnessLimits, GradedAge
from cardwatch.db.store.values import format_time

GONE = (404, 410)
OVERDUE = 2
"""Usual intervals without a finished run after which the schedule counts as dead."""
_PROBLEM_REASONS = {
    VisitProblem.CHALLENGE_PAGE: "challenge page",
    VisitProblem.EMPTY_ANSWER: "empty answer",
    VisitProblem.HOME_PAGE: "sent to the home page",
    VisitProblem.ROBOTS_FAILED: "robots.txt failed",
}
"""What the report says of visits that brought something else than their page."""
_Failure = tuple[str, str, int | None, str]
"""Start, outcome, status and detail of an attempt that read nothing."""
HELD = "held for review"
"""The reason of what waits for a decision."""
REVIEW_DUE = "review due"
NOT_UNDERSTOOD = "not understood on its page"
NO_LONGER_SAID = "no longer on its page"


class PublishedFact(NamedTuple):
    """One published fact and the page it comes from, or one of so many fresh ones that are `alike`.

    `reviewed_on` is a moment, or the day a person looked; `unread` says that it may stand in a part of its page that
    was not read.
    """

    model: str
    offer: str
    attribute: str
    source: str
    authority: str
    last_verified: str
    reviewed_on: str
    page_id: int
    held: bool
    weight: float
    qualifier: str = ""
    alike: int = 1
    unread: bool = False


class PageState(Struct, frozen=True):
    """How visits to one page have gone since it was last read well."""

    outcome: str
    status: int | None
    failing_since: str | None
    gone_since: str | None
    max_age_days: float | None
    last_attempt: str | None
    last_verified: str | None
    host: str = ""
    detail: str = ""


class CrawledRun(Struct, frozen=True):
    """The last run that asked the web: its start, why it asked some sources nothing, and whom it was told to ask.

    `named` is empty for a run that could ask everyone, `started` None before the first run.
    """

    started: str | None = None
    skipped: Mapping[str, str] = field(default_factory=dict)
    named: frozenset[str] = frozenset()


NEVER_CRAWLED = CrawledRun()


class RunStatus(Struct, frozen=True):
    """When the last run of any kind finished, whether the next one is long overdue, and how the last crawl went.

    `keeps_limits` says of a host whether runs of the usual size can look at its pages within their limits.
    """

    last: str | None
    dead: bool
    crawled: CrawledRun
    keeps_limits: Callable[[str], bool]


class StaleFact(NamedTuple):
    """One fact past its limit. `limit_days` is the limit it broke: warn's, or error's once past that."""

    model: str
    offer: str | None
    source: str
    attribute: str
    last_verified: str
    age_days: float
    limit_days: float
    level: FreshnessLevel
    reason: str
    next_due: str | None
    weight: float
    group: str


class LevelCounts(Struct, frozen=True):
    """Facts by level."""

    fresh: int = 0
    warn: int = 0
    error: int = 0

    @property
    def facts(self) -> int:
        """All of them."""
        return self.fresh + self.warn + self.error


class StaleReport(Struct, frozen=True):
    """All facts past their limits, worst first, and the sums over all facts, stale or not."""

    generated_at: str
    rows: tuple[StaleFact, ...]
    total: LevelCounts
    by_attribute: Mapping[str, LevelCounts]
    by_source: Mapping[str, LevelCounts]
    never_sourced: int
    held: int
    quarantined: int
    oldest: str | None
    last_run: str | None
    next_run: str | None
    schedule_dead: bool


def page_states(
    conn: sqlite3.Connection, pages: Iterable[int], *, now: datetime, window: timedelta
) -> dict[int, PageState]:
    """Return how these pages stood at `now`, told from the attempts alone.

    A page that was not asked for because its host failed shares its fate until it is read again.
    """
    asked = {"at": format_time(now), "pages": json.dumps(sorted({*pages}))}
    rows = conn.execute(
        """select p.id, p.url, s.max_age_days,
             (select started from attempts where page_id = p.id and verified_at is not null
              and started <= :at order by started desc limit 1) as read_at,
             (select verified_at from attempts where page_id = p.id and verified_at is not null
              and started <= :at order by verified_at desc limit 1) as verified
           from json_each(:pages) n join pages p on p.id = n.value left join sources s on s.id = p.source""",
        asked,
    ).fetchall()
    failures = _failures(conn, asked)
    since: dict[str, str] = {}
    for row in rows:
        if row["read_at"]:
            host = host_of(row["url"])
            since[host] = min(since.get(host, row["read_at"]), row["read_at"])
    outages = find_outages(conn, since, at=now, window=window)
    return {
        row["id"]: _page_state(row, failures.get(row["id"], []), outages.get(host_of(row["url"]), ()))
        for row in rows
    }


def _page_state(page: sqlite3.Row, failures: Sequence[_Failure], outages: Sequence[Outage]) -> PageState:
    read_at, since = page["read_at"], failures
    bad = [row for row in since if row[1] in {"error", "unparsed", "blocked"}]
    gone = [row for row in bad if row[2] in GONE]
    down = [outage for outage in outages if read_at and outage.since > read_at]
    failing = [row[0] for row in bad[:1]] + [outage.since for outage in down if not outage.robots]
    outcome, status, tried, detail = "verified_same" if read_at else "", None, read_at, ""
    if since:
        tried, outcome, status, detail = since[-1]
    elif down and down[-1].robots:
        outcome, detail = "blocked", down[-1].robots
    return PageState(
        outcome,
        status,
        min(failing, default=None),
        gone[0][0] if gone and bad[-1][2] in GONE else None,
        page["max_age_days"],
        tried,
        page["verified"],
        host_of(page["url"]),
        detail,
    )


def _failures(conn: sqlite3.Connection, asked: Mapping[str, str]) -> dict[int, list[_Failure]]:
    """Return by page the attempts since it was last read."""
    failures: dict[int, list[_Failure]] = {}
    for page_id, *failure in conn.execute(
        """select page_id, started, outcome, status, detail from json_each(:pages) n
           join attempts a on a.page_id = n.value
           where verified_at is null and started <= :at and started > coalesce((
             select started from attempts where page_id = n.value and verified_at is not null and started <= :at
             order by started desc limit 1), '')
           order by page_id, started, a.id""",
        asked,
    ):
        failures.setdefault(page_id, []).append((failure[0], failure[1], failure[2], failure[3]))
    return failures


def stale_reason(fact: PublishedFact, page: PageState, runs: RunStatus, now: str) -> str:
    """Say in a few words why nobody has looked at a fact in time."""
    if fact.held:
        return HELD
    if fact.authority in STATED:
        return REVIEW_DUE
    return (
        _page_trouble(page)
        or (
            f"{NOT_UNDERSTOOD if fact.unread else NO_LONGER_SAID} since {fact.last_verified[:10]}"
            if page.last_verified and fact.last_verified < page.last_verified
            else ""
        )
        or _unasked_reason(fact.source, page, runs, now)
    )


def _page_trouble(page: PageState) -> str:
    """Return what is wrong with a page, "" when it was read well the last time it was asked for."""
    if page.gone_since:
        return f"page gone since {page.gone_since[:10]}"
    if page.outcome in {"blocked", "unparsed"} and (problem := _problem_reason(page.detail)):
        return problem
    if page.outcome == "blocked":
        return "blocked by robots" if page.status is None else "blocked by the site"
    if page.outcome == "unparsed":
        return "parser broken by a page change"
    return f"source failing since {page.failing_since[:10]}" if page.failing_since else ""


def _problem_reason(detail: str) -> str:
    return next((reason for problem, reason in _PROBLEM_REASONS.items() if detail.startswith(problem)), "")


def _unasked_reason(source: str, page: PageState, runs: RunStatus, now: str) -> str:
    """Say why no run has asked for a page that reads well."""
    crawled, due = runs.crawled, _policy_due(page)
    if runs.dead:
        return f"no run since {runs.last[:10]}" if runs.last else "no run yet"
    if source in crawled.skipped:
        return f"source {crawled.skipped[source]}"
    if crawled.named and source not in crawled.named:
        return "not asked (you named other sources)"
    if due and due > now:
        return "not due"
    if crawled.started is None or crawled.started <= (page.last_attempt or ""):
        return "waits for the next run"
    return "other pages came first" if runs.keeps_limits(page.host) else "limits do not fit the budget"


def build_report(
    facts: Iterable[PublishedFact],
    pages: Callable[[Collection[int]], Mapping[int, PageState]] | None,
    *,
    now: datetime,
    limits: FreshnessLimits,
    interval: timedelta,
    last_run: str | None,
    never_sourced: int,
    held: int,
    quarantined: int,
    crawled: CrawledRun = NEVER_CRAWLED,
    keeps_limits: Callable[[str], bool] = lambda host: True,
) -> StaleReport:
    """Judge every published fact at `now`; an age equal to its limit is fresh.

    `pages` says how pages with a stale fact stand, None leaves the rows out; `crawled` is the last run that asked the
    web; `keeps_limits` says whether a host's pages can be seen in time.
    """
    dead = last_run is None or now - datetime.fromisoformat(last_run) > OVERDUE * interval
    runs = RunStatus(last_run, dead, crawled, keeps_limits)
    judged = _judge(facts, limits, now)
    found = pages({fact.page_id for fact, _ in judged.stale}) if pages else {}
    rows = sorted(_stale_rows(judged, found, runs, now), key=_worst_first) if pages else ()
    return StaleReport(
        format_time(now),
        tuple(rows),
        _level_counts(judged.total),
        {name: _level_counts(count) for name, count in sorted(judged.by_attribute.items())},
        {name: _level_counts(count) for name, count in sorted(judged.by_source.items())},
        never_sourced,
        held,
        quarantined,
        judged.oldest,
        last_run,
        format_time(datetime.fromisoformat(last_run) + interval) if last_run else None,
        dead,
    )


class _JudgedFacts(Struct):
    """The sums over all facts, and those past their limit with their age."""

    total: Counter[FreshnessLevel] = field(default_factory=Counter)
    by_attribute: defaultdict[str, Counter[FreshnessLevel]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    by_source: defaultdict[str, Counter[FreshnessLevel]] = field(default_factory=lambda: defaultdict(Counter))
    oldest: str | None = None
    stale: list[tuple[PublishedFact, GradedAge]] = field(default_factory=list)


def _judge(facts: Iterable[PublishedFact], limits: FreshnessLimits, now: datetime) -> _JudgedFacts:
    """Grade facts; those alike, which are most, are graded once."""
    judged = _JudgedFacts()
    alike: defaultdict[tuple[str, str, str, str], list[PublishedFact]] = defaultdict(list)
    for fact in facts:
        alike[fact.attribute, fact.source, fact.authority, fact.reviewed_on].append(fact)
    for (attribute, source, authority, reviewed), members in alike.items():
        graded = limits.grade(attribute, source=source, authority=authority, reviewed=reviewed, now=now)
        count = sum(fact.alike for fact in members)
        for counter in (judged.total, judged.by_attribute[attribute], judged.by_source[source]):
            counter[graded.level] += count
        judged.oldest = min(judged.oldest or reviewed[:10], reviewed[:10])
        if graded.level != "fresh":
            rounded = graded._replace(age_days=round(graded.age_days, 4))
            judged.stale += [(fact, rounded) for fact in members]
    judged.stale.sort(key=_place)
    return judged


def _place(judged: tuple[PublishedFact, GradedAge]) -> tuple[str, str, str, str]:
    fact = judged[0]
    return fact.model, fact.offer, fact.attribute, fact.qualifier


def _stale_rows(
    judged: _JudgedFacts, pages: Mapping[int, PageState], runs: RunStatus, now: datetime
) -> Iterator[StaleFact]:
    due = {number: _next_due(page, now) for number, page in pages.items()}
    at = format_time(now)
    reasons: dict[tuple[object, ...], str] = {}
    for fact, graded in judged.stale:
        asked = (fact.page_id, fact.source, fact.authority, fact.last_verified, fact.held)
        if asked not in reasons:
            reasons[asked] = stale_reason(fact, pages[fact.page_id], runs, at)
        yield StaleFact(
            fact.model,
            fact.offer or None,
            fact.source,
            fact.attribute,
            fact.last_verified,
            graded.age_days,
            graded.limit_days,
            graded.level,
            reasons[asked],
            None if fact.authority in STATED else due[fact.page_id],
            fact.weight,
            limits_group(fact.attribute),
        )


def _next_due(page: PageState, now: datetime) -> str | None:
    """Return when a page is visited next by its source's policy; None for what people state."""
    if page.max_age_days is None:
        return None
    return max(_policy_due(page) or "", format_time(now))


def _policy_due(page: PageState) -> str | None:
    """Return when a page is due after its last reading; None when it was never read or has no such policy."""
    if page.max_age_days is None or page.last_verified is None:
        return None
    return format_time(datetime.fromisoformat(page.last_verified) + timedelta(days=page.max_age_days))


def next_due_text(fact: StaleFact) -> str:
    """Return when a fact is next due: the day, with the hour where its limit has hours."""
    if fact.next_due is None:
        return "by hand"
    hours = not float(fact.limit_days).is_integer()
    return fact.next_due[:16].replace("T", " ") if hours else fact.next_due[:10]


def limits_group(attribute: str) -> str:
    """Return an attribute without its last part: one line of the report stands for such a group."""
    return attribute.split(".")[0]


def _worst_first(row: StaleFact) -> tuple[bool, float, float, str, str, str]:
    return (
        row.level != "error",
        -row.age_days / row.limit_days,
        -row.weight,
        row.source,
        row.model,
        row.attribute,
    )


def _level_counts(count: Counter[FreshnessLevel]) -> LevelCounts:
    return LevelCounts(count["fresh"], count["warn"], count["error"])


class StaleGroup(Struct, frozen=True):
    """What one line of the printed report stands for: facts of one source with one reason and limit."""

    source: str
    attributes: tuple[str, ...]
    models: tuple[str, ...]
    facts: int
    worst: StaleFact


def group_stale_facts(rows: Sequence[StaleFact]) -> list[StaleGroup]:
    """Gather rows that share source, reason, level, limit and day; worst first, as they came."""
    groups: dict[tuple[str, str, str, float, str], list[StaleFact]] = {}
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
