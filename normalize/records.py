"""What leaves normalize: one record per row, each value with its raw text, and refusals with a reason.

Cells were checked where they were read, so nothing checks a record again as it is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec import field as struct_field

if TYPE_CHECKING:
    from cardwatch.crawler.documents import SourceUnreadPart

JsonValue = str | int | bool | tuple[str, ...] | None
ValueState = Literal["known", "subscription", "not_published", "not_applicable"]
"""`known` with price "0" is free; a fact nobody was asked about has no row at all (not checked)."""


class Value(Struct, frozen=True, kw_only=True):
    """One attribute of a record, in catalog units, beside what the page printed."""

    attribute: str
    """Catalog attribute: "context_window", "input_price", "capability.vision", "benchmark.mmlu_pro", …"""
    value: JsonValue
    """int counts, canonical decimal strings for prices and scores ("0.125"), bool, text, or sorted words."""
    unit: str = ""
    """usd_per_mtok, tokens, percent, fraction, elo, score, … "" where the attribute has none."""
    state: ValueState = "known"
    raw: str
    raw_unit: str = ""
    locator: str
    qualifier: Mapping[str, str] = struct_field(default_factory=dict)
    """Part of its identity: context_above, window, ttl, currency, from, to; version, mode, reporter …"""
    effective_from: str | None = None
    published_on: str | None = None


class RowEvidence(Struct, frozen=True, kw_only=True):
    """Where a record was read."""

    source: str
    url: str
    document: str
    """Digest of the archived bytes, "sha256:…"."""
    locator: str
    fetched_at: datetime


class Record(Struct, frozen=True, kw_only=True):
    """One row, understood.

    `model` is None while the name is unlinked; `candidates` are then its nearest known ids. `provider` is
    None for what a page says of a model as such. `variant` (tier, region, snapshot, quantization, mode) is
    what sets this offer apart from the provider's default offer of the model.
    """

    kind: Literal["model", "offer", "benchmark"]
    evidence: RowEvidence
    name: str
    provider: str | None = None
    model: str | None = None
    variant: Mapping[str, str] = struct_field(default_factory=dict)
    rule: str = ""
    candidates: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()


class Rejected(Struct, frozen=True, kw_only=True):
    """A cell or row that could not be understood, kept with its text and the rule that refused it."""

    evidence: RowEvidence
    name: str
    attribute: str
    raw: str
    raw_unit: str = ""
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one visit said, in page order, and the parts of its page that nobody understood."""

    records: tuple[Record, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[SourceUnreadPart, ...] = ()
