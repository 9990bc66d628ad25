"""Makes a recorded page for the tests: an original, trimmed to facts, with a note of where it came from.

A trim is one of
    /data/*/description            drop what this JSON pointer leads to; * is any key or number
    /data?id=openai/gpt-4.1,o3     keep the list items (or members) whose key has one of these values
    /models?=gpt-4.1,o3            keep these members of an object
    /Items?#=0-9,40                keep these positions of a list
    lines=1-3,12-80                keep these lines, counted from 1
    keep-line=REGEX                keep the lines in which this is found
    drop-line=REGEX                drop the lines in which this is found
and they apply in the order given. Numbers stay as they were written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

MAX_PAGE_BYTES = 50_000
"""Bytes of one recorded page."""


class RecordError(ValueError):
    """A page cannot be recorded as asked; says what, wanted, found."""


class NumberText(str):
    """A JSON number as it was written."""

    __slots__ = ()


def record_page(
    source_id: str, original: Path, *, out: Path, url: str, fetched: date, trim: Sequence[str], note: str = ""
) -> Path:
    """Write `original`, trimmed, to the file `out` and its provenance beside it; return `out`.

    `url` and `fetched` say where and when the original was published; `note` who else holds it, such as a
    public repository. Raises RecordError when a trim fits nothing or the result is larger than LIMIT.
    """
    return record_body(
        source_id, original.read_bytes(), original=original.name, out=out, url=url, fetched=fetched, trim=trim,
        note=note,
    )  # fmt: skip


def record_body(
    source_id: str, body: bytes, *, original: str, out: Path, url: str, fetched: date, trim: Sequence[str],
    note: str = "",
) -> Path:  # fmt: skip
    """Write `body`, which `original` names, as `record_page` does."""
    page = trim_text(body.decode("utf-8"), trim).encode("utf-8")
    if len(page) > MAX_PAGE_BYTES:
        raise RecordError(f"{out.name}: wanted at most {MAX_PAGE_BYTES} bytes, found {len(page)}: trim more")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(page)
    provenance = {
        "source": source_id,
        "url": url,
        "date": fetched.isoformat(),
        "original": original,
        "original_sha256": hashlib.sha256(body).hexdigest(),
        "original_size": len(body),
        "trim": list(trim),
        "note": note,
    }
    out.with_name(f"{out.name}.provenance.toml").write_text(_to_toml(provenance), encoding="utf-8")
    return out


def trim_text(text: str, trim: Sequence[str]) -> str:
    """Return `text` after each trim in turn. Raises RecordError for a trim that fits nothing."""
    value: Any = None
    for expression in trim:
        if expression.startswith("/"):
            value = _parse_json(text) if value is None else value
            _trim_json(value, expression)
        else:
            text, value = (text if value is None else dump_json(value)), None
            text = _trim_lines(text, expression)
    return text if value is None else dump_json(value) + "\n"


def dump_json(value: Any, indent: str = "") -> str:
    """Return JSON with numbers as they were written and one member or item a line, leaves inline."""
    if isinstance(value, NumberText):
        return str(value)
    if not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    opened, closed = ("{", "}") if isinstance(value, dict) else ("[", "]")
    deeper = indent + " "
    parts = [_member(key, item, deeper) for key, item in _members(value)]
    if not any(isinstance(item, dict | list) and item for _, item in _members(value)):
        return f"{opened}{', '.join(parts)}{closed}"
    lines = ",\n".join(deeper + part for part in parts)
    return f"{opened}\n{lines}\n{indent}{closed}"


def _member(key: str | int, item: Any, indent: str) -> str:
    name = f"{json.dumps(key, ensure_ascii=False)}: " if isinstance(key, str) else ""
    return name + dump_json(item, indent)


def _members(value: Any) -> list[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text, parse_float=NumberText, parse_int=NumberText)
    except json.JSONDecodeError as error:
        raise RecordError(f"a /pointer trim wants JSON, found {text[:40]!r} ({error})") from error


def _trim_json(value: Any, expression: str) -> None:
    pointer, selects, selection = expression.partition("?")
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:] if step]
    done = _select(value, steps, selection) if selects else _drop(value, steps)
    if not done:
        raise RecordError(f"{expression}: fits nothing")


def _drop(value: Any, steps: Sequence[str]) -> int:
    dropped = 0
    for holder in list(_matching_values(value, steps[:-1])):
        for key in [key for key, _ in _members(holder) if steps[-1] in ("*", str(key))][::-1]:
            del holder[key]
            dropped += 1
    return dropped


def _select(value: Any, steps: Sequence[str], selection: str) -> int:
    key, equals, wanted = selection.partition("=")
    if not equals:
        raise RecordError(f"?{selection}: wanted KEY=value,…")
    kept = 0
    for holder in list(_matching_values(value, steps)):
        keep = _item_test(key, wanted)
        for name, item in _members(holder)[::-1]:
            if keep(name, item):
                kept += 1
            else:
                del holder[name]
    return kept


def _item_test(key: str, wanted: str) -> Callable[[str | int, Any], bool]:
    if key == "#":
        numbers = {*_parse_ranges(wanted)}
        return lambda name, item: name in numbers
    words = {*wanted.split(",")}
    if key == "":
        return lambda name, item: str(name) in words
    return lambda name, item: isinstance(item, dict) and str(item.get(key)) in words


def _matching_values(value: Any, steps: Sequence[str]) -> Iterator[Any]:
    if not steps:
        yield value
        return
    for key, item in _members(value):
        if steps[0] in ("*", str(key)):
            yield from _matching_values(item, steps[1:])


def _trim_lines(text: str, expression: str) -> str:
    kind, _, argument = expression.partition("=")
    tests: dict[str, Callable[[int, str], bool]] = {
        "lines": lambda number, line: number in numbers,
        "keep-line": lambda number, line: re.search(argument, line) is not None,
        "drop-line": lambda number, line: re.search(argument, line) is None,
    }
    if kind not in tests:
        raise RecordError(f"trim: wanted a /pointer or one of {list(tests)}, found {expression!r}")
    numbers = {*_parse_ranges(argument)} if kind == "lines" else set()
    lines = text.splitlines(keepends=True)
    kept = [line for number, line in enumerate(lines, 1) if tests[kind](number, line)]
    if len(kept) in (0, len(lines)):
        raise RecordError(f"{expression}: fits {'nothing' if kind != 'drop-line' or kept else 'every line'}")
    return "".join(kept)


def _parse_ranges(ranges: str) -> Iterable[int]:
    for part in ranges.split(","):
        first, dash, last = part.partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            raise RecordError(f"wanted numbers such as 1-3,12, found {ranges!r}")
        yield from range(int(first), int(last if dash else first) + 1)


def _to_toml(table: dict[str, Any]) -> str:
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in table.items())


def main(arguments: Sequence[str] | None = None) -> None:
    """Record one page from the command line."""
    parser = argparse.ArgumentParser(prog="cardwatch.crawler.record", description=__doc__.partition("\n")[0])
    parser.add_argument("source")
    parser.add_argument("original", type=Path)
    parser.add_argument("--url", required=True)
    parser.add_argument("--date", required=True, type=date.fromisoformat)
    parser.add_argument("--trim", action="append", default=[])
    parser.add_argument("--name", help="file name of the page; the original's unless given")
    parser.add_argument("--note", default="")
    parser.add_argument("--pages", type=Path, default=Path("tests/pages"))
    got = parser.parse_args(arguments)
    out = got.pages / got.source / (got.name or got.original.name)
    try:
        record_page(
            got.source, got.original, out=out, url=got.url, fetched=got.date, trim=got.trim, note=got.note
        )
    except (OSError, RecordError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
