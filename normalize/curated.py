"""Facts that a person states, one JSON object a line: checked like any crawled cell, then typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from normalize.records import JsonValue, State, Strict

CuratedState = State | Literal["unknown"]


class CuratedOffer(Strict):
    """The offer a curated fact is about; `standard` in no region is the provider's default one."""

    provider: str
    """Provider id of the vocabulary: "azure-openai"."""
    tier: str = "standard"
    region: str | None = None
    variant: Mapping[str, str] = Field(default_factory=dict)
    """What else sets the offer apart: snapshot, quantization, mode."""


class CuratedFact(Strict):
    """One line of a facts file, understood. A person vouches for it, so it carries a reviewer, not bytes."""

    line: int
    model: str
    """Model id `<developer>/<model>`; it need not exist yet."""
    attribute: str
    value: JsonValue
    """As in Value: counts as int, prices and scores as canonical decimal strings; None unless known."""
    unit: str = ""
    state: CuratedState = "known"
    raw: str
    """The value as the line has it, in JSON."""
    source: str = "curated"
    url: str
    """http or https."""
    reviewed_on: str
    """YYYY-MM-DD."""
    reviewer: str
    observed_at: str | None = None
    """When the reviewer saw it, if not on the review date: an ISO date or time."""
    offer: CuratedOffer | None = None
    """None for a fact about the model as such."""
    qualifier: Mapping[str, str] = Field(default_factory=dict)
    """Of a benchmark: version, mode, harness, reporter."""
    published_on: str | None = None
    """Of a benchmark: the date of the score."""
