"""Rows that a source read, as the visit that brought them, and on into records and a catalog."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

from cardwatch import normalize
from cardwatch.crawler.documents import Document, Outcome, PagePart, RawRow, SourceRow, Visit
from cardwatch.crawler.source import Source
from cardwatch.db.catalog import CatalogStore
from cardwatch.db.query.reports import IngestReport
from cardwatch.normalize.records import Reading

SOME_DAY = datetime(2026, 5, 15, 12, tzinfo=UTC)


def visit_of(
    source: Source, parts: Iterable[PagePart], at: datetime = SOME_DAY, *, url: str = "", body: bytes = b""
) -> Visit:
    """Return the visit to a page at which these rows were read; `body` is its bytes, where they matter."""
    digest = sha256(body or f"{at}".encode()).hexdigest()
    archive = f"{at:%Y%m%dT%H%M%SZ}-01.warc.gz"
    document = Document(f"sha256:{digest}", url or source.url, at, "text/plain", len(body), archive, 0)
    rows = tuple(SourceRow(document, part) for part in parts if isinstance(part, RawRow))
    return Visit(
        *(source.name, source.page_kind, document.url, at, Outcome.READ, source.parser_version, 200),
        documents=(document,),
        rows=rows,
    )


def read_rows(source: Source, parts: Iterable[PagePart], *, url: str = "") -> Reading:
    """Return what the normaliser makes of rows."""
    return normalize.read(visit_of(source, parts, url=url), source.card())


def ingest_rows(
    catalog: CatalogStore, source: Source, parts: Iterable[PagePart], at: datetime
) -> IngestReport:
    """Take rows into a catalog as one visit."""
    card = source.card()
    visits = [visit_of(source, parts, at)]
    return catalog.ingest(card, visits, lambda v: normalize.read(v, card), rules=normalize.VERSION)
