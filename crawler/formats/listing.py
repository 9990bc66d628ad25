"""JSON listings of models: one odd row must not cost the thousands beside it.

A page that is no listing raises PageChangedError. But a key or a word that no table names becomes a cell
called "unknown.<path>": no attribute has that name, so normalize refuses it with its text and place, and
the rest of the row lands.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError
from cardwatch.crawler.formats.json_rows import (
    KeyMeaning,
    cells,
    pointer_step,
    require_list,
    require_object,
    require_objects,
)
from cardwatch.crawler.formats.json_text import load_json

Json = Mapping[str, Any]
WordMeanings = Mapping[str, tuple[str, ...]]
"""Words of a list, each with the attributes it shows; a word that shows none is ignored by name."""
MAX_UNKNOWN_TEXT = 200
SURCHARGES = frozenset(
    {"request_price", "web_search_price", "reasoning_price", "image_price"}
    | {"input_image_price", "output_image_price", "output_audio_price"}
)


def load_response(response: TextResponse) -> dict[str, Any]:
    """Return the body as a JSON object. Raises PageChangedError for anything else."""
    return require_object(load_json(response.text), "body", response.url)


def listed_objects(document: Json, key: str, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object of the list a page is about, with its pointer. Without one: PageChangedError."""
    if key not in document:
        raise PageChangedError("listing", wanted=repr(key), found=sorted(document)[:12], where=where)
    return require_objects(document[key], key, f"/{pointer_step(key)}")


def optional_object(item: Json, key: str, where: str) -> dict[str, Any]:
    """Return an object inside a row; empty when it is absent or null."""
    value = item.get(key)
    return {} if value is None else require_object(value, key, f"{where}/{pointer_step(key)}")


def optional_objects(item: Json, key: str, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of a list inside a row, each with its pointer; none when it is absent or null."""
    value = item.get(key)
    return require_objects([] if value is None else value, key, f"{where}/{pointer_step(key)}")


def optional_words(item: Json, key: str, where: str) -> list[str]:
    """Return the words of a list inside a row; none when it is absent or null, anything else as JSON."""
    value = item.get(key)
    found = [] if value is None else require_list(value, key, f"{where}/{pointer_step(key)}")
    return [word if isinstance(word, str) else json.dumps(word) for word in found]


def unknown_keys(item: Json, known: Collection[str], at: str = "") -> dict[str, Cell]:
    """Return the keys nobody has decided about, as cells that normalize refuses by name."""
    found: dict[str, Cell] = {}
    for key in item:
        if key not in known:
            found |= unknown_cell(f"{at}/{pointer_step(key)}", item[key])
    return found


def flag_cells(words: Iterable[str], meanings: WordMeanings, at: str) -> dict[str, Cell]:
    """Return a cell per attribute that a word of the list at `at` shows, the word being its text."""
    found: dict[str, Cell] = {}
    for number, word in enumerate(words):
        if word in meanings:
            for attribute in meanings[word]:
                found.setdefault(attribute, Cell(word, "", f"{at}/{number}"))
        else:
            found |= unknown_cell(f"{at}/{number}", word, name=f"{at}/{word}")
    return found


def modality_cells(item: Json, inputs: str, outputs: str, at: str) -> dict[str, Cell]:
    """Return the lists of what goes in and what comes out; an empty one says nothing."""
    found = cells(
        item, {inputs: (KeyMeaning("modality.input"),), outputs: (KeyMeaning("modality.output"),)}, at
    )
    return {name: cell for name, cell in found.items() if cell.text != "[]"}


def unknown_cell(at: str, value: object, *, name: str = "") -> dict[str, Cell]:
    """Return the cell that says which key or word nobody has decided about."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return {"unknown" + (name or at).replace("/", "."): Cell(text[:MAX_UNKNOWN_TEXT], "", at)}


def drop_zero_limits(limits: Mapping[str, Cell]) -> dict[str, Cell]:
    """Return limits without those a source fills with 0 where there is none to state."""
    return {name: cell for name, cell in limits.items() if cell.text != "0"}


def drop_zero_surcharges(prices: Mapping[str, Cell]) -> dict[str, Cell]:
    """Return prices without surcharges of 0: gateways wrote so where nothing is charged beside the tokens.

    A 0 for reasoning does not make it free, it is billed as output; a 0 for input or output does.
    """
    return {name: cell for name, cell in prices.items() if name not in SURCHARGES or cell.text != "0"}


def unknown_discount(prices: Json, at: str) -> dict[str, Cell]:
    """Hand a discount on as unknown: nobody says whether the prices beside it are before or after."""
    stated = prices.get("discount")
    return {} if stated in (None, "0") else unknown_cell(f"{at}/discount", stated)
