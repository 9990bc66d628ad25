"""JSON objects read strictly: every key is used or ignored by name, every value copied as it was written."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from cardwatch.crawler.documents import Cell, PageChangedError


class KeyMeaning(NamedTuple):
    """What one key means: a catalog attribute and the unit the source states for it."""

    attribute: str
    unit: str = ""


KeyMeanings = Mapping[str, tuple[KeyMeaning, ...]]


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
    """Return the non-blank text under `key`. Raises PageChangedError when there is none."""
    value = item.get(key)
    if not isinstance(value, str) or not value.strip():
        raise PageChangedError(key, wanted="a text", found=_describe_value(value), where=where)
    return value.strip()


def require_known_keys(item: Mapping[str, Any], known: Collection[str], where: str) -> None:
    """Raise PageChangedError when a key is not known: decide what it means, or ignore it by name."""
    if unknown := item.keys() - known:
        raise PageChangedError("keys", wanted="only known ones", found=sorted(unknown), where=where)


def cells(item: Mapping[str, Any], meanings: KeyMeanings, at: str = "") -> dict[str, Cell]:
    """Copy the values whose keys have a meaning; null says nothing.

    Where two keys mean the same attribute, the one that stands first in `meanings` counts.
    """
    found: dict[str, Cell] = {}
    for key, columns_ in meanings.items():
        if key in item and (text := printed_text(item[key], f"{at}/{key}")) is not None:
            for attribute, unit in columns_:
                found.setdefault(attribute, Cell(text, unit, f"{at}/{pointer_step(key)}"))
    return found


def printed_text(value: object, where: str) -> str | None:
    """Return a value as the source wrote it; a list of words as JSON, null as None.

    Raises PageChangedError for an object, and for a list of anything but words.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return json.dumps(value, ensure_ascii=False)
    raise PageChangedError(
        "value", wanted="text, number, true or false", found=_describe_value(value), where=where
    )


def pointer_step(key: str) -> str:
    """Return a key as one step of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _describe_value(value: object) -> str:
    if isinstance(value, dict):
        return f"an object with {', '.join(map(repr, list(value)[:5])) or 'no keys'}"
    return f"a list of {len(value)}" if isinstance(value, list) else repr(value)[:80]
