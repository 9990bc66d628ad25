"""Azure's meter names: which words say what is metered, where it holds, and how it is sold.

The other words of a name are the model's; normalize/identity reads those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TABLE = """
input        inp inpt input in
output       outp outpt opt output out
cached       cd cchd ccchd cached cched cache ch
write        wr
text         txt text
audio        aud audio
image        img image
embed        embedding embeddings embed
global       gl glb glbl global
data-zone    dz dzn dzone datazone
regional     rg rgnl regn regnl regional
batch        batch
priority     pp prty
standard     std shortco
long-context longco l
fine-tuned   ft rft tuned
unsold       training trng hosting hstng grader grdr provisioned
tokens       token tokens
elsewise     unit units gb images session sessions characters calls pages second video search searches
             hour minute transactions records
"""
WORD_MEANINGS: dict[str, str] = {}
for _line in re.sub(r"\n\s+", " ", _TABLE).strip().splitlines():
    _meaning, *_spellings = _line.split()
    WORD_MEANINGS |= dict.fromkeys(_spellings, _meaning)
WORD_BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Z]?[a-z]{2})")
METERED_ATTRIBUTES = {
    ("input", "text"): "input_price",
    ("input", "audio"): "input_audio_price",
    ("input", "image"): "input_image_price",
    ("output", "text"): "output_price",
    ("output", "audio"): "output_audio_price",
    ("output", "image"): "output_image_price",
    ("cached", "text"): "cache_read_price",
    ("write", "text"): "cache_write_price",
    ("cached", "audio"): "",
    ("cached", "image"): "",
}
"""What is metered, by direction and medium; cached pictures and sound have no attribute."""


class MeterMeaning(NamedTuple):
    """`attribute` is "" for what the catalog does not keep, None when the name does not say what it meters.

    `scope` is global, data-zone, regional or ""; `unit` the unit in the name: "1M", or "" for none.
    """

    attribute: str | None
    scope: str
    variant: dict[str, str]
    unit: str


def parse_meter_name(name: str) -> MeterMeaning:
    """Read a meter's name, such as "5.1 codex max cd inp Gl 1M Tokens"."""
    meanings = list(_word_meanings(name))
    variant = {
        "tier": next((word for word in ("batch", "priority") if word in meanings), ""),
        "mode": _mode(meanings),
    }
    scope = next((word for word in ("global", "data-zone", "regional") if word in meanings), "")
    million = bool(re.search(r"\b1M Tokens\b", name, re.IGNORECASE))
    return MeterMeaning(
        _metered_attribute(meanings), scope, {k: v for k, v in variant.items() if v}, "1M" if million else ""
    )


def _word_meanings(name: str) -> Iterator[str]:
    """Yield what the known words of a name mean; words are glued together now and then."""
    for word in re.split(r"[\s\-–_]+", re.sub(r"data zone", "DataZone", name, flags=re.IGNORECASE)):
        parts = [word] if word.casefold() in WORD_MEANINGS else WORD_BOUNDARY.split(word)
        yield from (WORD_MEANINGS[part.casefold()] for part in parts if part.casefold() in WORD_MEANINGS)


def _metered_attribute(meanings: list[str]) -> str | None:
    if "unsold" in meanings or "elsewise" in meanings or "tokens" not in meanings:
        return ""
    direction = next(
        (word for word in ("write", "cached", "output", "input", "embed") if word in meanings), ""
    )
    medium = next((word for word in ("text", "audio", "image") if word in meanings), "text")
    if not direction and "fine-tuned" in meanings:
        return ""  # tokens of a training run
    return METERED_ATTRIBUTES.get(("input" if direction == "embed" else direction, medium))


def _mode(meanings: list[str]) -> str:
    """Return how the model is run, where that is priced apart; the name gives long prompts no length."""
    return " ".join(mode for mode in ("fine-tuned", "long-context") if mode in meanings)
