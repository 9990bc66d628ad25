"""Catalog values as text and back, and the keys that name an offer, a listing and a claim."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cardwatch.normalize.attributes import get_attribute as attribute_of

if TYPE_CHECKING:
    from cardwatch.normalize.records import JsonValue

PlainValue = str | int | bool | tuple[str, ...] | None
"""A value as a program gets it: None is unknown; prices and scores are decimal strings."""
ClaimKey = tuple[str, str, str, str]
"""Attribute, qualifier, told start, told end."""

VARIANT_KEYS = ("tier", "region", "snapshot", "quantization", "mode")
GLOBAL_IS_DEFAULT = frozenset({"azure-openai"})
"""Providers whose plain offer is the global one, so that naming it makes no other offer."""


def format_time(moment: datetime) -> str:
    """Return `moment` as the catalog writes it: UTC, whole seconds."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def encode_value(value: JsonValue) -> str | None:
    """Return a value as catalog text: true, 128000, "0.125", or words joined by commas."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def decode_value(attribute: str, text: str | None) -> PlainValue:
    """Return catalog text as the type of its attribute."""
    if text is None:
        return None
    kind = attribute_of(attribute).type
    if kind == "count":
        return int(text)
    if kind == "flag":
        return text == "true"
    if kind == "words":
        return tuple(text.split(", ")) if text else ()
    return text


def encode_qualifier(qualifier: Mapping[str, str]) -> str:
    """Return a condition as canonical JSON, "" for none."""
    return json.dumps(dict(sorted(qualifier.items())), ensure_ascii=False) if qualifier else ""


def claim_key(attribute: str, qualifier: Mapping[str, str]) -> ClaimKey:
    """Return what makes a claim the same claim later; told dates are kept apart from the condition."""
    if not qualifier:
        return attribute, "", "", ""
    rest = {key: text for key, text in qualifier.items() if key not in ("from", "to")}
    return attribute, encode_qualifier(rest), qualifier.get("from", ""), qualifier.get("to", "")


def provider_of(offer: str) -> str:
    """Return the provider in an offer's key, "" for none."""
    return offer.partition(";")[0]


def variant_of(offer: str) -> list[str]:
    """Return what sets an offer apart at its provider: ["tier=batch"]."""
    return offer.split(";")[1:]


def variant_key(provider: str, variant: Mapping[str, str]) -> str:
    """Return "openrouter", "azure-openai;region=data-zone": a provider and what is not its default."""
    if not variant:
        return provider
    shown = {
        key: text
        for key, text in variant.items()
        if (key, text) != ("tier", "standard")
        and not ((key, text) == ("region", "global") and provider in GLOBAL_IS_DEFAULT)
    }
    known = [key for key in VARIANT_KEYS if key in shown] + sorted(shown.keys() - {*VARIANT_KEYS})
    return ";".join([provider, *(f"{key}={shown[key]}" for key in known)])
