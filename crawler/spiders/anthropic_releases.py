from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.release_notes import ReleaseNote, read_bullets, release_rows
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

ID = r"Claude [^()]*\((claude-[a-z0-9.-]+)\)"
LAUNCHED = re.compile(rf"[-*] +We've (?:launched|released) {ID}(?:[^.]*? alongside {ID})?")
AVAILABLE = re.compile(
    r"[-*] +(Claude [A-Z][\w.]*(?: [\w.]+)?) is now (?:generally )?available on the (?:Claude|Anthropic) API"
)


class AnthropicReleases(Source):
    """The release notes of Anthropic's API: what was launched, with the id of a model, and on what day."""

    name = "anthropic_releases"
    title = "Claude API release notes"
    kind = "release notes"
    authority = Authority.FIRST_PARTY
    url = "https://platform.claude.com/docs/en/release-notes/overview.md"
    page_urls = r"https://(?:platform\.claude|docs\.claude|docs\.anthropic)\.com/(?:docs/)?en/release-notes/(?:overview|api)"
    max_age = timedelta(days=7)
    expected_rows = range(1, 300)
    providers = ("anthropic",)
    developers = ("anthropic",)
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        yield from release_rows(_launched(response.text), where=response.url)


def _launched(text: str) -> Iterator[tuple[str, ReleaseNote]]:
    for bullet in read_bullets(text):
        if found := LAUNCHED.match(bullet.text) or AVAILABLE.match(bullet.text):
            yield from ((name, bullet) for name in found.groups() if name)
