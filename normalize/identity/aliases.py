"""Decisions people made about single names, with date and reason; and ids to suggest when none fits."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from cardwatch.normalize.identity.families import family_id
from cardwatch.normalize.providers import developer_of

_HERE = Path(__file__).parent.parent
_SUGGESTED, _LIKE_ENOUGH = 3, 60


@dataclass(frozen=True, slots=True)
class Alias:
    """`model` is None for a name that stays unlinked on purpose."""

    model: str | None
    why: str
    on: str
    variant: Mapping[str, str] = field(default_factory=dict)


def _load(file: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / file).read_text(encoding="utf-8"))


def _table(rows: list[dict[str, Any]]) -> dict[tuple[str, str, str], Alias]:
    found: dict[tuple[str, str, str], Alias] = {}
    for row in rows:
        decision = Alias(row["model"] or None, row["why"], str(row["on"]), row.get("variant", {}))
        found |= {(row.get("source", ""), row.get("provider", ""), name): decision for name in row["names"]}
    return found


_DATA = _load("aliases.toml")
_ALIASES = _table(_DATA["alias"])
_ROUTERS = re.compile("|".join(_DATA["routers"]["patterns"]))


def find_alias(name: str, source: str = "", provider: str = "") -> Alias | None:
    """Return the decision about a name: this provider's in this source, else the source's, else anybody's."""
    return (
        _ALIASES.get((source, provider, name))
        or _ALIASES.get((source, "", name))
        or _ALIASES.get(("", "", name))
    )


def is_router(text: str) -> bool:
    """Say whether a name chooses among models instead of being one."""
    return _ROUTERS.fullmatch(text) is not None


@cache
def known_models() -> Mapping[str, str]:
    """Return the ids seen so far and their display names, from known_models.toml and the aliases."""
    named = {alias.model: alias.model for alias in _ALIASES.values() if alias.model}
    return {**named, **_load("known_models.toml")["models"]}


@cache
def _model_by_part() -> Mapping[str, str | None]:
    found: dict[str, str | None] = {}
    for part, model in _bare_names():
        if family_id(part, weights=True) is None:
            found[part] = model if found.get(part, model) == model else None
    return found


def _bare_names() -> Iterator[tuple[str, str]]:
    """Yield names without a publisher: a known id's part, the whole id with a dash, a published spelling's part."""
    for model in known_models():
        yield model.split("/", 1)[1], model
        yield model.replace("/", "-"), model
    for (source, _, name), alias in _ALIASES.items():
        if alias.model and "/" in name and not source and not alias.variant:
            yield name.rpartition("/")[2], alias.model


def known_by_name(name: str) -> str | None:
    """Return the one known id outside the families that `name` means without its publisher, None for none or several."""
    return _model_by_part().get(name)


@cache
def known_brands(developer: str) -> frozenset[str]:
    """Return the words a developer's known models begin with: gpt, o, text, whisper, …"""
    own = (model.split("/", 1)[1] for model in known_models() if developer_of(model) == developer)
    return frozenset(brand[0] for part in own if (brand := re.match(r"[a-z]+", part)))


@cache
def _parts() -> Mapping[str, str]:
    return {model: model.split("/", 1)[1] for model in known_models()}


@lru_cache(maxsize=20_000)
def nearest_models(name: str) -> tuple[str, ...]:
    """Return the known ids whose model part reads most like `name`, best first."""
    found = process.extract(name, _parts(), scorer=fuzz.ratio, limit=_SUGGESTED, score_cutoff=_LIKE_ENOUGH)
    return tuple(model for _, _, model in found)
