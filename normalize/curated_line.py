"""The shape of one line of a facts file, before anybody looks at what it says."""

from __future__ import annotations

import json
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from cardwatch.normalize.text import ParseError, shorten_text

_LONGEST_LINE = 20_000
_LONGEST_URL = 2_000


class CuratedLine(BaseModel):
    """The keys a line may have. Numbers are kept as they are spelled."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    model: str
    attribute: str
    value: str | bool | tuple[str, ...] | None
    source_url: str
    reviewed_on: str
    reviewer: str
    unit: str | None = None
    state: Literal["not_published", "subscription", "not_applicable"] | None = None
    source: str | None = None
    observed_at: str | None = None
    provider: str | None = None
    tier: str | None = None
    region: str | None = None
    variant: str | dict[str, str] | None = None
    version: str | None = None
    mode: str | None = None
    harness: str | None = None
    reporter: str | None = None
    date: str | None = None


def read_line(text: str) -> CuratedLine:
    """Return a line's keys and values. Raises ParseError for what is no JSON object of this shape."""
    if len(text) > _LONGEST_LINE:
        raise ParseError("line", wanted=f"at most {_LONGEST_LINE:,} characters", found=text)
    try:
        found = json.loads(
            text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_unique_keys
        )
    except (ValueError, RecursionError) as error:
        raise ParseError("line", wanted="one JSON object, each key once", found=text) from error
    if not isinstance(found, dict):
        raise ParseError("line", wanted="one JSON object, each key once", found=text)
    try:
        return CuratedLine.model_validate(found)
    except ValidationError as error:
        raise _shape_error(error) from error


def check_web_address(text: str) -> str:
    """Return an http or https address. Raises ParseError for another scheme, a login in it, or no host."""
    try:
        parts = urlsplit(text)
        host, login = parts.hostname, parts.username or parts.password
    except ValueError:
        host, login, parts = None, None, urlsplit("")
    plain = text.isprintable() and not any(c.isspace() for c in text) and len(text) <= _LONGEST_URL
    if parts.scheme not in {"http", "https"} or not host or login or not plain:
        raise ParseError("source_url", wanted="an http or https address without a login", found=text)
    return text


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _shape_error(error: ValidationError) -> ParseError:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"][:1])
    wanted = {"extra_forbidden": "no such key", "missing": "this key"}.get(first["type"], first["msg"])
    found = "" if first["type"] == "missing" else shorten_text(str(first["input"]))
    return ParseError(key, wanted=wanted, found=found)
