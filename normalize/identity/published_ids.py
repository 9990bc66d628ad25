"""Ids formed from a publisher and a name, where the source prints both; and names that carry their vendor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cardwatch.normalize.identity.aliases import known_brands
from cardwatch.normalize.identity.families import spell_as_maker
from cardwatch.normalize.identity.printed_names import MAKER_PREFIXES, PrintedName, maker_of
from cardwatch.normalize.identity.variant_words import (
    NO_VARIANT,
    QUANTIZATIONS,
    Variant,
    split_date,
    strip_endings,
)
from cardwatch.normalize.providers import DEVELOPERS, developer_of

_PRINTS_PUBLISHERS = frozenset(
    {
        *("openrouter", "vercel", "huggingface", "models_dev", "litellm", "portkey", "genai_prices"),
        *("cloudflare_pricing", "deepinfra_models", "groq_deprecations", "groq_models", "kilo_models"),
        *("novita_models", "together_deprecations"),
    }
)
_NAMES_ITS_OWN_WAY = frozenset({"poe", "fal_ai", "fal-ai", "aiml", "deepgram", "azure_ai", "azure"})
_RESELLER = re.compile(
    r"^(?:alpha|azure|cc|cerebras|coding|databricks|duo-chat|fw|groq|intel|parasail|volcengine)-+|^system\.ai\."
)
_LONGEST_PREFIX = max(prefix.count("-") + 1 for prefix in MAKER_PREFIXES)
_QUANTIZED = re.compile(r"-(" + "|".join(sorted(QUANTIZATIONS)) + r")$")
_SERVICE = re.compile(r"-(?:tee|maas|hf)$")


class PublishedId(NamedTuple):
    """`model` is None when nobody can be named."""

    model: str | None = None
    variant: Variant = NO_VARIANT


class VendoredName(NamedTuple):
    """A name without the words before it; `maker` is who they say made it, "" if they name only a seller."""

    name: str
    maker: str = ""

    def may_mean(self, model: str) -> bool:
        """Say whether the words before the name leave it this model: a maker's prefix means its own only."""
        return self.maker in ("", developer_of(model))


def strip_vendor_words(name: str, maker: str = "") -> Iterator[VendoredName]:
    """Yield a name, then the same without the maker's or reseller's words it begins with.

    "groq-llama-3.3-70b" is Meta's model at a reseller, "snowflake-llama-3.3-70b" a fine-tune of Snowflake's.
    """
    yield VendoredName(name, maker)
    if found := _RESELLER.match(name):
        yield from strip_vendor_words(name[found.end() :], maker)
    words = name.split("-")
    for count in range(1, min(len(words), _LONGEST_PREFIX + 1)):
        prefix, rest = "-".join(words[:count]), "-".join(words[count:])
        if rest and MAKER_PREFIXES.get(prefix) in ((maker,) if maker else DEVELOPERS):
            yield from strip_vendor_words(rest, MAKER_PREFIXES[prefix])


def published_id(printed: PrintedName, source: str, provider: str) -> PublishedId:
    """Return publisher/name as an id, with dates and number formats taken off its end."""
    publisher = printed.maker or re.sub(r"\s+", "-", (printed.publisher or "").strip())
    if not publisher or source not in _PRINTS_PUBLISHERS or provider in _NAMES_ITS_OWN_WAY:
        return PublishedId()
    name, variant = _bare(_SERVICE.sub("", _written(printed)))
    return PublishedId(f"{publisher}/{name}" if name else None, variant)


def own_id(printed: PrintedName, source: str) -> PublishedId:
    """Return the id of a numbered API name on its maker's own page that begins with one of the maker's brands.

    A name that ends in a tier, a mode or a stage may be another name's variant: nobody can say which.
    """
    maker = maker_of(source.partition("_")[0])
    brand = re.match(r"[a-z]+(?=[-.\d])", printed.raw)
    if maker is None or brand is None or brand[0] not in known_brands(maker):
        return PublishedId()
    name, variant = _bare(printed.name)
    complete = re.fullmatch(r"[a-z0-9.-]*\d[a-z0-9.-]*", name) and len(list(strip_endings(name))) == 1
    return PublishedId(f"{maker}/{name}", variant) if complete else PublishedId()


def _bare(name: str) -> tuple[str, dict[str, str]]:
    variant: dict[str, str] = {}
    if found := _QUANTIZED.search(name):
        variant["quantization"] = found[1]
        name = name[: found.start()]
    name, snapshot = split_date(name)
    if snapshot:
        variant["snapshot"] = snapshot
    return spell_as_maker(name), variant


def _written(printed: PrintedName) -> str:
    """Keep a publisher's own underscores; those between digits stand for a dot."""
    raw = re.sub(r"(?<=\d)_(?=\d)", ".", printed.raw)
    return re.sub(r"\s+", "-", raw.strip()) if "_" in raw else printed.name
