"""What an archive file tells of, before its bytes are read: a visit, a damaged record, or how far it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cardwatch.crawler.body_finder import BodyFinder
from cardwatch.crawler.bounds import page_bounds
from cardwatch.crawler.documents import Outcome, Visit
from cardwatch.crawler.left_out import LeftOutNote
from cardwatch.crawler.page_checks import one_line
from cardwatch.crawler.visit_line import VisitLine
from cardwatch.crawler.warc import CONTENT_KINDS, WarcRecord, is_ours


class ArchivePosition(NamedTuple):
    """How far an archive file has been read: its name, and where its next unread record starts."""

    warc: str
    offset: int


class DamagedRecord(NamedTuple):
    """A record that tells of nothing: where it stands, and why. `last` if nothing after it could be read either."""

    warc: str
    offset: int
    reason: str
    last: bool = False

    def __str__(self) -> str:
        return f"{self.warc}:{self.offset}: {self.reason}"


@dataclass(frozen=True, slots=True)
class UnreadVisit:
    """A visit as its file tells it, and how to read its bytes."""

    visit: Visit
    end: int
    """Where the next record starts."""
    read: Callable[[], Visit]

    def read_alone(self) -> Visit:
        """Read it. Whatever that raises or exhausts becomes the visit's own outcome."""
        try:
            with page_bounds():
                return self.read()
        except Exception as error:  # noqa: BLE001  one visit never stops the others
            return self.fail(f"{type(error).__name__}: {error}")

    def fail(self, reason: str) -> Visit:
        """Return the visit as one that could not be read."""
        where = f", in {self.visit.warc} before byte {self.end}"
        return replace(self.visit, outcome=Outcome.UNPARSED, detail=f"{one_line(reason)}{where}")


def unread_place(detail: str) -> tuple[str, int] | None:
    """Return where the record of a visit ends that could not be read, by what `fail` said of it: file and byte."""
    found = re.search(r", in (\S+) before byte (\d+)$", detail)
    return (found[1], int(found[2])) if found else None


@dataclass(slots=True)
class FileContents:
    """What has been seen of one archive file."""

    path: Path
    bodies: BodyFinder
    ours: bool = False
    answers: dict[str, WarcRecord] = field(default_factory=dict)
    """By record id, as our own visits name them."""
    every_answer: dict[tuple[str, str, datetime], WarcRecord] = field(default_factory=dict)
    """Also those of another crawler that gives several records one id."""
    left_out: dict[str, str] = field(default_factory=dict)
    """Why records are there no more, by their id."""

    def note(self, entry: WarcRecord) -> None:
        if entry.kind == "warcinfo":
            self.ours = is_ours([entry])
        elif entry.kind in (*CONTENT_KINDS, "revisit"):
            self.answers[entry.id] = entry
            self.every_answer[entry.id, entry.url, entry.date] = entry
            self.bodies.note(entry)
        elif note := LeftOutNote.of(entry):
            self.left_out |= {record.id: note.why for record in note.records}

    def is_pruned(self, line: VisitLine) -> bool:
        """Say whether a body that a visit is made of was left out on purpose, from this file or from an older one."""
        return any(
            self.bodies.is_pruned(self.answers[document.record])
            if document.record in self.answers
            else self.left_out.get(document.record) == "pruned"
            for document in line.documents
        )
