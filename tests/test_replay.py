"""Archives that another crawler wrote: an answer a source claims makes a visit."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.foreign_archive import JSON, Foreign
from support.loopback_crawls import Items, listing, printed_prices
from support.replayed_visits import replay_visits

from cardwatch.crawler.documents import Outcome
from cardwatch.crawler.warc import scan_records

URL = "https://acme.example/list"


class PagedAcme(Items):
    url = URL
    page_urls = r"https://acme\.example/more/\d+"


def body(*prices: str, **more: object) -> str:
    text = listing(*prices, **more).body
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize(("name", "packed"), [("x.warc.gz", True), ("x.warc", False)])
def test_answers_a_source_claims_are_visits_in_time_order(tmp_path: Path, name: str, packed: bool) -> None:
    path = (
        Foreign(tmp_path / name, packed=packed)
        .add(URL, body("2"), day=2, headers={**JSON, "ETag": '"2"', "Age": "5"})
        .add("https://acme.example/about", body("9"))
        .add(URL, body("1"), day=1)
        .add("https://acme.example/more/7", body("7"), day=3)
        .add(URL, "gone", day=4, status="404 Not Found")
        .add(URL, "", day=5, status="302 Found", headers={"Location": "/"})
        .done()
    )
    found = [*replay_visits([path], {"items": PagedAcme})]
    assert [(visit.outcome, printed_prices(visit)) for visit in found] == [
        (Outcome.READ, ["1"]),
        (Outcome.READ, ["2"]),
        (Outcome.READ, ["7"]),
        (Outcome.ERROR, []),
    ]
    assert [visit.started.day for visit in found] == [1, 2, 3, 4]
    assert found[1].validators == {"ETag": '"2"'}
    assert (found[1].age, found[1].size) == (5, len(body("2")))
    assert found[1].documents[0].fetched_at == datetime(2026, 5, 2, tzinfo=UTC)
    assert "HTTP 404" in found[3].detail


def test_transfer_codings_are_undone(tmp_path: Path) -> None:
    packed = gzip.compress(body("3").encode())
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    headers = {**JSON, "Content-Encoding": "gzip", "Transfer-Encoding": "chunked"}
    path = Foreign(tmp_path / "x.warc.gz").add(URL, chunked, headers=headers).done()
    (visit,) = replay_visits([path], {"items": PagedAcme})
    assert printed_prices(visit) == ["3"]


def test_a_body_that_came_before_is_found_by_its_digest(tmp_path: Path) -> None:
    first = Foreign(tmp_path / "a.warc.gz").add(URL, body("1")).done()
    digest = next(entry.digest for entry in scan_records(first) if entry.kind == "response")
    second = Foreign(tmp_path / "b.warc.gz").again(URL, digest, day=9).done()
    one, two = replay_visits([second, first], {"items": PagedAcme})
    assert printed_prices(one) == printed_prices(two) == ["1"]
    assert (two.started.day, two.documents[0].warc) == (9, "a.warc.gz")


def test_a_listing_over_several_answers_is_put_together(tmp_path: Path) -> None:
    path = (
        Foreign(tmp_path / "x.warc.gz")
        .add(URL, body("1", next="/page/2"), day=1)
        .add("https://acme.example/page/2", body("2"), day=1)
        .add(URL, body("1", next="/page/3"), day=2)
        .done()
    )
    whole, broken = replay_visits([path], {"items": PagedAcme})
    assert (whole.outcome, printed_prices(whole)) == (Outcome.READ, ["1", "2"])
    assert broken.outcome is Outcome.UNPARSED
    assert "wanted https://acme.example/page/3" in broken.detail


@pytest.mark.parametrize(
    "junk", [b"", b"not an archive at all\r\n", b"WARC/1.0\r\nWARC-Type: response\r\n\r\n"]
)
def test_a_file_that_is_no_archive_tells_of_nothing(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(junk)
    assert [*replay_visits([path], {"items": PagedAcme})] == []
