"""A visit becomes records: identity once per row, cells by their attribute's type, refusals with a reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from cardwatch.crawler.documents import Cell, RawRow, RowKind, SourceRow, Visit
from cardwatch.crawler.source_card import SourceCard
from cardwatch.normalize.attributes import Attribute
from cardwatch.normalize.cells import ParsedValue, parse_cell, require_attribute
from cardwatch.normalize.dates import parse_date
from cardwatch.normalize.derived_values import derive_values
from cardwatch.normalize.identity.resolver import NO_LINKS, Links, Resolution, resolve_name
from cardwatch.normalize.product_words import named_product_type
from cardwatch.normalize.records import Reading, Record, Rejected, RowEvidence, Value, ValueState
from cardwatch.normalize.text import ParseError
from cardwatch.normalize.vocabulary import parse_qualifier, parse_variant, provider_id

_STATES: Mapping[str, ValueState] = MappingProxyType(
    {
        "not_published": "not_published",
        "subscription": "subscription",
        "not_applicable": "not_applicable",
    }
)
_ROW_KIND_OF_GROUP: Mapping[str, RowKind] = MappingProxyType({"price": "offer", "benchmark": "benchmark"})
"""Attributes that make sense in one kind of row only: nobody knows whose a price in a model row would be."""


_SINGLE_MAKER_PROVIDERS = {"azure-openai": ("openai/", "azure-ai-foundry")}
"""A shop with the models of one maker, and where the same cloud sells all others."""
CURRENCIES = {"cny": "CNY", "eur": "EUR"}


NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_COUNT = re.compile(r"\d{1,2}")
_WORD = re.compile(r"[a-z]{2}", re.IGNORECASE)


def _is_dated(variant: Mapping[str, str]) -> bool:
    """Say whether a name carries its snapshot: more than a stage such as "preview"."""
    return re.search(r"\d", variant.get("snapshot", "")) is not None


def _is_length_of_vectors(value: Value, model: str | None) -> bool:
    """Say whether an output limit counts no tokens: of a model that returns vectors, lists print their length there."""
    if value.attribute != "max_output_tokens" or model is None:
        return False
    named = named_product_type(model.partition("/")[2])
    return named is not None and named[0] in ("embedding model", "reranker model")


def _names_snapshot(value: Value, variant: Mapping[str, str]) -> bool:
    """Say whether a display name is a snapshot's and not the model's: it spells the date, "DeepSeek-V4-Pro-0813"."""
    if value.attribute != "name":
        return False
    date = re.sub(r"\D", "", variant.get("snapshot", ""))
    return len(date) > 2 and date in re.sub(r"\D", "", str(value.value))


def _serving_provider(provider: str | None, model: str | None) -> str | None:
    """Return the provider; lists say "azure" of all that the cloud serves."""
    maker, others = _SINGLE_MAKER_PROVIDERS.get(provider or "", ("", provider))
    return provider if model is None or model.startswith(maker) else others


def _with_currency(unit: str, shared: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep a price in foreign money apart from the dollar price: its currency is part of its identity."""
    currency = CURRENCIES.get(unit.split("_")[0])
    if currency is None:
        return shared
    return {**shared, "qualifier": {**shared.get("qualifier", {}), "currency": currency}}


def read_visit(visit: Visit, card: SourceCard, links: Links = NO_LINKS) -> Reading:
    """Understand every row of a visit, in page order. A bad cell or row is refused alone; nothing raises.

    An unlinked name still gives a record, with `model` None. `ignored` counts, by attribute, the cells
    that say nothing: blank, "--", a limit of 0.
    """
    reader = _VisitReader(card, links)
    for row in visit.rows:
        reader.take(row)
    return Reading(tuple(reader.records), tuple(reader.rejected), dict(reader.ignored), visit.unread)


@dataclass
class _VisitReader:
    card: SourceCard
    links: Links
    records: list[Record] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    resolved: dict[tuple[str, str], Resolution] = field(default_factory=dict)

    def take(self, source_row: SourceRow) -> None:
        row, document = source_row.row, source_row.document
        evidence = RowEvidence(
            source=self.card.id,
            url=document.url,
            document=document.digest,
            locator=row.locator,
            fetched_at=document.fetched_at,
        )
        try:
            self.records.append(self._record(row, evidence))
        except ParseError as error:
            self._refuse(row, evidence, "row", Cell(error.found), error)

    def _record(self, row: RawRow, evidence: RowEvidence) -> Record:
        found, variant = self._resolve_row(row, parse_variant(row.variant))
        return Record(
            kind=row.kind,
            evidence=evidence,
            name=row.name,
            provider=_serving_provider(self._provider(row), found.model),
            model=found.model,
            variant=variant,
            rule=f"its source's alias of {row.alias_of}" if row.alias_of else found.rule,
            candidates=found.candidates,
            values=tuple(
                value
                for value in self._values(row, evidence)
                if not (_is_length_of_vectors(value, found.model) or _names_snapshot(value, variant))
            ),
        )

    def _resolve_row(self, row: RawRow, printed: Mapping[str, str]) -> tuple[Resolution, Mapping[str, str]]:
        """Resolve a row's name, and say what sets its offer apart, with the version that stands beside the name.

        A version may be a word of the model's name: `gpt-4` in version `turbo-2024-04-09` is GPT-4 Turbo. A date
        in the name stands, whatever a column of versions counts.
        """
        name, version = row.alias_of or row.name, printed.get("snapshot", "")
        named = self._resolve(name, row.provider)
        if _is_dated(named.variant):
            return named, {**named.variant, **printed, "snapshot": named.variant["snapshot"]}
        if not version or _COUNT.fullmatch(version):
            return named, {**named.variant, **printed}
        whole = self._resolve(f"{name}-{version}", row.provider)
        if whole.model and whole.model != named.model:
            apart = {key: text for key, text in printed.items() if key != "snapshot"}
            return whole, {**apart, **whole.variant}
        found = whole if whole.model or _WORD.match(version) else named
        return found, {**found.variant, **printed}

    def _resolve(self, name: str, provider: str) -> Resolution:
        key = (name, provider)
        if key not in self.resolved:
            self.resolved[key] = resolve_name(name, source=self.card.id, provider=provider, links=self.links)
        return self.resolved[key]

    def _provider(self, row: RawRow) -> str | None:
        if not row.provider:
            if row.kind == "offer":
                raise ParseError("offer", wanted="a provider", found=row.name)
            return None
        found = provider_id(self.card.id, row.provider)
        if found is None:
            raise ParseError("provider", wanted="one in normalize/providers.toml: add it", found=row.provider)
        return found

    def _values(self, row: RawRow, evidence: RowEvidence) -> list[Value]:
        shared = self._shared(row, evidence)
        values = []
        for name, cell in row.cells.items():
            try:
                value = self._value(row, name, cell, shared)
            except ParseError as error:
                self._refuse(row, evidence, name, cell, error)
                continue
            if value is None:
                self.ignored[name] += 1
            else:
                values.append(value)
        if row.kind == "model":
            values += derive_values(
                values,
                stated=row.cells.keys(),
                exhaustive={*self.card.exhaustive} - row.not_whole,
                locator=row.locator,
            )
        return values

    def _shared(self, row: RawRow, evidence: RowEvidence) -> dict[str, Any]:
        """Return what every value of a row has in common: its qualifier and the dates the page gives it."""
        shared: dict[str, Any] = {"qualifier": parse_qualifier(row.qualifier)} if row.qualifier else {}
        for name in ("effective_from", "published_on"):
            try:
                if date := parse_date(row.dates.get(name, "")):
                    shared[name] = date
            except ParseError as error:
                self._refuse(row, evidence, name, Cell(row.dates[name]), error)
        return shared

    def _value(self, row: RawRow, name: str, cell: Cell, shared: Mapping[str, Any]) -> Value | None:
        known = require_attribute(name)
        if row.kind != _ROW_KIND_OF_GROUP.get(known.group, row.kind):
            raise ParseError(
                name, wanted=f"it in a row of kind {_ROW_KIND_OF_GROUP[known.group]}", found=row.kind
            )
        if cell.wanted:
            raise ParseError(name, wanted=cell.wanted, found=cell.text)
        found, state = self._understand(known, cell)
        if found.value is None and state == "known":
            return None
        return Value(
            attribute=name,
            value=found.value,
            unit=found.unit,
            state=state,
            raw=cell.text,
            raw_unit=cell.unit,
            locator=row.locator + cell.at,
            **_with_currency(found.unit, shared),
        )

    def _understand(self, known: Attribute, cell: Cell) -> tuple[ParsedValue, ValueState]:
        """Read a cell; the source's own words for a price ("-1", "Free", "included") go before its number."""
        worded = self._price_state(cell.text.strip()) if known.type == "price" else None
        if worded is None:
            return parse_cell(known.name, cell.text, cell.unit), "known"
        if worded == "free":
            return ParsedValue("0", known.unit), "known"
        if worded not in _STATES:
            raise ParseError("price word", wanted=f"free, {', '.join(_STATES)}", found=worded)
        return ParsedValue(None, known.unit), _STATES[worded]

    def _price_state(self, text: str) -> str | None:
        """Return what a price word stands for; a number among them is meant however it is written."""
        words = self.card.price_words
        if text in words or not words or not NUMBER.fullmatch(text):
            return words.get(text)
        return next((words[word] for word in words if _same_number(word, text)), None)

    def _refuse(
        self, row: RawRow, evidence: RowEvidence, attribute: str, cell: Cell, error: ParseError
    ) -> None:
        self.rejected.append(
            Rejected(
                evidence=evidence,
                name=row.name,
                attribute=attribute,
                raw=cell.text,
                raw_unit=cell.unit,
                reason=str(error),
            )
        )


def _same_number(word: str, text: str) -> bool:
    return NUMBER.fullmatch(word) is not None and Decimal(word) == Decimal(text)
