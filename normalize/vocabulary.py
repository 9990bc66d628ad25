"""The words that set offers and scores apart: tiers, regions, snapshots, qualifiers; and known names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from cardwatch.crawler.blank_text import is_blank
from cardwatch.normalize.dates import parse_date, parse_day
from cardwatch.normalize.providers import DEVELOPERS, PROVIDERS, provider_id
from cardwatch.normalize.quantities import parse_count
from cardwatch.normalize.text import LONGEST, ParseError
from cardwatch.normalize.words import VOCABULARIES, catalog_word, is_known_word

__all__ = [
    "DEVELOPERS",
    "PROVIDERS",
    "display_name",
    "parse_one_word_variant",
    "parse_qualifier",
    "parse_variant",
    "plain_text",
    "provider_id",
    "vendor_name",
]

_REGION = re.compile(r"[a-z]{2,}[a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?", re.ASCII)
_TTL = re.compile(r"(\d{1,4})\s*(?:-\s*)?(m|min|minutes?|h|hours?|d|days?)", re.ASCII)
_LONGEST_TEXT = 2_000


def parse_variant(printed: Mapping[str, str]) -> dict[str, str]:
    """Return what sets an offer apart, in the catalog's words and key order; the default says nothing.

    Keys: tier ("standard" is left out), region, snapshot, quantization, mode. Raises ParseError for
    another key and for a word nobody has decided about.
    """
    return _read_keys(_VARIANT, printed, "variant")


def parse_one_word_variant(text: str) -> dict[str, str]:
    """Say which key a variant belongs to that is given as one word: "batch", "fp8", "2025-04-14", "thinking".

    "key=value;key=value" is read as it stands.
    """
    if "=" in text:
        pairs = [pair.partition("=") for pair in text.split(";")]
        return {key.strip(): value for key, _, value in pairs}
    for key in ("tier", "quantization"):
        if is_known_word(key, text):
            return {key: text}
    return {"snapshot" if text[:4].isdigit() else "mode": text}


def parse_qualifier(printed: Mapping[str, str]) -> dict[str, str]:
    """Return what makes a value one of several: thresholds as plain integers, dates as ISO, ttl as "5m".

    Raises ParseError for another key and for a value its key cannot have.
    """
    return _read_keys(_QUALIFIER, printed, "qualifier")


def plain_text(text: str) -> str | None:
    """Return printable text on one line; None when blank. Raises ParseError beyond 2,000 characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(line) > _LONGEST_TEXT:
        raise ParseError("text", wanted=f"at most {_LONGEST_TEXT} characters", found=text)
    return None if is_blank(line) else line


def vendor_name(text: str) -> str | None:
    """Return a maker's name as we write it ("openai" is OpenAI); an unknown one as printed."""
    line = plain_text(text)
    return line and _developers().get(line.casefold(), line)


_ADDED = re.compile(r"\s*\((?:free|exacto|latest)\)$", re.IGNORECASE)
"""What a list says of a route or a pointer behind the name."""


def display_name(text: str) -> str | None:
    """Return a model's name without what a list adds to it: "OpenAI: GPT-4.1 (free)" is GPT-4.1."""
    line = plain_text(text)
    if line is None:
        return None
    maker, colon, name = line.partition(": ")
    if colon and maker.casefold() in _developers():
        line = name
    organisation, slash, name = line.partition("/")
    if slash and organisation.casefold() in _developers():
        line = name
    return _ADDED.sub("", line) or line


@cache
def _developers() -> Mapping[str, str]:
    spellings = ((s, row.name) for key, row in DEVELOPERS.items() for s in (key, row.name, *row.aliases))
    return MappingProxyType({spelling.casefold(): name for spelling, name in spellings})


def _read_keys(
    readers: Mapping[str, Callable[[str], str | None]], printed: Mapping[str, str], what: str
) -> dict[str, str]:
    if unknown := sorted(printed.keys() - readers.keys()):
        raise ParseError(what, wanted=f"keys of {', '.join(readers)}", found=", ".join(unknown))
    found = {key: read(printed[key]) for key, read in readers.items() if key in printed}
    return {key: value for key, value in found.items() if value}


def _tier(text: str) -> str | None:
    found = catalog_word("tier", text)
    return None if found == "standard" else found


def _region(text: str) -> str | None:
    if is_blank(text) or is_known_word("region", text):
        return catalog_word("region", text)
    name = text.strip().casefold()
    if len(name) > LONGEST or not _REGION.fullmatch(name):
        raise ParseError(
            "region", wanted=f"{', '.join(VOCABULARIES['region'])} or a cloud region", found=text
        )
    return name


def _slug(text: str) -> str | None:
    name = re.sub(r"[\s_]+", "-", text.strip().casefold())
    if is_blank(name):
        return None
    if not _SLUG.fullmatch(name):
        raise ParseError("variant", wanted="a short name", found=text)
    return name


def _quantization(text: str) -> str | None:
    return catalog_word("quantization", text)


def _threshold(text: str) -> str | None:
    found = parse_count(text, "tokens")
    return None if found is None else str(found)


def _ttl(text: str) -> str | None:
    parts = _TTL.fullmatch(text.strip().casefold())
    if parts is None:
        raise ParseError("ttl", wanted='a time such as "5m" or "1h"', found=text)
    return f"{int(parts[1])}{parts[2][0]}"


_VARIANT: MappingProxyType[str, Callable[[str], str | None]] = MappingProxyType(
    {
        "tier": _tier,
        "region": _region,
        "snapshot": _slug,
        "quantization": _quantization,
        "mode": _slug,
    }
)
_QUALIFIER: MappingProxyType[str, Callable[[str], str | None]] = MappingProxyType(
    {
        "context_above": _threshold,
        "window": plain_text,
        "ttl": _ttl,
        "from": parse_date,
        "to": parse_date,
        "promo_until": parse_day,
        "route": plain_text,
        "version": plain_text,
        "mode": plain_text,
        "measure": plain_text,
        "harness": plain_text,
        "reporter": plain_text,
    }
)
