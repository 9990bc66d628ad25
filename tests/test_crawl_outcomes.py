"""Whatever a server does, the attempt has one outcome and one line that says why."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.loopback import Answer, LoopbackSite, gzip_answer, json_page
from support.loopback_crawls import (
    QUICK,
    archived_visits,
    crawl_loopback,
    crawl_one_visit,
    items,
    listing,
    printed_prices,
    utc_now,
)

from cardwatch.crawler.crawl_history import NoHistory
from cardwatch.crawler.documents import Outcome
from cardwatch.crawler.run import CrawlSettings, crawl_sources
from cardwatch.db.schedule.candidates import Candidates
from cardwatch.db.schedule.crawl_plan import PlannedCrawl, plan_crawl

HTML = {"Content-Type": "text/html; charset=utf-8"}
GOOD = listing("0.000002", "1e-06")


ANSWERS = [
    (GOOD, Outcome.READ, ""),
    (gzip_answer(GOOD.body.encode(), **GOOD.headers), Outcome.READ, ""),  # type: ignore[union-attr]
    (Answer("oops", 500), Outcome.ERROR, "HTTP 500 Internal Server Error"),
    (Answer("gone", 404), Outcome.ERROR, "HTTP 404 Not Found"),
    (Answer("key?", 401), Outcome.BLOCKED, "HTTP 401 Unauthorized"),
    (Answer("no", 403), Outcome.BLOCKED, "HTTP 403 Forbidden"),
    (Answer("", 304), Outcome.ERROR, "304 to a request without a validator"),
    (Answer("half of it", drop=4), Outcome.ERROR, "payload is not completed"),
    (Answer("", drop=0), Outcome.ERROR, "Server disconnected"),
    (gzip_answer(b"{}" * 4000, cut=9), Outcome.ERROR, "body: wanted all of gzip"),
    (Answer(b"no gzip", headers={"Content-Encoding": "gzip"}), Outcome.ERROR, "Not a gzipped file"),
    (Answer(b"?", headers={"Content-Encoding": "br"}), Outcome.ERROR, "encoding: wanted gzip, found br"),
    (gzip_answer(bytes(17 << 20)), Outcome.ERROR, "wanted at most 16777216 bytes"),
    (Answer(bytes(17 << 20)), Outcome.ERROR, "larger than download max size"),
    (Answer(""), Outcome.UNPARSED, "body: wanted a page, found 0 bytes"),
    (Answer(" \n"), Outcome.UNPARSED, "body: wanted a page"),
    (Answer(b"\x89PNG\r\n\xff\x00"), Outcome.UNPARSED, ""),
    (Answer("<html>Sign in", headers=HTML), Outcome.UNPARSED, "wanted JSON, found '<html>Sign in'"),
    (json_page('{"data": ['), Outcome.UNPARSED, "body: wanted JSON"),
    (json_page('{"data": [{"id": "\\ud800"}]}'), Outcome.UNPARSED, "body: wanted JSON"),
    (json_page("[" * 100_000), Outcome.UNPARSED, "nesting without end"),
    (json_page('{"dada": []}'), Outcome.UNPARSED, "KeyError: 'data'"),
    (json_page("[1]"), Outcome.UNPARSED, "TypeError"),
    (listing(), Outcome.UNPARSED, "rows: wanted 1..99, found 0"),
    (listing("1", next="/list"), Outcome.UNPARSED, "next page: wanted a page not seen yet"),
    (Answer("<title>Just a moment...</title>", headers=HTML), Outcome.BLOCKED, "challenge page"),
    (Answer("<title>Just a moment...</title>", 403, HTML), Outcome.BLOCKED, "HTTP 403"),
]


@pytest.mark.parametrize(("answer", "outcome", "detail"), ANSWERS)
def test_an_answer_makes_an_outcome(
    site: LoopbackSite, tmp_path: Path, answer: Answer, outcome: Outcome, detail: str
) -> None:
    site.put("/list", answer)
    visit = crawl_one_visit(tmp_path, items(site))
    assert visit.outcome is outcome, visit.detail
    assert detail in visit.detail
    assert "\n" not in visit.detail
    assert visit.url == site.url("/list")
    assert bool(visit.rows) == (outcome is Outcome.READ)


def test_a_page_that_was_read_has_its_rows_as_printed(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", Answer(GOOD.body, headers={**GOOD.headers, "Age": "3600", "Last-Modified": "then"}))
    visit = crawl_one_visit(tmp_path, items(site))
    assert printed_prices(visit) == ["0.000002", "1e-06"]
    assert (visit.status, visit.age, visit.size) == (200, 3600, len(GOOD.body))
    assert visit.validators == {"Last-Modified": "then"}
    assert [row.document for row in visit.rows] == [*visit.documents] * 2


def test_a_page_that_reads_is_no_challenge_whatever_else_it_holds(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", listing("1", script="window._cf_chl_opt"))
    assert crawl_one_visit(tmp_path, items(site)).outcome is Outcome.READ


def test_an_address_is_asked_for_as_it_is_written(site: LoopbackSite, tmp_path: Path) -> None:
    path = "/prices?$filter=name%20eq%20%27x%27&a+b&expand%5B%5D=1"
    site.put(path, GOOD)
    visit = crawl_one_visit(tmp_path, items(site, path))
    assert (visit.outcome, site.paths, visit.redirected_to) == (Outcome.READ, [path], "")


MOVES = [
    ("/login?next=/list", Outcome.BLOCKED, "login wall"),
    ("/", Outcome.UNPARSED, "redirected to a home page"),
    ("http://elsewhere.example/list", Outcome.ERROR, "host elsewhere.example is not on the list of hosts"),
    ("file:///etc/passwd", Outcome.ERROR, "HTTP 302 Found"),
    ("/list", Outcome.ERROR, "max redirections reached"),
]


@pytest.mark.parametrize(("location", "outcome", "detail"), MOVES)
def test_a_redirect_is_followed_only_to_a_page(
    site: LoopbackSite, tmp_path: Path, location: str, outcome: Outcome, detail: str
) -> None:
    site.put("/list", Answer("", 302, {"Location": location}))
    for path in ("/", "/login?next=/list"):
        site.put(path, Answer("<html>welcome", headers=HTML))
    visit = crawl_one_visit(tmp_path, items(site))
    assert (visit.outcome, detail in visit.detail) == (outcome, True), visit.detail


def test_a_page_that_moved_is_read_and_says_where_to(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", Answer("", 301, {"Location": "/new/list"}))
    site.put("/new/list", GOOD)
    visit = crawl_one_visit(tmp_path, items(site))
    assert (visit.outcome, visit.redirected_to) == (Outcome.READ, site.url("/new/list"))
    assert visit.url == site.url("/list")


def test_no_server_at_all_is_an_error(tmp_path: Path) -> None:
    with LoopbackSite() as site:
        source = items(site)
    visit = crawl_one_visit(tmp_path, source)
    assert visit.outcome is Outcome.ERROR
    assert "Connect call failed" in visit.detail


def test_a_server_that_never_answers_is_given_up(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", Answer("late", wait=0.5))
    visit = crawl_one_visit(tmp_path, items(site), timeout=0.1)
    assert visit.outcome is Outcome.ERROR
    assert "took longer than 0.1 seconds" in visit.detail


def test_a_content_type_the_source_does_not_take_is_no_page(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", Answer(GOOD.body, headers=HTML))
    visit = crawl_one_visit(tmp_path, items(site, content_types=("application/json",)))
    assert visit.outcome is Outcome.UNPARSED
    assert "content type: wanted application/json, found text/html" in visit.detail


def test_a_failing_page_is_tried_again_and_then_read(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", Answer("busy", 503), Answer("", drop=0), GOOD)
    visit = crawl_one_visit(tmp_path, items(site))
    assert visit.outcome is Outcome.READ
    assert len(site.paths) == 3


def test_a_listing_over_several_answers_is_one_visit(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", listing("1", next="/2"))
    site.put("/2", listing("2", "3", next="/3"))
    site.put("/3", Answer(listing("4").body, headers=GOOD.headers, etag=True))
    visit = crawl_one_visit(tmp_path, items(site))
    assert printed_prices(visit) == ["1", "2", "3", "4"]
    assert [document.url for document in visit.documents] == [site.url(p) for p in ("/list", "/2", "/3")]
    assert visit.validators == {}, "a 304 to the first answer would say nothing of the others"


def test_a_listing_that_breaks_off_is_not_read(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", listing("1", next="/2"))
    site.put("/2", Answer("gone", 404))
    visit = crawl_one_visit(tmp_path, items(site))
    assert (visit.outcome, visit.rows) == (Outcome.ERROR, ())
    assert "HTTP 404" in visit.detail


def test_pages_found_on_an_index_are_visited_once(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/index", listing(more=["/a", "/b", "/list"]))
    for path in ("/list", "/a", "/b"):
        site.put(path, listing(path, more=["/a"]))
    source = items(site, index=(site.url("/index"),))
    crawl_loopback(tmp_path, source)
    found = {visit.url: visit for visit in archived_visits(tmp_path, source)}
    assert sorted(site.paths) == ["/a", "/b", "/index", "/list"]
    assert found[site.url("/index")].outcome is Outcome.READ
    assert [found[site.url(path)].outcome for path in ("/a", "/b", "/list")] == [Outcome.READ] * 3


def test_one_broken_source_leaves_the_others_alone(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", GOOD)
    site.put("/bad", Answer("oops", 500))
    good, bad = items(site), items(site, "/bad", name="bad")
    result = crawl_loopback(tmp_path, good, bad)
    assert {visit.source: visit.outcome for visit in archived_visits(tmp_path, good, bad)} == {
        "items": Outcome.READ,
        "bad": Outcome.ERROR,
    }
    assert result.counts == {"items": {"answered": 1}, "bad": {"error": 1}}


def test_a_listing_stops_where_its_host_has_its_share(site: LoopbackSite, tmp_path: Path) -> None:
    for number in range(9):
        site.put("/list" if number == 0 else f"/{number}", listing("1", next=f"/{number + 1}"))
    past = PlannedCrawl(
        plan_crawl(Candidates(), budget=9, host_allowance=3, run_days=1, due_only=False), lambda *_: {}
    )
    source = items(site)
    crawl_sources(
        [source],
        past=NoHistory(),
        archive=tmp_path,
        settings=CrawlSettings(allow_private=True, throttle_policy=QUICK, throttle=False),
        now=utc_now,
        continues=past.takes_continuation,
    )
    (visit,) = archived_visits(tmp_path, source)
    assert (visit.outcome, visit.detail) == (
        Outcome.ERROR,
        "not read to its end: 127.0.0.1 has its share of this run",
    )
    assert site.paths == ["/list", "/1", "/2", "/3"]
