"""Hostile answers over loopback: each visit has an outcome of its own, and this run and the later ones go on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.hostile_answers import LENGTH, OK, SOUND, WireSite, hostile_answers, wire
from support.loopback import Answer, LoopbackSite, json_page
from support.loopback_crawls import Items, archived_visits, crawl_loopback, items, listing, printed_prices
from support.odd_records import PAGE
from support.page_mutations import mutate_page
from support.soak_notes import print_row

from cardwatch.crawler.documents import Outcome, Visit
from cardwatch.crawler.politeness import ThrottlePolicy
from cardwatch.db.catalog import CatalogStore
from cardwatch.run.ingest_stage import ingest_files, unread_files

PATIENT = ThrottlePolicy(delay=0, backoff=0, longest_backoff=0, failures=10**6, concurrency=4)
"""A host may fail as often as it likes."""
NOW = datetime(2027, 1, 1, tzinfo=UTC)


ONCE_MORE = {"RETRY_TIMES": 1, "RETRY_HTTP_CODES": []}
"""This server hangs up without a word, also on who would use a connection again, as a run does."""


@pytest.fixture
def site() -> Iterator[WireSite]:
    with WireSite() as site:
        yield site


def outcome_line(visit: Visit) -> str:
    return f"{visit.outcome} {visit.detail or ' '.join(printed_prices(visit))}"


def test_no_answer_ends_a_run_or_a_later_one(site: WireSite, tmp_path: Path) -> None:
    answers = hostile_answers(f"127.0.0.1:{site.port}")
    for path, (answer, _) in answers.items():
        site.put(path, answer)
    for path in ("/ok", "/login", "/"):
        site.put(path, listing("1.9"))
    site.put("/sound", json_page(SOUND))
    site.put("/list", listing("1", more=[*answers, "/sound"]))
    source = items(site)
    crawl_loopback(tmp_path, source, throttle_policy=PATIENT, overrides=ONCE_MORE)
    visits = archived_visits(tmp_path, source)
    by_path = {visit.url.removeprefix(site.url("")): outcome_line(visit) for visit in visits}
    wrong = {path: by_path.get(path) for path, (_, right) in answers.items()
             if not (by_path.get(path) or "").startswith(right)}  # fmt: skip
    assert not wrong
    assert by_path["/sound"] == "read 5"
    assert all("\n" not in visit.detail for visit in visits)
    with CatalogStore.open(tmp_path / "catalog.db", now=lambda: NOW) as catalog:
        known: dict[str, type[Items]] = {"items": source}
        ingest_files(catalog, unread_files(catalog, tmp_path), known, lambda visit: None)
        assert unread_files(catalog, tmp_path) == []
        assert catalog.check() == []
    site.put("/list", listing("1", more=["/sound"]))
    crawl_loopback(tmp_path, source)
    assert [outcome_line(visit) for visit in archived_visits(tmp_path, source)[-2:]] == ["read 1", "read 5"]


@pytest.mark.soak
def test_a_thousand_spoiled_answers(site: WireSite, tmp_path: Path) -> None:
    """Status line, headers and body of one that is right, spoiled by chance."""
    paths = [site.put(f"/{seed}", wire(mutate_page(OK + LENGTH + PAGE, seed))) for seed in range(1000)]
    site.put("/sound", json_page(SOUND))
    site.put("/list", listing("1", more=[*paths, "/sound"]))
    source = items(site)
    crawl_loopback(tmp_path, source, throttle_policy=PATIENT, overrides={"RETRY_ENABLED": False})
    outcomes = {visit.url: visit.outcome for visit in archived_visits(tmp_path, source)}
    assert {*paths} <= outcomes.keys()
    assert outcomes[site.url("/sound")] is Outcome.READ
    print_row("spoiled answers over loopback", f"{len(paths)}", "an outcome for each, the run went on")


FORBIDS = "User-agent: *\nDisallow: /\n"
ROBOTS: list[tuple[Answer, str]] = [
    (Answer(FORBIDS), "blocked robots.txt forbids"),
    (Answer("\ufeff" + FORBIDS), "blocked robots.txt forbids"),
    (Answer(FORBIDS.replace("\n", "\r")), "blocked robots.txt forbids"),
    (Answer("x" * 600_000 + "\n" + FORBIDS), "read"),
    (Answer("# \n" * 99_999), "read"),
    (Answer(b"User-agent: *\nDisallow: /*" + b"*" * 5000 + b"x$\n"), "read"),
    (Answer(bytes(range(256)) * 99), "read"),
    (Answer(b"\x89PNG", headers={"Content-Type": "image/png"}), "read"),
    (Answer("User-agent: *\nCrawl-delay: nan\n"), "read"),
    (Answer("User-agent: *\nCrawl-delay: -5\n"), "read"),
    (Answer("User-agent: *\nCrawl-delay: soon\n"), "read"),
    (Answer("User-agent: *\nCrawl-delay: inf\n"), "read"),
    (Answer("User-agent: *\nCrawl-delay: 1e99\n"), "error"),
    (Answer("", 404), "read"),
    (Answer("", 403), "read"),
    (Answer("", 500), "blocked robots.txt"),
    (Answer("", 429), "blocked robots.txt"),
    (Answer("", 302, {"Location": "/robots.txt"}), "error"),
    (Answer("", 302, {"Location": "http://10.0.0.1/robots.txt"}), "error"),
    (Answer(FORBIDS, headers={"Content-Encoding": "gzip"}), "error"),
    (Answer("", drop=0), "error"),
]


def test_each_robots_txt_speaks_for_its_own_host(tmp_path: Path) -> None:
    with ExitStack() as stack:
        sources = []
        for number, (answer, _) in enumerate(ROBOTS):
            site = stack.enter_context(LoopbackSite(f"127.0.1.{number + 1}"))
            site.put("/list", listing(str(number)))
            site.put("/robots.txt", answer)
            sources.append(items(site, name=f"source{number}"))
        crawl_loopback(tmp_path, *sources, overrides={"RETRY_ENABLED": False})
        visits = {visit.source: outcome_line(visit) for visit in archived_visits(tmp_path, *sources)}
    wrong = {number: (visits.get(f"source{number}"), right) for number, (_, right) in enumerate(ROBOTS)
             if not (visits.get(f"source{number}") or "").startswith(right)}  # fmt: skip
    assert not wrong


@pytest.mark.parametrize("wait", ["9" * 30, "Fri, 31 Dec 9999 23:59:59 GMT", "86400"])
def test_a_host_that_asks_for_ages_costs_no_other(tmp_path: Path, wait: str) -> None:
    with LoopbackSite("127.0.1.1") as busy, LoopbackSite("127.0.1.2") as other:
        busy.put("/list", Answer("busy", 429, {"Retry-After": wait}))
        other.put("/list", listing("1"))
        sources = items(busy, name="busy"), items(other, name="other")
        crawl_loopback(tmp_path, *sources)
        visits = {visit.source: visit for visit in archived_visits(tmp_path, *sources)}
    assert visits["other"].outcome is Outcome.READ
    assert (visits["busy"].outcome, visits["busy"].status) == (Outcome.ERROR, 429)
