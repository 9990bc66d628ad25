"""What a source declares about itself, as plain data that every later stage may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class Authority(StrEnum):
    """How much a source's word weighs, highest first; a first party's only on its own models and prices."""

    REVIEW = "review"
    FIRST_PARTY = "first_party"
    CURATED = "curated"
    PROVIDER_API = "provider_api"
    AGGREGATOR = "aggregator"


@dataclass(frozen=True, slots=True)
class SourceCard:
    """The policy of one source.

    `providers` are the provider ids it is the documented API or first party of (prices, limits);
    `developers` those whose models it may describe as first party. `complete` says one visit lists
    everything the source has, so that absence means withdrawal. `exhaustive` names the lists ("capability",
    "modality.input", …) whose omissions are a No. `price_words` maps a printed price to its state
    ("-1" → "not_published"). `derived_from` names sources this one copies: agreement with them is not
    corroboration. `expected_rows` bounds a healthy visit. `key_env` names the environment variable that
    switches a keyed source on. `terms` says what its licence lets us pass on.
    """

    id: str
    title: str
    kind: str
    authority: Authority
    url: str
    max_age: timedelta
    expected_rows: range
    parser_version: int = 1
    complete: bool = False
    providers: tuple[str, ...] = ()
    developers: tuple[str, ...] = ()
    exhaustive: tuple[str, ...] = ()
    price_words: Mapping[str, str] = field(default_factory=dict)
    derived_from: tuple[str, ...] = ()
    key_env: str = ""
    terms: str = ""
    redistribute: bool = True
