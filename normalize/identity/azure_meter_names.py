"""Azure's meters: model, direction, scope and unit run together, the vendor perhaps only in the product.

"5.1 codex max inp Gl 1M Tokens" of product "Azure OpenAI GPT5" is GPT-5.1 Codex Max, global.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_CAMEL = re.compile(
    r"(?<=Batch)(?=Outp|Inp)|(?<=realtime)(?=Prvw)|(?<=Prvw)(?=Aud|Txt)|(?<=Aud|Txt)(?=Inp|Outp)"
)
_GLUED = re.compile(
    r"(?<=mini)(?=\d{4})|(?<=aud|txt)(?=\d{4})|(?<=turbo)(?=\d+k)|(?<=3b)(?=ft)|(?<=ft)(?=regnl)", re.I
)
_SCOPES = {
    "gl glbl glb global": "global",
    "dz dzone dzn datazone": "data-zone",
    "regnl rgnl rg regn regional": "regional",
}
_SCOPE = {word: scope for words, scope in _SCOPES.items() for word in words.split()}
_TIER = {"pp": "priority", "prty": "priority", "batch": "batch", "dev": "developer"}
_MODES = {
    "training trng": "training",
    "hosting hstng": "hosting",
    "annot": "annotation",
    "ft rft fine tuned": "fine-tuned",
    "fw": "fireworks",
}
_MODE = {word: mode for words, mode in _MODES.items() for word in words.split()}
_GRADER = re.compile(r"\b(?:model |mdl |mdel )?(?:ft )?(?:grader|grdr)\b")
_NOISE = frozenset(
    {
        *(
            "tokens",
            "token",
            "1m",
            "1k",
            "128k",
            "unit",
            "units",
            "tkn",
            "pages",
            "images",
            "search",
            "video",
        ),
        *("inp", "inpt", "input", "in", "opt", "outp", "outpt", "output", "out", "wr", "second", "seconds"),
        *("cd", "cchd", "ccchd", "cched", "cached", "cache", "ch", "longco", "shortco", "l", "std", "txt"),
        *("ep", "az", "base", "deployment", "characters"),
    }
)
_TOOLS = re.compile(
    r"provisioned|throughput|file search|code interpreter|model routers?|voice live|voice conversion"
    r"|standard unit|commitment|text records|content|free "
)
_FAMILIES = (
    (re.compile(r"openai pp|gpt5"), re.compile(r"^\d"), "gpt-"),
    (re.compile(r"oss"), re.compile(r"^(?:oss-)?\d+b"), "gpt-oss-"),
    (re.compile(r"deepseek"), re.compile(r"^(?:r1|v\d)"), "deepseek-"),
    (re.compile(r"grok"), re.compile(r"^(?:\d|code-fast)"), "grok-"),
    (re.compile(r"kimi"), re.compile(r"^k\d"), "kimi-"),
    (re.compile(r"llama"), re.compile(r"^\d"), "llama-"),
    (re.compile(r"mistral"), re.compile(r"^(?:large|medium|small|ocr)"), "mistral-"),
)
_NAMES = (
    (r"^gpt-?4o-?mini|^gpt-4o-mn", "gpt-4o-mini"),
    (r"^gpt-?4o(?=-|$)", "gpt-4o"),
    (r"^gpt-35-trb", "gpt-3.5-turbo"),
    (r"^gpt-?35-turbo", "gpt-3.5-turbo"),
    (r"^(gpt-3\.5-turbo)-?4k", r"\1"),
    (r"^(gpt-3\.5-turbo)-?16k-(0125|1106)", r"\1-\2"),
    (r"^(gpt-3\.5-turbo)-?16k-125", r"\1-0125"),
    (r"^(gpt-3\.5-turbo)16k", r"\1-16k"),
    (r"^gpt-41(?=-|$)", "gpt-4.1"),
    (r"^gpt-?4-turbo-?vision", "gpt-4-turbo-vision"),
    (r"^gpt-?4-turbo", "gpt-4-turbo"),
    (r"^gpt-4-8k", "gpt-4"),
    (r"-mn(?=-|$)", "-mini"),
    (r"^(gpt-4\.5)(?=-|$)", r"\1-preview"),
    (r"-(?:rt|rtime|realtime)(?=-|$)", "-realtime"),
    (r"-realtime-(?:prvw|preview)(?=-|$)", "-realtime"),
    (r"^(gpt.*-realtime.*?)-(?:audio|aud|text|txt|image|img)", r"\1"),
    (r"^(gpt-4o(?:-mini)?)-realtime", r"\1-realtime-preview"),
    (r"^(gpt-4o(?:-mini)?)-aud", r"\1-audio-preview"),
    (r"-(?:trscb|tcrb)(?=-|$)", "-transcribe"),
    (r"^(gpt.*-transcribe)-d(?=-|$)", r"\1-diarize"),
    (r"^(gpt.*-(?:transcribe|tts).*?)-(?:audio|aud|text|txt)", r"\1"),
    (r"^gpt-aud(?=-|$)", "gpt-audio"),
    (r"^gpt-img(?=-|$)", "gpt-image"),
    (r"^image-(\d)", r"gpt-image-\1"),
    (r"^(gpt-image-.*?)-img", r"\1"),
    (r"^(gpt-(?:audio|realtime))-(mini)-(\d\.\d)", r"\1-\3-\2"),
    (r"^embeddings?-ada$", "text-embedding-ada-002"),
    (r"^image-dall-e-(\d).*", r"dall-e-\1"),
    (r"^speech-text-to-speech-hd$", "tts-1-hd"),
    (r"^speech-text-to-speech$", "tts-1"),
    (r"^speech-to-text-whisper$", "whisper-1"),
    (r"^o3-deep-research", "o3-deep-research"),
    (r"^sora-\d+p.*", "sora"),
    (r"^grok-4\.2(?=-|$)", "grok-4.20"),
    (r"^grok-4\.1$", "grok-4.1-fast"),
    (r"^deepseek-v3\.2-sp", "deepseek-v3.2-speciale"),
    (r"^mm(?=\d)", "mistral-medium-"),
    (r"^mnstrl", "ministral"),
    (r"^(ministral-3b)-model", r"\1"),
    (r"^mistral-ocr$", "mistral-ocr"),
    (r"^mistral-ocr-2512", "mistral-ocr-3-2512"),
    (r"^doc-ai", "mistral-document-ai"),
    (r"^kontext-pro$", "flux-kontext-pro"),
    (r"^(embed-v4)-(?:txt|img)$", r"\1"),
    (r"^minimax-3$", "minimax-m3"),
    (r"^llama-?3\.3$", "llama-3.3-70b"),
)
_SPELLINGS = tuple((re.compile(pattern), text) for pattern, text in _NAMES)


class MeterName(NamedTuple):
    """`name` is "" for a meter that sells no model."""

    name: str
    variant: dict[str, str]


def read_meter_name(text: str, product: str) -> MeterName:
    """Read one meter name as printed, with the product it belongs to."""
    spaced = _GLUED.sub(" ", _CAMEL.sub(" ", text))
    words = re.sub(r"data zone", "datazone", re.sub(r"[\s_-]+", " ", spaced).casefold()).split()
    line = " ".join(words)
    if _TOOLS.search(line):
        return MeterName("", {})
    variant: dict[str, str] = {}
    if _GRADER.search(line):
        variant["mode"] = "grader"
        words = _GRADER.sub("", line).split()
    kept = [word for word in words if not _scoped(word, variant)]
    return MeterName(_named("-".join(kept), product.casefold()), variant)


def _scoped(word: str, variant: dict[str, str]) -> bool:
    """Take a word that says where, how or for what the meter counts, not which model."""
    if word in _SCOPE:
        variant["region"] = _SCOPE[word]
    elif word in _TIER:
        variant["tier"] = _TIER[word]
    elif word in _MODE:
        _add_mode(_MODE[word], variant)
    return word in _SCOPE or word in _TIER or word in _MODE or word in _NOISE


def _add_mode(mode: str, variant: dict[str, str]) -> None:
    if variant.get("mode", "fine-tuned") == "fine-tuned":
        variant["mode"] = mode


def _named(name: str, product: str) -> str:
    for sold, begins, prefix in _FAMILIES:
        if sold.search(product) and begins.search(name):
            name = prefix + name.removeprefix("oss-")
            break
    for pattern, text in _SPELLINGS:
        name = pattern.sub(text, name)
    return name
