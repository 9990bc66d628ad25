"""Writing WARC files: each exchange before anyone reads it, and what came of each attempt after it."""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from http.client import responses
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import quote, urlsplit
from uuid import uuid4

from scrapy import Request
from scrapy.http import Response
from warcio.statusandheaders import StatusAndHeaders

from cardwatch.crawler.body_index import BodyIndex, BodyPlace
from cardwatch.crawler.documents import Document
from cardwatch.crawler.gzip_member import pack_member
from cardwatch.crawler.record_list import ListedRecord, write_record_list
from cardwatch.crawler.secrets import HIDDEN, hide_secrets
from cardwatch.crawler.warc import (
    NOT_MODIFIED_PROFILE,
    SAME_BODY_PROFILE,
    SOFTWARE,
    VISIT_CONTENT_TYPE,
    body_digest,
    format_warc_date,
    lock_growing,
)

SHOWN_REQUEST_HEADERS = frozenset(
    {
        *("accept", "accept-encoding", "accept-language", "cache-control", "host"),
        *("if-modified-since", "if-none-match", "user-agent"),
    }
)
"""Request headers the archive shows; of any other, such as a key, only the name."""
DROPPED_RESPONSE_HEADERS = frozenset({"set-cookie", "set-cookie2", "connection", "keep-alive"})
TRANSFER_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""Response headers that are true of the transfer; bodies are kept decoded."""

_PRINTABLE = string.ascii_letters + string.digits + string.punctuation


class ArchiveError(Exception):
    """The archive cannot be written; nothing more may be fetched."""


class ArchivedResponse(NamedTuple):
    """A response in the archive: its record and its document."""

    record: str
    document: Document


Lines = Sequence[tuple[str, str]]
"""Names of headers and their values."""
HTTP_TYPE = "application/http; msgtype={}"


@dataclass(frozen=True, slots=True)
class _NewRecord:
    """A record of WARC 1.1; of digests it tells the body's alone, gzip guards the rest."""

    kind: str
    url: str
    date: str
    content_type: str
    block: bytes
    more: Lines = ()
    body: str = ""
    """Digest of the body that it holds itself."""
    id: str = field(default_factory=lambda: f"<urn:uuid:{uuid4()}>")

    def content(self) -> bytes:
        """Return its bytes before compression."""
        lines = [("WARC-Type", self.kind), ("WARC-Record-ID", self.id), ("WARC-Date", self.date)]
        if self.url:
            lines.append(("WARC-Target-URI", self.url))
        if self.body:
            lines.append(("WARC-Payload-Digest", self.body))
        size = ("Content-Length", str(len(self.block)))
        head = _head("WARC/1.1", [*lines, *self.more, ("Content-Type", self.content_type), size])
        return b"%b%b\r\n\r\n" % (head.encode(), self.block)


@dataclass(slots=True)
class _OpenArchiveFile:
    """A file that grows by one gzip member a record."""

    path: Path
    out: IO[bytes]
    size: int = 0
    records: list[ListedRecord] = field(default_factory=list)

    def write(self, record: _NewRecord) -> None:
        """Add a record; it reaches the system with the file's buffer."""
        member = pack_member(record.content())
        self.out.write(member)
        stored = sha256(member).hexdigest()
        about = (record.kind, record.url, record.date, record.body)
        self.records.append(ListedRecord(self.size, len(member), stored, *about))
        self.size += len(member)


class ArchiveWriter:
    """Adds one WARC file to a folder, made when there is something to keep.

    A record is one gzip member, and all of a call's records reach the operating system before it returns:
    a kill costs at most the records being written. A body the folder already holds becomes a revisit record.
    """

    def __init__(self, folder: Path, *, now: Callable[[], datetime]) -> None:
        self.folder = folder
        self._now = now
        self._index: BodyIndex | None = None
        self._file: _OpenArchiveFile | None = None
        self._broken = False

    @property
    def path(self) -> Path | None:
        """The file written so far, or None."""
        return self._file.path if self._file else None

    def exchange(self, request: Request, response: Response, *, sent: Mapping[str, str]) -> ArchivedResponse:
        """Keep a request and its answer, whose body is decoded. Raises ArchiveError when the disk refuses.

        `sent` are the request's headers as they went out.
        """
        moment = self._now()
        url, digest = hide_secrets(response.url), body_digest(response.body)
        file = self._open()
        answer = self._answer(url, response, digest, format_warc_date(moment))
        place = BodyPlace(digest, url, answer.date, file.path.name, file.size)
        self._write(answer, _request_record(request, sent, answer))
        if answer.kind == "response" and response.body:
            self._bodies.add(place)
        return ArchivedResponse(answer.id, _make_document(place, response, moment))

    def visit(self, visit: Mapping[str, Any], records: Iterable[str]) -> None:
        """Keep what came of one attempt, after its answers. Raises ArchiveError when the disk refuses."""
        self._open()
        body = json.dumps(visit, ensure_ascii=False, sort_keys=True).encode(errors="replace")
        url = quote(visit["url"], safe=_PRINTABLE, errors="replace")
        date, answers = format_warc_date(self._now()), [("WARC-Concurrent-To", answer) for answer in records]
        self._write(_NewRecord("metadata", url, date, VISIT_CONTENT_TYPE, body, answers))

    def close(self) -> None:
        """Finish the file and list its records beside it."""
        if self._file is None:
            return
        try:
            self._file.out.close()
            if not self._broken:
                write_record_list(self._file.path, self._file.records, finished=True)
        except OSError as error:
            if not self._broken:  # else what is still buffered has no room either
                raise _write_error(self._file.path, error) from error

    @property
    def _bodies(self) -> BodyIndex:
        assert self._index
        return self._index

    def _open(self) -> _OpenArchiveFile:
        if self._file is not None:
            return self._file
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._index = BodyIndex.load(self.folder)
            path, file = _new_file(self.folder, self._now())
            lock_growing(file)
        except OSError as error:
            raise _write_error(self.folder, error) from error
        self._file = made = _OpenArchiveFile(path, file)
        info = f"software: {SOFTWARE}\r\nformat: WARC File Format 1.1\r\nrobots: obey\r\n".encode()
        date, named = format_warc_date(self._now()), [("WARC-Filename", path.name)]
        self._write(_NewRecord("warcinfo", "", date, "application/warc-fields", info, named))
        return made

    def _write(self, *records: _NewRecord) -> None:
        assert self._file
        if self._broken:
            raise ArchiveError(f"{self._file.path}: cannot write: closed after an earlier error")
        try:
            for record in records:
                self._file.write(record)
            self._file.out.flush()
        except OSError as error:
            self._broken = True
            raise _write_error(self._file.path, error) from error

    def _answer(self, url: str, response: Response, digest: str, date: str) -> _NewRecord:
        first = f"HTTP/1.1 {response.status} {responses.get(response.status, '')}".strip()
        head = _http_head(first, _answer_headers(response))
        address = [("WARC-IP-Address", str(response.ip_address))] if response.ip_address is not None else []
        content_type = HTTP_TYPE.format("response")
        if response.status == 304:
            more = [*address, *_unmodified_since(self._bodies.latest(url))]
            return _NewRecord("revisit", url, date, content_type, head, more)
        if response.body and (before := self._bodies.find_sound(digest)):
            more = [*address, *_refers_to(SAME_BODY_PROFILE, before)]
            return _NewRecord("revisit", url, date, content_type, head, more)
        return _NewRecord("response", url, date, content_type, head + response.body, address, digest)


def _unmodified_since(before: BodyPlace | None) -> Lines:
    return _refers_to(NOT_MODIFIED_PROFILE, before) if before else [("WARC-Profile", NOT_MODIFIED_PROFILE)]


def _refers_to(profile: str, before: BodyPlace) -> Lines:
    """Return how a record says which body it stands for."""
    return [
        ("WARC-Profile", profile),
        ("WARC-Refers-To-Target-URI", before.url),
        ("WARC-Refers-To-Date", before.date),
        ("WARC-Payload-Digest", before.digest),
    ]


def _request_record(request: Request, sent: Mapping[str, str], answer: _NewRecord) -> _NewRecord:
    parts = urlsplit(answer.url)
    target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    lines = [("Host", parts.netloc)]
    lines += [
        (name, value if name.lower() in SHOWN_REQUEST_HEADERS else HIDDEN) for name, value in sent.items()
    ]
    head = _http_head(f"{request.method} {target} HTTP/1.1", lines)
    more = [("WARC-Concurrent-To", answer.id)]
    return _NewRecord("request", answer.url, answer.date, HTTP_TYPE.format("request"), head, more)


def _head(first: str, lines: Lines) -> str:
    """Return a first line and headers as WARC and HTTP write them."""
    return "\r\n".join([first, *[f"{name}: {value}" for name, value in lines], "", ""])


def _http_head(first: str, lines: Lines) -> bytes:
    """Return the head of an HTTP message; what is not ASCII is percent-encoded."""
    head = _head(first, lines)
    if head.isascii():
        return head.encode()
    encoded: bytes = StatusAndHeaders(first, [*lines], protocol="").to_ascii_bytes()
    return encoded


def _make_document(place: BodyPlace, response: Response, moment: datetime) -> Document:
    return Document(
        digest=place.digest,
        url=place.url,
        fetched_at=moment,
        content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
        size=len(response.body),
        warc=place.warc,
        offset=place.offset,
    )


def _new_file(folder: Path, moment: datetime) -> tuple[Path, IO[bytes]]:
    """Open the first free name: the time in UTC and a number, so that names sort by time."""
    run = 1
    while True:
        path = folder / f"{moment:%Y%m%dT%H%M%SZ}-{run:02d}.warc.gz"
        try:
            return path, path.open("xb")
        except FileExistsError:
            run += 1


def _write_error(path: Path, error: OSError) -> ArchiveError:
    return ArchiveError(f"{path}: cannot write: {error.strerror or error}")


def _answer_headers(response: Response) -> list[tuple[str, str]]:
    """Return the headers of an answer whose body is kept decoded, without cookies."""
    lines: list[tuple[str, str]] = []
    for raw, values in response.headers.items():
        name = raw.decode("latin-1")
        for value in values:
            text = value.decode("latin-1")
            if name.lower() in TRANSFER_HEADERS:
                lines.append((f"X-Archive-Orig-{name}", text))
            elif name.lower() not in DROPPED_RESPONSE_HEADERS:
                lines.append((name, text))
    return [*lines, ("Content-Length", str(len(response.body)))]
