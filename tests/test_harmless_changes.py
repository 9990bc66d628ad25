"""Changes of a page that a reader does not see, or sees and reads the same: every fact stays as it was."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from support.recorded_cases import Case
from test_sources import CASES
from test_unknown_parts import facts, read

from cardwatch.crawler.blank_text import is_blank

Change = Callable[[str], str]
CELL = re.compile(r"(<td\b[^>]*>)(.*?)(</td\s*>)", re.IGNORECASE | re.DOTALL)
RULE = re.compile(r"\s*\|?(\s*:?-+:?\s*\|)+\s*:?-*:?\s*\|?\s*")
PIPE = re.compile(r"(?<!\\)\|")


def in_cells(change: Change) -> dict[str, Change]:
    """Return the change of all cells of a page, for Markdown and for HTML."""
    return {
        ".md": lambda page: "\n".join(_changed_lines(page.split("\n"), change)),
        ".html": lambda page: CELL.sub(lambda cell: f"{cell[1]}{change(cell[2])}{cell[3]}", page),
    }


def _changed_lines(lines: list[str], change: Change) -> list[str]:
    made, below = [], False
    for line in lines:
        below = below and line.lstrip().startswith("|")
        if below:
            first, *cells, last = PIPE.split(line)
            line = "|".join(
                [first, *(f" {change(cell.strip())} " if cell.strip() else cell for cell in cells), last]
            )
        made.append(line)
        below = below or bool(RULE.fullmatch(line))
    return made


def both(change: Change) -> dict[str, Change]:
    return {".md": change, ".html": change}


CHANGES: dict[str, dict[str, Change]] = {
    "zero width": in_cells(lambda cell: f"\u200b{cell}\ufeff"),
    "blanks": in_cells(lambda cell: cell if "<" in cell or "](" in cell else cell.replace(" ", "\u202f")),
    "hyphens": in_cells(lambda cell: cell if "<" in cell or "](" in cell else cell.replace("-", "\u2011")),
    "emphasis": {".md": in_cells(lambda cell: cell if "<" in cell or "*" in cell else f"**{cell}**")[".md"]},
    "element": in_cells(lambda cell: f"<span>{cell}</span>"),
    "comment": in_cells(lambda cell: f"{cell}<!-- 7 -->"),
    "break": in_cells(lambda cell: f"{cell}<br/>"),
    "dollars": in_cells(lambda cell: cell if "\\$" in cell else re.sub(r"(?<![\w.])\$(?=\d)", "US$ ", cell)),
    "other dashes": in_cells(lambda cell: "‒" if is_blank(cell) else cell),
    "named headings": {".md": lambda page: re.sub(r"^(#{1,6} .+)$", r"\1 {#some-id}", page, flags=re.M)},
    "marked headings": {
        ".md": lambda page: re.sub(r"^(#{1,6} .+)$", "\\1 [\u200b](#here)", page, flags=re.M),
        ".html": lambda page: re.sub("(</h[1-6]>)", '<a href="#here">\u200b</a>\\1', page),
    },
    "line ends": both(lambda page: page.replace("\n", "\r\n")),
    "capital tags": {
        ".html": lambda page: re.sub(r"</?(?:table|t[rdh])\b", lambda tag: tag[0].upper(), page)
    },
}
PAGES_OF_TEXT = [case for case in CASES if case.page.endswith((".md", ".html"))]


def facts_of(case: Case, page: str) -> set[object]:
    """Return the facts of a page, their texts without white space and with one kind of dollar."""
    rows = read(case, page)
    return {(of, name, re.sub(r"\s|US(?=\$)", "", text)) for of, name, text in facts(rows)}


@pytest.mark.parametrize("case", PAGES_OF_TEXT, ids=str)
def test_a_change_that_nobody_sees_changes_no_fact(case: Case) -> None:
    page = case.text
    before = facts_of(case, page)
    for kind, changes in CHANGES.items():
        if change := changes.get(case.path.suffix):
            assert facts_of(case, change(page)) == before, kind
