"""From archive files back to visits: the same `rows` over the same bytes, with no network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from cardwatch.crawler.attempt import ANSWERED, parse_age
from cardwatch.crawler.body_index import BodyIndex
from cardwatch.crawler.bounded_worker import BoundedWorker, WorkerDiedError
from cardwatch.crawler.bounds import page_bounds
from cardwatch.crawler.crawl_history import INDEX_PAGE_KIND, PageRequest
from cardwatch.crawler.documents import (
    Document,
    Outcome,
    SourceRow,
    SourceUnreadPart,
    SourceVersion,
    UnreadPart,
    Visit,
)
from cardwatch.crawler.formats.page_tables import other_tables
from cardwatch.crawler.left_out import LeftOutNote
from cardwatch.crawler.page_checks import (
    READING_ERRORS,
    one_line,
    page_problem,
    to_text_response,
    unreadable_outcome,
)
from cardwatch.crawler.record_list import list_records, was_finished
from cardwatch.crawler.source import Source
from cardwatch.crawler.visit_line import VisitLine, VisitLineError
from cardwatch.crawler.warc import (
    CONTENT_KINDS,
    CUT_OFF,
    LATEST_YEAR,
    VISIT_CONTENT_TYPE,
    DamagedArchiveError,
    WarcRecord,
    body_digest,
    format_warc_date,
    is_ours,
    read_body,
    read_head,
    scan_records,
    warc_files,
)

FAR_FUTURE = datetime(LATEST_YEAR + 1, 1, 1, tzinfo=UTC)
SourceClasses = Mapping[str, type[Source]]
ReadProblem = tuple[Outcome, str]


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
    list_records(path)
    number = 0
    for found in _unread_visits(path, readers, BodyFinder(), start, latest):
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


def replay_visits(
    paths: Sequence[Path], sources: SourceClasses, *, after: Mapping[str, int] | None = None
) -> Iterator[Visit]:
    """Yield the visits of archive files in time order, each read by the source it was made for.

    Of a file named in `after`, only what stands at that offset or later. Bytes a source cannot read make a
    visit that says so; a tail cut off by a kill ends its file; visits of sources not in `sources` are left
    out. A file of another crawler has no visits: each answer whose URL a source claims makes one.
    """
    for visit, _ in replay_with_positions(paths, sources, after=after):
        yield visit


def replay_with_positions(
    paths: Sequence[Path], sources: SourceClasses, *, after: Mapping[str, int] | None = None
) -> Iterator[tuple[Visit, ArchivePosition]]:
    """Yield the same visits, each with how far its file has been read once it is dealt with."""
    bodies = BodyFinder()
    readers = {name: source() for name, source in sources.items()}
    for path in sorted(paths, key=file_order):
        start = (after or {}).get(path.name, 0)
        for found in _unread_visits(path, readers, bodies, start, FAR_FUTURE):
            if isinstance(found, UnreadVisit):
                yield found.read_alone(), ArchivePosition(path.name, found.end)


def pruned_digests(folder: Path) -> Iterator[str]:
    """Yield the digests of the bodies that were left out on purpose; a file says so in its second record."""
    for path in warc_files(folder):
        for entry in islice(scan_records(path), 1, None):
            note = LeftOutNote.of(entry)
            if note is None:
                break
            if note.why == "pruned":
                yield from (record.digest for record in note.records)


def file_order(path: Path) -> tuple[str, str]:
    """Return the date of the first record of an archive file, then its name: the order to read files in."""
    first = next(scan_records(path), None)
    return (first.date.isoformat() if first else "", path.name)


Place = tuple[Path, int]
HeaderLines = tuple[tuple[str, str], ...]


class BodyFinder:
    """Finds the bytes behind a record, also when it only says that they came before."""

    def __init__(self) -> None:
        self._places: dict[str | tuple[str, str], Place] = {}
        self._folders: dict[Path, BodyIndex] = {}
        self._pruned_digests: dict[Path, frozenset[str]] = {}

    def note(self, entry: WarcRecord) -> None:
        """Remember the place of a body by its digest, and by the record and the visit that others may name."""
        place = (entry.warc, entry.offset) if entry.kind in CONTENT_KINDS else self._noted(entry)
        if place:
            for key in (entry.digest, _bare_id(entry.id), (entry.url, format_warc_date(entry.date))):
                self._places.setdefault(key, place)

    def complete(self, entry: WarcRecord) -> WarcRecord:
        """Return an answer with the status and headers of the one that it repeats or confirms, if it has none itself.

        Raises DamagedArchiveError where that one cannot be found, or is another by its ETag.
        """
        if entry.kind != "revisit" or entry.status not in (0, 304):
            return entry
        status, headers = read_head(*(self._noted(entry) or self._find_in_folder(entry)))
        if (etag := _header_value(entry.headers, "etag")) and etag != (
            known := _header_value(headers, "etag")
        ):
            raise DamagedArchiveError(
                f"archive: wanted the answer of ETag {etag}, found {known or 'none'}, for {entry.url}"
            )
        return replace(entry, status=status, headers=headers)

    def read(self, entry: WarcRecord) -> tuple[Place, bytes]:
        """Return where the body of an answer stands, and the body. Raises DamagedArchiveError."""
        place = (entry.warc, entry.offset) if entry.kind in CONTENT_KINDS else self._noted(entry)
        if place is None:
            place = self._find_in_folder(entry)
        try:
            return place, read_body(*place)
        except DamagedArchiveError:
            if entry.kind in CONTENT_KINDS:
                raise
            place = self._find_in_folder(entry)
            return place, read_body(*place)

    def is_pruned(self, entry: WarcRecord) -> bool:
        """Say whether the body behind a record was left out on purpose from another file of its folder."""
        if entry.kind in CONTENT_KINDS or not entry.digest or self._noted(entry):
            return False
        bodies = self._bodies(entry.warc.parent)
        return bodies.find(entry.digest) is None and entry.digest in self._pruned(entry.warc.parent)

    def _pruned(self, folder: Path) -> frozenset[str]:
        if folder not in self._pruned_digests:
            self._pruned_digests[folder] = frozenset(pruned_digests(folder))
        return self._pruned_digests[folder]

    def _noted(self, entry: WarcRecord) -> Place | None:
        if entry.digest:
            return self._places.get(entry.digest)
        record, url, date = entry.refers_to
        return (
            (record and self._places.get(_bare_id(record))) or (url and self._places.get((url, date))) or None
        )

    def _find_in_folder(self, entry: WarcRecord) -> Place:
        """Return where another file of the folder has the body. Raises DamagedArchiveError."""
        _, url, date = entry.refers_to
        bodies = self._bodies(entry.warc.parent)
        found = bodies.find_sound(entry.digest) if entry.digest else bodies.find_visit(url, date)
        if found is None:
            wanted = entry.digest or (f"what {url} gave at {date}" if url else "a digest")
            raise DamagedArchiveError(
                f"archive: wanted {wanted}, found no such body, for {entry.warc.name}:{entry.offset}"
            )
        return entry.warc.parent / found.warc, found.offset

    def _bodies(self, folder: Path) -> BodyIndex:
        if folder not in self._folders:
            self._folders[folder] = BodyIndex.load(folder)
        return self._folders[folder]


def _bare_id(record: str) -> str:
    """Return the id of a record without the brackets that some crawlers leave out."""
    return record.strip("<>")


@dataclass(frozen=True, slots=True)
class VisitAnswer:
    """One answer that belongs to a visit."""

    entry: WarcRecord
    asked: str


@dataclass(slots=True)
class _FileContents:
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


SCAN_STEP = 1 << 24
"""Bytes of a file after which its reader says how far it is."""


def _unread_visits(
    path: Path, readers: Mapping[str, Source], bodies: BodyFinder, start: int, latest: datetime
) -> Iterator[UnreadVisit | DamagedRecord | ArchivePosition]:
    """Yield the visits that a file tells of beyond `start`, and the records in it that tell of none."""
    if start >= path.stat().st_size:
        return
    contents = _FileContents(path, bodies)
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
            yield from _told_by(entry, contents, readers)
    if cut_off and not (contents.ours and not was_finished(path)):
        yield cut_off  # a file of ours may end with one, where a kill cut it off
    if not contents.ours:
        yield from _foreign_visits(contents, readers, start, latest)


def _told_by(
    entry: WarcRecord, contents: _FileContents, readers: Mapping[str, Source]
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


def _own_visit(visit: Visit, line: VisitLine, source: Source, contents: _FileContents) -> Visit:
    """Return a visit of ours with the rows its answers give now."""
    try:
        answers = [
            VisitAnswer(contents.answers[document.record], document.url if number else line.url)
            for number, document in enumerate(line.documents)
        ]
    except KeyError as error:
        return replace(visit, outcome=Outcome.UNPARSED, detail=f"archive: wanted record {error}, found none")
    return _read_answers(visit, source, answers, contents.bodies, whole=line.outcome == ANSWERED)


def _read_answers(
    visit: Visit, source: Source, answers: list[VisitAnswer], bodies: BodyFinder, *, whole: bool
) -> Visit:
    """Return the visit with its documents and, when its page is there, its rows.

    A page that did not arrive as a `whole` keeps the outcome and the reason it has, unless its bytes tell
    a better one.
    """
    try:
        loaded = [(answer, *_load_document(answer.entry, bodies)) for answer in answers]
    except DamagedArchiveError as error:
        return replace(visit, outcome=Outcome.UNPARSED, detail=str(error))
    visit = replace(visit, documents=tuple(document for _, document, _ in loaded))
    if visit.outcome is not Outcome.UNPARSED:
        return visit
    found = _PageContents()
    trouble: ReadProblem | None = None
    for answer, document, body in loaded:
        trouble = trouble or _read_rows(visit, source, answer, document, body, found)
    if whole and not trouble:
        trouble = _row_count_problem(visit, source, len(found.rows))
        trouble = trouble or _share_problem(visit, source, found.rows, found.unread)
        if not trouble:
            found.unread += _missing_rows(source, found.rows)
            return replace(visit, outcome=Outcome.READ, detail="", rows=tuple(found.rows), unread=tuple(found.unread),
                           others=tuple(found.others), versions=tuple(found.versions),
                           parser_version=source.parser_version)  # fmt: skip
    outcome, detail = trouble or (visit.outcome, visit.detail)
    return replace(visit, outcome=outcome, detail=detail, parser_version=source.parser_version)


@dataclass(slots=True)
class _PageContents:
    """What the answers of one visit hold."""

    rows: list[SourceRow] = field(default_factory=list)
    unread: list[SourceUnreadPart] = field(default_factory=list)
    others: list[SourceUnreadPart] = field(default_factory=list)
    versions: list[SourceVersion] = field(default_factory=list)


def _read_rows(
    visit: Visit, source: Source, answer: VisitAnswer, document: Document, body: bytes, found: _PageContents
) -> ReadProblem | None:
    """Add what one answer holds to `found`; return what keeps it from being read."""
    url = answer.entry.url
    try:
        response = to_text_response(url, body, answer.entry.headers)
        if trouble := page_problem(response, answer.asked, source.content_types):
            return trouble
        if visit.page_kind == INDEX_PAGE_KIND:
            list(source.discover(response))
        else:
            for part in source.rows(response):
                if isinstance(part, UnreadPart):
                    found.unread.append(SourceUnreadPart(document, part))
                else:
                    found.rows.append(SourceRow(document, part))
            seen = {each.row.locator for each in found.rows} | {each.part.locator for each in found.unread}
            seen |= {place.rpartition("/")[0] for each in found.rows for place in each.row.places}
            found.others += [SourceUnreadPart(document, part) for part in other_tables(response, seen)]
        found.versions += [SourceVersion(document, version) for version in source.versions(response)]
    except READING_ERRORS as error:
        return unreadable_outcome(error, body, url)
    return None


def _row_count_problem(visit: Visit, source: Source, found: int) -> ReadProblem | None:
    fewest, most = source.fewest_rows or source.expected_rows.start, source.expected_rows.stop - 1
    if visit.page_kind == INDEX_PAGE_KIND or fewest <= found <= most:
        return None
    return Outcome.UNPARSED, f"rows: wanted {fewest}..{most}, found {found}, at {visit.url}"


def _missing_rows(source: Source, rows: Sequence[SourceRow]) -> Iterator[SourceUnreadPart]:
    """Yield what is missing of a page with fewer rows than it has when it is whole: what it does not show is not gone."""
    missing = source.expected_rows.start - len(rows)
    if rows and missing > 0:
        document = rows[-1].document
        text = f"{len(rows)} rows, all that the answers hold: an excerpt, a listing that goes on elsewhere, or a smaller one"
        wanted = f"at least {source.expected_rows.start}"
        part = UnreadPart("section", "rows", wanted, str(len(rows)), document.url, text, rows=missing)
        yield SourceUnreadPart(document, part)


def _share_problem(
    visit: Visit, source: Source, rows: list[SourceRow], unread: list[SourceUnreadPart]
) -> ReadProblem | None:
    """Return why a page counts as not read at all: too few of the rows it shows were understood."""
    lost = sum(each.part.rows for each in unread)
    if not lost:
        return None
    shown = len({(each.document.digest, each.row.locator) for each in rows}) + lost
    if shown - lost >= source.min_read * shown:
        return None
    first = unread[0].part
    return Outcome.UNPARSED, (
        f"{first.what}: wanted {first.wanted}, found {first.found}, at {first.locator};"
        f" {lost} of {shown} rows unread, at {visit.url}"
    )


def _load_document(entry: WarcRecord, bodies: BodyFinder) -> tuple[Document, bytes]:
    if entry.cut:
        raise DamagedArchiveError(f"archive: wanted a whole answer, found {entry.cut}, from {entry.url}")
    (path, offset), body = bodies.read(entry)
    return Document(
        digest=body_digest(body),
        url=entry.url,
        fetched_at=entry.date,
        content_type=_header_value(entry.headers, "content-type"),
        size=len(body),
        warc=path.name,
        offset=offset,
    ), body


def _header_value(headers: HeaderLines, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _foreign_visits(
    contents: _FileContents, readers: Mapping[str, Source], start: int, latest: datetime
) -> Iterator[UnreadVisit | DamagedRecord]:
    """Yield a visit for each answer that a source claims, from a file that tells of no visits."""
    dated = [entry for entry in contents.every_answer.values() if not entry.problem]
    entries = sorted(dated, key=lambda entry: (entry.date, entry.offset))
    for entry in entries:
        if entry.end <= start:
            continue
        url = _plain_url(entry.url)
        claims = [(source, page) for source in readers.values() if (page := source.claims(url))]
        if not claims:
            continue
        try:
            answer = contents.bodies.complete(entry)
        except DamagedArchiveError as error:
            yield DamagedRecord(contents.path.name, entry.offset, str(error))
            continue
        if 300 <= answer.status < 400:
            continue
        for source, page in claims:
            if entry.date > latest:
                reason = f"WARC-Date: wanted one before its import, found {entry.date:%Y-%m-%dT%H:%M:%SZ}"
                yield DamagedRecord(contents.path.name, entry.offset, f"{reason}, of {entry.url}")
                continue
            visit = _foreign_visit(page, answer, source)
            read = partial(_read_foreign, visit, answer, source, entries, contents.bodies)
            yield UnreadVisit(visit, entry.end, read)


def _foreign_visit(page: PageRequest, entry: WarcRecord, source: Source) -> Visit:
    """Return what the headers of an answer tell of its visit."""
    return Visit(
        source=source.name,
        page_kind=page.page_kind,
        url=page.url,
        started=entry.date,
        outcome=Outcome.UNPARSED,
        parser_version=source.parser_version,
        status=entry.status,
        age=parse_age(_header_value(entry.headers, "age")),
        warc=entry.warc.name,
    )


def _read_foreign(
    visit: Visit, entry: WarcRecord, source: Source, entries: list[WarcRecord], bodies: BodyFinder
) -> Visit:
    if entry.status != 200:
        detail = f"HTTP {entry.status or 'without a status'}, at {entry.url}"
        return replace(visit, outcome=Outcome.ERROR, detail=detail)
    answers, missing = _listing_answers(entry, source, entries, bodies)
    if missing:
        detail = f"next page: wanted {missing}, found no answer from it, in {entry.warc.name}"
        return replace(visit, detail=detail)
    known = {name: _header_value(entry.headers, name.lower()) for name in ("ETag", "Last-Modified")}
    if len(answers) == 1:
        visit = replace(visit, validators={name: text for name, text in known.items() if text})
    read = _read_answers(visit, source, answers, bodies, whole=True)
    return replace(read, size=sum(document.size for document in read.documents))


def _listing_answers(
    entry: WarcRecord, source: Source, entries: list[WarcRecord], bodies: BodyFinder
) -> tuple[list[VisitAnswer], str]:
    """Return the answers that make up one listing, and the URL at which it breaks off, "" if it does not."""
    answers = [VisitAnswer(entry, entry.url)]
    seen = {_plain_url(entry.url)}
    while following := _next_url(source, answers[-1].entry, bodies):
        wanted = _plain_url(following)
        if wanted in seen:
            break
        later = (
            e for e in entries if _plain_url(e.url) == wanted and e.date >= entry.date and e.status == 200
        )
        found = next(later, None)
        if found is None:
            return answers, following
        seen.add(wanted)
        answers.append(VisitAnswer(found, following))
    return answers, following or ""


def _plain_url(url: str) -> str:
    """Return a URL as one asks for it: scheme and host in lower case, no port that goes without saying, no fragment."""
    found = re.match(r"(https?)://([^/?#]*)([^#]*)", url, re.I)
    if found is None:
        return url
    scheme = found[1].lower()
    host = found[2].lower().removesuffix({"http": ":80", "https": ":443"}[scheme])
    return f"{scheme}://{host}{found[3]}"


def _next_url(source: Source, entry: WarcRecord, bodies: BodyFinder) -> str | None:
    try:
        _, body = _load_document(entry, bodies)
        return source.next_page(to_text_response(entry.url, body, entry.headers))
    except READING_ERRORS:
        return None
