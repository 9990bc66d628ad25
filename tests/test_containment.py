"""One bad visit stops nothing: whatever reading it raises or exhausts is its own outcome, and it is read once."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.http import TextResponse
from support.foreign_archive import Foreign
from support.loopback import LoopbackSite
from support.loopback_crawls import Items, archived_visits, crawl_loopback, items, listing, printed_prices

from cardwatch.crawler import bounded_worker, bounds
from cardwatch.crawler.bounded_worker import BoundedWorker, WorkerDiedError
from cardwatch.crawler.documents import Cell, Outcome, RawRow
from cardwatch.crawler.source import Source
from cardwatch.crawler.spiders.huggingface_cards import HuggingfaceCards
from cardwatch.db.catalog import CatalogStore
from cardwatch.run.ingest_stage import IngestResult, ingest_files, unread_files

URL = "https://acme.example/list"
CARD = "https://huggingface.co/acme/acme-1/raw/main/README.md"
NOW = datetime(2026, 6, 1, tzinfo=UTC)


class Good(Items):
    url = "https://good.example/list"
    name = "good"


class HarmfulAcme(Items):
    """A source that does to the process what its page says."""

    url = URL

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        harms = {
            "regex": lambda: re.fullmatch("(a|aa)+$", "a" * 50 + "b"),
            "parser": lambda: hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9),
            "memory": lambda: bytearray(8 << 30),
            "raise": lambda: (_ for _ in ()).throw(NotADirectoryError("a fault of ours")),
            "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
            "exit": lambda: os._exit(3),
            "surrogate": lambda: None,
        }
        harms[response.text]()
        yield RawRow("offer", "\ud800", "/", {"input_price": Cell("1")})


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "PAGE_SECONDS", 0.3)
    monkeypatch.setattr(bounded_worker, "KILL_SECONDS", 1)


def ingest(folder: Path, *sources: type[Source]) -> tuple[IngestResult, dict[str, str]]:
    """Ingest the archive of a home; return what came of it and the last outcome of each page."""
    with CatalogStore.open(folder / "catalog.db", now=lambda: NOW) as catalog:
        known = {source.name: source for source in (Good, *sources)}
        taken = ingest_files(catalog, unread_files(catalog, folder), known, lambda visit: None)
        pages = catalog._conn.execute("SELECT url, last_outcome, last_detail FROM pages").fetchall()
    return taken, {url: f"{outcome} {detail}" for url, outcome, detail in pages}


def good_answer() -> str:
    text = listing("1").body
    assert isinstance(text, str)
    return text


def around(folder: Path, add: Callable[[Foreign], object]) -> None:
    """Write an archive with something bad between two good answers."""
    file = Foreign(folder / "x.warc.gz").add(Good.url, good_answer(), day=1)
    add(file)
    file.add(Good.url, good_answer(), day=28).done()


HARMS = {
    "regex": "more than 0.3 s",
    "parser": "more than 1 s",
    "memory": "more than 1024 MB",
    "raise": "NotADirectoryError: a fault of ours",
    "crash": "died of SIGSEGV",
    "exit": "ended with 3",
    "surrogate": "surrogates not allowed",
}


@pytest.mark.parametrize(("harm", "detail"), HARMS.items())
def test_what_reading_a_page_does_is_the_outcome_of_its_visit(tmp_path: Path, harm: str, detail: str) -> None:
    around(tmp_path, lambda file: file.add(URL, "raise", day=2).add(URL, harm, day=3))
    taken, pages = ingest(tmp_path, HarmfulAcme)
    assert detail in pages[URL]
    outcomes = {report.source: dict(report.outcomes) for report in taken.reports}
    assert outcomes["items"] == {"unparsed": 2}
    assert outcomes["good"] == {"verified_changed": 1, "verified_same": 1}
    assert "x.warc.gz" in pages[URL]
    assert ingest(tmp_path, HarmfulAcme)[0].files == [], "a file is read once"


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("# x" + " " * 10_000 + "y\n", {}),
        ("---\n" + "[" * 5_000 + "\n---\n", {}),
        ('---\nlicense: "\\ud800"\n---\n', {"Content-Type": "text/plain; charset=unicode_escape"}),
        ("---\nlicense: mit\n---\n", {"Age": "99999999999"}),
        ("---\nlicense: mit\n---\n", {"Age": "²"}),
        ("---\nlicense: mit\n---\n", {"Content-Encoding": "br"}),
        ("---\nlicense: mit\n---\n", {"Content-Encoding": "gzip"}),
    ],
    ids=["cubic", "nested", "charset", "age", "age-digit", "brotli", "no-gzip"],
)
def test_a_hostile_card_stops_no_other_page(tmp_path: Path, text: str, headers: dict[str, str]) -> None:
    around(tmp_path, lambda file: file.add(CARD, text, headers={"Content-Type": "text/plain", **headers}))
    taken, pages = ingest(tmp_path, HuggingfaceCards)
    assert pages[Good.url].startswith("verified_same")
    assert {report.source for report in taken.reports} == {"good", "huggingface_cards"}
    assert ingest(tmp_path, HuggingfaceCards)[0].files == []


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "20260501000000", ""])
def test_an_answer_of_no_date_is_left_out_and_told(tmp_path: Path, date: str) -> None:
    around(tmp_path, lambda file: file.add(URL, "raise", date=date or "May 1st"))
    taken, pages = ingest(tmp_path, HarmfulAcme)
    assert pages == {Good.url: "verified_same "}
    assert [str(bad).partition(" wanted")[0] for bad in taken.damaged] == [
        f"x.warc.gz:{taken.damaged[0].offset}: WARC-Date:"
    ]


def test_a_status_of_odd_digits_is_no_page(tmp_path: Path) -> None:
    path = Foreign(tmp_path / "x.warc", packed=False).add(URL, "raise", status="Q00 OK").done()
    path.write_bytes(path.read_bytes().replace(b"Q00", b"\xb200"))
    around(tmp_path, lambda file: None)
    _, pages = ingest(tmp_path, HarmfulAcme)
    assert pages[Good.url] == "verified_same "
    assert pages[URL].startswith("error HTTP without a status")


LINE = {
    "source": "items", "page_kind": "listing", "url": URL, "started": "2026-05-01T00:00:00Z", "outcome": "error",
    "parser_version": 1, "status": 500, "size": 0, "age": 0, "detail": "", "validators": {}, "sent_validators": {},
    "redirected_to": "", "documents": [],
}  # fmt: skip
BAD_LINES = [
    b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe{}", b"[" * 100_000, b"1e999",
    *(json.dumps({**LINE, name: value}).encode() for name, value in {
        "source": 1, "url": None, "started": "yesterday", "outcome": "eaten", "parser_version": "x", "status": "²",
        "age": 1e300, "validators": [], "documents": [{"record": 1}], "detail": {}, "redirected_to": 3,
    }.items()),
    json.dumps({**LINE, "url": "\ud800"}).encode(),
    json.dumps({**LINE, "started": "0001-01-01T00:00:00Z"}).encode(),
    json.dumps({**LINE, "started": "9999-12-31T23:59:59Z"}).encode(),
    json.dumps({name: value for name, value in LINE.items() if name != "url"}).encode(),
]  # fmt: skip


def test_a_malformed_visit_line_is_told_with_its_place(tmp_path: Path) -> None:
    file = Foreign(tmp_path / "x.warc.gz")
    for line in BAD_LINES:
        file.visit(URL, line)
    file.visit(URL, json.dumps(LINE).encode()).add(Good.url, good_answer()).done()
    taken, pages = ingest(tmp_path, HarmfulAcme)
    assert pages == {URL: "error ", Good.url: "verified_changed "}
    assert len({bad.offset for bad in taken.damaged}) == len(BAD_LINES)
    assert all("visit line: " in bad.reason for bad in taken.damaged)
    assert ingest(tmp_path, HarmfulAcme)[0].files == []


def test_a_crawl_outlives_a_page_that_ends_its_reader(tmp_path: Path) -> None:
    class Deadly(Items):
        def next_page(self, response: TextResponse) -> str | None:
            os.kill(os.getpid(), signal.SIGKILL)
            return None

    with LoopbackSite() as site:
        site.put("/list", listing("1"))
        site.put("/other", listing("2"))
        deadly = type("Deadly", (Deadly,), {"url": site.url("/list")})
        other = items(site, "/other", name="other")
        crawl_loopback(tmp_path, deadly, other)
        visits = {visit.source: visit for visit in archived_visits(tmp_path, deadly, other)}
    assert visits["other"].outcome is Outcome.READ
    assert visits["items"].outcome is Outcome.UNPARSED


def test_a_listing_without_end_is_bounded_and_read_when_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cardwatch.crawler.source.LARGEST_LISTING", 1_000_000)
    with LoopbackSite() as site:
        for number in range(500):
            site.put(f"/{number}", listing("1", next=f"/{number + 1}", more=[], padding="x" * 100_000))
        site.put("/other", listing("2"))
        sources = items(site, "/0"), items(site, "/other", name="other")
        crawl_loopback(tmp_path, *sources)
        visits = {visit.source: visit for visit in archived_visits(tmp_path, *sources)}
        assert visits["items"].outcome is Outcome.UNPARSED
        assert "next page: wanted 1000000 bytes at most in one listing" in visits["items"].detail
        assert visits["other"].outcome is Outcome.READ
        assert len(site.paths) < 13, "it asked for no more than fits"
        site.put("/3", listing("3"))
        crawl_loopback(tmp_path, *sources)
        *_, last = (visit for visit in archived_visits(tmp_path, *sources) if visit.source == "items")
    assert printed_prices(last) == ["1", "1", "1", "3"]


def test_a_worker_goes_on_after_each_death() -> None:
    def count(upto: int) -> Iterator[int]:
        yield from range(upto)
        if upto == 2:
            os.abort()
        if upto == 3:
            raise OSError("no disk")

    with BoundedWorker(count) as worker:
        assert [*worker(4)] == [0, 1, 2, 3]
        with pytest.raises(WorkerDiedError, match="SIGABRT"):
            list(worker(2))
        with pytest.raises(WorkerDiedError, match="OSError: no disk"):
            list(worker(3))
        next(iter(worker(4)))
        assert [*worker(1)] == [0]
