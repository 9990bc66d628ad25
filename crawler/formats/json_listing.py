"""JSON listings: read by name, copied as written; one odd entry, key or word costs no more than itself.

A page that is no listing raises PageChangedError. A key or a word that no table names becomes a cell called
"unknown.<path>": no attribute has that name, so normalize refuses it with its text and place, and the rest
of the entry lands. An entry that cannot be read is an unread part of the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, UnreadPart
from cardwatch.crawler.formats.reading import read_each, unread_cell, unread_json

_SURROGATE = "\\ud"
Json = Mapping[str, Any]
WordMeanings = Mapping[str, tuple[str, ...]]
"""Words of a list, each with the attributes it shows; a word that shows none is ignored by name."""
SURCHARGES = frozenset(
    {"request_price", "web_search_price", "reasoning_price", "image_price"}
    | {"input_image_price", "output_image_price", "output_audio_price"}
)


class PrintedNumber(str):
    """A JSON number exactly as printed, told from a text by its class."""

    __slots__ = ()


class KeyMeaning(NamedTuple):
    """What one key means: a catalog attribute and the unit the source states for it."""

    attribute: str
    unit: str = ""


KeyMeanings = Mapping[str, tuple[KeyMeaning, ...]]
ZERO = re.compile(r"-?0+(?:\.0*)?(?:[eE][+-]?\d+)?")


@cache
def parse_key_meanings(table: str) -> KeyMeanings:
    """Read lines of "key attribute unit"; a key may stand on several lines, a unit may have spaces."""
    found: dict[str, tuple[KeyMeaning, ...]] = {}
    for line in table.strip().splitlines():
        key, *meaning = line.split(maxsplit=2)
        found[key] = (*found.get(key, ()), KeyMeaning(*meaning))
    return found


def split_names(text: str) -> frozenset[str]:
    """Read a list of names with white space between them."""
    return frozenset(text.split())


def require_object(value: object, what: str, where: str) -> dict[str, Any]:
    """Return `value` when it is a JSON object. Raises PageChangedError for anything else."""
    if not isinstance(value, dict):
        raise PageChangedError(what, wanted="an object", found=_describe_value(value), where=where)
    return value


def require_list(value: object, what: str, where: str) -> list[Any]:
    """Return `value` when it is a JSON list. Raises PageChangedError for anything else."""
    if not isinstance(value, list):
        raise PageChangedError(what, wanted="a list", found=_describe_value(value), where=where)
    return value


def require_objects(value: object, what: str, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of a list, each with its pointer. Raises PageChangedError for another shape."""
    for number, item in enumerate(require_list(value, what, where)):
        at = f"{where}/{number}"
        yield at, require_object(item, what, at)


def require_text(item: Mapping[str, Any], key: str, where: str) -> str:
    """Return the non-blank text under `key`. Raises PageChangedError when there is none, as where a number stands."""
    value = item.get(key)
    if not isinstance(value, str) or isinstance(value, PrintedNumber) or not value.strip():
        raise PageChangedError(key, wanted="a text", found=_describe_value(value), where=where)
    return value.strip()


def require_known_keys(item: Mapping[str, Any], known: Collection[str], where: str) -> None:
    """Raise PageChangedError when a key is not known: decide what it means, or ignore it by name. Null says nothing."""
    if unknown := {key for key in item.keys() - known if item[key] is not None}:
        raise PageChangedError("keys", wanted="only known ones", found=sorted(unknown), where=where)


def cells(item: Mapping[str, Any], meanings: KeyMeanings, at: str = "") -> dict[str, Cell]:
    """Copy the values whose keys have a meaning; null says nothing, an object or a mixed list is not understood.

    Where two keys mean the same attribute, the one that stands first in `meanings` counts.
    """
    found: dict[str, Cell] = {}
    for key, columns_ in meanings.items():
        if (value := item.get(key)) is None:
            continue
        where = f"{at}/{pointer_step(key)}"
        text = str(value) if isinstance(value, str) else _copied_text(value)
        for attribute, unit in columns_:
            known = (
                Cell(text, unit, where)
                if text is not None
                else unread_json(value, wanted="text, number, true, false or words", at=where)
            )
            found.setdefault(attribute, known)
    return found


def printed_text(value: object, where: str) -> str | None:
    """Return a value as the source wrote it; a list of words as JSON, null as None.

    Raises PageChangedError for an object, and for a list of anything but words.
    """
    text = str(value) if isinstance(value, str) else _copied_text(value)
    if text is None and value is not None:
        found = _describe_value(value)
        raise PageChangedError("value", wanted="text, number, true or false", found=found, where=where)
    return text


def _copied_text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return json.dumps(value, ensure_ascii=False)
    return None


@lru_cache(maxsize=4096)
def pointer_step(key: str) -> str:
    """Return a key as one step of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def is_zero(value: object) -> bool:
    """Say whether a number, as it was written, is nought: "0", "0.0", "0E+2"."""
    return isinstance(value, str) and ZERO.fullmatch(value) is not None


def last_step(pointer: str) -> str:
    """Return the key that the last step of a JSON pointer names."""
    return pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


def _describe_value(value: object) -> str:
    if isinstance(value, dict):
        return f"an object with {', '.join(map(repr, list(value)[:5])) or 'no keys'}"
    return f"a list of {len(value)}" if isinstance(value, list) else repr(value)[:80]


def load_json(text: str, *, where: str = "") -> Any:
    """Return `text` read as JSON: numbers are str exactly as printed, true, false and null stay themselves.

    Raises PageChangedError, at `where`, for anything else than JSON: a half body, an HTML page, NaN,
    half a surrogate pair, nesting deeper than the reader can follow.
    """
    try:
        value = json.loads(
            text, parse_float=PrintedNumber, parse_int=PrintedNumber, parse_constant=_reject_constant
        )
        if _SURROGATE in text.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except ValueError as error:
        found = f"{text[:60]!r} ({error})"
        raise PageChangedError("body", wanted="JSON", found=found, where=where) from error
    except RecursionError as error:
        raise PageChangedError("body", wanted="JSON", found="nesting without end", where=where) from error
    return value


def _reject_constant(word: str) -> None:
    raise ValueError(f"{word} is no number")


def load_response(response: TextResponse) -> dict[str, Any]:
    """Return the body as a JSON object. Raises PageChangedError for anything else."""
    return require_object(load_json(response.text), "body", response.url)


class ListingEntry(NamedTuple):
    """One item of a list or member of an object, and its pointer."""

    locator: str
    value: Any
    under: str = ""
    row_count: int = 1

    @property
    def text(self) -> str:
        """Return the entry as JSON, its name before it where it has one."""
        return f"{self.under} {json.dumps(self.value, ensure_ascii=False)}".lstrip()


ReadEntry = Callable[[dict[str, Any], str], Iterable[PagePart]]
"""Reads one object, given with its pointer."""


def read_listing(document: Json, key: str, read_one: ReadEntry, where: str) -> Iterator[PagePart]:
    """Read each object of the list a page is about. Raises PageChangedError without the list."""
    if key not in document:
        raise PageChangedError("listing", wanted=repr(key), found=sorted(document)[:12], where=where)
    return read_entries(document[key], key, f"/{pointer_step(key)}", read_one)


def read_entries(value: object, what: str, at: str, read_one: ReadEntry) -> Iterator[PagePart]:
    """Read each object of a list; one that cannot be read is an unread entry. Raises for what is no list."""
    items = enumerate(require_list(value, what, at))
    return _read_objects((ListingEntry(f"{at}/{number}", item) for number, item in items), what, read_one)


def read_members(members: Json, what: str, at: str, read_one: ReadEntry) -> Iterator[PagePart]:
    """Read each object that stands under a name; one that cannot be read is an unread entry."""
    entries = (ListingEntry(f"{at}/{pointer_step(name)}", item, name) for name, item in members.items())
    return _read_objects(entries, what, read_one)


def _read_objects(entries: Iterable[ListingEntry], what: str, read_one: ReadEntry) -> Iterator[PagePart]:
    def read(entry: ListingEntry) -> Iterable[PagePart]:
        return read_one(require_object(entry.value, what, entry.locator), entry.locator)

    return read_each(entries, read, kind="entry")


def unread_keys(item: Json, known: Collection[str], where: str) -> Iterator[UnreadPart]:
    """Yield the keys beside a listing that nobody has decided about: they cost no row."""
    for key in item:
        if key not in known and item[key] is not None:
            text = json.dumps(item[key], ensure_ascii=False)
            yield UnreadPart("cell", "key", "a known one", key, f"{where}/{pointer_step(key)}", text, rows=0)


def optional_object(item: Json, key: str, where: str) -> dict[str, Any]:
    """Return an object inside a row; empty when it is absent or null."""
    value = item.get(key)
    return {} if value is None else require_object(value, key, f"{where}/{pointer_step(key)}")


def read_object(item: Json, path: str, locator: str) -> Json:
    """Return the object at a path inside an entry; empty when it is absent or null."""
    for key in path.split("/") if path else ():
        item = optional_object(item, key, locator)
        locator = f"{locator}/{pointer_step(key)}"
    return item


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
        if key not in known and item[key] is not None:
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
    text = str(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return {"unknown" + (name or at).replace("/", "."): Cell(text, "", at)}


def drop_zero_limits(limits: Mapping[str, Cell]) -> dict[str, Cell]:
    """Return limits without those a source fills with 0 where there is none to state."""
    return {name: cell for name, cell in limits.items() if not is_zero(cell.text)}


def drop_zero_surcharges(prices: Mapping[str, Cell]) -> dict[str, Cell]:
    """Return prices without surcharges of 0: gateways wrote so where nothing is charged beside the tokens.

    A 0 for reasoning does not make it free, it is billed as output; a 0 for input or output does.
    """
    return {name: cell for name, cell in prices.items() if name not in SURCHARGES or not is_zero(cell.text)}


def has_discount(prices: Json) -> bool:
    """Say whether a discount stands beside prices."""
    return prices.get("discount") not in (None, False, "") and not is_zero(prices["discount"])


def discounted_cells(prices: Mapping[str, Cell]) -> dict[str, Cell]:
    """Return prices with a discount beside them as unread.

    OpenRouter's specification says that a price is multiplied by (1 - discount), and not whether the prices
    beside it have been; Vercel's says nothing of it.
    """
    wanted = "a price without a discount beside it"
    return {name: unread_cell(cell.text, wanted=wanted, at=cell.at) for name, cell in prices.items()}
