"""The answers of one visit as rows: each is read by the source of its page, and what keeps it from being read is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from cardwatch.crawler.body_finder import BodyFinder, header_value
from cardwatch.crawler.crawl_history import INDEX_PAGE_KIND
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
from cardwatch.crawler.page_checks import READING_ERRORS, page_problem, to_text_response, unreadable_outcome
from cardwatch.crawler.source import Source
from cardwatch.crawler.warc import DamagedArchiveError, WarcRecord, body_digest

ReadProblem = tuple[Outcome, str]


@dataclass(frozen=True, slots=True)
class VisitAnswer:
    """One answer that belongs to a visit."""

    entry: WarcRecord
    asked: str


def read_answers(
    visit: Visit, source: Source, answers: list[VisitAnswer], bodies: BodyFinder, *, whole: bool
) -> Visit:
    """Return the visit with its documents and, when its page is there, its rows.

    A page that did not arrive as a `whole` keeps the outcome and the reason it has, unless its bytes tell
    a better one.
    """
    try:
        loaded = [(answer, *load_document(answer.entry, bodies)) for answer in answers]
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


def load_document(entry: WarcRecord, bodies: BodyFinder) -> tuple[Document, bytes]:
    if entry.cut:
        raise DamagedArchiveError(f"archive: wanted a whole answer, found {entry.cut}, from {entry.url}")
    (path, offset), body = bodies.read(entry)
    return Document(
        digest=body_digest(body),
        url=entry.url,
        fetched_at=entry.date,
        content_type=header_value(entry.headers, "content-type"),
        size=len(body),
        warc=path.name,
        offset=offset,
    ), body
