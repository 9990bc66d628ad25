"""Pruning an archive: which bodies nothing needs any more, and a copy of a file without them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cardwatch.crawler.left_out import LeftOutNote, LeftOutRecord, pack_left_out_note
from cardwatch.crawler.record_list import record_list_path
from cardwatch.crawler.visit_line import VisitLine, VisitLineError
from cardwatch.crawler.warc import VISIT_CONTENT_TYPE, WarcRecord, scan_records

VisitFilter = Callable[[str, str, datetime], bool]
"""Whether a visit must stay readable, by its source, its URL and when it started."""
PRUNED_SUFFIX = ".pruned"
"""Ending of a file that is to take the place of its original."""


@dataclass(frozen=True, slots=True)
class PrunedFile:
    """A file without some bodies, beside its original: where each record it kept has gone."""

    path: Path
    moved: Mapping[int, int]
    dropped: int
    saved: int


def needed_digests(files: Iterable[Path], needed: VisitFilter) -> set[str]:
    """Return the digests of the answers that needed visits are made of, whichever file has the bytes."""
    return {digest for file in files for digest in _needed_digests_in(file, needed)}


def _needed_digests_in(file: Path, needed: VisitFilter) -> Iterator[str]:
    digests: dict[str, str] = {}
    for entry in scan_records(file):
        if entry.kind in ("response", "revisit"):
            digests[entry.id] = entry.digest
        elif entry.content_type == VISIT_CONTENT_TYPE:
            visit = _parse_line(entry)
            if visit and needed(visit.source, visit.url, visit.started):
                yield from (digests.get(document.record, "") for document in visit.documents)


def _parse_line(entry: WarcRecord) -> VisitLine | None:
    try:
        return VisitLine.parse(entry.payload)
    except VisitLineError:
        return None


def removable_bodies(file: Path, wanted: Collection[str], before: datetime) -> list[WarcRecord]:
    """Return the bodies of visits in a file that came before then and are not `wanted`.

    What belongs to no visit of ours stays: robots.txt, and files that another crawler wrote. So does a file
    with a damaged record, whole.
    """
    entries = [*scan_records(file)]
    visits = [_parse_line(entry) for entry in entries if entry.content_type == VISIT_CONTENT_TYPE]
    if any(entry.problem for entry in entries):
        return []
    visited = {document.record for visit in visits if visit for document in visit.documents}
    return [
        entry for entry in entries
        if entry.kind == "response" and entry.id in visited and entry.date < before and entry.digest not in wanted
    ]  # fmt: skip


def prune_note(dropped: Iterable[WarcRecord]) -> LeftOutNote:
    """Return what a file is to say of bodies that are left out on purpose."""
    gone = (LeftOutRecord(id=e.id, digest=e.digest, url=e.url, offset=e.offset) for e in dropped)
    return LeftOutNote(why="pruned", records=tuple(gone))


def write_copy_without(file: Path, note: LeftOutNote) -> PrunedFile:
    """Write a copy of `file` that lacks what the note names, and says so, to the end of the disk's own buffers."""
    gone = {record.offset for record in note.records}
    path = file.with_name(file.name + PRUNED_SUFFIX)
    moved: dict[int, int] = {}
    with file.open("rb") as whole, path.open("wb") as thin:
        for number, entry in enumerate(entry for entry in scan_records(file) if entry.offset not in gone):
            moved[entry.offset] = thin.tell()
            whole.seek(entry.offset)
            thin.write(whole.read(entry.end - entry.offset))
            if number == 0:
                thin.write(pack_left_out_note(note, file, entry))
        thin.flush()
        os.fsync(thin.fileno())
    return PrunedFile(path, moved, len(gone), file.stat().st_size - path.stat().st_size)


def replace_with_copy(file: Path, copy: Path) -> None:
    """Let a copy take the place of its original; the list beside it is made again."""
    record_list_path(file).unlink(missing_ok=True)
    copy.replace(file)
