"""Rows that a page keeps inside a component: JSX in MDX source, and the props of a rendered Astro island."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from parsel import Selector

from cardwatch.crawler.documents import PageChangedError
from cardwatch.crawler.formats.json_listing import load_json

COMPONENT = re.compile(
    r"<(?P<name>[A-Z]\w*)\b(?P<head>(?:(?!<[A-Z]).)*?)\brows=\{\[(?P<rows>.*?)\]\s*\}", re.DOTALL
)
ATTRIBUTE = re.compile(r'\b(\w+)="([^"]*)"')
VALUE = r'(?:"[^"]*"|-?\d+(?:\.\d+)?|null)'
ROW = re.compile(rf"\[\s*({VALUE}(?:\s*,\s*{VALUE})*)\s*,?\s*\]")


class ComponentRow(NamedTuple):
    """One row's values as printed, "" for null."""

    values: tuple[str, ...]
    locator: str


class JsxComponent(NamedTuple):
    """A component's name, its text attributes, its rows, and where it begins, in words and as an offset."""

    name: str
    attributes: dict[str, str]
    rows: tuple[ComponentRow, ...]
    where: str
    start: int = 0


def find_components(text: str) -> Iterator[JsxComponent]:
    """Yield the components of MDX source that have rows, in order.

    Raises PageChangedError when something between the rows is no row of texts, numbers and nulls.
    """
    for found in COMPONENT.finditer(text):
        rest = ROW.sub("", found["rows"]).replace(",", "").strip()
        where = f"<{found['name']}> on line {_line_number(text, found.start())}"
        if rest:
            raise PageChangedError("component rows", wanted="lists of values", found=rest[:80], where=where)
        rows = tuple(
            ComponentRow(_values(row[1]), f"/line[{_line_number(text, found.start('rows') + row.start())}]")
            for row in ROW.finditer(found["rows"])
        )
        attributes = dict(ATTRIBUTE.findall(found["head"]))
        yield JsxComponent(found["name"], attributes, rows, where, found.start())


def _line_number(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _values(row: str) -> tuple[str, ...]:
    return tuple("" if value == "null" else value.strip('"') for value in re.findall(VALUE, row))


def find_islands(page: Selector, component: str) -> Iterator[JsxComponent]:
    """Yield a rendered page's islands of one component; its text props are the attributes.

    Raises PageChangedError for props that are not Astro's `[0, value]` and `[1, list]` pairs.
    """
    for number, island in enumerate(page.xpath("//astro-island[@component-export=$name]", name=component)):
        where = f"/astro-island[{number + 1}]/@props"
        props = _unwrap_props([0, load_json(island.xpath("@props").get(""), where=where)], where)
        if not isinstance(props, dict) or not isinstance(rows := props.get("rows"), list):
            raise PageChangedError("island", wanted="props with rows", found=repr(props)[:80], where=where)
        found = tuple(ComponentRow(_row_texts(row, where), f"{where}/rows/{n}") for n, row in enumerate(rows))
        yield JsxComponent(component, {k: v for k, v in props.items() if isinstance(v, str)}, found, where)


def _unwrap_props(value: Any, where: str) -> Any:
    match value:
        case ["0" | 0, dict() as inner]:
            return {key: _unwrap_props(item, where) for key, item in inner.items()}
        case ["0" | 0, str() | bool() | None as inner]:
            return inner
        case ["1" | 1, list() as inner]:
            return [_unwrap_props(item, where) for item in inner]
    raise PageChangedError(
        "island props", wanted="[0, value] or [1, list]", found=repr(value)[:80], where=where
    )


def _row_texts(row: Any, where: str) -> tuple[str, ...]:
    if not isinstance(row, list) or not all(value is None or isinstance(value, str) for value in row):
        raise PageChangedError("island row", wanted="a list of values", found=repr(row)[:80], where=where)
    return tuple(value or "" for value in row)
