"""Visits and readings made by hand, for tests of the catalog: a page is a list of `Row`s."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from cardwatch.crawler.documents import Cell, Document, Outcome, RawRow, SourceRow, Visit
from cardwatch.crawler.source_card import Authority, SourceCard
from cardwatch.db.catalog import CatalogStore
from cardwatch.db.query.reports import IngestReport
from cardwatch.db.store.values import encode_value
from cardwatch.normalize.attributes import get_attribute
from cardwatch.normalize.records import Reading, Record, Rejected, RowEvidence, Value

START = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
URL = "https://openrouter.ai/api/v1/models"
GPT, QWEN = "openai/gpt-4.1", "alibaba/qwen3.5-4b"


@dataclass(frozen=True)
class Row:
    """One row of a page: values in catalog form; a value given as Rejected's reason starts with "!"."""

    model: str | None
    values: Mapping[str, Any]
    provider: str | None = None
    kind: str = "offer"
    variant: Mapping[str, str] = field(default_factory=dict)
    qualifier: Mapping[str, str] = field(default_factory=dict)
    name: str = ""

    @property
    def printed(self) -> str:
        return self.name or str(self.model)


def offer(model: str | None, provider: str = "openrouter", /, **values: Any) -> Row:
    return Row(model, values, provider)


def about(model: str | None, provider: str | None = None, /, **values: Any) -> Row:
    return Row(model, values, provider, kind="model")


def card(source: str = "openrouter_models", **changed: Any) -> SourceCard:
    """Return a complete list that is the documented API of its own provider."""
    base = SourceCard(
        source,
        source,
        "JSON API",
        Authority.PROVIDER_API,
        URL,
        DAY,
        range(1, 9),
        complete=True,
        providers=("openrouter",),
    )
    return replace(base, **changed)


def aggregator(source: str, **changed: Any) -> SourceCard:
    return card(source, **{"authority": Authority.AGGREGATOR, "providers": (), **changed})


def _raw(number: int, row: Row) -> RawRow:
    cells = {name: Cell(str(value)) for name, value in row.values.items()}
    return RawRow(
        row.kind, row.printed, f"/data/{number}", cells, row.provider or "", row.variant, row.qualifier  # type: ignore[arg-type]
    )  # fmt: skip


def visit(
    rows: Sequence[Row] = (), *, day: float = 0, source: str = "openrouter_models", url: str = URL, warc: str | None = None,
    **changed: Any,
) -> Visit:  # fmt: skip
    """Return a visit `day` days after the start; each day writes its own archive file."""
    at = START + timedelta(days=day)
    body = orjson.dumps([[row.printed, dict(row.values)] for row in rows], default=str)
    name = f"{at:%Y%m%dT%H%M}.warc.gz" if warc is None else warc
    document = Document(
        "sha256:" + hashlib.sha256(body).hexdigest(), url, at, "application/json", len(body), name, 512
    )
    made = Visit(
        source, "listing", url, at, Outcome.READ, 1, 200, len(body), documents=(document,),
        rows=tuple(SourceRow(document, _raw(n, row)) for n, row in enumerate(rows)),
        validators={"ETag": f'"{document.digest[7:15]}"'},
    )  # fmt: skip
    made = replace(made, **changed)
    return (
        made
        if made.outcome is Outcome.READ
        else replace(made, documents=(), rows=(), validators=changed.get("validators", {}))
    )


class CatalogWorld:
    """A catalog whose clock is that of the last visit, and one page per source unless told otherwise."""

    def __init__(self, path: Path) -> None:
        self.now = START
        self.path = path
        self.rules = "rules 1"
        self.catalog = CatalogStore.open(path, now=lambda: self.now)
        self.pages: dict[tuple[str, ...], Sequence[Row]] = {}
        self.read: list[str] = []

    def see(self, *rows: Row, day: float = 0, card: SourceCard | None = None, **changed: Any) -> IngestReport:
        """Ingest one visit that read `rows`."""
        its = card or globals()["card"]()
        return self.ingest(its, [(visit(rows, day=day, source=its.id, **changed), rows)])

    def miss(self, outcome: Outcome, *, day: float, **changed: Any) -> IngestReport:
        """Ingest one visit that brought no rows."""
        return self.ingest(card(), [(visit(day=day, outcome=outcome, **changed), ())])

    def ingest(self, card: SourceCard, visits: Sequence[tuple[Visit, Sequence[Row]]]) -> IngestReport:
        rows_of = {id(made): rows for made, rows in visits}
        self.now = max(self.now, max(made.started for made, _ in visits))

        def read(made: Visit) -> Reading:
            self.read.append(made.url)
            return reading(made, rows_of[id(made)])

        return self.catalog.ingest(card, [made for made, _ in visits], read, rules=self.rules)

    def fact(self, name: str, model: str = GPT, offer: str = "openrouter", **when: Any) -> Any:
        """Return a fact of an offer, or with `offer` "" of the model."""
        made = self.catalog.card(model, **when)
        if not offer:
            return made.facts[name]
        return next(o for o in made.offers if o.key == offer).facts[name]

    def value(self, name: str, model: str = GPT, offer: str = "openrouter", **when: Any) -> Any:
        return self.fact(name, model, offer, **when).value

    def rows(self, query: str, *args: object) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.catalog.conn.execute(query, args)]


def reading(made: Visit, rows: Sequence[Row]) -> Reading:
    records, refused = [], []
    for number, row in enumerate(rows):
        document = made.documents[0]
        evidence = RowEvidence(
            source=made.source,
            url=made.url,
            document=document.digest,
            locator=f"/data/{number}",
            fetched_at=made.started,
        )
        values = []
        for name, value in row.values.items():
            if isinstance(value, str) and value.startswith("!"):
                refused.append(
                    Rejected(
                        evidence=evidence,
                        name=row.printed,
                        attribute=name,
                        raw=value[1:],
                        reason="not understood",
                    )
                )
            else:
                values.append(_value(name, value, row, number))
        records.append(
            Record(
                kind=row.kind, evidence=evidence, name=row.printed, provider=row.provider, model=row.model,  # type: ignore[arg-type]
                variant=row.variant, rule="by hand", values=tuple(values),
            )
        )  # fmt: skip
    return Reading(tuple(records), tuple(refused))


def _value(name: str, value: Any, row: Row, number: int) -> Value:
    state = "known"
    if value in ("not_published", "subscription", "not_applicable"):
        state, value = value, None
    return Value(
        attribute=name, value=value, unit=get_attribute(name).unit, state=state, raw=encode_value(value) or state,  # type: ignore[arg-type]
        locator=f"/data/{number}/{name}", qualifier=row.qualifier,
    )  # fmt: skip
