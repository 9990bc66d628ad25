"""Answers and archives that are not quite right: read as their standards say, or left out with a word."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from support.foreign_archive import JSON, Foreign
from support.loopback import Answer, LoopbackSite
from support.loopback_crawls import Items, crawl_one_visit, items, listing, printed_prices
from support.replayed_visits import replay_visits

from cardwatch.crawler.body_index import BodyIndex
from cardwatch.crawler.documents import Outcome, Visit
from cardwatch.crawler.politeness import parse_retry_after
from cardwatch.crawler.replay import ArchiveReader
from cardwatch.crawler.robots import Robots
from cardwatch.crawler.unread_visit import DamagedRecord
from cardwatch.crawler.warc import archive_problem, body_digest

URL = "https://acme.example/list"
TEXT = listing("1.9").body
assert isinstance(TEXT, str)


class OddAcme(Items):
    url = URL


def visits(path: Path) -> list[Visit]:
    return [*replay_visits([path], {"items": OddAcme})]


@pytest.mark.parametrize(
    ("status", "headers", "more"),
    [
        ("200 OK", {}, {"WARC-Truncated": "length"}),
        ("200 OK", {"Content-Length": str(len(TEXT) + 1)}, {}),
        ("206 Partial Content", {}, {}),
        ("204 No Content", {}, {}),
    ],
)
def test_what_is_not_the_whole_answer_is_no_page(
    tmp_path: Path, status: str, headers: dict[str, str], more: dict[str, str]
) -> None:
    file = Foreign(tmp_path / "x.warc.gz").add(URL, TEXT, status=status, headers={**JSON, **headers}, **more)
    (visit,) = visits(file.add("https://acme.example/", TEXT).done())
    assert visit.outcome is not Outcome.READ
    assert not visit.rows


def test_brotli_is_undone(tmp_path: Path) -> None:
    packed = brotli.compress(TEXT.encode())
    headers = {**JSON, "Content-Encoding": "br", "Content-Length": str(len(packed))}
    (visit,) = visits(Foreign(tmp_path / "x.warc.gz").add(URL, packed, headers=headers).done())
    assert printed_prices(visit) == ["1.9"]
    assert BodyIndex.load(tmp_path).body(body_digest(TEXT.encode())) == TEXT.encode()


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("2026-05", datetime(2026, 5, 1, tzinfo=UTC)),
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-05-02", datetime(2026, 5, 2, tzinfo=UTC)),
        ("2026-05-02T10:20Z", datetime(2026, 5, 2, 10, 20, tzinfo=UTC)),
        ("2026-05-02T10:20:30.123456789Z", datetime(2026, 5, 2, 10, 20, 30, 123456, tzinfo=UTC)),
    ],
)
def test_a_date_of_fewer_places_is_the_start_of_its_period(
    tmp_path: Path, text: str, start: datetime
) -> None:
    (visit,) = visits(Foreign(tmp_path / "x.warc.gz").add(URL, TEXT, date=text).done())
    assert visit.started == start


@pytest.mark.parametrize(("first", "following"), [("", ":443"), (":443", ""), (":443", ":443")])
def test_a_port_that_goes_without_saying_makes_no_other_page(
    tmp_path: Path, first: str, following: str
) -> None:
    more = listing("1", next="https://acme.example:443/page/2").body
    file = Foreign(tmp_path / "x.warc.gz").add(f"https://acme.example{first}/list", str(more))
    (visit,) = visits(file.add(f"https://acme.example{following}/page/2", TEXT).done())
    assert printed_prices(visit) == ["1", "1.9"]


@pytest.mark.parametrize("packed", [True, False])
def test_what_follows_a_damaged_record_is_read(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / f"x.warc{'.gz' * packed}"
    file = Foreign(path, packed=packed)
    for day in (1, 2, 3):
        file.add(URL, TEXT.replace("1.9", f"{day}"), day=day)
    whole = file.done().read_bytes()
    if packed:
        members = whole.split(b"\x1f\x8b\x08")
        members[3] = members[3][:40] + bytes(8) + members[3][48:]
        path.write_bytes(b"\x1f\x8b\x08".join(members))
    else:
        parts = whole.split(b"WARC/1.0")
        parts[3] = parts[3].replace(b"\r\nContent-Length: ", b"\r\nContent-Length: 9", 1)
        path.write_bytes(b"WARC/1.0".join(parts))
    with ArchiveReader({"items": OddAcme}) as reader:
        found = [*reader.visits(path)]
    assert [printed_prices(one) for one in found if isinstance(one, Visit)] == [["1"], ["3"]]
    (bad,) = (one for one in found if isinstance(one, DamagedRecord))
    assert "no sound record" in bad.reason
    assert 0 < bad.offset < len(whole)


def test_a_file_that_is_no_archive_is_refused_with_its_reason(tmp_path: Path) -> None:
    plain = Foreign(tmp_path / "x.warc", packed=False).add(URL, TEXT).done()
    assert archive_problem(plain) == ""
    files = {"one.warc.gz": gzip.compress(plain.read_bytes()), "a.warc.zst": b"\x28\xb5\x2f\xfd", "a.wacz": b"PK",
             "a.json": b"{}", "b.warc.gz": b"{}", "c.warc": b"no archive"}  # fmt: skip
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        assert archive_problem(tmp_path / name).startswith(str(tmp_path / name)), name


@pytest.mark.parametrize("status", [203, 204, 206])
def test_no_other_success_is_a_page(tmp_path: Path, status: int) -> None:
    with LoopbackSite() as site:
        site.put("/list", Answer("" if status == 204 else TEXT, status, headers=JSON))
        visit = crawl_one_visit(tmp_path, items(site), overrides={"RETRY_ENABLED": False})
    assert (visit.outcome, visit.status) == (Outcome.ERROR, status)


def test_a_header_byte_above_127_is_text(tmp_path: Path) -> None:
    with LoopbackSite() as site:
        site.put("/list", Answer(TEXT, headers={**JSON, "X-Note": "caf\xe9 \xff"}))
        assert printed_prices(crawl_one_visit(tmp_path, items(site))) == ["1.9"]


def test_a_byte_order_mark_hides_no_rule_of_robots_txt() -> None:
    robots = Robots()
    robots.answered(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /x\nCrawl-delay: 7\n")
    assert robots.refusal("https://acme.example/x")
    assert robots.delay == 7


@pytest.mark.parametrize(
    "text", ["Fri, 99 Foo 2026 99:99:99 GMT", "Fri, 01 Jan 99999 00:00:00 GMT", "²", "-1",
             "Fri, 01 May 2026 00:00:00 +99999999"],
)  # fmt: skip
def test_an_impossible_retry_after_asks_for_nothing(text: str) -> None:
    found = parse_retry_after({"Retry-After": text.encode()}, lambda: datetime(2026, 6, 1, tzinfo=UTC))
    assert found is None or found == 0
