"""One attempt on one page, from the first request to the line about it in the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import responses
from typing import Any

from scrapy.http import Response

from cardwatch.crawler.archive import Kept, without_secrets
from cardwatch.crawler.documents import Document, Outcome
from cardwatch.crawler.past import PageRequest
from cardwatch.crawler.warc import stamp

ANSWERED = "answered"
"""The outcome of a visit whose page arrived; whether it can be read is said by whoever reads it."""
SHUT = frozenset({401, 402, 403, 407, 451})


@dataclass(slots=True)
class Attempt:
    """What is known of an attempt so far; carried along the requests it takes."""

    source: str
    page: PageRequest
    parser_version: int
    sent: Mapping[str, str] = field(default_factory=dict)
    started: datetime | None = None
    status: int | None = None
    age: int = 0
    kept: list[Kept] = field(default_factory=list)
    validators: dict[str, str] = field(default_factory=dict)
    redirected_to: str = ""
    asked: set[str] = field(default_factory=set)

    def hear(self, response: Response, kept: Kept) -> tuple[str, str]:
        """Add one answer; return the outcome it makes, and why."""
        self.status = response.status
        self.age = max(self.age, _seconds(response.headers.get("Age")))
        if not self.kept:
            self.redirected_to = response.url if response.meta.get("redirect_urls") else ""
        if response.status == 304:
            if not self.sent:
                return Outcome.ERROR, "HTTP 304 to a request without a validator"
            self.validators = _validators(response)
            return Outcome.NOT_MODIFIED, ""
        self.kept.append(kept)
        if response.status in SHUT:
            return Outcome.BLOCKED, f"HTTP {_phrase(response.status)}, at {response.url}"
        if not 200 <= response.status < 300:
            return Outcome.ERROR, f"HTTP {_phrase(response.status)}, at {response.url}"
        self.validators = _validators(response) if len(self.kept) == 1 else {}
        return ANSWERED, ""

    def line(self, outcome: str, detail: str, *, now: datetime) -> dict[str, Any]:
        """Return the attempt as the archive keeps it."""
        return {
            "version": 1,
            "source": self.source,
            "page_kind": self.page.page_kind,
            "url": without_secrets(self.page.url),
            "started": stamp(self.started or now),
            "outcome": str(outcome),
            "status": self.status,
            "size": sum(kept.document.size for kept in self.kept),
            "age": self.age,
            "detail": detail,
            "parser_version": self.parser_version,
            "validators": self.validators,
            "sent_validators": dict(self.sent),
            "redirected_to": without_secrets(self.redirected_to),
            "documents": [_document(kept.record, kept.document) for kept in self.kept],
        }


def _document(record: str, document: Document) -> dict[str, Any]:
    return {
        "record": record,
        "digest": document.digest,
        "url": document.url,
        "fetched_at": stamp(document.fetched_at),
        "content_type": document.content_type,
        "size": document.size,
    }


def _validators(response: Response) -> dict[str, str]:
    """Return the ETag and Last-Modified of an answer, those it has."""
    found = {name: response.headers.get(name) for name in ("ETag", "Last-Modified")}
    return {name: value.decode("latin-1") for name, value in found.items() if value}


def _seconds(text: bytes | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _phrase(status: int) -> str:
    return f"{status} {responses.get(status, '')}".strip()
