"""Closed vocabularies: a printed word is one of ours, or says nothing, or is refused until decided."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from cardwatch.crawler.blank_text import is_blank
from cardwatch.normalize.text import ParseError

WORDS_FILE = "normalize/words.toml"

VOCABULARIES: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "modality": ("text", "image", "audio", "video", "file", "embedding", "score"),
        "product_type": (
            "coding-specialized model",
            "standalone API model",
            "open-weights model",
            "embedding model",
            "reranker model",
            "image model",
            "audio model",
            "video model",
            "moderation model",
            "other",
        ),
        "openness": ("proprietary", "open weights", "open source"),
        "commercial_use": ("allowed", "with conditions", "not allowed"),
        "lifecycle": ("preview", "active", "deprecated", "retired"),
        "availability": ("listed", "degraded", "withdrawn"),
        "quantization": (
            *("int4", "int8", "fp4", "nvfp4", "mxfp4", "fp6", "fp8", "fp16", "bf16", "fp32"),
            *("awq", "gptq", "gguf", "mixed"),
        ),
        "tier": ("standard", "batch", "flex", "priority", "fast", "ultrafast", "turbo", "free", "exacto"),
        "region": ("global", "data-zone", "regional"),
        "flag": ("yes", "no"),
    }
)
"""Ours, by vocabulary. A region may also be a cloud's own name for one (see normalize/vocabulary)."""


def catalog_word(vocabulary: str, text: str) -> str | None:
    """Return our word for a printed one; None for a blank cell and for words that say nothing.

    Raises ParseError naming the word and the file where a decision about it belongs.
    """
    if is_blank(text):
        return None
    key = _key(text)
    if key not in (known := vocabulary_table(vocabulary)):
        raise ParseError(
            vocabulary.replace("_", " "), wanted=f"a word of [{vocabulary}] in {WORDS_FILE}", found=text
        )
    return known[key] or None


def is_known_word(vocabulary: str, text: str) -> bool:
    """Say whether somebody has decided about a printed word."""
    return _key(text) in vocabulary_table(vocabulary)


def parse_modalities(text: str) -> tuple[str, ...] | None:
    """Read a list printed as JSON or with commas into our sorted words; None when it is blank.

    Raises ParseError for an unknown word and for brackets that are no JSON list of words.
    """
    if is_blank(text):
        return None
    found = {catalog_word("modality", item) for item in _items(text)}
    return tuple(sorted(item for item in found if item)) or None


def parse_flag(attribute: str, text: str) -> bool | None:
    """Read Yes or No; for a capability also the list, or the item of a list, that says the model has it.

    None when the text is blank, "unknown", or a list of which no item decides ("text" for multimodal).
    Raises ParseError for any other word.
    """
    if is_blank(text):
        return None
    items = _items(text) if attribute.startswith("capability.") else [text]
    answers = {_answer(attribute, item) for item in items}
    if "yes" in answers:
        return True
    return False if "no" in answers else None


def _answer(attribute: str, item: str) -> str:
    places = ["flag", attribute] if attribute.startswith("capability.") else ["flag"]
    for place in places:
        if is_known_word(place, item):
            return vocabulary_table(place)[_key(item)]
    raise ParseError(attribute, wanted=f"a word of [{'] or ['.join(places)}] in {WORDS_FILE}", found=item)


@cache
def vocabulary_table(vocabulary: str) -> Mapping[str, str]:
    """Return printed → ours for one vocabulary of words.toml ("tier", "capability.vision")."""
    section: Any = _words()
    for part in vocabulary.split("."):
        section = section[part]
    return MappingProxyType(section)


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(files("cardwatch.normalize").joinpath("words.toml").read_text(encoding="utf-8"))


def _key(text: str) -> str:
    return re.sub(r"(?<=\w)[\s_-]+(?=\w)", " ", text.strip().casefold())


def _items(text: str) -> list[str]:
    if not text.lstrip().startswith("["):
        return [item for item in re.split(r"[,;+]| and ", text) if item.strip()]
    if text.count("[") > 1:
        raise _no_list(text)
    try:
        items = json.loads(text)
    except ValueError as error:
        raise _no_list(text) from error
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise _no_list(text)
    return items


def _no_list(text: str) -> ParseError:
    return ParseError("list", wanted="words with commas between them, or a JSON list of words", found=text)
