from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.release_notes import read_notes, release_rows
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

NAME = re.compile(r"([A-Za-z]+(?:-[\w.]+)+)(?: Series)?")


class ZaiReleases(Source):
    """Z.ai's release notes: an update for each model, titled by its name. Products that are no model are left out."""

    name = "zai_releases"
    title = "Z.ai release notes"
    kind = "release notes"
    authority = Authority.FIRST_PARTY
    url = "https://docs.z.ai/release-notes/new-released.md"
    page_urls = r"https://docs\.z\.ai/release-notes/new-released"
    max_age = timedelta(days=7)
    expected_rows = range(5, 300)
    providers = ("zai",)
    developers = ("zhipu",)
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        named = ((NAME.fullmatch(note.text), note) for note in read_notes(response.text) if note.is_title)
        yield from release_rows(((found[1], note) for found, note in named if found), where=response.url)
