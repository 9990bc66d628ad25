from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell
from cardwatch.crawler.formats.markdown import MarkdownSection, split_sections
from cardwatch.crawler.formats.release_notes import ReleaseNote
from cardwatch.crawler.release_source import ReleaseSource

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
MONTH = re.compile(rf"(?P<month>{'|'.join(MONTHS)})(?: (?P<year>20\d{{2}}))?")
NAME = r"Grok(?: (?:\d+(?:\.\d+)?|[A-Z][\w-]*))+"
CAME = re.compile(rf"(?P<names>{NAME}(?: and {NAME})*)(?: models)?(?: (?:is|are|launch)\b.*)?")


class XaiReleases(ReleaseSource):
    """xAI's release notes: titles that are models under the month they came.

    The months of the present year stand without it: they come after the newest one that has a year.
    """

    name = "xai_releases"
    title = "xAI release notes"
    url = "https://docs.x.ai/developers/release-notes.md"
    page_urls = r"https://docs\.x\.ai/(?:docs|developers)/release-notes(?:\.md)?"
    max_age = timedelta(days=7)
    expected_rows = range(3, 300)
    providers = ("xai",)
    developers = ("xai",)
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def came(self, response: TextResponse) -> Iterator[tuple[str, ReleaseNote]]:
        return _came(split_sections(response.text))


def _came(sections: list[MarkdownSection]) -> Iterator[tuple[str, ReleaseNote]]:
    months = _dated_months([section for section in sections if MONTH.fullmatch(section.title)])
    month: Cell | None = None
    for section in sections:
        if MONTH.fullmatch(section.title):
            month = months.get(section.number)
        elif month is not None and (launch := CAME.fullmatch(section.title)):
            note = ReleaseNote(month, section.title, section.locator, is_title=True)
            yield from ((name, note) for name in launch["names"].split(" and ") if re.search(r"\d", name))


def _dated_months(headings: list[MarkdownSection]) -> dict[int, Cell]:
    """Return each month by the line of its heading, with the year it has or must have; newest stand first."""
    found: dict[int, Cell] = {}
    year, last = 0, 0
    for heading in reversed(headings):
        month_name = MONTH.fullmatch(heading.title)
        month = MONTHS.index(month_name["month"]) if month_name else last
        if month_name and month_name["year"]:
            year = int(month_name["year"])
            found[heading.number] = Cell(heading.title, "us date", heading.locator)
        elif year:
            year += month < last
            found[heading.number] = Cell(f"{heading.title} {year}", "us date")
        last = month
    return found
