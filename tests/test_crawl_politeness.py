"""How often a host is asked, as its own log shows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.loopback import Answer, Asked, LoopbackSite
from support.loopback_crawls import (
    QUICK,
    archived_visits,
    crawl_loopback,
    crawl_one_visit,
    items,
    listing,
    utc_now,
)

from cardwatch.crawler.documents import Outcome
from cardwatch.crawler.politeness import ThrottlePolicy, parse_retry_after

MORE = [f"/{number}" for number in range(8)]

NOTICED_LATE = "a server on a busy machine notices requests late: half the wait must be seen"


@pytest.fixture
def site() -> Iterator[LoopbackSite]:
    with LoopbackSite() as site:
        site.put("/list", listing("1", more=MORE))
        yield site


def gaps(site: LoopbackSite, path: str) -> list[float]:
    """Return the seconds between two requests for one path."""
    return [later.at - earlier.at for earlier, later in pairwise(site.asked(path))]


def date_in(seconds: float) -> str:
    return format_datetime(utc_now() + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_to_wait_is_left_alone_so_long(
    site: LoopbackSite, tmp_path: Path, status: int
) -> None:
    site.put("/list", Answer("busy", status, {"Retry-After": "1"}), listing("1"))
    assert crawl_one_visit(tmp_path, items(site)).outcome is Outcome.READ
    assert gaps(site, "/list")[0] >= 0.5, NOTICED_LATE


def test_a_wait_holds_for_every_page_of_the_host(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", Answer("busy", 503, {"Retry-After": "1"}), listing("1"))
    site.put("/other", listing("1"))
    crawl_loopback(tmp_path, items(site), items(site, "/other", name="other"))
    first = site.asked("/list")[0].at
    asked_later = [asked.at for asked in site.log if asked.at > first + 0.25]
    assert all(at >= first + 0.5 for at in asked_later), NOTICED_LATE


@pytest.mark.parametrize("wait", ["86400", "Sat, 01 Jan 2101 00:00:00 GMT"])
def test_a_host_that_asks_for_too_much_is_given_up(site: LoopbackSite, tmp_path: Path, wait: str) -> None:
    site.put("/list", Answer("busy", 429, {"Retry-After": wait}))
    visit = crawl_one_visit(tmp_path, items(site))
    assert visit.outcome is Outcome.ERROR
    assert "127.0.0.1 asks to wait" in visit.detail
    assert len(site.paths) == 1


def test_a_host_that_keeps_failing_is_asked_no_more(site: LoopbackSite, tmp_path: Path) -> None:
    for path in MORE:
        site.put(path, Answer("oops", 500))
    source = items(site)
    crawl_loopback(tmp_path, source, throttle_policy=ThrottlePolicy(delay=0, backoff=0.001, failures=4))
    seen = archived_visits(tmp_path, source)
    assert len(site.paths) == 1 + 4
    assert len(seen) == 1 + len(MORE)
    assert "127.0.0.1 failed 4 times in a row, last: HTTP 500" in seen[-1].detail


def test_a_host_that_failed_in_the_last_run_gets_one_probe(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/robots.txt", Answer("", drop=0))
    source = items(site)
    crawl_loopback(
        tmp_path, source, throttle_policy=ThrottlePolicy(delay=0, suspects=frozenset({"127.0.0.1"}))
    )
    assert [asked.url for asked in site.log] == ["/robots.txt"]
    (visit,) = archived_visits(tmp_path, source)
    assert visit.outcome is Outcome.ERROR


def test_a_page_that_is_not_there_is_no_failure_of_the_host(site: LoopbackSite, tmp_path: Path) -> None:
    source = items(site)
    crawl_loopback(tmp_path, source, throttle_policy=ThrottlePolicy(delay=0, failures=2))
    assert sorted(site.paths) == sorted(["/list", *MORE])


def test_the_delay_lies_between_any_two_requests_of_all_sources(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/other", listing("1"))
    site.put("/list", listing("1"))
    crawl_loopback(
        tmp_path,
        items(site),
        items(site, "/other", name="other", delay=0.6),
        throttle_policy=ThrottlePolicy(delay=0.05, concurrency=4),
    )
    moments = [asked.at for asked in site.log]
    assert len(moments) == 3
    assert all(later - earlier >= 0.3 for earlier, later in pairwise(moments)), NOTICED_LATE


def test_no_more_requests_are_under_way_than_allowed(site: LoopbackSite, tmp_path: Path) -> None:
    under_way: list[int] = [0]
    most: list[int] = []

    def slow(asked: Asked) -> Answer:
        under_way[0] += 1
        most.append(under_way[0])
        time.sleep(0.02)
        under_way[0] -= 1
        return listing("1")

    for path in MORE:
        site.put(path, slow)
    crawl_loopback(tmp_path, items(site), throttle_policy=ThrottlePolicy(delay=0, concurrency=2))
    assert max(most) <= 2
    assert len(most) == len(MORE)


def test_a_source_is_never_less_polite_than_the_run(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", listing("1"))
    crawl_loopback(tmp_path, items(site, delay=0.0), throttle_policy=ThrottlePolicy(delay=0.4))
    assert all(later.at - earlier.at >= 0.2 for earlier, later in pairwise(site.log)), NOTICED_LATE


def test_who_asks_is_told(site: LoopbackSite, tmp_path: Path) -> None:
    crawl_loopback(tmp_path, items(site), contact="https://acme.example/crawler", throttle_policy=QUICK)
    agents = {asked.headers["User-Agent"] for asked in site.log}
    (agent,) = agents
    assert agent.startswith("cardwatch/")
    assert agent.endswith("(+https://acme.example/crawler)")
    assert site.asked("/list")[0].headers["Cache-Control"] == "max-age=0"
    assert "Cookie" not in site.asked("/list")[0].headers


AT = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (b"120", 120),
        (b" 0 ", 0),
        (b"Sat, 21 Nov 2026 00:00:30 GMT", 30),
        (b"Fri, 20 Nov 2026 00:00:30 GMT", 0),
        (b"Sat, 21 Nov 2026 00:00:30", 30),
        (b"soon", None),
        (b"-5", None),
        (None, None),
    ],
)
def test_retry_after_in_seconds_and_as_a_date(text: bytes | None, seconds: float | None) -> None:
    assert parse_retry_after({"Retry-After": text}, lambda: AT) == seconds


@given(st.binary(max_size=40))
def test_no_retry_after_breaks_the_reader(text: bytes) -> None:
    wait = parse_retry_after({"Retry-After": text}, lambda: AT)
    assert wait is None or wait >= 0
