"""Who serves and who made: the two vocabularies of names, each with the spellings its sources use."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct

ProviderKind = Literal["first-party", "cloud", "gateway", "host", "subscription"]

_GROUPS = (
    ("openrouter", "openrouter"),
    ("vercel", "vercel"),
    ("litellm", "litellm"),
    ("models_dev", "models_dev"),
    ("azure_retail_prices", "azure_retail_prices"),
    ("bedrock", "bedrock"),
    ("huggingface", "huggingface"),
    ("epoch", "epoch"),
    ("portkey", "portkey"),
    ("genai_prices", "genai_prices"),
)
"""Source ids that read the same publisher begin alike: openrouter_models and openrouter_endpoints."""


class Provider(Struct, frozen=True):
    """Somebody who bills for serving models."""

    id: str
    name: str
    kind: ProviderKind
    url: str = ""


class Developer(Struct, frozen=True):
    """Somebody who made weights; `aliases` are the other spellings sources print before a slash.

    `sites` are the domains it publishes under beside those of its providers.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()


def _table(file: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / file).read_text(encoding="utf-8"))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


_MODEL_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,60}/[a-z0-9][a-z0-9._+-]{0,120}", re.ASCII)
_PROVIDER_ROWS = _table("providers.toml")
_DEVELOPER_ROWS = _table("developers.toml")

PROVIDERS: Mapping[str, Provider] = MappingProxyType(
    {key: Provider(key, row["name"], row["kind"], row.get("url", "")) for key, row in _PROVIDER_ROWS.items()}
)
DEVELOPERS: Mapping[str, Developer] = MappingProxyType(
    {
        key: Developer(key, row["name"], tuple(row.get("aliases", ())), tuple(row.get("sites", ())))
        for key, row in _DEVELOPER_ROWS.items()
    }
)


@cache
def source_group(source: str) -> str:
    """Return the publisher a source id reads ("openrouter" for openrouter_endpoints), else the id."""
    return next((group for prefix, group in _GROUPS if source.startswith(prefix)), source)


@cache
def _spellings() -> Mapping[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for key, row in _PROVIDER_ROWS.items():
        for text in (key, row["name"], *row.get("as", ())):
            found.setdefault(("", _folded(text)), key)
        for source, texts in row.get("in", {}).items():
            found |= {(source, _folded(text)): key for text in texts}
    return MappingProxyType(found)


def provider_id(source: str, printed: str) -> str | None:
    """Return the provider that `source` means by `printed`; None for a name not in providers.toml.

    A route's tag may follow a slash ("deepinfra/fp8").
    """
    group, known = source_group(source), _spellings()
    for text in (_folded(printed), _folded(printed.partition("/")[0])):
        if found := known.get((group, text)) or known.get(("", text)):
            return found
    return None


def is_model_id(text: str) -> bool:
    """Say whether `text` has the form of a model's id: <developer>/<model>, in lower case.

    >>> is_model_id("openai/gpt-4.1"), is_model_id("gpt-4.1"), is_model_id("Acme/Large:beta")
    (True, False, False)
    """
    return _MODEL_ID.fullmatch(text) is not None


def developer_of(model_id: str) -> str:
    """Return the developer part of a model id."""
    return model_id.split("/", 1)[0]
