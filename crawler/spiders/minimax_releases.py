from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.release_notes import read_notes, release_rows
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

NAME = re.compile(r"[A-Za-z]+(?:[ -][A-Z]?\d[\w.]*)(?:[ -]\w+)*")


class MinimaxReleases(Source):
    """MiniMax's model releases: a card or a heading for each model under the day or the month it came."""

    name = "minimax_releases"
    title = "MiniMax model releases"
    kind = "release notes"
    authority = Authority.FIRST_PARTY
    url = "https://platform.minimax.io/docs/release-notes/models.md"
    page_urls = r"https://platform\.minimaxi?\.(?:io|com)/docs/release-notes/models(?:\.md)?"
    max_age = timedelta(days=7)
    expected_rows = range(1, 300)
    providers = ("minimax",)
    developers = ("minimax",)
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        titles = (note for note in read_notes(response.text) if note.is_title and NAME.fullmatch(note.text))
        yield from release_rows(((note.text, note) for note in titles), where=response.url)
