"""The words around a model's name: dates, tiers, number formats and modes, taken off its end one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

Variant = Mapping[str, str]
NO_VARIANT: Variant = MappingProxyType({})

TIERS = frozenset(
    {
        *(
            "batch",
            "priority",
            "flex",
            "fast",
            "ultrafast",
            "turbo",
            "free",
            "exacto",
            "extended",
            "lightning",
            "highspeed",
        ),
        *(
            "high-throughput",
            "tput",
            "spot",
            "original",
            "cheaper",
            "basic",
            "optimized",
            "tee",
            "specdec",
        ),
    }
)
QUANTIZATIONS = frozenset(
    {
        *("fp4", "fp8", "fp16", "bf16", "nvfp4", "mxfp4", "mxfp8", "mxfp"),
        *("int4", "int8", "q4", "q8", "awq", "gptq", "gguf"),
    }
)
EFFORTS = frozenset({"high", "low", "medium", "minimal", "none", "xhigh"})
_MODES = {
    "thinking": "thinking",
    "think": "thinking",
    "thought": "thinking",
    "reasoner": "thinking",
    "reasoning": "reasoning",
    "non-reasoning": "non-reasoning",
    "non-thinking": "non-thinking",
    "nothinking": "non-thinking",
    "nothink": "non-thinking",
    "no-thinking": "non-thinking",
    "ft": "fine-tuned",
    "fine-tuned": "fine-tuned",
    "high-res": "high-res",
    "lora": "lora",
    "web": "web",
    "webapp": "web",
    "web-app": "web",
}
_STAGES = frozenset({"preview", "exp", "experimental", "beta", "pre-release"})
_IGNORED_WORDS = frozenset(
    {
        "latest",
        "default",
        "unknown",
        "maas",
        "hf",
        "cs",
        "fw",
        "reference",
        "dynamic",
        "inference",
        "kv",
        "cloud",
        "vllm",
    }
)
_HOSTS = frozenset(
    {
        *("baseten", "bedrock", "cerebras", "chutes", "cloudflare", "deepinfra", "fireworks", "friendli"),
        *("groq", "hyperbolic", "nebius", "novita", "parasail", "replicate", "sambanova", "siliconflow"),
        *("together", "vertex"),
    }
)
"""Hosts as gateways set them behind the name of a model that they pass on to."""
_OWN_WEIGHTS = re.compile(r"-\d+(?:\.\d+)?b(?:-a\d+b)?-preview$")
"""Weights of a stated size whose preview was published under its own name: they are not the later ones."""

_DATES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"-(20\d\d)-([01]\d)-([0-3]\d)$"), lambda m: "-".join(m.groups())),
    (re.compile(r"-(20\d\d)-?([01]\d)([0-3]\d)$"), lambda m: "-".join(m.groups())),
    (re.compile(r"-(2[3-9])([01]\d)([0-3]\d)$"), lambda m: "20" + "-".join(m.groups())),
    (re.compile(r"-([01]\d)([0-3]\d)(20\d\d)$"), lambda m: f"{m[3]}-{m[1]}-{m[2]}"),
    (re.compile(r"-(20\d\d-[01]\d|[01]\d-20\d\d)$"), lambda m: m[1]),
    (re.compile(r"-((?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))$"), lambda m: m[1]),
    (re.compile(r"-((?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))$"), lambda m: m[1]),
    (re.compile(r"-(2[3-9])\.?(0[1-9]|1[0-2])$"), lambda m: m[1] + m[2]),
)
_GOOGLE_VERSION = re.compile(r"^((?:gemini|imagen|veo|text|chat|code).*)-(00\d)$")
_ENDINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"-(us|eu)$"), "region"),
    (re.compile(r"-(int4)-mixed-ar$"), "quantization"),
    (re.compile(r"(?:(?<=b)|(?<=-instruct)|(?<=-it))-(lite|ultra)$"), "tier"),
    (re.compile(r"(?:(?<=-instruct)|(?<=-it)|(?<=-chat))-(base)$"), "tier"),
    (re.compile(r"-\d+k-(thinking)$|-(thinking)-max$"), "mode"),
    (re.compile(r"(?<=\w)-(?:(?:gt|lte)-|[<>≤≥]=?)?(?:\d+k|1m|4096|8192|32768)$|-\d+k-rope$"), ""),
)
_CLOUD_REVISION = re.compile(r"^(claude-.+)-v1$")
_LAST = re.compile(
    r"-((?:non|no)-(?:reasoning|thinking)|high-throughput|high-res|web-app|pre-release|fine-tuned|[a-z0-9]+)$"
)


MOST_ENDINGS = 16
"""Words that may stand around a name; no name has half as many."""


def strip_endings(name: str) -> Iterator[tuple[str, Variant]]:
    """Yield a name and what was taken off its end, longest first, until the last word means nothing or too many did."""
    variant: dict[str, str] = {}
    stem: str | None = name
    for _ in range(MOST_ENDINGS):
        if not stem:
            return
        yield stem, dict(variant)
        stem = _without_last(stem, variant)


def split_date(name: str) -> tuple[str, str]:
    """Split the date off a name's end: ISO when year, month and day are there, else as printed."""
    for pattern, snapshot in _DATES:
        if found := pattern.search(name):
            return name[: found.start()], snapshot(found)
    return name, ""


def add_variant_word(word: str, variant: dict[str, str]) -> bool:
    """Add to `variant` what a single word says; False if it is not one of ours."""
    meaning = _meaning(word)
    for key, value in meaning.items():
        variant.setdefault(key, value)
    return word in _IGNORED_WORDS or bool(meaning)


def _without_last(stem: str, variant: dict[str, str]) -> str | None:
    rest, date = split_date(stem)
    if date:
        if variant.get("snapshot", "preview") in _STAGES:
            variant["snapshot"] = date
        return rest
    if found := _GOOGLE_VERSION.match(stem):
        variant.setdefault("snapshot", found[2])
        return found[1]
    if found := _CLOUD_REVISION.match(stem):
        return found[1]
    return _without_ending(stem, variant)


def _without_ending(stem: str, variant: dict[str, str]) -> str | None:
    for pattern, key in _ENDINGS:
        if found := pattern.search(stem):
            if key:
                variant.setdefault(key, next(filter(None, found.groups())))
            return stem[: found.start()]
    found = None if _OWN_WEIGHTS.search(stem) else _LAST.search(stem)
    return stem[: found.start()] if found and add_variant_word(found[1], variant) else None


def _meaning(word: str) -> Variant:
    if word in TIERS:
        return {"tier": word}
    if word in QUANTIZATIONS:
        return {"quantization": word}
    if word in _STAGES:
        return {"snapshot": word}
    if word in EFFORTS or word in _HOSTS:
        return {"mode": word}
    return {"mode": _MODES[word]} if word in _MODES else NO_VARIANT
