"""Reading WARC files: their records in order, the bytes of one, and where each body of a folder stands."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO

import brotli
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParserException

if sys.platform != "win32":
    import fcntl

SOFTWARE = "cardwatch"
VISIT_CONTENT_TYPE = "application/vnd.cardwatch.visit+json"
"""Content type of the metadata record that says what came of one attempt."""
NOT_MODIFIED_PROFILE = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
EARLIEST_YEAR, LATEST_YEAR = 1970, 2200
"""Years between which every clock that Cardwatch believes lies."""
NO_DATE = datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC)
_WARC_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?Z)?)?)?", re.ASCII
)
_WARC_NAMES = (".warc", ".warc.gz")
UNREADABLE_ERRORS = (
    *(ArchiveLoadFailed, StatusAndHeadersParserException),
    *(AttributeError, EOFError, IndexError, TypeError, ValueError),
)
"""What the reader raises for bytes that are no record, such as a tail cut off by a kill."""


class DamagedArchiveError(ValueError):
    """The archive does not hold the bytes it says it holds."""


def body_digest(body: bytes) -> str:
    """Return the name of a body: the SHA-256 of its decoded bytes."""
    return f"sha256:{sha256(body).hexdigest()}"


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record: its headers and place; `payload` only where the record is short text about others.

    `digest` is what the record says of its body, in the words of whoever wrote it. `end` is where the next
    record starts. A record with a `problem` tells of no visit.
    """

    kind: str
    id: str
    url: str
    date: datetime
    digest: str
    warc: Path
    offset: int
    end: int
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = ""
    profile: str = ""
    payload: bytes = b""
    problem: str = ""
    cut: str = ""
    """Why the body is not all that was sent, "" if it is."""


DAMAGED_KIND = "damaged"
"""The kind of a stretch of a file that is no record; its `problem` says why."""
_RECORD_STARTS = (b"\x1f\x8b\x08", b"WARC/1.")


def scan_records(path: Path) -> Iterator[WarcRecord]:
    """Yield the records of a WARC file, plain or compressed, and the stretches in it that are none.

    What follows a damaged stretch is read from the next sound record on. A file that was cut off ends with one.
    """
    with path.open("rb") as file:
        start: int | None = 0
        while start is not None:
            bad = None
            for entry in _scan_from(file, path, start):
                yield entry
                bad = entry if entry.kind == DAMAGED_KIND else None
            start = _find_record_start(file, bad.offset + 1) if bad else None


def _scan_from(file: IO[bytes], path: Path, start: int) -> Iterator[WarcRecord]:
    """Yield sound records up to the end of the file or to the first stretch that is none."""
    file.seek(start)
    records = ArchiveIterator(file)
    end = start
    try:
        for record in records:
            payload = record.raw_stream.read() if record.rec_type in ("metadata", "warcinfo") else b""
            offset, end = records.get_record_offset(), _record_end(records)
            if records.err_count or getattr(record.raw_stream, "limit", None) != 0:
                yield _damage(path, offset, "its length is not the one it says")
                return
            yield _make_record(record, path, offset, end, payload)
    except UNREADABLE_ERRORS as error:
        yield _damage(path, end, _damage_reason(error))


def _damage(path: Path, offset: int, reason: str) -> WarcRecord:
    where = {"warc": path, "offset": offset, "end": offset}
    return WarcRecord(DAMAGED_KIND, "", "", NO_DATE, "", **where, problem=f"no sound record: {reason}")  # type: ignore[arg-type]


def _damage_reason(error: Exception) -> str:
    if "non-chunked gzip" in str(error):
        return "wanted a gzip member for each record, found one for all; `warcio recompress` mends that"
    return f"{type(error).__name__}: {' '.join(str(error).split())[:120]}".rstrip(": ")


def _find_record_start(file: IO[bytes], after: int) -> int | None:
    """Return where the next record may start, None at the end of the file."""
    file.seek(0)
    mark = next((mark for mark in _RECORD_STARTS if file.read(len(mark)) == mark or file.seek(0)), b"WARC/1.")
    file.seek(after)
    kept = b""
    while block := file.read(1 << 20):
        found = (kept + block).find(mark)
        if found >= 0:
            return file.tell() - len(block) - len(kept) + found
        kept = block[-len(mark) + 1 :]
    return None


def archive_problem(path: Path) -> str:
    """Return why a file is no archive that can be read, "" if it is one."""
    if not path.name.endswith(_WARC_NAMES):
        return f"{path}: wanted a WARC file (.warc or .warc.gz), found {path.suffix or 'no such name'}"
    first = list(islice(scan_records(path), 2))
    if not first or (
        first[-1].kind == DAMAGED_KIND and not any(e.kind != DAMAGED_KIND for e in scan_records(path))
    ):
        return f"{path}: wanted WARC records, found none"
    whole = next((e.problem for e in first if "one for all" in e.problem), "")
    return f"{path}: {whole}" if whole else ""


def _next_record(records: ArchiveIterator) -> ArcWarcRecord | None:
    try:
        return next(records, None)
    except UNREADABLE_ERRORS:
        return None


def _record_end(records: ArchiveIterator) -> int:
    return int(records.get_record_offset() + records.get_record_length())


def _make_record(record: ArcWarcRecord, path: Path, offset: int, end: int, payload: bytes) -> WarcRecord:
    said = record.rec_headers.get_header
    http = record.http_headers
    date = _parse_warc_date(said("WARC-Date") or "")
    code = http.get_statuscode() if http and record.rec_type != "request" else ""
    return WarcRecord(
        kind=record.rec_type or "",
        id=said("WARC-Record-ID") or "",
        url=said("WARC-Target-URI") or "",
        date=date or NO_DATE,
        digest=said("WARC-Payload-Digest") or "",
        warc=path,
        offset=offset,
        end=end,
        status=int(code) if re.fullmatch("[0-9]{3}", code) else 0,
        headers=tuple(http.headers) if http else (),
        content_type=said("Content-Type") or "",
        profile=said("WARC-Profile") or "",
        payload=payload,
        cut=_cut_reason(record),
        problem="" if date else f"WARC-Date: wanted a date of WARC 1.1, found {said('WARC-Date')!r}",
    )


def _parse_warc_date(text: str) -> datetime | None:
    """Return the start of the period that a WARC-Date names, None for what is no such date.

    WARC 1.1 allows fewer places than seconds ("2026-05") and more, to the nanosecond.
    """
    found = _WARC_DATE.fullmatch(text)
    if found is None:
        return None
    first = ("1970", "01", "01", "00", "00", "00", "0")
    parts = [int(part or least) for part, least in zip(found.groups(), first, strict=True)]
    fraction = (found.group(7) or "0")[:6].ljust(6, "0")
    try:
        moment = datetime(*parts[:6], int(fraction), tzinfo=UTC)  # type: ignore[arg-type,misc]
    except ValueError:
        return None
    return moment if is_plausible_date(moment) else None


def _cut_reason(record: ArcWarcRecord) -> str:
    """Return why the body of a response is not whole: its crawler says so, or HTTP promised more bytes."""
    if record.rec_type != "response" or record.http_headers is None:
        return ""
    if reason := record.rec_headers.get_header("WARC-Truncated"):
        return f"WARC-Truncated: {reason}"
    said = record.http_headers.get_header("Content-Length") or ""
    found = record.payload_length
    if re.fullmatch("[0-9]{1,12}", said) and 0 <= found < int(said):
        return f"Content-Length: wanted {said} bytes, found {found}"
    return ""


def is_plausible_date(moment: datetime) -> bool:
    """Say whether a page can have been fetched then, by any clock."""
    return EARLIEST_YEAR <= moment.year <= LATEST_YEAR


def read_body(path: Path, offset: int) -> bytes:
    """Return the decoded body of the response at `offset`. Raises DamagedArchiveError when there is none."""
    with path.open("rb") as file:
        file.seek(offset)
        record = _next_record(ArchiveIterator(file))
        if record is None or record.rec_type not in ("response", "resource"):
            found = record.rec_type if record else "no record"
            raise DamagedArchiveError(f"archive: wanted a response, found {found}, at {path.name}:{offset}")
        body = _decoded_body(record)
    said = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    if said.startswith("sha256:") and said != body_digest(body):
        raise DamagedArchiveError(
            f"archive: wanted {said}, found {body_digest(body)}, at {path.name}:{offset}"
        )
    return body


def _decoded_body(record: ArcWarcRecord) -> bytes:
    """Return the body of an answer without its codings; the reader knows all of them but Brotli."""
    http = record.http_headers
    packed = http is not None and (http.get_header("Content-Encoding") or "").strip().lower() == "br"
    if packed:
        http.replace_header("Content-Encoding", "identity")
    body: bytes = record.content_stream().read()
    if not packed:
        return body
    try:
        unpacked: bytes = brotli.decompress(body)
    except brotli.error as error:
        raise DamagedArchiveError(f"archive: wanted Brotli, found {error}") from error
    return unpacked


def warc_files(folder: Path) -> list[Path]:
    """Return the WARC files of a folder, oldest name first."""
    return sorted(path for path in folder.glob("*.warc*") if path.name.endswith(_WARC_NAMES))


def lock_growing(file: IO[bytes]) -> None:
    """Mark an open WARC file as one that grows, until it is closed or its process ends."""
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_growing(path: Path) -> bool:
    """Say whether a process still adds to a WARC file that has something in it; nobody can on Windows."""
    if sys.platform == "win32":
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def format_warc_date(moment: datetime) -> str:
    """Return a moment as WARC writes it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
