"""One cell: an attribute's type picks the parser, and the outcome is remembered: pages repeat themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from cardwatch.normalize.attributes import ATTRIBUTES, Attribute, Type, attribute
from cardwatch.normalize.dates import iso_date
from cardwatch.normalize.licenses import license_id
from cardwatch.normalize.money import canonical, price
from cardwatch.normalize.quantities import count, parameters_note, score
from cardwatch.normalize.records import JsonValue
from cardwatch.normalize.text import LONGEST, ParseError
from cardwatch.normalize.vocabulary import display_name, plain_text, vendor
from cardwatch.normalize.words import flag, modalities, word


class Understood(NamedTuple):
    """A value in catalog units; None when the cell declines to say, which is not "not published"."""

    value: JsonValue
    unit: str = ""


NOTHING = Understood(None)


def known_attribute(name: str) -> Attribute:
    """Return the attribute, or raise ParseError for a name that the catalog does not have."""
    try:
        return attribute(name)
    except KeyError:
        raise ParseError("attribute", wanted=f"one of {len(ATTRIBUTES)} or benchmark.*", found=name) from None


def parse(name: str, text: str, unit: str) -> Understood:
    """Read one cell of attribute `name`, whose source states `unit`. Raises ParseError, with a reason."""
    outcome = (_remembered if len(text) <= LONGEST else _outcome)(name, text, unit)
    if isinstance(outcome, _Refusal):
        raise ParseError(outcome.what, wanted=outcome.wanted, found=outcome.found)
    return outcome


class _Refusal(NamedTuple):
    """A remembered ParseError without its traceback, which would hold on to every frame it passed."""

    what: str
    wanted: str
    found: str


def _outcome(name: str, text: str, unit: str) -> Understood | _Refusal:
    try:
        known = known_attribute(name)
        return _PARSERS[known.type](known, text, unit)
    except ParseError as error:
        return _Refusal(error.what, error.wanted, error.found)


_remembered = lru_cache(maxsize=1 << 16)(_outcome)


def _price(known: Attribute, text: str, unit: str) -> Understood:
    if not text.strip():
        return NOTHING
    amount, catalog_unit = price(text, unit, catalog_unit=known.unit)
    return Understood(canonical(amount), catalog_unit)


def _count(known: Attribute, text: str, unit: str) -> Understood:
    """No limit and no model is 0: sources print it where a limit does not apply."""
    found = count(text, unit)
    return Understood(found, known.unit) if found else NOTHING


def _score(known: Attribute, text: str, unit: str) -> Understood:
    found = score(text, unit)
    return NOTHING if found is None else Understood(canonical(found), unit or "percent")


def _note(text: str) -> str | None:
    line = plain_text(text)
    return line and parameters_note(line)


_TEXTS: MappingProxyType[str, Callable[[str], str | None]] = MappingProxyType(
    {"name": display_name, "vendor": vendor, "parameters_note": _note}
)
_PARSERS: MappingProxyType[Type, Callable[[Attribute, str, str], Understood]] = MappingProxyType(
    {
        "text": lambda known, text, unit: Understood(_TEXTS.get(known.name, plain_text)(text)),
        "word": lambda known, text, unit: Understood(word(known.name, text)),
        "words": lambda known, text, unit: Understood(modalities(text)),
        "date": lambda known, text, unit: Understood(iso_date(text, unit)),
        "flag": lambda known, text, unit: Understood(flag(known.name, text)),
        "license": lambda known, text, unit: Understood(license_id(text)),
        "price": _price,
        "count": _count,
        "score": _score,
    }
)
