"""From archive files back to visits: the same `rows` over the same bytes, with no network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cardwatch.crawler.attempt import ANSWERED
from cardwatch.crawler.body_finder import BodyFinder
from cardwatch.crawler.bounded_worker import BoundedWorker, WorkerDiedError
from cardwatch.crawler.documents import Outcome, Visit
from cardwatch.crawler.foreign_visits import foreign_visits
from cardwatch.crawler.left_out import LeftOutNote
from cardwatch.crawler.record_list import list_records, was_finished
from cardwatch.crawler.source import Source
from cardwatch.crawler.unread_visit import ArchivePosition, DamagedRecord, FileContents, UnreadVisit
from cardwatch.crawler.visit_answers import VisitAnswer, read_answers
from cardwatch.crawler.visit_line import VisitLine, VisitLineError
from cardwatch.crawler.warc import CUT_OFF, LATEST_YEAR, VISIT_CONTENT_TYPE, WarcRecord, scan_records

FAR_FUTURE = datetime(LATEST_YEAR + 1, 1, 1, tzinfo=UTC)
SourceClasses = Mapping[str, type[Source]]


class FileToRead(NamedTuple):
    """An archive file of `size` bytes to read from an offset on; `latest` is as ArchiveReader has it."""

    path: Path
    start: int
    size: int
    latest: datetime


class ArchiveReader:
    """Reads archive files in a worker, so that no byte of theirs can end this process."""

    def __init__(self, sources: SourceClasses) -> None:
        self._worker = BoundedWorker(partial(_read_file, {name: make() for name, make in sources.items()}))

    def __enter__(self) -> ArchiveReader:
        return self

    def __exit__(self, *error: object) -> None:
        self._worker.close()

    def visits(
        self, path: Path, start: int = 0, latest: datetime = FAR_FUTURE
    ) -> Iterator[Visit | DamagedRecord]:
        """Yield what one file tells from `start` on. A visit of which the worker dies says so, and is left out.

        What another crawler dates after `latest` is refused.
        """
        done, refused, at = 0, "", start
        while True:
            try:
                for found in self._worker(path, start, latest, done, refused):
                    if isinstance(found, ArchivePosition):
                        at = found.offset
                        continue
                    done, refused = done + 1, ""
                    yield found
            except WorkerDiedError as error:
                if refused:
                    yield DamagedRecord(path.name, at, refused, last=True)
                    return
                refused = str(error)
            else:
                return


def _read_file(
    readers: Mapping[str, Source], path: Path, start: int, latest: datetime, done: int, refused: str
) -> Iterator[Visit | DamagedRecord | ArchivePosition]:
    """Yield what a file tells but the first `done`; the next one is not read if `refused` says why.

    Where nothing is told for long, how far it has been read.
    """
    number = 0
    for found in unread_visits(path, readers, start, latest):
        if isinstance(found, ArchivePosition):
            yield found
            continue
        number += 1
        if number <= done:
            continue
        if isinstance(found, DamagedRecord):
            yield found
        else:
            yield found.fail(refused) if refused else found.read_alone()
        refused = ""


def file_order(path: Path) -> tuple[str, str]:
    """Return the date of the first record of an archive file, then its name: the order to read files in."""
    first = next(scan_records(path), None)
    return (first.date.isoformat() if first else "", path.name)


SCAN_STEP = 1 << 24
"""Bytes of a file after which its reader says how far it is."""


def unread_visits(
    path: Path, readers: Mapping[str, Source], start: int = 0, latest: datetime = FAR_FUTURE
) -> Iterator[UnreadVisit | DamagedRecord | ArchivePosition]:
    """Yield the visits that a file tells of beyond `start`, and the records in it that tell of none."""
    list_records(path)
    if start >= path.stat().st_size:
        return
    contents = FileContents(path, BodyFinder())
    cut_off: DamagedRecord | None = None
    read_to = 0
    for entry in scan_records(path):
        contents.note(entry)
        if entry.end - read_to >= SCAN_STEP:
            read_to = entry.end
            yield ArchivePosition(path.name, read_to)
        if entry.problem and entry.offset >= start:
            damaged = DamagedRecord(path.name, entry.offset, entry.problem)
            if CUT_OFF in entry.problem:
                cut_off = damaged
            else:
                yield damaged
        elif entry.end > start:
            yield from told_by(entry, contents, readers)
    if cut_off and not (contents.ours and not was_finished(path)):
        yield cut_off  # a file of ours may end with one, where a kill cut it off
    if not contents.ours:
        yield from foreign_visits(contents, readers, start, latest)


def told_by(
    entry: WarcRecord, contents: FileContents, readers: Mapping[str, Source]
) -> Iterator[UnreadVisit | DamagedRecord]:
    """Yield the visit that a record tells of, or what it says is missing."""
    name = contents.path.name
    note = LeftOutNote.of(entry)
    if note and note.why == "damaged":
        for record in note.records:
            yield DamagedRecord(name, entry.offset, f"set apart as damaged: {record.reason}")
    if entry.content_type != VISIT_CONTENT_TYPE:
        return
    try:
        line = VisitLine.parse(entry.payload)
    except VisitLineError as error:
        yield DamagedRecord(name, entry.offset, str(error))
        return
    reader = readers.get(line.source)
    if reader and not contents.is_pruned(line):
        visit = replace(line.visit(name), url=reader.page_name(line.url))
        yield UnreadVisit(visit, entry.end, partial(_own_visit, visit, line, reader, contents))


def _own_visit(visit: Visit, line: VisitLine, source: Source, contents: FileContents) -> Visit:
    """Return a visit of ours with the rows its answers give now."""
    try:
        answers = [
            VisitAnswer(contents.answers[document.record], document.url if number else line.url)
            for number, document in enumerate(line.documents)
        ]
    except KeyError as error:
        return replace(visit, outcome=Outcome.UNPARSED, detail=f"archive: wanted record {error}, found none")
    return read_answers(visit, source, answers, contents.bodies, whole=line.outcome == ANSWERED)
