"""Ids formed from a publisher and a name, where the source prints both; and names that carry their vendor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cardwatch.normalize.identity.families import spell_as_maker
from cardwatch.normalize.identity.printed_names import PrintedName
from cardwatch.normalize.identity.variant_words import NO_VARIANT, QUANTIZATIONS, Variant, split_date

_PRINTS_PUBLISHERS = frozenset(
    {"openrouter", "vercel", "huggingface", "models_dev", "litellm", "portkey", "genai_prices"}
)
_NAMES_ITS_OWN_WAY = frozenset({"poe", "fal_ai", "fal-ai", "aiml", "deepgram", "azure_ai", "azure"})
_VENDOR = re.compile(
    r"^(?:openai|anthropic|google|amazon|meta|nvidia|databricks|azure|xai|x-ai|qwen|alibaba|zai-org|zai|z-ai"
    r"|moonshotai|moonshot|cohere|mistralai|mistral-ai|cerebras|groq|snowflake|duo-chat|fw|deepseek-ai|parasail"
    r"|minimaxai|bfl|ibm|microsoft|writer|coding-xiaomi|coding|cc|morph|stability|gemini|arcee|nousresearch"
    r"|perplexity|aion-labs|volcengine)-+|^system\.ai\."
)
_QUANTIZED = re.compile(r"-(" + "|".join(sorted(QUANTIZATIONS)) + r")$")
_SERVICE = re.compile(r"-(?:tee|maas|hf)$")


class PublishedId(NamedTuple):
    """`model` is None when nobody can be named."""

    model: str | None = None
    variant: Variant = NO_VARIANT


def strip_vendor_words(name: str) -> Iterator[str]:
    """Yield a name, then the same without the vendor or reseller words it begins with."""
    while name:
        yield name
        shorter = _VENDOR.sub("", name)
        if shorter == name:
            return
        name = shorter


def published_id(printed: PrintedName, source: str, provider: str) -> PublishedId:
    """Return publisher/name as an id, with dates and number formats taken off its end."""
    publisher = printed.maker or re.sub(r"\s+", "-", (printed.publisher or "").strip())
    if not publisher or source not in _PRINTS_PUBLISHERS or provider in _NAMES_ITS_OWN_WAY:
        return PublishedId()
    name, variant = _bare(_SERVICE.sub("", _written(printed)))
    return PublishedId(f"{publisher}/{name}" if name else None, variant)


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
