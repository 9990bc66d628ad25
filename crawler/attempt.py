"""One attempt on one page, from the first request to the line about it in the archive."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import responses
from typing import Any

from scrapy.http import Response

from cardwatch.crawler.archive_writer import ArchivedResponse
from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.documents import Document, Outcome
from cardwatch.crawler.secrets import SecretFilter
from cardwatch.crawler.warc import format_warc_date

ANSWERED = "answered"
"""The outcome of a visit whose page arrived; whether it can be read is said by whoever reads it."""
LONGEST_AGE = 1 << 30
"""An Age from here on, 34 years, reaches back before there were caches of HTTP."""
BLOCKED_STATUSES = frozenset({401, 402, 403, 407, 451})


@dataclass(slots=True)
class PageAttempt:
    """What is known of an attempt so far; carried along the requests it takes."""

    source: str
    page: PageRequest
    parser_version: int
    sent: Mapping[str, str] = field(default_factory=dict)
    secrets: SecretFilter = field(default_factory=SecretFilter)
    started: datetime | None = None
    status: int | None = None
    age: int = 0
    kept: list[ArchivedResponse] = field(default_factory=list)
    validators: dict[str, str] = field(default_factory=dict)
    redirected_to: str = ""
    asked: set[str] = field(default_factory=set)

    def record_response(self, response: Response, kept: ArchivedResponse) -> tuple[str, str]:
        """Add one answer; return the outcome it makes, and why."""
        self.status = response.status
        self.age = max(self.age, parse_age((response.headers.get("Age") or b"").decode("latin-1")))
        if not self.kept:
            self.redirected_to = response.url if response.meta.get("redirect_urls") else ""
        if response.status == 304:
            if not self.sent:
                return Outcome.ERROR, "HTTP 304 to a request without a validator"
            self.validators = _validators(response)
            return Outcome.NOT_MODIFIED, ""
        self.kept.append(kept)
        if response.status in BLOCKED_STATUSES:
            return Outcome.BLOCKED, f"HTTP {_status_phrase(response.status)}, at {response.url}"
        if response.status != 200:
            return Outcome.ERROR, f"HTTP {_status_phrase(response.status)}, at {response.url}"
        self.validators = _validators(response) if len(self.kept) == 1 else {}
        return ANSWERED, ""

    @property
    def size(self) -> int:
        """Bytes of all its answers."""
        return sum(kept.document.size for kept in self.kept)

    def line(self, outcome: str, detail: str, *, now: datetime) -> dict[str, Any]:
        """Return the attempt as the archive keeps it, without keys."""
        line = {
            "version": 1,
            "source": self.source,
            "page_kind": self.page.page_kind,
            "url": self.page.url,
            "started": format_warc_date(self.started or now),
            "outcome": str(outcome),
            "status": self.status,
            "size": self.size,
            "age": self.age,
            "detail": detail,
            "parser_version": self.parser_version,
            "validators": self.validators,
            "sent_validators": dict(self.sent),
            "redirected_to": self.redirected_to,
            "documents": [_document_line(kept.record, kept.document) for kept in self.kept],
        }
        return {name: self.secrets.line(value) for name, value in line.items()}


def _document_line(record: str, document: Document) -> dict[str, Any]:
    return {
        "record": record,
        "digest": document.digest,
        "url": document.url,
        "fetched_at": format_warc_date(document.fetched_at),
        "content_type": document.content_type,
        "size": document.size,
    }


def _validators(response: Response) -> dict[str, str]:
    """Return the ETag and Last-Modified of an answer, those it has."""
    found = {name: response.headers.get(name) for name in ("ETag", "Last-Modified")}
    return {name: value.decode("latin-1") for name, value in found.items() if value}


def parse_age(text: str) -> int:
    """Return the seconds of an Age header; 0 for one that is no number or that no cache can mean."""
    age = int(text) if re.fullmatch(r"[0-9]{1,10}", text) else 0
    return age if age < LONGEST_AGE else 0


def _status_phrase(status: int) -> str:
    return f"{status} {responses.get(status, '')}".strip()
