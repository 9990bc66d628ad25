"""Rows that a page keeps inside a component: JSX in MDX source, and the props of a rendered Astro island."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from parsel import Selector

from cardwatch.crawler.documents import PageChangedError, UnreadPart
from cardwatch.crawler.formats.json_listing import load_json
from cardwatch.crawler.formats.table import PageTable, TableRow

COMPONENT = re.compile(
    r"<(?P<name>[A-Z]\w*)\b(?P<head>(?:(?!<[A-Z]).)*?)\brows=\{\[(?P<rows>.*?)\]\s*\}", re.DOTALL
)
ATTRIBUTE = re.compile(r'\b(\w+)="([^"]*)"')
VALUE = r'(?:"[^"]*"|-?\d+(?:\.\d+)?|null)'
ROW = re.compile(rf"\[\s*({VALUE}(?:\s*,\s*{VALUE})*)\s*,?\s*\]")


@dataclass(frozen=True, slots=True)
class JsxComponent(PageTable):
    """A component with rows, "" for null in them: a table without headings.

    `attributes` are its texts; `start` is the offset where it begins, -1 where it stands in no text.
    """

    name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    start: int = -1


def find_components(text: str) -> Iterator[JsxComponent]:
    """Yield the components of MDX source that have rows, in order.

    What stands between the rows and is no row of texts, numbers and nulls is an unread row.
    """
    for found in COMPONENT.finditer(text):
        where = f"<{found['name']}> on line {_line_number(text, found.start())}"
        rows = tuple(
            TableRow(_values(row[1]), f"/line[{_line_number(text, found.start('rows') + row.start())}]")
            for row in ROW.finditer(found["rows"])
        )
        yield JsxComponent(
            *((), rows, (), where),
            unread=tuple(_odd_rows(found["rows"], where)),
            name=found["name"],
            attributes=dict(ATTRIBUTE.findall(found["head"])),
            start=found.start(),
        )


def _odd_rows(rows: str, where: str) -> Iterator[UnreadPart]:
    """Yield what is left of a component's rows when those that can be read are taken out."""
    for number, between in enumerate(ROW.split(rows)[:: ROW.groups + 1]):
        if text := between.strip(", \n\t\r"):
            at = f"{where}, after row {number}"
            yield UnreadPart("row", "component rows", "lists of values", text[:80], at, text)


def _line_number(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _values(row: str) -> tuple[str, ...]:
    return tuple("" if value == "null" else value.strip('"') for value in re.findall(VALUE, row))


def find_islands(page: Selector, component: str) -> Iterator[JsxComponent]:
    """Yield a rendered page's islands of one component; its text props are the attributes.

    One whose props are not Astro's `[0, value]` and `[1, list]` pairs with rows has a problem instead.
    """
    for number, island in enumerate(page.xpath("//astro-island[@component-export=$name]", name=component)):
        where = f"/astro-island[{number + 1}]/@props"
        try:
            yield _read_island(island.xpath("@props").get(""), component, where)
        except PageChangedError as problem:
            yield JsxComponent((), (), (), where, name=component, problem=problem)


def _read_island(printed: str, component: str, where: str) -> JsxComponent:
    props = _unwrap_props([0, load_json(printed, where=where)], where)
    if not isinstance(props, dict) or not isinstance(values := props.get("rows"), list):
        raise PageChangedError("island", wanted="props with rows", found=repr(props)[:80], where=where)
    attributes = {key: value for key, value in props.items() if isinstance(value, str)}
    rows, odd = list[TableRow](), list[UnreadPart]()
    for number, row in enumerate(values):
        at = f"{where}/rows/{number}"
        if isinstance(row, list) and all(value is None or isinstance(value, str) for value in row):
            rows.append(TableRow(tuple(value or "" for value in row), at))
        else:
            odd.append(UnreadPart("row", "island row", "a list of values", repr(row)[:80], at, repr(row)))
    return JsxComponent((), tuple(rows), (), where, unread=tuple(odd), name=component, attributes=attributes)


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
