"""Finding model ids in text: whole quoted strings, whole values of settings, and places of API addresses.

A word in a sentence, a file name or a part of a longer word is no reference; nor is anything in a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cardwatch.normalize.identity.resolver import Resolution, resolve_name
from cardwatch.scan.comments import blank_comments

_ID = r"[A-Za-z@][A-Za-z0-9@._:/-]{1,119}"
_QUOTED = re.compile(rf"""(?P<quote>["'`])(?P<id>{_ID})(?P=quote)""")
_SETTING = re.compile(rf"(?:[:=]|^\s*-|--?[\w-]*model[\w-]*)\s*(?P<id>{_ID})\s*(?:#.*)?$", re.IGNORECASE)
_ADDRESS = re.compile(r"/(?:models?|deployments|engines)/(?P<id>[A-Za-z][A-Za-z0-9._-]{1,119})(?=[:/])")
_FILE_NAME = re.compile(r"\.[a-z]{2,5}\d?$")
_SPEAKS_OF_MODELS = re.compile(r"model|engine|deployment|llm|embed|rerank", re.IGNORECASE)
IGNORE_MARK = "cardwatch: ignore"
"""A line with this text is left out."""

SETTING_ENDINGS = frozenset(
    {".yaml", ".yml", ".env", ".ini", ".cfg", ".conf", ".properties", ".toml", ".sh", ".tf"}
)
"""Files in which a value may stand without quotes."""

_LONGEST_LINE = 2_000
_SHORTEST_PLAIN = 6
"""Letters that make a name an id by itself; a shorter one needs a line that speaks of models."""


@dataclass(frozen=True, slots=True)
class ModelReference:
    """A model id as written: line and column count from 1; `model` is None if no name of ours."""

    line: int
    column: int
    text: str
    model: str | None
    snapshot: str | None


def find_references(text: str, *, ending: str = "") -> Iterator[ModelReference]:
    """Yield the model ids of a file's text, in order. `ending` is the file's, such as ".py"."""
    patterns = (_QUOTED, _ADDRESS, *((_SETTING,) if ending in SETTING_ENDINGS else ()))
    lines = zip(text.splitlines(), blank_comments(text, ending).splitlines(), strict=True)
    for number, (written_line, line) in enumerate(lines, 1):
        if len(line) > _LONGEST_LINE or IGNORE_MARK in written_line:
            continue
        found = {match.start("id"): match["id"] for pattern in patterns for match in pattern.finditer(line)}
        speaks = _SPEAKS_OF_MODELS.search(line) is not None
        for start, written in sorted(found.items()):
            if reference := _read_reference(written, speaks=speaks):
                yield ModelReference(number, start + 1, written, *reference)


def _read_reference(written: str, *, speaks: bool) -> tuple[str | None, str | None] | None:
    """Return model and snapshot of an id, (None, None) for one that looks like an id and is not known."""
    found = _resolve(written)
    name = written.rpartition("/")[2]
    if "://" in written or _FILE_NAME.search(name):
        return None
    numbered = any(char.isdigit() for char in name)
    if found.model is not None:
        plain = numbered and len(name) >= _SHORTEST_PLAIN
        return (found.model, found.variant.get("snapshot")) if plain or speaks else None
    if found.rule == "unknown" and numbered and speaks and _is_near_a_family(found, name):
        return None, None
    return None


def _resolve(written: str) -> Resolution:
    """Resolve an id as it stands, then without the words that frameworks put before it ("openai:gpt-4o")."""
    found = resolve_name(written)
    for mark in (":", "/"):
        if found.model is None and found.rule == "unknown" and mark in written:
            found = resolve_name(written.split(mark, 1)[1])
    return found


def _is_near_a_family(found: Resolution, name: str) -> bool:
    """Say whether an unknown name begins as a known model's does: `gpt-9` is one, `python-3` is not."""
    start = re.split(r"[-._:\d]", name.casefold(), maxsplit=1)[0]
    parts = (candidate.rpartition("/")[2] for candidate in found.candidates)
    return len(start) > 1 and any(re.match(rf"{re.escape(start)}[-._\d]", part) for part in parts)
