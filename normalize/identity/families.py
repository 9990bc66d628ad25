"""The makers' grammars: a dash-joined name, spelled any way, to the one id its maker's family has for it."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

_SHORTHANDS = {
    "<v>": r"\d{1,2}(?:\.\d{1,2})?",
    "<n>": r"\d+(?:\.\d+)?[bm]",
    "<m>": r"\d+(?:\.\d+)?[bt]-a\d+b",
}


class _Rewrite(NamedTuple):
    first: str  # the letter it can only begin with, "" if any
    pattern: re.Pattern[str]
    text: str


def _load() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent.parent / "families.toml").read_text(encoding="utf-8"))


def _expand(pattern: str) -> str:
    for short, long in _SHORTHANDS.items():
        pattern = pattern.replace(short, long)
    return pattern


def _rewrites(tables: list[dict[str, Any]]) -> tuple[_Rewrite, ...]:
    rules = [rule for table in tables for rule in table["rules"]]
    return tuple(_Rewrite(_first(pattern), re.compile(_expand(pattern)), text) for pattern, text in rules)


def _first(pattern: str) -> str:
    letter = pattern[1:2]
    safe = letter.isalpha() and "|" not in pattern and pattern[2:3] not in ("?", "*")
    return letter if pattern.startswith("^") and safe else ""


_DATA = _load()
_SPELLING = _rewrites(_DATA["rewrite"])
_SERVED = _rewrites(_DATA["served"])
_DEVELOPERS = tuple(row["developer"] for row in _DATA["family"])
_NAMES = re.compile(
    "|".join(f"(?P<d{i}>{_expand('|'.join(row['names']))})" for i, row in enumerate(_DATA["family"]))
)

_BRANDS: dict[str, str] = _DATA["brands"]
_BRAND = re.compile("(" + "|".join(sorted(_BRANDS, key=len, reverse=True)) + r")(?=([a-z])?)")


def translate_brands(text: str) -> str:
    """Write the Chinese names of makers and of their lines as ids do: "通义千问-Max" is "qwen-max"."""
    return _BRAND.sub(lambda found: _BRANDS[found[1]] + ("-" if found[2] else ""), text)


def _apply(rules: tuple[_Rewrite, ...], stem: str) -> str:
    for rule in rules:
        if (not rule.first or stem.startswith(rule.first)) and rule.pattern.search(stem):
            stem = rule.pattern.sub(rule.text, stem)
    return stem


@lru_cache(maxsize=50_000)
def spell_as_maker(stem: str) -> str:
    """Return a name the way its maker writes it: "gpt-41-mini" is "gpt-4.1-mini"."""
    return _apply(_SPELLING, stem)


@lru_cache(maxsize=50_000)
def family_id(stem: str, *, weights: bool | None = False) -> str | None:
    """Return the model id of a complete name, None if no family has it.

    `weights` says the name was printed where checkpoints are published, so that a bare size means the
    base model; elsewhere it means the chat model that is served under it. None: a name that would
    differ is under-specified.
    """
    name = spell_as_maker(stem)
    served = name if weights else _apply(_SERVED, name)
    if weights is None and served != name:
        return None
    name = served
    found = _NAMES.fullmatch(name)
    if found is None or found.lastgroup is None:
        return None
    return f"{_DEVELOPERS[int(found.lastgroup[1:])]}/{name}"
