"""A cell's pointer leads a stranger to what the page prints."""

from __future__ import annotations

import re

import pytest
from support.edited_pages import edited_rows
from support.page_cases import PAGE_CASES
from support.recorded_cases import Case

from cardwatch.crawler.formats.markdown import plain_text

LINE = re.compile(r"/line\[(\d+)\]")
FOLDED = (("\u2011", "-"), ("Text/Image", "Text, Image"))
"""The only two things a cell's text may differ in from its line: hyphens of dates, and what joins modalities."""
YEAR = re.compile(r", \d{4}$")
"""A log of changes prints it in the heading of a month, above the days."""
MARKDOWN = [case for case in PAGE_CASES if case.page.endswith(".md") and "<table>" not in case.text]
"""Pages with lines; a table of HTML elements in Markdown is found by its elements."""


def seen(line: str) -> str:
    text = plain_text(line)
    for old, new in FOLDED:
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("case", MARKDOWN, ids=str)
def test_a_line_s_number_leads_to_the_line(case: Case) -> None:
    lines = case.text.splitlines()
    pointed = 0
    for row in edited_rows(case.source, case.page):
        for name, cell in row.cells.items():
            numbers = LINE.findall(row.locator + cell.at)
            if not numbers or "/tr[" in row.locator or not cell.at:
                continue
            pointed += 1
            number = int(numbers[-1])
            line = lines[number - 1].replace('{"$"}', "$")
            text, _, year = cell.text.rpartition(", ") if YEAR.search(cell.text) else (cell.text, "", "")
            above = any(year in each for each in lines[: number - 1] if each.startswith("#"))
            found = cell.text in line or cell.text in seen(line) or (above and text in line)
            assert found, f"{name} {cell} at {row.locator}"
    assert pointed
