"""Names to model ids: what a source's name means, by which rule, and what is near when nothing is sure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from normalize.providers import DEVELOPERS

_EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Resolution:
    """`model` is None while the name is unlinked; `candidates` are then the nearest known ids."""

    model: str | None
    variant: Mapping[str, str] = field(default_factory=dict)
    rule: str = ""
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Links:
    """What people decided: (source, provider, name) to a model, or to None for "leave unlinked"; id to id."""

    names: Mapping[tuple[str, str, str], str | None]
    merged: Mapping[str, str]


NO_LINKS = Links(_EMPTY, _EMPTY)  # type: ignore[arg-type]
_MAKERS = {spelling: key for key, row in DEVELOPERS.items() for spelling in (key, *row.aliases)}


def resolve(name: str, *, source: str = "", provider: str = "", links: Links = NO_LINKS) -> Resolution:
    """Return the model and the variant that `source` means by `name`, as served by `provider`."""
    maker, _, rest = name.strip().lower().rpartition("/")
    base, _, tier = rest.partition(":")
    dated = re.fullmatch(r"(.+?)-(\d{4}-\d{2}-\d{2})", base)
    variant = {"tier": tier} if tier else {}
    if dated:
        base, variant["snapshot"] = dated[1], dated[2]
    developer = _MAKERS.get(maker)
    return Resolution(f"{developer}/{base}" if developer else None, variant, "prefix" if developer else "none")
