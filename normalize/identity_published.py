"""Ids formed from a publisher and a name, where the source prints both; and names that carry their vendor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from normalize.identity_names import Printed
from normalize.identity_words import QUANTIZATIONS, Variant, dated

_PRINTS_PUBLISHERS = frozenset(
    {"openrouter", "vercel", "huggingface", "models_dev", "litellm", "portkey", "genai_prices"}
)
_NAMES_ITS_OWN_WAY = frozenset({"poe", "fal_ai", "fal-ai", "aiml", "deepgram", "azure_ai", "azure"})
_REPUBLISHERS = frozenset(
    [
        "unsloth",
        "neuralmagic",
        "redhatai",
        "redhat",
        "chutesai",
        "baseten",
        "cortecs",
        "intel",
        "amd",
        "thebloke",
        "bartowski",
        "mlx-community",
        "lmstudio-community",
        "lukealonso",
        "ggml-org",
        "nm-testing",
    ]
)
"""Who uploads other people's weights in another number format: the weights stay their maker's."""

_VENDOR = re.compile(
    r"^(?:openai|anthropic|google|amazon|meta|nvidia|databricks|azure|xai|x-ai|qwen|alibaba|zai-org|zai|z-ai"
    r"|moonshotai|moonshot|cohere|mistralai|mistral-ai|cerebras|groq|snowflake|duo-chat|fw|deepseek-ai|parasail"
    r"|minimaxai|bfl|ibm|microsoft|writer|coding-xiaomi|coding|cc|morph|stability|gemini|arcee|nousresearch"
    r"|system\.ai\.)-+"
)
_QUANTIZED = re.compile(r"-(" + "|".join(sorted(QUANTIZATIONS)) + r")$")
_SERVICE = re.compile(r"-(?:tee|maas|hf)$")


@dataclass
class Published:
    """`model` is None when nobody can be named; `republished` says the publisher only repacks weights."""

    model: str | None = None
    republished: bool = False
    variant: dict[str, str] = field(default_factory=dict)


def without_vendor_word(name: str) -> Iterator[str]:
    """Yield a name, then the same without the vendor or reseller words it begins with."""
    while True:
        yield name
        shorter = _VENDOR.sub("", name)
        if shorter == name or not shorter:
            return
        name = shorter


def published_id(printed: Printed, source: str, provider: str = "") -> Published:
    """Return publisher/name as an id, with dates and number formats taken off its end."""
    publisher = printed.maker or _slug(printed.publisher or "")
    if publisher in _REPUBLISHERS:
        return Published(republished=True)
    if not publisher or source not in _PRINTS_PUBLISHERS or provider in _NAMES_ITS_OWN_WAY:
        return Published()
    name, variant = _bare(printed.name)
    return Published(f"{publisher}/{name}" if name else None, variant=variant)


def _bare(name: str) -> tuple[str, dict[str, str]]:
    variant: dict[str, str] = {}
    name = _SERVICE.sub("", name)
    if found := _QUANTIZED.search(name):
        variant["quantization"] = found[1]
        name = name[: found.start()]
    name, snapshot = dated(name)
    if snapshot:
        variant["snapshot"] = snapshot
    return name, variant


def _slug(text: str) -> str:
    return re.sub(r"\s+", "-", text.strip())


__all__ = ["Published", "Variant", "published_id", "without_vendor_word"]
