"""Reading WARC files: their records in order, the bytes of one, and where each body of a folder stands."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from io import BytesIO
from itertools import islice
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import IO, NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException

from cardwatch.crawler.bounds import BoundExceededError, page_bounds
from cardwatch.crawler.gzip_member import (
    HEADER_SIZE,
    MAGIC,
    UNPACKED_BLOCK,
    GzipCutOffError,
    GzipMember,
    GzipMemberError,
)
from cardwatch.crawler.http_codings import CodingError, undo_codings
from cardwatch.crawler.payload_digest import digest_agrees
from cardwatch.crawler.plain_record import parse_plain_record

if sys.platform != "win32":
    import fcntl

SOFTWARE = "cardwatch"
VISIT_CONTENT_TYPE = "application/vnd.cardwatch.visit+json"
"""Content type of the metadata record that says what came of one attempt."""
NOT_MODIFIED_PROFILE = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
SAME_BODY_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
EARLIEST_YEAR, LATEST_YEAR = 1970, 2200
"""Years between which every clock that Cardwatch believes lies."""
ONE_FOR_ALL = "wanted a gzip member for each record, found one for all; `warcio recompress` mends that"
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


CONTENT_KINDS = ("response", "resource")
"""Kinds of records that hold what a URL gave: with its HTTP headers, or without."""


class _Records(ArchiveIterator):  # type: ignore[misc]
    """Records of a file, told of by nobody but us."""

    INC_RECORD = ""


class DamagedArchiveError(ValueError):
    """The archive does not hold the bytes it says it holds."""


class UndecodableBodyError(DamagedArchiveError):
    """The bytes are those that came, and their coding cannot be undone."""


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
    refers_to: tuple[str, str, str] = ("", "", "")
    """The record, the URL and the date of the answer that this one says it repeats."""


DAMAGED_KIND = "damaged"
"""The kind of a stretch of a file that is no record; its `problem` says why."""
CUT_OFF = "cut off"
"""How the problem of a record begins that the file's end cuts short, as a kill leaves it."""
_PLAIN_START = b"WARC/1."
_MAX_NOTE = 1 << 24
"""Bytes of a record about other records; a line about a visit has a few hundred."""


def scan_records(path: Path, start: int | None = 0) -> Iterator[WarcRecord]:
    """Yield the records of a WARC file from `start` on, plain or compressed, and the stretches in it that are none.

    What follows a damaged stretch is read from the next sound record on. A file that was cut off ends with one.
    """
    with path.open("rb") as file:
        packed = file.read(len(MAGIC)) == MAGIC
        while start is not None:
            bad = None
            for entry in _scan_members(file, path, start) if packed else _scan_plain(file, path, start):
                yield entry
                bad = entry if entry.kind == DAMAGED_KIND else None
            start = _find_record_start(file, bad.offset + 1, packed=packed) if bad else None


def _scan_members(file: IO[bytes], path: Path, start: int) -> Iterator[WarcRecord]:
    """Yield the sound records of a compressed file up to its end or to the first member that holds none."""
    size = os.fstat(file.fileno()).st_size
    while start < size:
        try:
            entry, end = _read_member(file, path, start)
        except GzipCutOffError as error:
            yield _damage(path, start, f"{CUT_OFF}: {error}")
            return
        except UNREADABLE_ERRORS as error:
            yield _damage(path, start, _damage_reason(error))
            return
        if entry:
            yield entry
        if entry and entry.kind == DAMAGED_KIND:
            return
        start = end


def _read_member(file: IO[bytes], path: Path, start: int) -> tuple[WarcRecord | None, int]:
    """Return the record that a gzip member holds, None if it is empty, and where the member ends.

    Raises one of UNREADABLE_ERRORS.
    """
    member = GzipMember(file, start)
    content = member.read()
    while not member.is_read and len(content) < UNPACKED_BLOCK:
        content += member.read()
    if member.is_read and (plain := parse_plain_record(content)):
        return _make_record(plain, path, start, member.end, _note_payload(plain)), member.end
    member = GzipMember(file, start)
    records = _Records(member)
    record = next(records, None)
    if record is None:
        return None, member.end
    payload = _note_payload(record)
    _refuse_arc(record)
    _record_end(records)
    if _is_of_other_length(records, record):
        return _damage(path, start, "its length is not the one it says"), member.end
    if next(records, None):
        return _damage(path, start, ONE_FOR_ALL), member.end
    return _make_record(record, path, start, member.end, payload), member.end


def _scan_plain(file: IO[bytes], path: Path, start: int) -> Iterator[WarcRecord]:
    """Yield the sound records of a plain file up to its end or to the first stretch that is none."""
    file.seek(start)
    records = _Records(file)
    end = start
    try:
        for record in records:
            payload = _note_payload(record)
            _refuse_arc(record)
            offset, end = records.get_record_offset(), _record_end(records)
            if _is_of_other_length(records, record):
                short = end >= os.fstat(file.fileno()).st_size
                yield _damage(path, offset, f"{CUT_OFF}: the file ends inside a record" if short
                              else "its length is not the one it says")  # fmt: skip
                return
            yield _make_record(record, path, offset, end, payload)
    except UNREADABLE_ERRORS as error:
        yield _damage(path, _after_blank_lines(file, end), _damage_reason(error))


def _after_blank_lines(file: IO[bytes], at: int) -> int:
    """Return where the next line of a file starts that has something in it, `at` or later."""
    file.seek(at)
    start = file.read(HEADER_SIZE)
    return at + len(start) - len(start.lstrip(b"\r\n"))


def _note_payload(record: ArcWarcRecord) -> bytes:
    """Return the text of a record about others, b"" of one that holds a page. Raises ValueError for a long one."""
    if record.rec_type not in ("metadata", "warcinfo"):
        return b""
    payload: bytes = record.raw_stream.read(_MAX_NOTE)
    if len(payload) == _MAX_NOTE:
        raise ValueError(f"a {record.rec_type} record of {_MAX_NOTE >> 20} MB or more")
    return payload


def _refuse_arc(record: ArcWarcRecord) -> None:
    if record.format != "warc":
        raise ValueError(f"wanted a WARC record, found one of {record.format.upper()}")


def _is_of_other_length(records: _Records, record: ArcWarcRecord) -> bool:
    return bool(records.err_count) or getattr(record.raw_stream, "limit", None) != 0


def _damage(path: Path, offset: int, reason: str) -> WarcRecord:
    where = {"warc": path, "offset": offset, "end": offset}
    return WarcRecord(DAMAGED_KIND, "", "", NO_DATE, "", **where, problem=f"no sound record: {reason}")  # type: ignore[arg-type]


def _damage_reason(error: Exception) -> str:
    if isinstance(error, (AttributeError, IndexError, TypeError)):
        return "a header that it needs is missing or malformed"
    return f"{type(error).__name__}: {' '.join(str(error).split())[:120]}".rstrip(": ")


def _find_record_start(file: IO[bytes], after: int, *, packed: bool) -> int | None:
    """Return where the next record seems to start, None at the end of the file.

    A compressed one starts as the file's first does, or with something that unpacks to the start of a record.
    """
    mark = MAGIC if packed else _PLAIN_START
    with mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        header = data[:HEADER_SIZE]
        at = data.find(mark, after)
        while at >= 0:
            if not packed or data[at : at + HEADER_SIZE] == header or _unpacks_to_record(file, at):
                return at
            at = data.find(mark, at + 1)
    return None


def _unpacks_to_record(file: IO[bytes], at: int) -> bool:
    try:
        return GzipMember(file, at).read().startswith(_PLAIN_START)
    except GzipMemberError:
        return False


def is_ours(entries: Iterable[WarcRecord]) -> bool:
    """Say whether records are those of a file that Cardwatch wrote."""
    return any(e.kind == "warcinfo" and f"software: {SOFTWARE}\r\n".encode() in e.payload for e in entries)


def archive_problem(path: Path) -> str:
    """Return why a file is no archive that can be read, "" if it is one."""
    if not path.name.endswith(_WARC_NAMES):
        return f"{path}: wanted a WARC file (.warc or .warc.gz), found {path.suffix or 'no such name'}"
    try:
        with page_bounds():
            first = list(islice(scan_records(path), 2))
            sound = any(entry.kind != DAMAGED_KIND for entry in first) or has_sound_record(path)
    except BoundExceededError as error:
        return f"{path}: wanted WARC records, found some that {error}"
    whole = next((e.problem for e in first if ONE_FOR_ALL in e.problem), "")
    if whole or not sound:
        return f"{path}: {whole or 'wanted WARC records, found none'}"
    return ""


def has_sound_record(path: Path) -> bool:
    """Say whether anything in a file is a record."""
    return any(entry.kind != DAMAGED_KIND for entry in scan_records(path))


def _record_end(records: _Records) -> int:
    return int(records.get_record_offset() + records.get_record_length())


def _make_record(record: ArcWarcRecord, path: Path, offset: int, end: int, payload: bytes) -> WarcRecord:
    get_header = record.rec_headers.get_header
    date = _parse_warc_date(get_header("WARC-Date") or "")
    status, headers = _status_and_headers(record)
    return WarcRecord(
        kind=record.rec_type or "",
        id=get_header("WARC-Record-ID") or "",
        url=get_header("WARC-Target-URI") or "",
        date=date or NO_DATE,
        digest=get_header("WARC-Payload-Digest") or "",
        warc=path,
        offset=offset,
        end=end,
        status=status,
        headers=headers,
        content_type=get_header("Content-Type") or "",
        profile=get_header("WARC-Profile") or "",
        payload=payload,
        cut=_cut_reason(record),
        refers_to=_referred(record),
        problem="" if date else f"WARC-Date: wanted a date of WARC 1.1, found {get_header('WARC-Date')!r}",
    )


def _status_and_headers(record: ArcWarcRecord) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Return the HTTP status and headers of an answer, those of a page for a resource that was kept without any."""
    http = record.http_headers
    if record.rec_type == "resource" and http is None:
        return 200, (("Content-Type", record.rec_headers.get_header("Content-Type") or ""),)
    code = http.get_statuscode() if http and record.rec_type != "request" else ""
    return int(code) if re.fullmatch("[0-9]{3}", code) else 0, tuple(http.headers) if http else ()


def _referred(record: ArcWarcRecord) -> tuple[str, str, str]:
    get_header = record.rec_headers.get_header
    date = _parse_warc_date(get_header("WARC-Refers-To-Date") or "")
    url = get_header("WARC-Refers-To-Target-URI") or ""
    return get_header("WARC-Refers-To") or "", url, format_warc_date(date) if date else ""


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
    for name in ("WARC-Truncated", "WARC-Segment-Number"):
        if text := record.rec_headers.get_header(name):
            return f"{name}: {text}"
    length = record.http_headers.get_header("Content-Length") or ""
    found = record.payload_length
    if re.fullmatch("[0-9]{1,12}", length) and 0 <= found < int(length):
        return f"Content-Length: wanted {length} bytes, found {found}"
    return ""


def is_plausible_date(moment: datetime) -> bool:
    """Say whether a page can have been fetched then, by any clock."""
    return EARLIEST_YEAR <= moment.year <= LATEST_YEAR


def read_body(path: Path, offset: int) -> bytes:
    """Return the decoded body of the answer at `offset`.

    Raises DamagedArchiveError where there is none, or not the one that its record's digests are of.
    """
    where = f"at {path.name}:{offset}"
    try:
        stored = _read_stored(path, offset)
    except UNREADABLE_ERRORS as error:
        raise DamagedArchiveError(f"archive: wanted a response, {_damage_reason(error)}, {where}") from error
    for digest, forms in ((stored.block_digest, stored.block), (stored.payload_digest, stored.body_forms())):
        if not digest_agrees(digest, forms):
            raise DamagedArchiveError(f"archive: wanted {digest}, found {body_digest(stored.body)}, {where}")
    try:
        return undo_codings(stored.body, stored.transfer, stored.content)
    except CodingError as error:
        raise UndecodableBodyError(f"archive: {error}, {where}") from error


class _StoredAnswer(NamedTuple):
    """What the record of an answer holds and says of it; `block` has the bytes that a block digest is of."""

    body: bytes
    block: tuple[bytes, ...]
    block_digest: str
    payload_digest: str
    transfer: str
    content: str
    head: tuple[int, tuple[tuple[str, str], ...]]

    def body_forms(self) -> Iterator[bytes]:
        """Yield the body in the forms that a digest may be of: as stored, without its chunks, and decoded."""
        yield self.body
        for content in ("", self.content):
            try:
                yield undo_codings(self.body, self.transfer, content)
            except CodingError:
                continue


def _read_stored(path: Path, offset: int) -> _StoredAnswer:
    """Read the answer at `offset`. Raises one of UNREADABLE_ERRORS."""
    with path.open("rb") as file:
        file.seek(offset)
        packed = file.read(len(MAGIC)) == MAGIC
        file.seek(offset)
        stored = BytesIO(b"".join(iter(GzipMember(file, offset).read, b""))) if packed else file
        plain = parse_plain_record(stored.getvalue()) if isinstance(stored, BytesIO) else None
        record = plain or next(_Records(stored), None)
        if record is None or record.rec_type not in CONTENT_KINDS:
            raise ValueError(f"found {record.rec_type if record else 'no record'}")
        body = record.raw_stream.read()
        get_header = record.rec_headers.get_header
        block: tuple[bytes, ...] = ()
        if get_header("WARC-Block-Digest"):
            stored.seek(0 if packed else offset)
            block = (next(iter(_Records(stored, no_record_parse=True))).raw_stream.read(),)
    http = partial(_header, record.http_headers)
    return _StoredAnswer(
        body, block, get_header("WARC-Block-Digest") or "", get_header("WARC-Payload-Digest") or "",
        http("Transfer-Encoding"), http("Content-Encoding"), _status_and_headers(record),
    )  # fmt: skip


def read_head(path: Path, offset: int) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Return the HTTP status and headers of the answer at `offset`. Raises DamagedArchiveError."""
    return _read_answer(path, offset).head


def read_stated_digest(path: Path, offset: int) -> str:
    """Return the digest of its body that the record at `offset` states, as written there. Raises DamagedArchiveError."""
    return _read_answer(path, offset).payload_digest


def _read_answer(path: Path, offset: int) -> _StoredAnswer:
    try:
        return _read_stored(path, offset)
    except UNREADABLE_ERRORS as error:
        raise DamagedArchiveError(
            f"archive: wanted a response, {_damage_reason(error)}, at {path.name}:{offset}"
        ) from error


def _header(headers: StatusAndHeaders | None, name: str) -> str:
    """Return the values of a header, as one list."""
    found = headers.headers if headers else ()
    return ", ".join(value for key, value in found if key.lower() == name.lower())


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
