"""The archive: whatever was fetched is in it, by the standard, and a kill costs at most the last record."""

from __future__ import annotations

import gzip
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.loopback import Answer, LoopbackSite
from support.loopback_crawls import (
    ArchiveHistory,
    archived_visits,
    crawl_loopback,
    items,
    listing,
    printed_prices,
)
from support.replayed_visits import replay_visits, replay_with_ends
from warcio.checker import Checker  # type: ignore[import-untyped]

from cardwatch.crawler import warc
from cardwatch.crawler.archive_writer import ArchiveError, hide_secrets
from cardwatch.crawler.body_index import BodyIndex
from cardwatch.crawler.documents import Outcome, Visit
from cardwatch.crawler.gzip_member import pack_member
from cardwatch.crawler.warc import (
    NOT_MODIFIED_PROFILE,
    VISIT_CONTENT_TYPE,
    DamagedArchiveError,
    WarcRecord,
    scan_records,
    warc_files,
)


@pytest.fixture
def site() -> Iterator[LoopbackSite]:
    with LoopbackSite() as site:
        site.put("/list", listing("1", "2"))
        yield site


def records(path: Path) -> list[WarcRecord]:
    return [*scan_records(path)]


def kinds(path: Path) -> list[tuple[str, str]]:
    """Return the records of a file but for robots.txt: type and the end of the URL."""
    return [
        (entry.kind, entry.url.rpartition("/")[2])
        for entry in scan_records(path)
        if entry.kind != "warcinfo" and "robots" not in entry.url
    ]


def test_a_run_is_one_file_in_the_order_things_happened(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", Answer("", 302, {"Location": "/moved"}))
    site.put("/moved", listing("1", next="/2"))
    site.put("/2", listing("2"))
    result = crawl_loopback(tmp_path, items(site))
    assert [path.suffixes for path in warc_files(tmp_path)] == [[".warc", ".gz"]]
    assert result.path
    assert records(result.path)[0].kind == "warcinfo"
    assert kinds(result.path) == [
        *[("response", "list"), ("request", "list")],
        *[("response", "moved"), ("request", "moved")],
        *[("response", "2"), ("request", "2")],
        ("metadata", "list"),
    ]
    assert records(result.path)[-1].content_type == VISIT_CONTENT_TYPE


def test_an_unchanged_body_is_kept_once_and_found_across_files(site: LoopbackSite, tmp_path: Path) -> None:
    source = items(site)
    first, second = crawl_loopback(tmp_path, source).path, crawl_loopback(tmp_path, source).path
    assert first
    assert second
    assert kinds(second) == [("revisit", "list"), ("request", "list"), ("metadata", "list")]
    before, after = archived_visits(tmp_path, source)
    assert printed_prices(before) == printed_prices(after) == ["1", "2"]
    assert before.documents[0].digest == after.documents[0].digest
    assert after.documents[0].warc == first.name
    assert after.documents[0].fetched_at > before.documents[0].fetched_at
    assert [*replay_visits([second], {"items": source})] == [after], "also when only the newer file is read"


def test_a_body_can_be_fetched_by_its_digest(site: LoopbackSite, tmp_path: Path) -> None:
    source = items(site)
    crawl_loopback(tmp_path, source)
    (visit,) = archived_visits(tmp_path, source)
    assert BodyIndex.load(tmp_path).body(visit.documents[0].digest).decode() == listing("1", "2").body
    with pytest.raises(DamagedArchiveError, match="wanted sha256:0, found no such body"):
        BodyIndex.load(tmp_path).body("sha256:0")


def test_the_list_of_bodies_is_made_again_when_it_is_gone_or_old(site: LoopbackSite, tmp_path: Path) -> None:
    source = items(site)
    crawl_loopback(tmp_path, source)
    (visit,) = archived_visits(tmp_path, source)
    (listed,) = tmp_path.glob("*.jsonl")
    for text in (None, "", '{"size": 1}\n'):
        listed.unlink() if text is None else listed.write_text(text)
        assert BodyIndex.load(tmp_path).find(visit.documents[0].digest)


def test_a_second_run_asks_whether_anything_changed(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", Answer(listing("1").body, headers={"Age": "60"}, etag=True))
    source = items(site)
    crawl_loopback(tmp_path, source)
    (first,) = archived_visits(tmp_path, source)
    again = crawl_loopback(tmp_path, source, past=ArchiveHistory([first])).path
    assert site.asked("/list")[1].headers["If-None-Match"] == first.validators["ETag"]
    _, second = archived_visits(tmp_path, source)
    assert (second.outcome, second.status, second.age) == (Outcome.NOT_MODIFIED, 304, 60)
    assert (second.rows, second.documents) == ((), ())
    assert second.sent_validators == {"If-None-Match": first.validators["ETag"]}
    assert again
    (revisit,) = [entry for entry in scan_records(again) if entry.kind == "revisit" and entry.status == 304]
    assert (revisit.profile, revisit.digest) == (NOT_MODIFIED_PROFILE, first.documents[0].digest)


def test_another_parser_asks_for_the_whole_page(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", Answer(listing("1").body, etag=True))
    crawl_loopback(tmp_path, items(site))
    past = ArchiveHistory(archived_visits(tmp_path, items(site)))
    crawl_loopback(tmp_path, items(site, parser_version=2), past=past)
    assert "If-None-Match" not in site.asked("/list")[1].headers


def test_secrets_stay_out(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list?key=s3cret&page=2", Answer(listing("1").body, headers={"Set-Cookie": "id=s3cret"}))
    headers = {"Authorization": "Bearer s3cret", "X-Api-Key": "s3cret", "Cookie": "s3cret"}
    source = items(site, "/list?key=s3cret&page=2", headers=lambda self: headers)
    path = crawl_loopback(tmp_path, source).path
    assert path
    assert site.asked("/list?key=s3cret&page=2")[0].headers["X-Api-Key"] == "s3cret"
    assert all("s3cret" not in repr(entry) for entry in scan_records(path))
    (visit,) = archived_visits(tmp_path, source)
    assert (visit.outcome, visit.url) == (Outcome.READ, site.url("/list?key=hidden&page=2"))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://acme.example/?b=2&a=%20x", "https://acme.example/?b=2&a=%20x"),
        ("https://acme.example/?API_KEY=1&b=2", "https://acme.example/?API_KEY=hidden&b=2"),
    ],
)
def test_only_keys_are_hidden_in_a_url(url: str, shown: str) -> None:
    assert hide_secrets(url) == shown


def test_other_tools_find_nothing_wrong_with_our_files(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", Answer(listing("1").body, headers={"X-Odd": "caf\u00e9"}, etag=True))
    source = items(site)
    crawl_loopback(tmp_path, source)
    crawl_loopback(tmp_path, source, past=ArchiveHistory(archived_visits(tmp_path, source)))
    arguments = type("Arguments", (), {"inputs": [str(p) for p in warc_files(tmp_path)], "verbose": False})
    checker = Checker(arguments)
    checker.process_all()
    assert checker.exit_value == 0


def test_replay_gives_what_was_crawled_and_goes_on_where_it_stopped(
    site: LoopbackSite, tmp_path: Path
) -> None:
    others = [items(site, f"/{name}", name=name) for name in "abc"]
    for name in "abc":
        site.put(f"/{name}", listing(name))
    crawl_loopback(tmp_path, *others)
    known = {source.name: source for source in others}
    (path,) = warc_files(tmp_path)
    everything = [*replay_with_ends(path, known)]
    assert [*replay_with_ends(path, known)] == everything
    for number, (_, end) in enumerate(everything, 1):
        assert [*replay_with_ends(path, known, end)] == everything[number:]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[Visit], type]:
    """A file of several visits, its bytes and what they tell."""
    folder = tmp_path_factory.mktemp("recorded")
    with LoopbackSite() as site:
        site.put("/list", listing("1", more=["/a", "/b", "/c"]))
        for name in "abc":
            site.put(f"/{name}", listing(name * 50))
        source = items(site)
        path = crawl_loopback(folder, source).path
    assert path
    return path.read_bytes(), archived_visits(folder, source), source


def prefix(folder: Path, data: bytes, source: type) -> list[Visit]:
    path = folder / "cut.warc.gz"
    path.write_bytes(data)
    return [*replay_visits([path], {"items": source})]


def where(visit: Visit) -> tuple[str, str, int]:
    return visit.url, visit.outcome, len(visit.rows)


@settings(max_examples=60)
@given(share=st.floats(0, 1))
def test_a_file_cut_off_anywhere_tells_of_the_visits_before_the_cut(
    recorded: tuple[bytes, list[Visit], type], tmp_path_factory: pytest.TempPathFactory, share: float
) -> None:
    data, whole, source = recorded
    left = prefix(tmp_path_factory.mktemp("cut"), data[: int(len(data) * share)], source)
    assert [*map(where, left)] == [*map(where, whole)][: len(left)]


def test_a_cut_after_the_last_record_loses_nothing(
    recorded: tuple[bytes, list[Visit], type], tmp_path: Path
) -> None:
    data, whole, source = recorded
    assert [*map(where, prefix(tmp_path, data + b"\x1f\x8b\x08\x00half a", source))] == [*map(where, whole)]


@settings(max_examples=60)
@given(share=st.floats(0, 0.9999), bit=st.integers(0, 7))
def test_a_flipped_bit_never_makes_other_rows(
    recorded: tuple[bytes, list[Visit], type],
    tmp_path_factory: pytest.TempPathFactory,
    share: float,
    bit: int,
) -> None:
    data, whole, source = recorded
    at = int(len(data) * share)
    damaged = data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
    good = {(visit.url, tuple(printed_prices(visit))) for visit in whole}
    for visit in prefix(tmp_path_factory.mktemp("flip"), damaged, source):
        assert visit.outcome is not Outcome.READ or (visit.url, tuple(printed_prices(visit))) in good


def test_a_body_that_is_gone_makes_a_visit_that_says_so(site: LoopbackSite, tmp_path: Path) -> None:
    source = items(site)
    first, second = crawl_loopback(tmp_path, source).path, crawl_loopback(tmp_path, source).path
    assert first
    assert second
    first.unlink()
    (visit,) = replay_visits([second], {"items": source})
    assert visit.outcome is Outcome.UNPARSED
    assert "found no such body" in visit.detail


def test_an_archive_that_cannot_be_made_stops_the_run_before_it_asks(
    site: LoopbackSite, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ArchiveError, match="cannot write: Not a directory"):
        crawl_loopback(tmp_path / "file" / "archive", items(site))


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """Let no file grow beyond `size` bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_full_disk_ends_the_run_and_keeps_what_fitted(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", listing("1", more=[f"/{n}" for n in range(40)]))
    for number in range(40):
        site.put(f"/{number}", listing(f"{number}"))
    source = items(site)
    with disk_of(20_000), pytest.raises(ArchiveError, match="cannot write: File too large"):
        crawl_loopback(tmp_path, source)
    kept = archived_visits(tmp_path, source)
    assert 0 < len(kept) < len(site.paths) < 41
    assert {visit.outcome for visit in kept} == {Outcome.READ}


@settings(max_examples=40)
@given(st.binary(max_size=600), st.integers(0, 120))
def test_a_member_unpacks_to_its_content(content: bytes, times: int) -> None:
    assert gzip.decompress(pack_member(content * times)) == content * times


RECORD = (
    "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2026-05-01T00:00:00Z\r\n"
    "WARC-Target-URI: https://acme.example/\r\nContent-Type: application/http\r\nContent-Length: {size}\r\n\r\n"
    "HTTP/1.1 200 OK\r\nETag: x\r\nContent-Length: 2\r\n\r\nok\r\n\r\n"
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("\nWARC-Type: ", "\nwarc-type:  "),
        ("200 OK", "200"),
        ("200 OK", "OK 200 "),
        ("ETag: x", "ETag:"),
        ("ETag: x", "ETag: "),
        ("ETag: x", "ETag : x"),
        ("ETag: x", "\tx: y"),
        ("ETag: x", "ETag  x"),
        ("ETag: x", "ETag: é"),
        ("HTTP/1.1", "HTTP/2.0"),
        ("https://acme.example/", "<https://acme.example/>"),
        ("https://acme.example/", "https://acme.example/ a"),
        ("https://acme.example/", "dns:acme.example"),
        (": response", ": request"),
        (": response", ": revisit"),
        (": response", ": resource"),
        (": response", ":"),
        ("Length: {size}", "Length: 4"),
        ("Length: {size}", "Length: 0"),
        ("Length: {size}", "Length: -1"),
        ("\r\nContent-Length: {size}", ""),
        ("WARC/1.1", "WARC/1.2"),
        ("\r\n\r\nok\r\n\r\n", "\r\n\r\nok\r\n"),
        ("\r\n", "\n"),
    ],
)
def test_a_record_is_read_in_one_go_as_warcio_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    file = tmp_path / "x.warc.gz"
    texts = [RECORD.replace(old, new), RECORD]
    sizes = [len(text.encode().partition(b"\r\n\r\n")[2]) - 4 for text in texts]
    members = [text.replace("{size}", str(size)).encode() for text, size in zip(texts, sizes, strict=True)]
    file.write_bytes(b"".join(map(pack_member, members)))
    read = [*warc.scan_records(file)]
    monkeypatch.setattr(warc, "parse_plain_record", lambda content: None)
    assert [*warc.scan_records(file)] == read
