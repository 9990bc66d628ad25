"""Recorded pages with something in them that nobody has heard of: a row, table, key, entry or word."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from cardwatch.crawler.record import NumberText, dump_json

WORD = "xyzzy"
"""What no source knows."""
Insertion = Callable[[str, Random], str | None]
"""Returns the changed page, or None where the page has no such place."""


def insertions(suffix: str) -> dict[str, Insertion]:
    """Return what can be inserted into a page of this kind, by name."""
    if suffix == ".json":
        return {"key": _json_key, "entry": _json_entry, "word": _json_word}
    if suffix == ".html":
        return {
            "row": _html_row,
            "table": _html_table,
            "word": _html_word,
            "spanning word": _html_spanning_word,
            "heading word": _html_heading_word,
        }
    if suffix == ".csv":
        return {"row": _csv_row}
    return {
        "row": _pipe_row,
        "table": _pipe_table,
        "word": _pipe_word,
        "heading word": _pipe_heading_word,
    }


def _load(page: str) -> Any:
    return json.loads(page, parse_float=NumberText, parse_int=NumberText)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(item)


def _lists(value: Any, of: type) -> Iterator[list[Any]]:
    if (
        isinstance(value, list)
        and value
        and all(isinstance(item, of) and not isinstance(item, NumberText) for item in value)
    ):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _lists(item, of)


def _json_key(page: str, dice: Random) -> str:
    document = _load(page)
    dice.choice(list(_objects(document)))[WORD] = dice.choice([True, {"a": [1]}, "b", 3])
    return dump_json(document)


def _json_entry(page: str, dice: Random) -> str | None:
    document = _load(page)
    found = list(_lists(document, dict))
    if not found:
        return None
    main = max(found, key=len)
    main.insert(dice.randrange(len(main) + 1), dice.choice([{WORD: True}, WORD, None, [1]]))
    if isinstance(document, dict) and "Count" in document:
        document["Count"] = NumberText(len(main))
    return dump_json(document)


def _json_word(page: str, dice: Random) -> str | None:
    document = _load(page)
    found = list(_lists(document, str))
    if not found:
        return None
    words = dice.choice(found)
    words.insert(dice.randrange(len(words) + 1), WORD)
    return dump_json(document)


def _pipe_rows(page: str) -> list[int]:
    lines = page.split("\n")
    heads = [
        n for n, line in enumerate(lines) if re.fullmatch(r"\s*\|?(\s*:?-+:?\s*\|)+\s*:?-*:?\s*\|?\s*", line)
    ]
    rows = []
    for head in heads:
        row = head + 1
        while row < len(lines) and lines[row].lstrip().startswith("|"):
            rows.append(row)
            row += 1
    return rows


def _pipe_row(page: str, dice: Random) -> str | None:
    rows, lines = _pipe_rows(page), page.split("\n")
    if not rows:
        return None
    at = dice.choice(rows)
    width = len(re.findall(r"(?<!\\)\|", lines[at])) - 1
    lines.insert(at, "|" + f" {WORD} what? |" * dice.choice([width, width + 1]))
    return "\n".join(lines)


def _pipe_table(page: str, dice: Random) -> str | None:
    if not _pipe_rows(page):
        return None
    head = dice.choice(["Model", WORD])
    return f"{page}\n\n## {WORD}\n\n| {head} | {WORD} |\n|---|---|\n| {WORD} | {WORD} |\n"


def _pipe_word(page: str, dice: Random) -> str | None:
    return _word_in_lines(_pipe_rows(page), page, dice)


def _pipe_heading_word(page: str, dice: Random) -> str | None:
    rows = {*_pipe_rows(page)}
    return _word_in_lines([row - 2 for row in sorted(rows) if row - 1 not in rows], page, dice)


def _word_in_lines(rows: list[int], page: str, dice: Random) -> str | None:
    lines = page.split("\n")
    if not rows:
        return None
    at = dice.choice(rows)
    cells = re.split(r"(?<!\\)\|", lines[at])
    spot = dice.randrange(1, max(len(cells) - 1, 2))
    cells[spot] = f"{cells[spot].rstrip()} ({WORD}) "
    lines[at] = "|".join(cells)
    return "\n".join(lines)


def _html_places(page: str, tag: str) -> list[re.Match[str]]:
    return list(re.finditer(rf"<{tag}\b[^>]*>", page, re.IGNORECASE))


def _whole_rows(page: str) -> Iterator[re.Match[str]]:
    """Yield the rows with cells below which none of them reaches down."""
    open_rows = 0
    for row in re.finditer(r"<table\b|<tr\b.*?</tr\s*>", page, re.IGNORECASE | re.DOTALL):
        spans = [int(span) for span in re.findall(r"rowspan=\"?(\d+)", row[0], re.IGNORECASE)]
        open_rows = max([open_rows - 1, *(span - 1 for span in spans), 0])
        if row[0].casefold().startswith("<table"):
            open_rows = 0
        elif not open_rows and "<td" in row[0]:
            yield row


def _html_row(page: str, dice: Random) -> str | None:
    rows = [*_whole_rows(page)]
    if not rows:
        return None
    above = dice.choice(rows)
    made = "<tr>" + f"<td>{WORD} what?</td>" * len(_html_places(above[0], "td")) + "</tr>"
    return page[: above.end()] + made + page[above.end() :]


def _html_table(page: str, dice: Random) -> str | None:
    ends = list(re.finditer(r"</table\s*>", page, re.IGNORECASE))
    if not ends:
        return None
    at = dice.choice(ends).end()
    head = dice.choice(["Model", WORD])
    made = f"<table><tr><th>{head}</th><th>{WORD}</th></tr><tr><td>{WORD}</td><td>{WORD}</td></tr></table>"
    return page[:at] + made + page[at:]


def _html_word(page: str, dice: Random) -> str | None:
    return _word_in(r"<td\b(?![^>]*span=)[^>]*>", page, dice)


def _html_spanning_word(page: str, dice: Random) -> str | None:
    return _word_in(r"<td\b(?=[^>]*span=)[^>]*>", page, dice)


def _word_in(cell: str, page: str, dice: Random) -> str | None:
    """Add the word to a cell that begins so, below the first row of its table."""
    found = [*re.finditer(rf"{cell}.*?(?=</td\s*>)", page, re.IGNORECASE | re.DOTALL)]
    heads = _head_rows(page)
    ends = [each.end() for each in found if page.find("</tr", each.end()) not in heads]
    return _word_at(ends, page, dice)


def _html_heading_word(page: str, dice: Random) -> str | None:
    found = re.finditer(r"<t[hd]\b[^>]*>.*?(?=</t[hd]\s*>)", page, re.IGNORECASE | re.DOTALL)
    heads = _head_rows(page)
    return _word_at([each.end() for each in found if page.find("</tr", each.end()) in heads], page, dice)


def _head_rows(page: str) -> set[int]:
    """Return where the rows of headings of each table end: the first, and the one that it reaches down into."""
    found = set[int]()
    for row in re.finditer(r"<table\b.*?(?=</tr\s*>)", page, re.IGNORECASE | re.DOTALL):
        found.add(row.end())
        if "rowspan" in row[0]:
            found.add(page.find("</tr", row.end() + 1))
    return found


def _word_at(ends: list[int], page: str, dice: Random) -> str | None:
    if not ends:
        return None
    at = dice.choice(ends)
    return f"{page[:at]} ({WORD}){page[at:]}"


def _csv_row(page: str, dice: Random) -> str:
    lines = page.rstrip("\n").split("\n")
    lines.append(f"{WORD},{WORD}")
    return "\n".join(lines) + "\n"
