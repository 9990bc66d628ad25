from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PagePart
from cardwatch.crawler.formats.html_table import visible_text
from cardwatch.crawler.formats.release_notes import ReleaseNote, release_rows
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

PARTS = "//h3 | //*[@data-variant='outline'] | //*[contains(@class, 'ChangelogMarkdown')]"
MONTH, DAY = re.compile(r"[A-Z][a-z]+, (20\d{2})"), re.compile(r"[A-Z][a-z]{2,8} \d{1,2}")
RELEASED = re.compile(
    r"Released (?P<names>.+?)(?: (?:to|for|in|with|as|on)\b|, (?:a|an|the|our|which)\b|[.:] |\.?$)"
)
BETWEEN = re.compile(r",? and |, ")
ID = re.compile(r"(?:chatgpt|codex|dall-e|gpt|o\d|sora|text-embedding|whisper)(?:[.-][a-z0-9]+)*")
SNAPSHOT = re.compile(r".*-20\d{2}-\d{2}-\d{2}")


class OpenaiChangelog(Source):
    """The change log of OpenAI's API: an entry that begins with "Released" and the names of models, and its day.

    Entries are grouped by month, which has the year. What was released into a model, dated snapshots and features
    are left out.
    """

    name = "openai_changelog"
    title = "OpenAI API changelog"
    kind = "release notes"
    authority = Authority.FIRST_PARTY
    url = "https://developers.openai.com/api/docs/changelog"
    page_urls = r"https://developers\.openai\.com/(?:api/)?docs/changelog"
    max_age = timedelta(days=7)
    expected_rows = range(1, 500)
    providers = ("openai",)
    developers = ("openai",)
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        yield from release_rows(_released(response), where=response.url)


def _released(response: TextResponse) -> Iterator[tuple[str, ReleaseNote]]:
    year, day = "", Cell("")
    for number, part in enumerate(response.xpath(PARTS), 1):
        text = " ".join(visible_text(part.root).split())
        at = f"({PARTS})[{number}]"
        if month := MONTH.fullmatch(text):
            year, day = month[1], Cell("")
        elif DAY.fullmatch(text):
            day = Cell(f"{text}, {year}", "us date", at) if year else Cell("")
        elif day.text and (release := RELEASED.match(text)):
            note = ReleaseNote(day, text, at, is_title=False)
            yield from ((name, note) for name in _ids(release["names"]))


def _ids(names: str) -> list[str]:
    """Return the names of a list as ids: "GPT-6.1 Sol (gpt-6.1-sol)" is gpt-6.1-sol."""
    found = [
        re.sub(r"\([^)]*\)", "", name).strip().replace(" ", "-").lower() for name in BETWEEN.split(names)
    ]
    return [name for name in found if ID.fullmatch(name) and not SNAPSHOT.fullmatch(name)]
