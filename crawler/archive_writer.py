"""Writing WARC files: each exchange before anyone reads it, and what came of each attempt after it."""

from __future__ import annotations

import json
import string
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from http.client import responses
from io import BytesIO
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import quote, urlsplit

from scrapy import Request
from scrapy.http import Response
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from cardwatch.crawler.body_index import BodyIndex, BodyPlace
from cardwatch.crawler.documents import Document
from cardwatch.crawler.record_list import ListedRecord, write_record_list
from cardwatch.crawler.secrets import HIDDEN, hide_secrets
from cardwatch.crawler.warc import (
    NOT_MODIFIED_PROFILE,
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


class _RecordWriter(WARCWriter):  # type: ignore[misc]
    """Takes the digests it is given: the payload's is ours, and gzip guards the rest."""

    def ensure_digest(self, record: ArcWarcRecord, block: bool = True, payload: bool = True) -> None:
        return


class _GzipMemberFile:
    """Makes each record one gzip member, and counts what is written."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.size = 0
        self.stored = ""
        """The SHA-256 of the last member."""
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        self._parts.append(data)

    def flush(self) -> None:
        """End a record; what has been written reaches the system when the archive says so."""
        member = zlib.compress(b"".join(self._parts), wbits=31)
        self._parts.clear()
        self.file.write(member)
        self.size += len(member)
        self.stored = sha256(member).hexdigest()


@dataclass(slots=True)
class _OpenArchiveFile:
    path: Path
    out: _GzipMemberFile
    writer: _RecordWriter
    records: list[ListedRecord] = field(default_factory=list)

    def write(self, record: ArcWarcRecord) -> None:
        """Add a record; it reaches the system with the file's buffer."""
        start = self.out.size
        self.writer.write_record(record)
        said = record.rec_headers.get_header
        body = (said("WARC-Payload-Digest") or "") if record.rec_type == "response" else ""
        place = (start, self.out.size - start, self.out.stored)
        url, date = said("WARC-Target-URI") or "", said("WARC-Date") or ""
        self.records.append(ListedRecord(*place, record.rec_type, url, date, body))


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
        dated = {"WARC-Date": format_warc_date(moment)}
        url, digest = hide_secrets(response.url), body_digest(response.body)
        file = self._open()
        answer = self._answer(url, response, digest, dated)
        record = answer.rec_headers.get_header("WARC-Record-ID")
        place = BodyPlace(digest, url, dated["WARC-Date"], file.path.name, file.out.size)
        self._write(answer, self._request(url, request, sent, {**dated, "WARC-Concurrent-To": record}))
        if answer.rec_type == "response" and response.body:
            self._bodies.add(place)
        return ArchivedResponse(record, _make_document(place, response, moment))

    def visit(self, visit: Mapping[str, Any], records: Iterable[str]) -> None:
        """Keep what came of one attempt, after its answers. Raises ArchiveError when the disk refuses."""
        self._open()
        body = json.dumps(visit, ensure_ascii=False, sort_keys=True).encode(errors="replace")
        record = self._writer.create_warc_record(
            quote(visit["url"], safe=_PRINTABLE, errors="replace"),
            "metadata",
            payload=BytesIO(body),
            length=len(body),
            warc_content_type=VISIT_CONTENT_TYPE,
            warc_headers_dict={"WARC-Date": format_warc_date(self._now())},
        )
        for answer in records:
            record.rec_headers.add_header("WARC-Concurrent-To", answer)
        self._write(record)

    def close(self) -> None:
        """Finish the file and list its records beside it."""
        if self._file is None:
            return
        try:
            self._file.out.file.close()
            if not self._broken:
                write_record_list(self._file.path, self._file.records, finished=True)
        except OSError as error:
            if not self._broken:  # else what is still buffered has no room either
                raise _write_error(self._file.path, error) from error

    @property
    def _bodies(self) -> BodyIndex:
        assert self._index
        return self._index

    @property
    def _writer(self) -> _RecordWriter:
        assert self._file
        return self._file.writer

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
        out = _GzipMemberFile(file)
        self._file = made = _OpenArchiveFile(path, out, _RecordWriter(out, gzip=False, warc_version="1.1"))
        info = {"software": SOFTWARE, "format": "WARC File Format 1.1", "robots": "obey"}
        record = made.writer.create_warcinfo_record(path.name, info)
        record.rec_headers.replace_header("WARC-Date", format_warc_date(self._now()))
        self._write(record)
        return made

    def _write(self, *records: ArcWarcRecord) -> None:
        assert self._file
        if self._broken:
            raise ArchiveError(f"{self._file.path}: cannot write: closed after an earlier error")
        try:
            for record in records:
                self._file.write(record)
            self._file.out.file.flush()
        except OSError as error:
            self._broken = True
            raise _write_error(self._file.path, error) from error

    def _answer(self, url: str, response: Response, digest: str, dated: Mapping[str, str]) -> ArcWarcRecord:
        headers = dict(dated)
        http = StatusAndHeaders(_status_line(response.status), _answer_headers(response), protocol="HTTP/1.1")
        if response.ip_address is not None:
            headers["WARC-IP-Address"] = str(response.ip_address)
        if response.status == 304:
            return self._unmodified(url, headers, http)
        if response.body and (before := self._bodies.find_sound(digest)):
            return self._writer.create_revisit_record(
                url, digest, before.url, before.date, http_headers=http, warc_headers_dict=headers
            )
        headers["WARC-Payload-Digest"] = digest
        return self._writer.create_warc_record(
            url, "response", payload=BytesIO(response.body), length=len(response.body),
            http_headers=http, warc_headers_dict=headers,
        )  # fmt: skip

    def _unmodified(self, url: str, headers: dict[str, str], http: StatusAndHeaders) -> ArcWarcRecord:
        headers["WARC-Profile"] = NOT_MODIFIED_PROFILE
        if before := self._bodies.latest(url):
            headers["WARC-Refers-To-Target-URI"] = before.url
            headers["WARC-Refers-To-Date"] = before.date
            headers["WARC-Payload-Digest"] = before.digest
        return self._writer.create_warc_record(url, "revisit", http_headers=http, warc_headers_dict=headers)

    def _request(
        self, url: str, request: Request, sent: Mapping[str, str], headers: dict[str, str]
    ) -> ArcWarcRecord:
        parts = urlsplit(url)
        target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        lines = [("Host", parts.netloc)]
        lines += [
            (name, value if name.lower() in SHOWN_REQUEST_HEADERS else HIDDEN) for name, value in sent.items()
        ]
        http = StatusAndHeaders(f"{request.method} {target} HTTP/1.1", lines, is_http_request=True)
        return self._writer.create_warc_record(url, "request", http_headers=http, warc_headers_dict=headers)


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


def _status_line(status: int) -> str:
    return f"{status} {responses.get(status, '')}".strip()


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
