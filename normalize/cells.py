"""One cell: an attribute's type picks the parser, and the outcome is remembered: pages repeat themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from cardwatch.crawler.blank_text import is_blank
from cardwatch.normalize.attributes import ATTRIBUTES, Attribute, AttributeType, get_attribute
from cardwatch.normalize.dates import parse_date
from cardwatch.normalize.licenses import parse_license
from cardwatch.normalize.prices import parse_price
from cardwatch.normalize.quantities import parse_count, parse_parameters_note, parse_score
from cardwatch.normalize.records import JsonValue
from cardwatch.normalize.text import LONGEST, ParseError, canonical_number
from cardwatch.normalize.vocabulary import display_name, plain_text, vendor_name
from cardwatch.normalize.words import catalog_word, parse_flag, parse_modalities


class ParsedValue(NamedTuple):
    """A value in catalog units; None when the cell declines to say, which is not "not published"."""

    value: JsonValue
    unit: str = ""


NO_VALUE = ParsedValue(None)


def require_attribute(name: str) -> Attribute:
    """Return the attribute, or raise ParseError for a name that the catalog does not have."""
    try:
        return get_attribute(name)
    except KeyError:
        raise ParseError("attribute", wanted=f"one of {len(ATTRIBUTES)} or benchmark.*", found=name) from None


def parse_cell(name: str, text: str, unit: str) -> ParsedValue:
    """Read one cell of attribute `name`, whose source states `unit`. Raises ParseError, with a reason."""
    outcome = (_cached_outcome if len(text) <= LONGEST else _parse_outcome)(name, text, unit)
    if isinstance(outcome, _Refusal):
        raise ParseError(outcome.what, wanted=outcome.wanted, found=outcome.found)
    return outcome


class _Refusal(NamedTuple):
    """A remembered ParseError without its traceback, which would hold on to every frame it passed."""

    what: str
    wanted: str
    found: str


def _parse_outcome(name: str, text: str, unit: str) -> ParsedValue | _Refusal:
    try:
        known = require_attribute(name)
        return _PARSERS[known.type](known, text, unit)
    except ParseError as error:
        return _Refusal(error.what, error.wanted, error.found)


_cached_outcome = lru_cache(maxsize=1 << 16)(_parse_outcome)


def _price(known: Attribute, text: str, unit: str) -> ParsedValue:
    if not text.strip():
        return NO_VALUE
    amount, catalog_unit = parse_price(text, unit, catalog_unit=known.unit)
    return ParsedValue(canonical_number(amount), catalog_unit)


def _count(known: Attribute, text: str, unit: str) -> ParsedValue:
    """No limit and no model is 0: sources print it where a limit does not apply."""
    found = parse_count(text, unit)
    return ParsedValue(found, known.unit) if found else NO_VALUE


def _score(known: Attribute, text: str, unit: str) -> ParsedValue:
    found = parse_score(text, unit)
    return NO_VALUE if found is None else ParsedValue(canonical_number(found), unit or "percent")


def _note(text: str) -> str | None:
    line = plain_text(text)
    return line and parse_parameters_note(line)


_MARK = re.compile(r"(?:[*†‡§¶⁰¹²³⁴-⁹]|\[\d{1,2}\])$")


def _unmarked(read: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """Return a reader of names that raises ParseError for one with a footnote's mark on it."""

    def read_unmarked(text: str) -> str | None:
        if not is_blank(text) and (mark := _MARK.search(text.rstrip())):
            raise ParseError("name", wanted="one without a footnote's mark", found=f"{mark[0]} on {text}")
        return read(text)

    return read_unmarked


_TEXTS: MappingProxyType[str, Callable[[str], str | None]] = MappingProxyType(
    {
        "name": _unmarked(display_name),
        "vendor": _unmarked(vendor_name),
        "replacement": _unmarked(plain_text),
        "parameters_note": _note,
    }
)
_PARSERS: MappingProxyType[AttributeType, Callable[[Attribute, str, str], ParsedValue]] = MappingProxyType(
    {
        "text": lambda known, text, unit: ParsedValue(_TEXTS.get(known.name, plain_text)(text)),
        "word": lambda known, text, unit: ParsedValue(catalog_word(known.name, text)),
        "words": lambda known, text, unit: ParsedValue(parse_modalities(text)),
        "date": lambda known, text, unit: ParsedValue(parse_date(text, unit)),
        "flag": lambda known, text, unit: ParsedValue(parse_flag(known.name, text)),
        "license": lambda known, text, unit: ParsedValue(parse_license(text)),
        "price": _price,
        "count": _count,
        "score": _score,
    }
)
