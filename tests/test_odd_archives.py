"""Archive files as nobody should write them: each odd record has an outcome of its own, and what follows is read."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from support.loopback_crawls import Items, printed_prices
from support.odd_records import (
    DAY,
    INFO,
    JSON,
    PAGE,
    SOUND,
    URL,
    HeaderLines,
    chunked,
    digest,
    http,
    packed,
    page,
    record,
    revisit,
)

from cardwatch.crawler import http_codings
from cardwatch.crawler.documents import Visit
from cardwatch.crawler.replay import ArchiveReader
from cardwatch.crawler.unread_visit import DamagedRecord
from cardwatch.crawler.warc import archive_problem
from cardwatch.db.catalog import CatalogStore
from cardwatch.run.ingest_stage import ingest_files, unread_files


class ArchivedAcme(Items):
    url = URL


def coded(body: bytes, coding: str, *more: tuple[str, str], transfer: str = "") -> bytes:
    """Return a record of a page under the codings it names."""
    named = (("Content-Encoding", coding), ("Transfer-Encoding", transfer))
    lines: HeaderLines = (JSON, *(line for line in named if line[1]), *more)
    return record(http(body, lines, length="" if transfer else None))


def typed(content_type: str, body: bytes = PAGE) -> bytes:
    return record(http(body, (("Content-Type", content_type),)))


SHA1 = digest("sha1")
GZIP = gzip.compress(PAGE, mtime=0)
RAW_DEFLATE = zlib.compress(PAGE, wbits=-15)
ONCE = record(WARC_Payload_Digest=SHA1)
NOT_MODIFIED = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"
CONFIRMS = b'HTTP/1.1 304 Not Modified\r\nETag: "other"\r\n\r\n'
CUT = "unparsed wanted a whole answer"
PART = "unparsed wanted all of"
NO_RECORD = "bad no sound record"
NO_DATE = "bad WARC-Date: wanted a date"
NO_STATUS = "error HTTP without a status"
ODD_RECORDS: dict[str, tuple[bytes, str]] = {
    "version 1.1": (record(version="WARC/1.1", date="2026-05-02T00:00:00.123456Z"), "1.9"),
    "version 0.18": (record(version="WARC/0.18"), "1.9"),
    "version 2.0": (record(version="WARC/2.0"), NO_RECORD),
    "URL in brackets": (record(url=f"<{URL}>"), "1.9"),
    "URL between spaces": (record(url=f"  {URL} "), "1.9"),
    "URL with a fragment": (record(url=f"{URL}#top"), "1.9"),
    "URL with the usual port": (record(url="https://ACME.example:443/list"), "1.9"),
    "URL in capitals": (record(url=URL.upper().replace("LIST", "list")), NO_STATUS),
    "URL of a host in Unicode": (record(url="https://acmé.example/list"), ""),
    "URL of a host in bad Punycode": (record(url="https://xn--a/list"), ""),
    "URL with an endless port": (record(url="https://acme.example:99999999/list"), ""),
    "URL with half an address": (record(url="https://[::1/list"), ""),
    "URL of DNS": (record(b"x", url="dns:acme.example", content_type="text/dns"), ""),
    "URL of bytes": (record(url="https://acme.example/caf\udce9"), ""),
    "no URL": (record(url=None), NO_RECORD),
    "folded record header": (record(WARC_Note="a\r\n b\r\n\tc"), "1.9"),
    "folded HTTP header": (typed("application/json;\r\n charset=utf-8"), "1.9"),
    "line feeds alone": (record(http(end=b"\n"), end=b"\n", tail=b"\n\n"), "1.9"),
    "one line behind": (record(tail=b"\r\n"), "1.9"),
    "HTTP length missing": (record(http(length="")), "1.9"),
    "HTTP length too small": (record(http(length=10)), "1.9"),
    "HTTP length too large": (record(http(length=99_999)), CUT),
    "HTTP length below zero": (record(http(length=-4)), "1.9"),
    "HTTP length in words": (record(http(length="lots")), "1.9"),
    "record length missing": (record(length=""), NO_RECORD),
    "record length below zero": (record(length=-5), NO_RECORD),
    "record length of a petabyte": (record(length=10**15), NO_RECORD),
    "record length in hexadecimal": (record(length="0x10"), NO_RECORD),
    "record length too small": (record(length=30), NO_RECORD),
    "HTTP/2": (record(http(status="HTTP/2 200")), "1.9"),
    "HTTP/3": (record(http(status="HTTP/3 200 ")), "1.9"),
    "status without a phrase": (record(http(status="HTTP/1.1 200")), "1.9"),
    "status of another protocol": (record(http(status="ICY 200 OK")), "1.9"),
    "status 000": (record(http(status="HTTP/1.1 000 x")), NO_STATUS),
    "status 20": (record(http(status="HTTP/1.1 20 OK")), NO_STATUS),
    "status ²00": (record(http(status="HTTP/1.1 ²00 OK")), NO_STATUS),
    "status 999": (record(http(status="HTTP/1.1 999 x")), "error HTTP 999"),
    "no HTTP headers": (record(PAGE), NO_STATUS),
    "no block": (record(b""), NO_STATUS),
    "no body": (record(http(b"")), "unparsed body: wanted a page"),
    "HTTP headers without end": (record(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"), "unparsed body:"),
    "SHA-1": (ONCE, "1.9"),
    "SHA-256 in Base32": (record(WARC_Payload_Digest=digest("sha256")), "1.9"),
    "SHA-256 in hexadecimal": (record(WARC_Payload_Digest=digest("sha256", spelling="hex")), "1.9"),
    "MD5 in capitals": (record(WARC_Payload_Digest=digest("md5", spelling="HEX")), "1.9"),
    "MD5 in Base64": (record(WARC_Payload_Digest=digest("md5", spelling="base64")), "1.9"),
    "BLAKE2": (record(WARC_Payload_Digest=digest("blake2b", spelling="hex")), "1.9"),
    "digest without a length": (record(WARC_Payload_Digest="shake_128:abc"), "1.9"),
    "digest of an unknown kind": (record(WARC_Payload_Digest="xxh64:abc"), "1.9"),
    "digest of nothing": (record(WARC_Payload_Digest="sha1:"), "1.9"),
    "digest of other bytes": (record(WARC_Payload_Digest=digest("sha1", b"")), "unparsed wanted sha1:"),
    "block digest": (record(WARC_Block_Digest=digest("md5", http(), "hex")), "1.9"),
    "block digest of other bytes": (record(WARC_Block_Digest=digest("sha256", b"")), "unparsed wanted sha256:"),
    "chunks": (coded(chunked(), "", transfer="chunked"), "1.9"),
    "chunks by another name": (coded(chunked(), "", transfer=" Chunked "), "1.9"),
    "chunks with extensions": (coded(chunked(extension=b";a=b"), "", transfer="chunked"), "1.9"),
    "chunks with trailers": (coded(chunked(last=b"0\r\nX-T: 1\r\n\r\n"), "", transfer="chunked"), "1.9"),
    "chunks undone before": (coded(PAGE, "", transfer="chunked"), "1.9"),
    "chunks without the last": (coded(chunked(last=b""), "", transfer="chunked"), "unparsed wanted chunks"),
    "chunks cut off": (coded(chunked()[:-20], "", transfer="chunked"), "unparsed wanted chunks"),
    "chunk of an exabyte": (coded(b"f" * 16 + b"\r\n" + PAGE, "", transfer="chunked"), "unparsed wanted chunks"),
    "chunk below zero": (coded(b"-5\r\n" + PAGE, "", transfer="chunked"), "unparsed body: wanted JSON"),
    "chunks of gzip": (coded(chunked(GZIP), "gzip", transfer="chunked"), "1.9"),
    "gzip as a transfer coding": (coded(chunked(GZIP), "", transfer="gzip, chunked"), "1.9"),
    "gzip": (coded(GZIP, "gzip"), "1.9"),
    "gzip by another name": (coded(GZIP, " X-GZIP "), "1.9"),
    "gzip in two members": (coded(gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:]), "gzip"), "1.9"),
    "gzip in gzip": (coded(gzip.compress(GZIP), "gzip, gzip"), "1.9"),
    "gzip in gzip on two lines": (coded(gzip.compress(GZIP), "gzip", ("Content-Encoding", "gzip")), "1.9"),
    "gzip cut off": (coded(GZIP[:-12], "gzip"), PART),
    "gzip without its check sum": (coded(GZIP[:-8], "gzip"), PART),
    "gzip of another check sum": (coded(GZIP[:-8] + b"12345678", "gzip"), "unparsed wanted gzip"),
    "gzip with padding": (coded(GZIP + bytes(10), "gzip"), "1.9"),
    "gzip of 9,999 empty members": (coded(gzip.compress(b"") * 9999 + GZIP, "gzip"), "1.9"),
    "gzip a thousand times": (coded(GZIP, ", ".join(["gzip"] * 1000)), "unparsed wanted at most 8 codings"),
    "gzip undone before": (coded(PAGE, "gzip"), "1.9"),
    "gzip of bytes that are none": (coded(b"\xff\xfe\xfd", "gzip"), "unparsed wanted gzip"),
    "gzip of a bomb": (coded(gzip.compress(bytes(1 << 20)), "gzip"), "unparsed wanted at most"),
    "deflate": (coded(zlib.compress(PAGE), "deflate"), "1.9"),
    "deflate without its frame": (coded(RAW_DEFLATE, "deflate"), "1.9"),
    "deflate cut off": (coded(zlib.compress(PAGE)[:-6], "deflate"), PART),
    "deflate undone before": (coded(PAGE, "deflate"), "1.9"),
    "Brotli": (coded(brotli.compress(PAGE), "br"), "1.9"),
    "Brotli cut off": (coded(brotli.compress(PAGE)[:-3], "br"), PART),
    "Brotli of a bomb": (coded(brotli.compress(bytes(1 << 20)), "br"), "unparsed wanted at most"),
    "Brotli of bytes that are none": (coded(GZIP, "br"), "unparsed wanted Brotli, found"),
    "Zstandard": (coded(b"\x28\xb5\x2f\xfd junk", "zstd"), "unparsed wanted a known coding"),
    "Zstandard undone before": (coded(PAGE, "zstd"), "1.9"),
    "a charset for a coding": (coded(PAGE, "UTF-8"), "1.9"),
    "charset utf-7": (typed("text/plain; charset=utf-7"), "1.9"),
    "charset idna": (typed("text/plain; charset=idna"), "unparsed UnicodeError"),
    "charset punycode": (typed("text/plain; charset=punycode"), "unparsed body: wanted JSON"),
    "charset undefined": (typed("text/plain; charset=undefined"), "unparsed UnicodeError"),
    "charset rot13": (typed("text/plain; charset=rot13"), "unparsed LookupError"),
    "charset zlib": (typed("text/plain; charset=zlib"), "unparsed LookupError"),
    "charset of 5,000 letters": (typed("text/plain; charset=" + "x" * 5000), "1.9"),
    "charset of NUL": (typed("text/plain; charset=\0"), "1.9"),
    "charset twice": (typed("text/plain; charset=utf-8; charset=utf-16"), "1.9"),
    "UTF-16 called UTF-16": (typed("text/plain; charset=utf-16", PAGE.decode().encode("utf-16")), "1.9"),
    "UTF-16 without a mark": (typed(JSON[1], PAGE.decode().encode("utf-16le")), "unparsed body: wanted JSON"),
    "a byte order mark": (typed(JSON[1], b"\xef\xbb\xbf" + PAGE), "1.9"),
    "two byte order marks": (typed(JSON[1], b"\xef\xbb\xbf" * 2 + PAGE), "unparsed body: wanted JSON"),
    "no content type": (record(http(headers=())), "1.9"),
    "content type of marks": (typed(";;;=,"), "1.9"),
    "JSON nested deep": (typed(JSON[1], b"[" * 99_999 + b"]" * 99_999), "unparsed body: wanted JSON"),
    "JSON with NaN": (typed(JSON[1], b'{"data": NaN}'), "unparsed body: wanted JSON"),
    "JSON with a long number": (typed(JSON[1], b'{"n": %s, %s' % (b"9" * 9999, PAGE[1:])), "1.9"),
    "JSON and more": (typed(JSON[1], PAGE * 2), "unparsed body: wanted JSON"),
    "JSON of null": (typed(JSON[1], b"null"), "unparsed TypeError"),
    "JSON with half a character": (typed(JSON[1], b'{"data": "\\ud800"}'), "unparsed body: wanted JSON"),
    "resource": (record(PAGE, "resource", content_type=JSON[1]), "1.9"),
    "conversion": (record(PAGE, "conversion", content_type=JSON[1]), ""),
    "first segment": (record(WARC_Segment_Number="1"), CUT),
    "later segment": (record(PAGE, "continuation", WARC_Segment_Number="2"), ""),
    "request": (record(b"GET /list HTTP/1.1\r\nHost: acme.example\r\n\r\n", "request"), ""),
    "record of no kind": (record(kind=None), ""),
    "record of a new kind": (record(kind="fancy"), ""),
    "content type missing": (record(content_type=None), "1.9"),
    "concurrent to nothing": (record(WARC_Concurrent_To="<urn:x:0>"), "1.9"),
    "truncated for time": (record(WARC_Truncated="time"), CUT),
    "truncated for nothing": (record(WARC_Truncated=""), "1.9"),
    "NUL in a record header": (record(WARC_Note="a\0b"), "1.9"),
    "record header without a colon": (record().replace(b"WARC-Date", b"No header\r\nWARC-Date"), "1.9"),
    "HTTP header without a colon": (record(http().replace(b"Content-T", b"no header\r\nContent-T", 1)), "1.9"),
    "HTTP header without a name": (record(http(headers=(("", "x"), JSON))), "1.9"),
    "HTTP header of a megabyte": (record(http(headers=(JSON, ("X-A", "y" * 1_000_000)))), "1.9"),
    "a thousand cookies": (record(http(headers=(JSON, *[("Set-Cookie", "a=b")] * 1000))), "1.9"),
    "Age below zero": (record(http(headers=(JSON, ("Age", "-1")))), "1.9"),
    "Last-Modified in year 0": (
        record(http(headers=(JSON, ("Last-Modified", "Sat, 01 Jan 0000 00:00:00 GMT")))), "1.9"),
    "a leap second": (record(date="2016-12-31T23:59:60Z"), NO_DATE),
    "30 February": (record(date="2026-02-30T00:00:00Z"), NO_DATE),
    "24 o'clock": (record(date="2026-05-02T24:00:00Z"), NO_DATE),
    "an hour of another zone": (record(date="2026-05-02T00:00:00+02:00"), NO_DATE),
    "no date": (record(date=None), NO_DATE),
    "two dates": (record(WARC_date="2026-05-03T00:00:00Z"), "1.9"),
    "two records of one id": (record() + record(http(page("3")), date="2026-05-03T00:00:00Z"), "1.9 + 3"),
    "two records of no id": (record(id="") + record(http(page("3")), date="2026-05-03T00:00:00Z", id=""), "1.9 + 3"),
    "a record twice": (record() * 2, "1.9"),
    "revisit by digest": (ONCE + revisit(WARC_Payload_Digest=SHA1), "1.9 + 1.9"),
    "revisit without headers": (ONCE + revisit(b"", WARC_Payload_Digest=SHA1), "1.9 + 1.9"),
    "revisit of a later record": (revisit(WARC_Payload_Digest=SHA1) + ONCE, "1.9 + 1.9"),
    "revisit of a revisit": (
        ONCE + revisit(WARC_Refers_To="<urn:x:1>") + revisit(WARC_Refers_To="<urn:x:2>", id="<urn:x:3>", date=DAY),
        "1.9 + 1.9 + 1.9"),
    "revisit of an id without brackets": (ONCE + revisit(WARC_Refers_To="urn:x:1"), "1.9 + 1.9"),
    "revisit of a resource": (record(PAGE, "resource", content_type=JSON[1], WARC_Payload_Digest=SHA1)
                              + revisit(WARC_Payload_Digest=SHA1), "1.9 + 1.9"),
    "revisit of itself": (revisit(WARC_Refers_To="<urn:x:2>"), "unparsed wanted a digest"),
    "revisit of nothing": (revisit(WARC_Payload_Digest=digest("sha1", b"")), "unparsed wanted sha1:"),
    "304 that confirms a digest": (
        ONCE + revisit(b"HTTP/1.1 304 x\r\n\r\n", WARC_Payload_Digest=SHA1, WARC_Profile=NOT_MODIFIED), "1.9 + 1.9"),
    "304 without headers": (
        ONCE + revisit(b"", WARC_Payload_Digest=SHA1, WARC_Profile=NOT_MODIFIED), "1.9 + 1.9"),
    "304 of another ETag": (
        ONCE + revisit(CONFIRMS, WARC_Payload_Digest=SHA1, WARC_Profile=NOT_MODIFIED), "1.9 + bad wanted the answer of"),
    "304 of nothing": (revisit(b"HTTP/1.1 304 x\r\n\r\n", WARC_Profile=NOT_MODIFIED), "bad wanted a digest"),
}  # fmt: skip
"""An odd record, and what is said of it: the prices that were read, or the start of the reason why not."""

WHOLE = (INFO, record(), SOUND)
PLAIN = b"".join(WHOLE)
ODD_FILES: dict[str, tuple[bytes, str]] = {
    "empty.warc.gz": (b"", "refused"),
    "empty.warc": (b"", "refused"),
    "nothing-packed.warc.gz": (gzip.compress(b""), "refused"),
    "zeros.warc": (bytes(100_000), "refused"),
    "web-page.warc.gz": (b"<html>404 Not Found</html>", "refused"),
    "pointer.warc.gz": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n", "refused"),
    "zip.warc.gz": (b"PK\x03\x04" + bytes(30), "refused"),
    "bzip2.warc.gz": (bz2.compress(PLAIN), "refused"),
    "xz.warc.gz": (lzma.compress(PLAIN), "refused"),
    "zstandard.warc.zst": (b"\x28\xb5\x2f\xfd", "refused"),
    "bundle.wacz": (b"PK", "refused"),
    "arc.warc": (b"filedesc://x.arc 0.0.0.0 20260501000000 text/plain 20\n1 0 X\nURL IP D C L\n\n\n"
                 + f"{URL} 1.2.3.4 20260502000000 application/json {len(http())}\n".encode() + http(), "refused"),
    "one-member.warc.gz": (gzip.compress(PLAIN), "refused"),
    "two-in-a-member.warc.gz": (packed(INFO) + gzip.compress(record() + SOUND), "refused"),
    "halves-in-members.warc.gz": (packed(*(half for whole in WHOLE for half in (whole[:99], whole[99:]))), "refused"),
    "junk-before.warc.gz": (b"junk" + packed(*WHOLE), "refused"),
    "packed-twice.warc.gz": (gzip.compress(packed(*WHOLE)), "refused"),
    "plain.warc.gz": (PLAIN, "1.9 + 7"),
    "packed.warc": (packed(*WHOLE), "1.9 + 7"),
    "empty-members.warc.gz": (gzip.compress(b"") * 1000 + packed(*WHOLE), "1.9 + 7"),
    "no-first-record.warc.gz": (packed(*WHOLE[1:]), "1.9 + 7"),
    "records-without-end.warc.gz": (packed(*(each[:-4] for each in WHOLE)), "1.9 + 7"),
    "no-visit.warc.gz": (packed(INFO), ""),
    "backwards.warc.gz": (packed(*WHOLE[::-1]), "1.9 + 7"),
    "three-times.warc.gz": (packed(*WHOLE) * 3, "1.9 + 7"),
    "zeros-behind.warc.gz": (packed(*WHOLE) + bytes(512), f"1.9 + 7 + {NO_RECORD}"),
    "junk-behind.warc.gz": (packed(*WHOLE) + b"trailing", f"1.9 + 7 + {NO_RECORD}"),
    "junk-behind.warc": (PLAIN + b"trailing", f"1.9 + 7 + {NO_RECORD}"),
    "lines-before.warc": (b"\r\n\r\n" + PLAIN, f"1.9 + 7 + {NO_RECORD}"),
    "mark-before.warc": (b"\xef\xbb\xbf" + PLAIN, f"1.9 + 7 + {NO_RECORD}"),
    "plain-behind.warc.gz": (packed(INFO, record()) + SOUND, f"1.9 + {NO_RECORD}"),
    "cut-by-a-byte.warc.gz": (packed(*WHOLE)[:-1], f"1.9 + {NO_RECORD}: cut off"),
    "cut-by-many.warc.gz": (packed(*WHOLE)[:-50], f"1.9 + {NO_RECORD}: cut off"),
    "cut-by-many.warc": (PLAIN[:-50], f"1.9 + {NO_RECORD}: cut off"),
}  # fmt: skip
"""An odd file, and what is said of it."""


QUICKLY = 1 << 19
"""Bytes that a body may unpack to, here."""
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, list[str]]:
    """Write every odd file, and every odd record before a sound one, packed and plain; return what is said of each."""
    folder = tmp_path_factory.mktemp("odd")
    expected = {folder / name: (data, text.split(" + ")) for name, (data, text) in ODD_FILES.items()}
    for number, (odd, text) in enumerate(ODD_RECORDS.values()):
        texts = sorted([*text.split(" + "), "7"], key=lambda each: each.startswith("bad"))
        members = (b"WARC/" + part for part in odd.split(b"WARC/")[1:])
        expected[folder / f"{number:03}.warc.gz"] = packed(INFO, *members, SOUND), texts
        expected[folder / f"{number:03}.warc"] = INFO + odd + SOUND, texts
    for path, (data, _) in expected.items():
        path.write_bytes(data)
    return {path: [text for text in texts if text] for path, (_, texts) in expected.items()}


def tell(reader: ArchiveReader, path: Path) -> list[str]:
    """Return what a file tells: the prices of its visits or why they were not read, then what is no visit."""
    if problem := archive_problem(path):
        assert problem.startswith(f"{path}: ")
        return ["refused"]
    found = [*reader.visits(path)]
    visits = [
        " ".join(printed_prices(one)) or f"{one.outcome} {one.detail.removeprefix('archive: ')}"
        for one in found if isinstance(one, Visit)
    ]  # fmt: skip
    bad = [one.reason.removeprefix("archive: ") for one in found if isinstance(one, DamagedRecord)]
    return [*visits, *(f"bad {reason}" for reason in bad)]


def agrees(found: list[str], expected: list[str]) -> bool:
    return len(found) == len(expected) and all(map(str.startswith, found, expected))


def test_each_odd_record_has_an_outcome_of_its_own(
    expected: dict[Path, list[str]], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(http_codings, "LARGEST_BODY", QUICKLY)
    names = [name for name in ODD_RECORDS for _ in range(2)]
    labels = dict(zip((path for path in expected if path.stem[:3].isdigit()), names, strict=True))
    with ArchiveReader({"items": ArchivedAcme}) as reader:
        outcomes = {path: tell(reader, path) for path in expected}
    wrong = {
        f"{path.name} {labels.get(path, '')}": found
        for path, found in outcomes.items()
        if not agrees(found, expected[path])
    }
    assert not wrong
    assert capfd.readouterr() == ("", ""), "only its outcome speaks of a record"


def test_all_of_them_go_into_one_catalog_and_are_read_once(
    expected: dict[Path, list[str]], tmp_path: Path
) -> None:
    """The odd records packed in one file, and each odd file beside it."""
    odd = [path.read_bytes() for path in expected if path.name[:3].isdigit() and path.suffix == ".gz"]
    (tmp_path / "all.warc.gz").write_bytes(b"".join(odd))
    kept = [path for path, texts in expected.items() if texts != ["refused"] and not path.stem[:3].isdigit()]
    for path in kept:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    known = {"items": ArchivedAcme}
    with CatalogStore.open(tmp_path / "catalog.db", now=lambda: NOW) as catalog:
        taken = ingest_files(catalog, unread_files(catalog, tmp_path), known, lambda visit: None)
        assert len(taken.files) == len(kept) + 1
        assert ingest_files(catalog, unread_files(catalog, tmp_path), known, lambda visit: None).files == []
        assert catalog.check() == []
