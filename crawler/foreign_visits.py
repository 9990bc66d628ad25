"""Visits out of the archive of another crawler: it tells of none, so each answer to a page of a source makes one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from cardwatch.crawler.attempt import parse_age
from cardwatch.crawler.body_finder import BodyFinder, header_value
from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.documents import Outcome, Visit
from cardwatch.crawler.page_checks import READING_ERRORS, to_text_response
from cardwatch.crawler.source import Source
from cardwatch.crawler.unread_visit import DamagedRecord, FileContents, UnreadVisit
from cardwatch.crawler.visit_answers import VisitAnswer, load_document, read_answers
from cardwatch.crawler.warc import DamagedArchiveError, WarcRecord


def foreign_visits(
    contents: FileContents, readers: Mapping[str, Source], start: int, latest: datetime
) -> Iterator[UnreadVisit | DamagedRecord]:
    """Yield a visit for each answer to a page of a source, from a file that tells of no visits."""
    dated = [entry for entry in contents.every_answer.values() if not entry.problem]
    entries = sorted(dated, key=lambda entry: (entry.date, entry.offset))
    for entry in entries:
        if entry.end <= start:
            continue
        url = _plain_url(entry.url)
        pages = [(source, page) for source in readers.values() if (page := source.find_page(url))]
        if not pages:
            continue
        try:
            answer = contents.bodies.complete(entry)
        except DamagedArchiveError as error:
            yield DamagedRecord(contents.path.name, entry.offset, str(error))
            continue
        if 300 <= answer.status < 400:
            continue
        for source, page in pages:
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
        age=parse_age(header_value(entry.headers, "age")),
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
    known = {name: header_value(entry.headers, name.lower()) for name in ("ETag", "Last-Modified")}
    if len(answers) == 1:
        visit = replace(visit, validators={name: text for name, text in known.items() if text})
    read = read_answers(visit, source, answers, bodies, whole=True)
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
        _, body = load_document(entry, bodies)
        return source.next_page(to_text_response(entry.url, body, entry.headers))
    except READING_ERRORS:
        return None
