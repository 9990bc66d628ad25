"""The list of records beside each archive file: where each stands, the digest of its stored bytes, what it holds.

The list of a finished file says what its bytes were when they were written; any other is made from the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder, encode

from cardwatch.crawler.bounds import BoundExceededError, page_bounds
from cardwatch.crawler.warc import (
    CONTENT_KINDS,
    DamagedArchiveError,
    WarcRecord,
    body_digest,
    format_warc_date,
    is_growing,
    read_body,
    scan_records,
)

LIST_SUFFIX = ".records.jsonl"


class ListedRecord(NamedTuple):
    """One record: its place, the SHA-256 of its stored bytes, and the digest of the body that it holds itself."""

    offset: int
    size: int
    stored: str
    kind: str
    url: str
    date: str
    body: str = ""


class RecordList(Struct, frozen=True):
    """The first line of a list: the size of its file, whether its writer finished it, and the SHA-256 of the lines."""

    size: int
    finished: bool
    lines: str


_HEAD, _LINE = Decoder(RecordList), Decoder(ListedRecord)


def record_list_path(path: Path) -> Path:
    """Return where the list of an archive file is."""
    return path.with_name(path.name + LIST_SUFFIX)


def read_record_list(path: Path) -> tuple[RecordList, list[ListedRecord]] | None:
    """Return the list beside an archive file as it stands there, None where there is none or it is damaged."""
    try:
        first, _, rest = record_list_path(path).read_bytes().partition(b"\n")
        head = _HEAD.decode(first)
        if head.lines != sha256(rest).hexdigest():
            return None
        return head, _LINE.decode_lines(rest)
    except (FileNotFoundError, MsgspecError, UnicodeDecodeError):
        return None


def write_record_list(path: Path, records: Sequence[ListedRecord], *, finished: bool) -> None:
    """Write the list of an archive file beside it."""
    lines = "".join(f"{json.dumps(record)}\n" for record in records).encode()
    head = RecordList(size=path.stat().st_size, finished=finished, lines=sha256(lines).hexdigest())
    made = record_list_path(path)
    unfinished = made.with_suffix(".tmp")
    unfinished.write_bytes(encode(head) + b"\n" + lines)
    unfinished.replace(made)


def list_records(path: Path) -> list[ListedRecord]:
    """Return the records of an archive file by its list; one that is absent, damaged or older is made again."""
    known = read_record_list(path)
    if known and known[0].size == path.stat().st_size:
        return known[1]
    records = [*_scan_file(path)]
    if not is_growing(path):
        try:
            write_record_list(path, records, finished=False)
        except OSError:
            return records  # whoever may only look makes it again the next time
    return records


def was_finished(path: Path) -> bool:
    """Say whether the writer of an archive file ended it where it ends now."""
    known = read_record_list(path)
    return known is not None and known[0].finished and known[0].size == path.stat().st_size


def _scan_file(path: Path) -> Iterator[ListedRecord]:
    with path.open("rb") as file:
        for entry in scan_records(path):
            if not entry.problem:
                file.seek(entry.offset)
                stored = sha256(file.read(entry.end - entry.offset)).hexdigest()
                body = _own_digest(entry) if entry.kind in CONTENT_KINDS else ""
                date = format_warc_date(entry.date)
                yield ListedRecord(
                    entry.offset, entry.end - entry.offset, stored, entry.kind, entry.url, date, body
                )


def _own_digest(entry: WarcRecord) -> str:
    """Return our name of a body, counted where its crawler used another; "" where the body cannot be read."""
    coded = any(name.lower() in ("content-encoding", "transfer-encoding") for name, _ in entry.headers)
    if re.fullmatch("sha256:[0-9a-f]{64}", entry.digest) and not coded:
        return entry.digest
    try:
        with page_bounds():
            return body_digest(read_body(entry.warc, entry.offset))
    except (DamagedArchiveError, BoundExceededError):
        return ""
