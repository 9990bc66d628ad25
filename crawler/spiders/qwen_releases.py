from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.release_notes import ReleaseNote, read_notes, release_rows
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

BETWEEN = re.compile(r"[、,] *")
OWN = re.compile(r"(?:qwen|qwq|qvq)[\w.-]*", re.IGNORECASE)
SNAPSHOT = re.compile(r".*-20\d{2}-\d{2}-\d{2}")


class QwenReleases(Source):
    """The model releases of Qwen's cloud: headings with the names of what came on a day.

    Models of other makers came to this cloud, not into the world: they are left out, and so are dated snapshots,
    whose day is not that of their model.
    """

    name = "qwen_releases"
    title = "Qwen model releases"
    kind = "release notes"
    authority = Authority.FIRST_PARTY
    url = "https://docs.qwencloud.com/changelog/models.md"
    page_urls = r"https://(?:docs\.qwencloud\.com|platform\.qianwenai\.com/docs)/changelog/models(?:\.md)?"
    max_age = timedelta(days=7)
    expected_rows = range(1, 500)
    providers = ("alibaba",)
    developers = ("alibaba",)
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        notes = (note for note in read_notes(response.text) if note.is_title)
        yield from release_rows(
            ((name, note) for note in notes for name in _own_names(note)), where=response.url
        )


def _own_names(note: ReleaseNote) -> list[str]:
    names = [name for name in BETWEEN.split(note.text) if OWN.fullmatch(name)]
    return [name for name in names if not SNAPSHOT.fullmatch(name)]
