"""Facts that a person states, one JSON object a line: checked like any crawled cell, then typed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from msgspec import Struct, field

from cardwatch.normalize.attributes import Attribute
from cardwatch.normalize.cells import parse_cell, require_attribute
from cardwatch.normalize.curated_line import CuratedLine, check_web_address, read_line
from cardwatch.normalize.dates import parse_date, parse_day
from cardwatch.normalize.identity.resolver import NO_LINKS, Links, resolve_name
from cardwatch.normalize.providers import is_model_id, provider_id
from cardwatch.normalize.records import JsonValue, ValueState
from cardwatch.normalize.text import (
    TWELVE_DIGITS,
    ParseError,
    canonical_number,
    encoding_problem,
    parse_number,
)
from cardwatch.normalize.vocabulary import parse_one_word_variant, parse_qualifier, parse_variant, plain_text

CuratedState = ValueState | Literal["unknown"]
_SOURCE = re.compile(r"[a-z][a-z0-9_]{0,60}", re.ASCII)
_ONLY_OFFER = frozenset({"quantization", "availability"})
_MODEL_OR_OFFER = frozenset({"context_window", "max_input_tokens", "max_output_tokens"})
_BENCHMARK_KEYS = ("version", "mode", "harness", "reporter")

ModelLookup = Callable[[str], Sequence[str]]
"""Looks a name up in the catalog: ids, model parts, display names and aliases to the ids they may mean."""


class CuratedOffer(Struct, frozen=True, kw_only=True):
    """The offer a curated fact is about; `standard` in no region is the provider's default one."""

    provider: str
    """Provider id of the vocabulary: "azure-openai"."""
    tier: str = "standard"
    region: str | None = None
    variant: Mapping[str, str] = field(default_factory=dict)
    """What else sets the offer apart: snapshot, quantization, mode."""


class CuratedFact(Struct, frozen=True, kw_only=True):
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
    """The value as the line spells it."""
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
    qualifier: Mapping[str, str] = field(default_factory=dict)
    """Of a benchmark: version, mode, harness, reporter."""
    published_on: str | None = None
    """Of a benchmark: the date of the score."""


class BadLine(NamedTuple):
    """A line that was refused, by its number in the file (from 1)."""

    line: int
    reason: str


def read_facts(
    lines: Iterable[str],
    *,
    links: Links = NO_LINKS,
    known: ModelLookup = lambda name: (),
    today: date | None = None,
) -> tuple[list[CuratedFact], list[BadLine]]:
    """Understand a facts file: the good lines in order, and the bad ones with their number and reason.

    `known` finds a model by a name that is no id. With `today`, reviews later than tomorrow are refused
    (it is already tomorrow east of UTC). Blank lines are skipped; of a file in UTF-16 the first line speaks for all.
    """
    facts, bad = [], []
    for count, text in enumerate(lines, 1):
        if not text.strip("\ufeff \t\r\n"):
            continue
        if problem := encoding_problem(text):
            bad.append(BadLine(count, f"line: wanted UTF-8, found {problem}"))
            if "UTF-16" in problem:
                break
            continue
        try:
            facts.append(_fact(count, read_line(text.strip("\ufeff")), links, known, today))
        except ParseError as error:
            bad.append(BadLine(count, str(error)))
    return facts, bad


def _fact(count: int, line: CuratedLine, links: Links, known: ModelLookup, today: date | None) -> CuratedFact:
    attribute = require_attribute(line.attribute)
    value, unit = _value(attribute, line)
    return CuratedFact(
        line=count,
        model=_model(line.model, links, known),
        attribute=attribute.name,
        value=value,
        unit=unit,
        state=(line.state or "unknown") if value is None else "known",
        raw="null" if line.value is None else _text(line.value),
        source=_source(line.source),
        url=check_web_address(line.source_url),
        reviewed_on=_not_later(parse_day(line.reviewed_on), today),
        reviewer=_required_text(line.reviewer, "reviewer"),
        observed_at=_observed(line.observed_at, today),
        offer=_offer(attribute, line),
        qualifier=_qualifier(attribute, line),
        published_on=parse_date(line.date or ""),
    )


def _model(name: str, links: Links, known: ModelLookup) -> str:
    """Return the id a line means: a known one, one a rule knows, or any well-formed id as it stands."""
    if len(found := known(name)) == 1:
        return found[0]
    if len(found) > 1:
        raise ParseError("model", wanted=f"one of {', '.join(found)}", found=name)
    meant = resolve_name(name, links=links)
    if meant.model and meant.variant:
        variant = ", ".join(f"{key} {text}" for key, text in meant.variant.items())
        raise ParseError("model", wanted=f"a model; this is {variant} of {meant.model}", found=name)
    if meant.model:
        return meant.model
    if not is_model_id(name):
        near = f" (near: {', '.join(meant.candidates)})" if meant.candidates else ""
        raise ParseError("model", wanted=f"a known name or a new id <developer>/<model>{near}", found=name)
    return name


def _value(attribute: Attribute, line: CuratedLine) -> tuple[JsonValue, str]:
    if attribute.group == "price" and line.unit != attribute.unit:
        raise ParseError("unit", wanted=attribute.unit, found=line.unit or "")
    if line.value is None:
        return None, line.unit or attribute.unit
    if line.state is not None:
        raise ParseError("state", wanted="no state beside a value", found=line.state)
    if attribute.group == "price":
        return canonical_number(TWELVE_DIGITS.plus(parse_number(_text(line.value), "price"))), attribute.unit
    unit = line.unit or ""
    if attribute.type not in {"count", "score"} and unit:
        raise ParseError("unit", wanted=f"none for {attribute.name}", found=unit)
    understood = parse_cell(attribute.name, _text(line.value), unit)
    if understood.value is None:
        raise ParseError("value", wanted="a value, or null for unknown", found=_text(line.value))
    return understood.value, understood.unit


def _text(value: str | bool | tuple[str, ...]) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value)


def _offer(attribute: Attribute, line: CuratedLine) -> CuratedOffer | None:
    of_offer = attribute.group == "price" or attribute.name in _ONLY_OFFER
    if line.provider is None:
        if of_offer or line.tier or line.region or line.variant:
            raise ParseError("provider", wanted=f"the provider whose {attribute.name} this is", found="")
        return None
    if not of_offer and attribute.name not in _MODEL_OR_OFFER:
        raise ParseError("attribute", wanted="no provider: this is said of the model", found=attribute.name)
    provider = provider_id(line.source or "curated", line.provider)
    if provider is None:
        raise ParseError("provider", wanted="one in normalize/providers.toml: add it", found=line.provider)
    more = parse_one_word_variant(line.variant) if isinstance(line.variant, str) else line.variant or {}
    stated = {key: text for key, text in (("tier", line.tier), ("region", line.region)) if text}
    parts = parse_variant({**more, **stated})
    return CuratedOffer(
        provider=provider,
        tier=parts.pop("tier", "standard"),
        region=parts.pop("region", None),
        variant=parts,
    )


def _qualifier(attribute: Attribute, line: CuratedLine) -> dict[str, str]:
    stated = {key: text for key in _BENCHMARK_KEYS if (text := getattr(line, key))}
    if (stated or line.date) and attribute.group != "benchmark":
        raise ParseError(
            "attribute", wanted=f"benchmark.* beside {', '.join(stated) or 'date'}", found=line.attribute
        )
    return parse_qualifier(stated)


def _source(text: str | None) -> str:
    if text is not None and not _SOURCE.fullmatch(text):
        raise ParseError("source", wanted="a source id such as curated", found=text)
    return text or "curated"


def _required_text(text: str, what: str) -> str:
    found = plain_text(text)
    if found is None:
        raise ParseError(what, wanted="who looked", found=text)
    return found


def _observed(text: str | None, today: date | None) -> str | None:
    if text is None:
        return None
    found = parse_date(text)
    if found is None:
        raise ParseError("observed_at", wanted="an ISO date or time", found=text)
    _not_later(found, today)
    return text


def _not_later(found: str, today: date | None) -> str:
    if today is not None and found > (today + timedelta(days=1)).isoformat():
        raise ParseError("date of a look", wanted=f"no later than {today.isoformat()}", found=found)
    return found
