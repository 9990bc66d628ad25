"""Change signals in the catalog: what watches a page, when it spoke, and how often it was right."""

from __future__ import annotations

import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from cardwatch.crawler.crawl_history import ANY_PAGE, INDEX_PAGE_KIND
from cardwatch.crawler.documents import SourceVersion
from cardwatch.db.schedule.change_rates import chance_unchanged, days_between, update_likelihood
from cardwatch.db.schedule.signal_quality import (
    WORTHLESS,
    SignalOutcomes,
    SignalQuality,
    VisitSums,
    describe_outcome,
    estimate_quality,
    sum_recent,
)
from cardwatch.db.store.values import format_time

TRUSTED = 0.3
"""Precision and recall from which on a signal's silence, too, says how often a page changes."""
CONTENT_SIGNALS = frozenset({"hub", "repository"})
"""Signals whose versions name the content itself, as a commit does: the same version is the same page."""
SAME_RUN = timedelta(minutes=30)
"""A page verified so shortly before a signal came was asked in the same run, and has answered it."""
_PRICED_PAGES = """SELECT DISTINCT l.page_id FROM sources s CROSS JOIN pages p ON p.source = s.id
  CROSS JOIN listings l ON l.page_id = p.id
  WHERE l.offer <> '' AND s.authority IN ('first_party', 'provider_api') AND l.provider"""


class PageSignals(NamedTuple):
    """What signals say of one page: all that a plan needs.

    `precision` and `recall` are those of all its signals together; `doubt` is −ln of the chance that the page
    is still as it was, by what has spoken since it was last verified; `why` names who spoke, "" for nobody.
    How often trusted signals ever `spoke` tells of the page's rate: a page that changes once a day is spoken of
    once in each of the days of `exposure`.
    """

    precision: float
    recall: float
    doubt: float
    why: str
    spoke: int = 0
    exposure: float = 0.0
    vouched_days: float = math.inf
    """Days since a content signal last said that the page is as it was when it was read; infinite if none did."""

    @property
    def changed_chance(self) -> float:
        """How likely the page has changed, by the signals alone."""
        return -math.expm1(-self.doubt)


def record_versions(
    conn: sqlite3.Connection, source: str, versions: Iterable[SourceVersion], age: timedelta
) -> None:
    """Note what a page of `source` said of the versions of others; one that differs from the last is a signal.

    It was true when the answer came, less its `age`.
    """
    for document, each in versions:
        at = format_time(document.fetched_at - age)
        for page_id in _pages_told_of(conn, source, each.url):
            known = conn.execute(
                "SELECT version FROM watched_pages WHERE page_id = ? AND signal = ?", [page_id, each.signal]
            ).fetchone()
            _watch(conn, page_id, each.signal, each.version, at)
            if each.signal in CONTENT_SIGNALS:
                conn.execute(_TELL_VERSION, [page_id, each.signal, at])
            if known is not None and known[0] != each.version:
                _raise_signal(conn, page_id, each.signal, at)


_TELL_VERSION = """INSERT INTO told_versions VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET at = excluded.at WHERE at < excluded.at"""


def _pages_told_of(conn: sqlite3.Connection, source: str, url: str) -> list[int]:
    """Return the pages with a URL, or all of the source that hold facts when it is ANY_PAGE."""
    if url == ANY_PAGE:
        rows = conn.execute("SELECT id FROM pages WHERE source = ? AND kind <> ?", [source, INDEX_PAGE_KIND])
    else:
        rows = conn.execute("SELECT id FROM pages WHERE url = ?", [url])
    return [page_id for (page_id,) in rows.fetchall()]


def signal_priced_pages(conn: sqlite3.Connection, aggregator: str, times: Iterable[str]) -> None:
    """Let an aggregator that was read watch the price pages of the providers it lists.

    What it published anew or otherwise at `times` is a signal for those pages of that provider which offer the
    same model, or for all of them where none does. Its first reading is none.
    """
    at = conn.execute("SELECT max(last_verified) FROM pages WHERE source = ?", [aggregator]).fetchone()[0]
    watched = conn.execute(
        f"{_PRICED_PAGES} IN (SELECT DISTINCT m.provider FROM listings m JOIN pages q ON q.id = m.page_id"
        " WHERE q.source = ? AND m.provider <> '')",
        [aggregator],
    ).fetchall()
    for (page_id,) in watched:
        _watch(conn, page_id, aggregator, "", at)
    moved: set[int] = set()
    for time in times:
        for provider, model in conn.execute(_NEWS, {"aggregator": aggregator, "time": time}).fetchall():
            moved |= _pages_to_visit(conn, provider, model)
    for page_id in sorted(moved):
        _raise_signal(conn, page_id, aggregator, at)


_NEWS = """SELECT DISTINCT l.provider, l.model FROM (
    SELECT listing_id FROM claims WHERE since = :time AND previous_id IS NOT NULL
    UNION SELECT l.id FROM listings l JOIN claims c ON c.listing_id = l.id AND c.since = :time
      WHERE l.first_seen = :time) n
  CROSS JOIN listings l ON l.id = n.listing_id JOIN pages p ON p.id = l.page_id
  WHERE p.source = :aggregator AND l.provider <> '' AND p.first_seen < :time
    AND :time > (SELECT min(verified_at) FROM attempts WHERE page_id = p.id)"""
"""What a source said otherwise at a moment, or of what it had not listed before, since its first reading."""


def _pages_to_visit(conn: sqlite3.Connection, provider: str, model: str) -> set[int]:
    pages = conn.execute(f"{_PRICED_PAGES} = ? AND l.model = ?", [provider, model]).fetchall()
    pages = pages or conn.execute(f"{_PRICED_PAGES} = ?", [provider]).fetchall()
    return {page_id for (page_id,) in pages}


def _watch(conn: sqlite3.Connection, page_id: int, signal: str, version: str, at: str) -> None:
    conn.execute(
        "INSERT INTO watched_pages VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET version = excluded.version WHERE version <> excluded.version",
        [page_id, signal, version, at],
    )


def _raise_signal(conn: sqlite3.Connection, page_id: int, signal: str, at: str) -> None:
    conn.execute("INSERT OR IGNORE INTO signals VALUES (?, ?, ?)", [page_id, signal, at])


def learn_outcome(
    conn: sqlite3.Connection, page_id: int, kind: str, before: str | None, now: str, *, changed: bool
) -> None:
    """Learn from one verified visit how good the signals are that watch its page; the page's rate comes after."""
    days = days_between(before, now)
    watching = conn.execute(
        "SELECT signal FROM watched_pages WHERE page_id = ? AND since <= ? ORDER BY signal", [page_id, before]
    ).fetchall()
    if days is None or before is None or not watching:
        return
    posterior = conn.execute("SELECT posterior FROM pages WHERE id = ?", [page_id]).fetchone()[0]
    spoke = _count_since(conn, page_id, before, now)
    _add_outcomes(conn, [name for (name,) in watching], kind, spoke, now, posterior, days, changed=changed)


def _count_since(conn: sqlite3.Connection, page_id: int, before: str, now: str) -> dict[str, int]:
    since = format_time(datetime.fromisoformat(before) + SAME_RUN)
    rows = conn.execute(
        "SELECT signal, count(*) FROM signals WHERE page_id = ? AND at > ? AND at <= ? GROUP BY signal",
        [page_id, since, now],
    )
    return dict(rows.fetchall())


def _add_outcomes(
    conn: sqlite3.Connection, watching: Sequence[str], kind: str, spoke: Mapping[str, int], now: str,
    posterior: bytes | None, days: float, *, changed: bool,
) -> None:  # fmt: skip
    """Add a visit to the sums of the signals that watch its page; where two kinds spoke, neither is judged."""
    unchanged = chance_unchanged(posterior, days)
    for signal in watching:
        if len(spoke) > (signal in spoke) and changed:
            continue
        seen = describe_outcome(spoke.get(signal, 0), changed=changed, unchanged_chance=unchanged)
        for number, sums in enumerate((seen.quiet, seen.alone)):
            if sums.visits:
                conn.execute(_ADD_SUMS, [signal, kind, now[:10], number, *sums])


_ADD_SUMS = """INSERT INTO signal_outcomes VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
  visits = visits + excluded.visits, same = same + excluded.same,
  unspoilt_half = unspoilt_half + excluded.unspoilt_half, unspoilt = unspoilt + excluded.unspoilt"""


def relearn_signals(conn: sqlite3.Connection) -> None:
    """Learn the quality of every signal again from the attempts and from when signals spoke."""
    conn.execute("DELETE FROM signal_outcomes")
    rows = conn.execute(
        "SELECT a.page_id, p.kind, a.verified_at, a.outcome FROM attempts a JOIN pages p ON p.id = a.page_id"
        " WHERE a.verified_at IS NOT NULL AND a.page_id IN (SELECT page_id FROM watched_pages)"
        " ORDER BY a.page_id, a.started, a.id"
    ).fetchall()
    for page_id, visits in groupby(rows, key=lambda row: row[0]):
        since = dict(conn.execute("SELECT signal, since FROM watched_pages WHERE page_id = ? ORDER BY signal",
                                  [page_id]).fetchall())  # fmt: skip
        before: str | None = None
        posterior: bytes | None = None
        for _, kind, verified, outcome in visits:
            days, changed = days_between(before, verified), outcome == "verified_changed"
            if days is not None and before is not None:
                watching = [signal for signal, first in since.items() if first <= before]
                spoke = _count_since(conn, page_id, before, verified)
                _add_outcomes(conn, watching, kind, spoke, verified, posterior, days, changed=changed)
                posterior = update_likelihood(posterior, days, changed)
            before = max(verified, before or "")


def signal_qualities(conn: sqlite3.Connection) -> dict[tuple[str, str], SignalQuality]:
    """Return the quality of every signal by signal and page kind, as its newest days show it."""
    rows = conn.execute(
        "SELECT signal, page_kind, spoke, visits, same, unspoilt_half, unspoilt"
        " FROM signal_outcomes ORDER BY signal, page_kind, day DESC"
    ).fetchall()
    return {
        (signal, kind): estimate_quality(sum_recent(_stored_outcome(row[2], row[3:]) for row in days))
        for (signal, kind), days in groupby(rows, key=lambda row: (row[0], row[1]))
    }


def _stored_outcome(spoke: int, sums: Sequence[float]) -> SignalOutcomes:
    found = VisitSums(*sums)
    return SignalOutcomes(alone=found) if spoke else SignalOutcomes(quiet=found)


def any_unanswered(conn: sqlite3.Connection) -> bool:
    """Say whether anything has spoken of a page since that was last verified."""
    query = "SELECT EXISTS (SELECT 1 FROM signals s JOIN pages p ON p.id = s.page_id WHERE s.at > p.last_verified)"
    return bool(conn.execute(query).fetchone()[0])


class HeardSignal(NamedTuple):
    """One signal of a page: how good it is, how often it spoke since the last look, and ever, in how many days."""

    name: str
    quality: SignalQuality
    waiting: int
    spoke: int = 0
    watched_days: float = 0.0
    vouched_days: float | None = None

    @property
    def trusted(self) -> bool:
        """Whether how often it speaks says something of how often the page changes."""
        return min(self.quality) >= TRUSTED


def page_signals(conn: sqlite3.Connection, now: datetime) -> dict[int, PageSignals]:
    """Return what signals say now of every page that one watches."""
    quality = signal_qualities(conn)
    untried = estimate_quality(SignalOutcomes())
    rows = conn.execute(
        """SELECT w.page_id, p.kind, w.signal, (SELECT count(*) FROM signals s
             WHERE s.page_id = w.page_id AND s.signal = w.signal
             AND s.at > strftime('%Y-%m-%dT%H:%M:%SZ', p.last_verified, ?)),
             (SELECT count(*) FROM signals s WHERE s.page_id = w.page_id AND s.signal = w.signal),
             julianday(?) - julianday(w.since),
             CASE WHEN w.since <= p.last_verified AND NOT EXISTS (SELECT 1 FROM signals s
               WHERE s.page_id = w.page_id AND s.signal = w.signal AND s.at > p.last_verified)
             THEN julianday(?) - julianday(t.at) END
           FROM watched_pages w JOIN pages p ON p.id = w.page_id
           LEFT JOIN told_versions t ON t.page_id = w.page_id AND t.signal = w.signal
           ORDER BY w.page_id, w.signal""",
        [f"+{int(SAME_RUN.total_seconds())} seconds", format_time(now), format_time(now)],
    )
    by_page: defaultdict[int, list[HeardSignal]] = defaultdict(list)
    for page_id, kind, signal, *counts in rows:
        by_page[page_id].append(HeardSignal(signal, quality.get((signal, kind), untried), *counts))
    return {page_id: combine_signals(each) for page_id, each in by_page.items()}


def combine_signals(each: Sequence[HeardSignal]) -> PageSignals:
    """Return what several signals of one page say together."""
    heard = [one for one in each if one.quality.precision >= WORTHLESS]
    missed = math.prod(1.0 - one.quality.recall for one in heard)
    recall = sum(one.quality.recall for one in heard)
    precision = sum(math.prod(one.quality) for one in heard) / recall if recall else WORTHLESS
    why = " and ".join(
        f"{one.name} says it changed (right {100 * one.quality.precision:.0f} % of the time)"
        for one in heard
        if one.waiting
    )
    trusted = [one for one in heard if one.trusted]
    return PageSignals(
        precision,
        1.0 - missed,
        sum(-one.waiting * math.log1p(-one.quality.precision) for one in heard),
        why,
        sum(one.spoke for one in trusted),
        sum(one.watched_days * one.quality.recall / one.quality.precision for one in trusted),
        min((one.vouched_days for one in each if one.vouched_days is not None), default=math.inf),
    )


UNWATCHED = combine_signals(())
"""A page of which nothing tells."""
