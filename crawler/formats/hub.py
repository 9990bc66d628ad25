"""What the Hugging Face Hub says of a model: its metadata words, its licence and its count of the weights."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from cardwatch.crawler.documents import Cell
from cardwatch.crawler.formats.json_listing import split_names, unknown_cell, unknown_keys
from cardwatch.crawler.formats.reading import unread_cell

HUB = "https://huggingface.co"
HUB_MODEL_KEYS = split_names("""_id id modelId author sha lastModified createdAt private gated disabled downloads
    downloadsAllTime likes likesRecent trendingScore library_name pipeline_tag tags cardData config
    safetensors gguf siblings spaces transformersInfo widgetData model-index mask_token usedStorage
    evalResults inference inferenceProviderMapping baseModels childrenModelCount resourceGroup
    xetEnabled region securityStatus""")
"""Every key of /api/models/{id}. Downloads and likes change all day and say nothing about the model."""
GATES = [False, "auto", "manual"]
UNPACKED_FORMATS = {"BF16", "F16", "F32", "F64", "F8_E4M3", "F8_E5M2"}
"""Number formats with one element a parameter; packed ones (I8, U8, I32) hold several and miscount."""
MODALITY_WORDS = "text|image|audio|video"
PIPELINE = re.compile(rf"((?:{MODALITY_WORDS})(?:-(?:{MODALITY_WORDS}))*)-to-({MODALITY_WORDS})")


def repository_pages(model: str) -> tuple[str, str]:
    """Return the pages of a repository: its card, and what the API says of it."""
    return f"{HUB}/{model}/raw/main/README.md", f"{HUB}/api/models/{model}"


def pipeline_cells(tag: str, at: str) -> dict[str, Cell]:
    """Return what a pipeline tag says: "image-text-to-text" names what goes in and what comes out."""
    found = PIPELINE.fullmatch(tag)
    if not found:
        return {"modality.input": Cell("text", at=at)} if tag == "text-generation" else {}
    said = {
        "modality.input": Cell(found[1].replace("-", ", "), at=at),
        "modality.output": Cell(found[2], at=at),
    }
    if tag == "image-text-to-text":
        said |= {"capability.vision": Cell(tag, at=at), "capability.multimodal": Cell(tag, at=at)}
    return said


def model_cells(item: Mapping[str, Any]) -> dict[str, Cell]:
    """Copy one object of the models API; a key, a gate or a shape nobody knows is an unread cell."""
    odd = unknown_keys(item, HUB_MODEL_KEYS)
    if (gate := item.get("gated", False)) not in GATES:
        odd |= unknown_cell("/gated", gate)
    tag = item.get("pipeline_tag")
    said = pipeline_cells(tag, "/pipeline_tag") if isinstance(tag, str) else {}
    return said | odd | _parameters(item.get("safetensors")) | _architecture(item.get("config"))


def _parameters(safetensors: Any) -> dict[str, Cell]:
    """Return the count of the weights. Packed formats say nothing; a count of another shape is unread."""
    counts = safetensors.get("parameters") if isinstance(safetensors, dict) else safetensors
    if not counts:
        return {}
    if not isinstance(counts, dict) or not all(_is_count(count) for count in counts.values()):
        return {"parameters_total": _odd(safetensors, "/safetensors", "counts by number format")}
    if not counts.keys() <= UNPACKED_FORMATS:
        return {}
    stated, counted = safetensors.get("total"), str(sum(map(int, counts.values())))
    if stated is None:
        return {"parameters_total": Cell(counted, at="/safetensors/parameters")}
    if stated != counted:
        return unknown_cell("/safetensors/total", f"{stated}, but its parts make {counted}")
    return {"parameters_total": Cell(stated, at="/safetensors/total")}


def license_cells(stated: Any, named: Any, at: str) -> dict[str, Cell]:
    """Return the licence a repository states; one called "other" goes by its name.

    A list of one is that one. A list of several does not say whether all or any of them hold: it is copied
    for normalize to refuse.
    """
    words = stated if isinstance(stated, list) else [stated]
    if words == ["other"] and isinstance(named, str):
        return {"license": Cell(named, at=f"{at}/license_name")}
    if not words or not all(isinstance(word, str) and word for word in words):
        return {}
    text = words[0] if len(words) == 1 else json.dumps(words, ensure_ascii=False)
    return {"license": Cell(text, at=f"{at}/license")}


def _is_count(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20


def _architecture(config: Any) -> dict[str, Cell]:
    """Return the class that loads the model: the one that is named, several are not understood."""
    names = config.get("architectures") if isinstance(config, dict) else config
    if not names:
        return {}
    if not isinstance(names, list) or len(names) != 1 or not isinstance(names[0], str):
        return {"architecture": _odd(config, "/config", "one architecture")}
    return {"architecture": Cell(names[0], at="/config/architectures/0")}


def _odd(value: Any, at: str, wanted: str) -> Cell:
    return unread_cell(json.dumps(value, ensure_ascii=False), wanted=wanted, at=at)
