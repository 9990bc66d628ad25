"""Reading WARC files: their records in order, the bytes of one, and where each body of a folder stands."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NamedTuple

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
_BODY_LIST_SUFFIX = ".bodies.jsonl"
_UNREADABLE_ERRORS = (
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


def scan_records(path: Path) -> Iterator[WarcRecord]:
    """Yield the records of a WARC file, plain or compressed, up to its end or to where it was cut off."""
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        while (record := _next_record(records)) is not None:
            payload = record.raw_stream.read() if record.rec_type in ("metadata", "warcinfo") else b""
            end = _record_end(records)
            if end is None or getattr(record.raw_stream, "limit", None) != 0:
                return
            yield _make_record(record, path, records.get_record_offset(), end, payload)


def _next_record(records: ArchiveIterator) -> ArcWarcRecord | None:
    try:
        return next(records, None)
    except _UNREADABLE_ERRORS:
        return None


def _record_end(records: ArchiveIterator) -> int | None:
    try:
        return int(records.get_record_offset() + records.get_record_length())
    except _UNREADABLE_ERRORS:
        return None


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
        body: bytes = record.content_stream().read()
    said = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    if said.startswith("sha256:") and said != body_digest(body):
        raise DamagedArchiveError(
            f"archive: wanted {said}, found {body_digest(body)}, at {path.name}:{offset}"
        )
    return body


class BodyPlace(NamedTuple):
    """Where a body stands, and which answer brought it."""

    digest: str
    url: str
    date: str
    warc: str
    offset: int


class BodyIndex:
    """Where each body of an archive folder stands.

    Each WARC file of ours has a list of its bodies beside it. The lists are derived: one that is absent or
    older than its file is made again from the file.
    """

    def __init__(self, folder: Path, places: Iterable[BodyPlace] = ()) -> None:
        self._folder = folder
        self._by_digest: dict[str, BodyPlace] = {}
        self._by_url: dict[str, BodyPlace] = {}
        for place in places:
            self.add(place)

    @classmethod
    def load(cls, folder: Path) -> BodyIndex:
        """Read the folder's lists, and the files that have none."""
        return cls(folder, (place for path in warc_files(folder) for place in _listed_places(path)))

    def add(self, place: BodyPlace) -> None:
        """Note one more body; the first place of a body is the one that counts."""
        self._by_digest.setdefault(place.digest, place)
        self._by_url[place.url] = place

    def find(self, digest: str) -> BodyPlace | None:
        """Return where the body of this name stands, or None."""
        return self._by_digest.get(digest)

    def latest(self, url: str) -> BodyPlace | None:
        """Return the newest body that came from `url`, or None."""
        return self._by_url.get(url)

    def body(self, digest: str) -> bytes:
        """Return the bytes of this name. Raises DamagedArchiveError when the folder has them no more."""
        place = self.find(digest)
        if place is None:
            raise DamagedArchiveError(f"archive: wanted {digest}, found no such body, in {self._folder}")
        return read_body(self._folder / place.warc, place.offset)


def warc_files(folder: Path) -> list[Path]:
    """Return the WARC files of a folder, oldest name first."""
    return sorted(path for path in folder.glob("*.warc*") if path.name.endswith((".warc", ".warc.gz")))


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


def write_body_list(path: Path, places: Iterable[BodyPlace]) -> None:
    """Write the list of a finished WARC file's bodies beside it."""
    lines = [json.dumps({"size": path.stat().st_size})]
    lines += [json.dumps(place._asdict()) for place in places]
    made = path.with_name(path.name + _BODY_LIST_SUFFIX)
    unfinished = made.with_suffix(".tmp")
    unfinished.write_text("\n".join(lines) + "\n", encoding="utf-8")
    unfinished.replace(made)


def body_places(path: Path) -> Iterator[BodyPlace]:
    """Yield the bodies that one WARC file holds itself."""
    for entry in scan_records(path):
        if entry.kind == "response" and entry.digest.startswith("sha256:"):
            yield BodyPlace(entry.digest, entry.url, format_warc_date(entry.date), path.name, entry.offset)


def format_warc_date(moment: datetime) -> str:
    """Return a moment as WARC writes it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _listed_places(path: Path) -> Iterable[BodyPlace]:
    index = path.with_name(path.name + _BODY_LIST_SUFFIX)
    if not index.exists():
        return body_places(path)
    with index.open(encoding="utf-8") as lines:
        places = [*_parse_places(lines, path.stat().st_size)]
    return places or body_places(path)


def _parse_places(lines: IO[str], size: int) -> Iterator[BodyPlace]:
    first: dict[str, Any] = json.loads(next(lines, "{}"))
    if first.get("size") == size:
        for line in lines:
            yield BodyPlace(**json.loads(line))
