"""What a model's own name says it is for: product_words.toml, read once."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = tomllib.loads((Path(__file__).parent / "product_words.toml").read_text(encoding="utf-8"))
    return tuple(
        (kind, re.compile(rf"(?<![a-z])(?:{'|'.join(words)})(?![a-z])")) for kind, words in rows.items()
    )


def named_product_type(name: str) -> tuple[str, str] | None:
    """Return the product type that the words of a name tell, and the word; None where none does.

    >>> named_product_type("llama-guard-3-8b"), named_product_type("gpt-4o-mini-tts"), named_product_type("gpt-4.1")
    (('moderation model', 'guard'), ('audio model', 'tts'), None)
    """
    for kind, words in _patterns():
        if found := words.search(name):
            return kind, found[0]
    return None
