"""Names to model ids: what a source's name means, by which rule, and what is near when nothing is sure.

A name is taken apart (path, publisher, name), the words around the model's name become its variant, and the
name is looked up: reviewed aliases first, then the makers' grammars. Only a place that prints publishers
itself can name a model no grammar knows. Everything else stays unlinked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType

from cardwatch.normalize.identity.aliases import (
    Alias,
    find_alias,
    is_router,
    known_by_name,
    known_models,
    nearest_models,
)
from cardwatch.normalize.identity.azure_meter_names import read_meter_name
from cardwatch.normalize.identity.cloud_ids import parse_cloud_id
from cardwatch.normalize.identity.families import family_id, spell_as_maker
from cardwatch.normalize.identity.printed_names import PrintedName, fold_name, split_name
from cardwatch.normalize.identity.published_ids import own_id, published_id, strip_vendor_words
from cardwatch.normalize.identity.variant_words import NO_VARIANT, Variant, strip_endings
from cardwatch.normalize.providers import provider_id, source_group

LONGEST_NAME = 500
"""Characters; the longest name any source prints has a quarter of them."""
_SOURCES_OF_WEIGHTS = frozenset({"huggingface", "epoch", "openrouter"})
_HOSTS_OF_WEIGHTS = ("fireworks", "together", "predibase", "anyscale")
"""Who lists base and chat weights side by side, so that a bare name is the base."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """`model` is None while the name is unlinked; `candidates` are then the nearest known ids."""

    model: str | None
    variant: Mapping[str, str] = field(default_factory=dict)
    rule: str = ""
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Links:
    """What people decided: (source, provider, name) to a model, or to None for "leave unlinked"; id to id.

    The provider is an id of ours, or as the source prints it where it has none.
    """

    names: Mapping[tuple[str, str, str], str | None]
    merged: Mapping[str, str]


NO_LINKS = Links(MappingProxyType({}), MappingProxyType({}))


def resolve_name(name: str, *, source: str = "", provider: str = "", links: Links = NO_LINKS) -> Resolution:
    """Return the model and the variant that `source` means by `name`, as served by `provider`.

    `source` is a source id or a short name (openrouter_models, openrouter), `provider` as that source
    prints it; for Azure's price list it is the productName. Never raises.
    """
    if len(name) > LONGEST_NAME or len(provider) > LONGEST_NAME:
        return Resolution(None, NO_VARIANT, "too long for a name")
    found = _resolve_cached(name, source_group(source), provider)
    key = _reviewed_key(name, source, provider, links)
    if key is not None:
        found = replace(found, model=links.names[key], rule="reviewed link", candidates=())
    if found.model is not None and found.model in links.merged:
        found = replace(found, model=_follow_merges(found.model, links.merged), rule=f"{found.rule}, merged")
    return found


def _reviewed_key(name: str, source: str, provider: str, links: Links) -> tuple[str, str, str] | None:
    """Return the narrowest decision's key; an empty source or provider in a decision means any."""
    if not links.names:
        return None
    sources = (source, source_group(source), "")
    providers = (provider, provider_id(source, provider) or "", "")
    keys = ((s, p, name) for s in sources for p in providers)
    return next((key for key in keys if key in links.names), None)


def _follow_merges(model: str, merged: Mapping[str, str]) -> str:
    seen = {model}
    while (target := merged.get(model)) is not None and target not in seen:
        seen.add(target)
        model = target
    return model


@lru_cache(maxsize=50_000)
def _resolve_cached(name: str, source: str, provider: str) -> Resolution:
    if source == "azure_retail_prices":
        return _azure(name, provider)
    text = fold_name(name)
    if not source and text in known_models():
        return Resolution(text, NO_VARIANT, "known id")
    if is_router(text):
        return Resolution(None, NO_VARIANT, "router or moving alias")
    printed = _printed(text, source, provider)
    if found := find_alias(text, source, provider):
        return _by_alias(found, printed.name, printed.variant)
    return (
        _by_alias_or_family(printed, source, provider)
        or _by_published_id(printed, source, provider)
        or Resolution(None, printed.variant, "unknown", nearest_models(printed.name))
    )


def _azure(name: str, product: str) -> Resolution:
    found = read_meter_name(name, product)
    if not found.name:
        return Resolution(None, found.variant, "no model's meter")
    printed = PrintedName(found.name, variant=dict(found.variant))
    if resolution := _by_alias_or_family(printed, "azure_retail_prices", product):
        return replace(resolution, rule=f"azure meter, {resolution.rule}")
    return Resolution(None, found.variant, "unknown", nearest_models(found.name))


def _printed(text: str, source: str, provider: str) -> PrintedName:
    head, slash, last = text.rpartition("/")
    found = parse_cloud_id(last)
    printed = split_name(f"{head}{slash}{found.name}" if found else text)
    printed.weights = (
        printed.weights or source in _SOURCES_OF_WEIGHTS or provider.startswith(_HOSTS_OF_WEIGHTS)
    )
    if source == "epoch" and " " in text:
        printed.weights = None
    if found or (source == "litellm" and head and "/" not in head):
        printed.maker = printed.publisher = None
    if found and found.region:
        printed.variant["region"] = found.region
    if (host := _HOSTED.match(printed.name)) and not provider.startswith(host[1]):
        printed.variant.setdefault("mode", host[1])
    for path, sold_by, mode in _PATHS:
        if provider.startswith(sold_by) and path.match(text):
            printed.variant["mode"] = mode
    return printed


_HOSTED = re.compile(r"(cerebras|groq)-(?=llama)")
"""A maker's API that serves its model on somebody else's machines, under a name with theirs before it."""
_PATHS = (
    (re.compile(r"(?:azure_ai/)?fw-|accounts/fireworks/"), "azure", "fireworks"),
    (re.compile(r"bedrock_mantle/"), "", "mantle"),
    (re.compile(""), "bedrock-mantle", "mantle"),
)
"""Second ways to one model at one provider, priced apart: a name, the provider as printed, what to call it."""


def _by_alias(found: Alias, name: str, variant: Variant) -> Resolution:
    candidates = () if found.model else nearest_models(name)
    return Resolution(found.model, {**variant, **found.variant}, f"alias: {found.why}", candidates)


def _by_alias_or_family(printed: PrintedName, source: str, provider: str) -> Resolution | None:
    for vendored in strip_vendor_words(printed.name):
        for stem, around in strip_endings(vendored.name):
            variant = {**around, **printed.variant}
            found = find_alias(stem, source, provider) or find_alias(spell_as_maker(stem), source, provider)
            if found and (found.model is None or vendored.may_mean(found.model)):
                return _by_alias(found, stem, variant)
            model = family_id(stem, weights=printed.weights)
            if model and vendored.may_mean(model):
                return Resolution(model, variant, "family")
    return None


def _by_published_id(printed: PrintedName, source: str, provider: str) -> Resolution | None:
    found = published_id(printed, source, provider)
    if found.model and found.model not in known_models():
        for stem, around in strip_endings(found.model):
            if stem in known_models():
                return Resolution(stem, {**found.variant, **around, **printed.variant}, "published id")
    if found.model:
        return Resolution(found.model, {**found.variant, **printed.variant}, "published id")
    for vendored in strip_vendor_words(printed.name):
        for stem, around in strip_endings(vendored.name):
            model = known_by_name(stem) or known_by_name(spell_as_maker(stem))
            if model and vendored.may_mean(model):
                return Resolution(model, {**around, **printed.variant}, "known name")
    if (found := own_id(printed, source)).model:
        return Resolution(found.model, {**found.variant, **printed.variant}, "its maker's own page")
    return None
