"""Bedrock's meters: words in several fields that say what is counted, for whom, where and for how long.

AWS has changed the fields with each endpoint: the meter stands in `inferenceType` or `tokenType`, the tier in
either of them, in `feature`, in `service_tier` or only at the end of `usagetype`. So all of them are read word
by word, and they must not contradict each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from cardwatch.crawler.documents import PageChangedError

_TABLE = """
input    input
output   output
cache    cache cached
read     read
write    write
tier     batch flex priority
global   global
long     long ctx context
ttl      5m 30m 1h
-        text token tokens count prompt standard mantle on demand inference
other    image images video audio speech document documents t2i i2i embedding embeddings custom customization
         training distillation evaluation provisioned reserved guardrail search
"""
MEANINGS: dict[str, str] = {}
for _line in re.sub(r"\n\s+", " ", _TABLE).strip().splitlines():
    _meaning, *_spellings = _line.split()
    MEANINGS |= dict.fromkeys(_spellings, _meaning)
METERS = {
    frozenset({"input"}): "input_price",
    frozenset({"output"}): "output_price",
    frozenset({"cache", "read"}): "cache_read_price",
    frozenset({"cache", "read", "input"}): "cache_read_price",
    frozenset({"cache", "write"}): "cache_write_price",
    frozenset({"cache", "write", "input"}): "cache_write_price",
}
OTHER_USAGES = ("custom-model", "customization")
ROUTE = re.compile(r"-cross-region(?:-(?!batch|flex|priority)(?P<place>[a-z]+))?")
"""The end of a usage type of calls that other regions may answer: "…-input-tokens-cross-region-global-batch"."""
PLACES = frozenset(("global", "us", "eu", "apac", "jp", "au", "ca", "in"))
USAGE_WORDS = frozenset({"tier", "global", "long"})
"""What the end of a usage type, behind its last "tokens", may add to the fields that name a meter."""
USAGE_END = re.compile(r".*token|^(?!.*token).*", re.IGNORECASE)


class BedrockMeter(NamedTuple):
    """What a meter counts: the catalog's attribute, what sets the offer apart, the lifetime of a cache."""

    attribute: str
    variant: dict[str, str]
    qualifier: dict[str, str]


def parse_meter(attributes: Mapping[str, Any], where: str) -> BedrockMeter | None:
    """Return what a product counts; None for what is known to be no text token of on-demand inference.

    A price across regions holds where the usage type says, everywhere or in one part of the world; one that
    does not say where is left out: it stands beside others that do. Raises PageChangedError for a word or a
    place that nobody has decided about, for two tiers, and for a meter without a direction.
    """
    texts = {key: text for key, text in attributes.items() if isinstance(text, str)}
    feature = _words(texts.get("feature") or "on-demand inference")
    named = _words(texts.get("inferenceType") or texts.get("tokenType", ""))
    usage = texts.get("usagetype", "")
    route = ROUTE.search(usage)
    if "inference" not in feature or not named or any(word in usage for word in OTHER_USAGES):
        return None
    if any(MEANINGS.get(word) == "other" for word in (*named, *feature)) or (route and not route["place"]):
        return None
    tier_field = _words(texts.get("service_tier") or texts.get("serviceTier", ""))
    words = {*_known(named, where), *_known(feature, where), *_known(tier_field, where)}
    words |= {word for word in _words(USAGE_END.sub("", usage)) if MEANINGS.get(word) in USAGE_WORDS}
    return _meter(words, route["place"] if route else "", where)


def _meter(words: set[str], place: str, where: str) -> BedrockMeter:
    by_meaning = {MEANINGS[word]: word for word in sorted(words)}
    counted = frozenset(by_meaning.keys() & {"input", "output", "cache", "read", "write"})
    tiers = sorted(word for word in words if MEANINGS[word] == "tier")
    if counted not in METERS or len(tiers) > 1:
        raise PageChangedError("meter", wanted="one of tokens, in one tier", found=sorted(words), where=where)
    if place and place not in PLACES:
        raise PageChangedError("place of a route", wanted=sorted(PLACES), found=repr(place), where=where)
    variant = {
        "region": place or by_meaning.get("global", ""),
        "tier": by_meaning.get("tier", ""),
        "mode": "long-context" if "long" in by_meaning else "",
    }
    extra = {"ttl": by_meaning["ttl"]} if "ttl" in by_meaning else {}
    return BedrockMeter(METERS[counted], {key: word for key, word in variant.items() if word}, extra)


def _known(words: Iterable[str], where: str) -> Iterator[str]:
    for word in words:
        if word not in MEANINGS:
            raise PageChangedError("word of a meter", wanted=sorted(MEANINGS), found=repr(word), where=where)
        yield word


def _words(text: str) -> list[str]:
    """Return the words of a field, however they are joined: "input_tokens_mantle", "Input tokens flex"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return re.findall(r"[a-z0-9]+", apart.casefold())
