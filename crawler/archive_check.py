"""Checking archive files: whether their bytes are those that were kept, record by record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from cardwatch.crawler.bounds import BoundExceededError, page_bounds
from cardwatch.crawler.record_list import read_record_list, was_finished
from cardwatch.crawler.warc import (
    CONTENT_KINDS,
    CUT_OFF,
    UNREADABLE_ERRORS,
    DamagedArchiveError,
    UndecodableBodyError,
    WarcRecord,
    is_ours,
    read_body,
    scan_records,
)


class DamagedPlace(NamedTuple):
    """A stretch of an archive file that is not what was kept; `killed` where a kill cut the file's last record."""

    warc: str
    offset: int
    end: int
    what: str
    reason: str
    killed: bool = False

    def __str__(self) -> str:
        about = f", {self.what}" if self.what else ""
        return f"{self.warc}:{self.offset}{about}: {self.reason}"


def check_archive_file(path: Path) -> list[DamagedPlace]:
    """Return every stretch of a file that differs from what its list or its own digests say, in order.

    What is no record costs nothing: a page that nobody can decode is sound if its bytes are.
    """
    found = {place.offset: place for place in _changed_since_listed(path)}
    for place in _unsound_records(path, found):
        found.setdefault(place.offset, place)
    return [found[offset] for offset in sorted(found)]


def _changed_since_listed(path: Path) -> Iterator[DamagedPlace]:
    known = read_record_list(path)
    if known is None:
        return
    head, records = known
    size = path.stat().st_size
    if size < head.size:
        yield DamagedPlace(path.name, size, size, "", f"{CUT_OFF}: wanted {head.size} bytes, found {size}")
    with path.open("rb") as file:
        for record in records:
            file.seek(record.offset)
            if sha256(file.read(record.size)).hexdigest() != record.stored:
                place = (path.name, record.offset, record.offset + record.size)
                what = f"{record.kind} of {record.url}" if record.url else record.kind
                yield DamagedPlace(*place, what, "its bytes are not those that were kept")


def _unsound_records(path: Path, known: dict[int, DamagedPlace]) -> Iterator[DamagedPlace]:
    """Yield the stretches that are no sound record by themselves, but those that lie in `known` ones."""
    entries = [*scan_records(path)]
    ends = [after.offset for _, after in pairwise(entries)] + [path.stat().st_size]
    killed = is_ours(entries) and not was_finished(path)
    for entry, end in zip(entries, ends, strict=True):
        if any(place.offset <= entry.offset < place.end for place in known.values()):
            continue
        what = f"{entry.kind} of {entry.url}" if entry.url else ""
        if entry.problem:
            yield DamagedPlace(
                path.name, entry.offset, end, what, entry.problem, killed and CUT_OFF in entry.problem
            )
        elif reason := _body_problem(entry):
            yield DamagedPlace(path.name, entry.offset, end, what, reason)


def _body_problem(entry: WarcRecord) -> str:
    if entry.kind not in CONTENT_KINDS:
        return ""
    try:
        with page_bounds():
            read_body(entry.warc, entry.offset)
    except UndecodableBodyError:
        return ""
    except (DamagedArchiveError, BoundExceededError, *UNREADABLE_ERRORS) as error:
        return str(error)
    return ""


def set_apart(path: Path, places: Sequence[DamagedPlace], folder: Path) -> None:
    """Keep the bytes of stretches of a file in files of their own, named after where they stood."""
    folder.mkdir(exist_ok=True)
    with path.open("rb") as file:
        for place in places:
            file.seek(place.offset)
            (folder / f"{path.name}.{place.offset}").write_bytes(file.read(place.end - place.offset))
