from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.release_notes import ReleaseNote, read_bullets, release_rows
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

ID = r"(?:gemini|gemma)-[a-z0-9.-]*[a-z0-9]"
TITLE = r"Gemini \d[\d.]*(?: (?:Pro|Flash|Flash-Lite))(?: Preview)?(?=[],.:(]| *$)"
CAME = re.compile(rf"[-*] +Released (?:the )?\[?(?:({ID})(?: \([^)]*\))?(?:,? and \[?({ID}))?\b|({TITLE}))")


class GeminiReleases(Source):
    """The release notes of the Gemini API: "Released" with the id or the title of a model; features are left out.

    An id of its own is a release of its own: a preview and the version that is generally available are two.
    """

    name = "gemini_releases"
    title = "Gemini API release notes"
    kind = "release notes"
    authority = Authority.FIRST_PARTY
    url = "https://ai.google.dev/gemini-api/docs/changelog.md.txt"
    page_urls = r"https://ai\.google\.dev/gemini-api/docs/changelog(?:\.md)?(?:\?hl=en)?"
    max_age = timedelta(days=7)
    expected_rows = range(3, 300)
    providers = ("google-gemini",)
    developers = ("google",)
    terms = "Documentation under CC BY 4.0."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        yield from release_rows(_releases(response.text), where=response.url)


def _releases(text: str) -> Iterator[tuple[str, ReleaseNote]]:
    for bullet in read_bullets(text):
        if found := CAME.match(bullet.text):
            yield from ((name, bullet) for name in found.groups() if name)
