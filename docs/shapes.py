"""JSON Schemas and their page, from docs/reference/shapes.toml."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

SPEC = Path(__file__).parent / "reference" / "shapes.toml"
VERSION = 2
NULL = {"type": "null"}
PLAIN: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string"},
    "int": {"type": "integer"},
    "number": {"type": "number"},
    "bool": {"type": "boolean"},
    "price": {"type": "string", "pattern": r"^(0|[1-9]\d*)(\.\d*[1-9])?$"},
    "day": {"type": "string", "pattern": r"^\d{4}(-\d\d(-\d\d)?)?$"},
    "time": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
    "plain": {"type": ["string", "number", "boolean", "array", "null"], "items": {"type": "string"}},
    "map": {"type": "object", "additionalProperties": {"type": "string"}},
    "lists": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
    "any": {},
}


def spec() -> dict[str, Any]:
    """Return the shapes and their parts; one that extends another has all its keys."""
    found = tomllib.loads(SPEC.read_text(encoding="utf-8"))
    for part in found["part"].values():
        if base := found["part"].get(part.get("extends")):
            part.update({**base, **part, "fields": {**base["fields"], **part["fields"]}})
    return found


def schemas() -> dict[str, str]:
    """Return a JSON Schema per shape, as text; unknown keys are allowed, since keys may be added."""
    found = spec()
    return {
        name: json.dumps(schema(name, shape, found["part"]), indent=2, ensure_ascii=False) + "\n"
        for name, shape in found["shape"].items()
    }


def schema(name: str, shape: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return one JSON Schema with the parts it needs."""
    body = _object(shape) if "fields" in shape else {"$ref": f"#/$defs/{shape['part']}"}
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:cardwatch:{name}:{VERSION}",
        "title": f"cardwatch {shape['command']}",
        "description": shape["about"],
        **({"type": "array", "items": body} if shape.get("rows") else body),
    }
    used = sorted(_used(made, parts))
    return made | ({"$defs": {part: _object(parts[part]) for part in used}} if used else {})


def _object(shape: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(shape["fields"]),
        "properties": {
            key: {**typed(kind), "description": meaning} for key, (kind, meaning) in shape["fields"].items()
        },
        **({"additionalProperties": PLAIN["plain"]} if "open" in shape else {}),
    }


def typed(kind: str) -> dict[str, Any]:
    """Return the schema of a type as shapes.toml writes it."""
    if kind.endswith("?"):
        return {"anyOf": [typed(kind[:-1]), NULL]}
    if kind.startswith("["):
        return {"type": "array", "items": typed(kind[1:-1])}
    if kind.startswith("{"):
        return {"type": "object", "additionalProperties": typed(kind[1:-1])}
    if "|" in kind:
        return {"enum": kind.split("|")}
    return {"$ref": f"#/$defs/{kind}"} if kind[0].isupper() else dict(PLAIN[kind])


def _used(made: Any, parts: Mapping[str, Any]) -> set[str]:
    """Return the parts that a schema refers to, also by way of other parts."""
    found: set[str] = set()
    waiting = list(_refs(made))
    while waiting:
        part = waiting.pop()
        if part not in found:
            found.add(part)
            waiting += _refs(_object(parts[part]))
    return found


def _refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(ref := value.get("$ref"), str):
            yield ref.rsplit("/", 1)[-1]
        for inner in value.values():
            yield from _refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _refs(inner)


def json_page() -> str:
    """Return the page of shapes."""
    found = spec()
    text = [(SPEC.parent / "json-intro.md").read_text(encoding="utf-8"), "## Shapes\n"]
    for name, shape in found["shape"].items():
        one = "A list of these. " if shape.get("rows") else ""
        text += [
            f"### {name}\n",
            f"`cardwatch {shape['command']}{_flag(name)}` · [schema](schemas/{name}.json)\n",
        ]
        text.append(f"{one}{shape['about']}\n")
        text.append(
            _table(shape)
            if "fields" in shape
            else f"Each is a [{shape['part']}](#{shape['part'].lower()}).\n"
        )
    text.append("## Parts\n")
    for name, part in found["part"].items():
        text += [f"### {name}\n", _table(part)]
    return "\n".join(text).rstrip() + "\n"


def _flag(name: str) -> str:
    return "" if name in {"resolve", "run"} else " --format json"


def _table(shape: Mapping[str, Any]) -> str:
    rows = [(f"`{key}`", _words(kind), meaning) for key, (kind, meaning) in shape["fields"].items()]
    more = f"\n{shape['open']}\n" if "open" in shape else ""
    return markdown_table(("key", "type", "meaning"), rows) + more


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown with a line break at its end; a bar inside a cell is no bar of the table."""
    cells = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    lines = [f"| {' | '.join(line)} |" for line in (head, *cells)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:], ""])


def _words(kind: str) -> str:
    """Return a type for readers."""
    if kind.endswith("?"):
        return f"{_words(kind[:-1])} or null"
    if kind.startswith("["):
        return f"list of {_words(kind[1:-1])}"
    if kind.startswith("{"):
        return f"{_words(kind[1:-1])} by name"
    if "|" in kind:
        return ", ".join(kind.split("|"))
    return f"[{kind}](#{kind.lower()})" if kind[0].isupper() else kind
