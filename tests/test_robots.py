"""robots.txt on a real server: its log shows what was fetched."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from support.loopback import Answer, LoopbackSite
from support.loopback_crawls import Items, archived_visits, crawl_loopback, crawl_one_visit, items, listing

from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.documents import Outcome
from cardwatch.crawler.politeness import ThrottlePolicy
from cardwatch.crawler.robots import MAX_ROBOTS_BYTES, Robots

GOOD = listing("1")


class Many(Items):
    """Ten pages, all due at once."""

    base = ""

    def pages(self) -> list[PageRequest]:
        return [PageRequest(f"{self.base}/h/{number}", "listing") for number in range(10)]


@pytest.mark.parametrize("wait", [0, 0.05])
def test_ten_requests_at_once_wait_for_one_robots_txt(
    site: LoopbackSite, tmp_path: Path, wait: float
) -> None:
    site.put("/robots.txt", Answer("User-agent: *\nDisallow: /h/\n", wait=wait))
    source = type("Items", (Many,), {"url": site.url("/h/0"), "base": site.url("")})
    crawl_loopback(tmp_path, source, throttle_policy=ThrottlePolicy(delay=0, concurrency=10))
    assert site.paths == [], "nothing below /h/ may be fetched, whoever asked for robots.txt first"
    assert len(site.asked("/robots.txt")) == 1
    assert [visit.outcome for visit in archived_visits(tmp_path, source)] == [Outcome.BLOCKED] * 10


def test_two_sources_of_one_host_ask_once(site: LoopbackSite, tmp_path: Path) -> None:
    crawl_loopback(tmp_path, items(site), items(site, name="others"))
    assert len(site.asked("/robots.txt")) == 1
    assert site.paths == ["/list", "/list"]


RULES = [
    (Answer("no such thing", 404), Outcome.READ, ""),
    (Answer("ask for a key", 403), Outcome.READ, ""),
    (Answer("User-agent: *\nDisallow: /list"), Outcome.BLOCKED, "robots.txt forbids"),
    (Answer("User-agent: *\nDisallow: /\nAllow: /list$"), Outcome.READ, ""),
    (Answer("User-agent: cardwatch\nDisallow: /\n\nUser-agent: *\nAllow: /"), Outcome.BLOCKED, "forbids"),
    (Answer("User-agent: other\nDisallow: /"), Outcome.READ, ""),
    (Answer("<html>not found, but 200"), Outcome.READ, ""),
    (Answer(b"\xff\xfe\x00"), Outcome.READ, ""),
    (Answer("oops", 500), Outcome.BLOCKED, "robots.txt unreachable (HTTP 500)"),
    (Answer("busy", 503), Outcome.BLOCKED, "robots.txt unreachable (HTTP 503)"),
    (Answer("slow down", 429), Outcome.BLOCKED, "robots.txt unreachable (HTTP 429)"),
    (Answer("", drop=0), Outcome.ERROR, "robots.txt unreachable (Server disconnected)"),
    (Answer("User-agent: *", drop=5), Outcome.ERROR, "robots.txt unreachable"),
    (Answer("", 302, {"Location": "http://elsewhere.example/"}), Outcome.ERROR, "robots.txt unreachable"),
]


@pytest.mark.parametrize(("answer", "outcome", "detail"), RULES)
def test_robots_txt_decides(
    site: LoopbackSite, tmp_path: Path, answer: Answer, outcome: Outcome, detail: str
) -> None:
    site.put("/robots.txt", answer)
    visit = crawl_one_visit(tmp_path, items(site))
    assert visit.outcome is outcome, visit.detail
    assert detail in visit.detail
    assert site.paths == (["/list"] if outcome is Outcome.READ else [])


def test_a_redirect_obeys_the_robots_txt_it_leads_to(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/robots.txt", Answer("User-agent: *\nDisallow: /private"))
    site.put("/list", Answer("", 302, {"Location": "/private"}))
    assert crawl_one_visit(tmp_path, items(site)).outcome is Outcome.BLOCKED
    assert site.paths == ["/list"]


def test_crawl_delay_lies_between_two_requests(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/robots.txt", Answer("User-agent: *\nCrawl-delay: 0.4"))
    site.put("/list", listing("1", next="/2"))
    site.put("/2", listing("2"))
    crawl_one_visit(tmp_path, items(site), throttle_policy=ThrottlePolicy(delay=0, concurrency=4))
    moments = [asked.at for asked in site.log if asked.url != "/robots.txt"]
    assert len(moments) == 2
    assert all(later - earlier >= 0.2 for earlier, later in pairwise(moments)), "a server may notice late"


def test_only_the_first_half_megabyte_counts() -> None:
    robots = Robots()
    robots.answered(200, b"#" * MAX_ROBOTS_BYTES + b"\nUser-agent: *\nDisallow: /")
    assert robots.refusal("https://acme.example/") == ""
