from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.release_notes import ReleaseNote, read_bullets, release_rows
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL = r"Claude (?:[A-Z][a-z]+ )+\d+(?:\.\d+)?(?: \(claude-[a-z0-9.-]+\))?"
CAME = (
    re.compile(
        rf"[-*] +We've (?:launched|released) (?P<names>{MODEL}(?: and {MODEL})*)(?=,|\.(?!\d))[^.]*(?:\.\d[^.]*)*"
    ),
    re.compile(
        rf"[-*] +(?P<names>{MODEL})(?:, [^,.]+,)? is now (?:generally )?available (?:on|across) the (?:Claude|Anthropic) API"
    ),
)
BESIDE = re.compile(rf" alongside (?P<names>{MODEL})")
NAMES = re.compile(MODEL)


class AnthropicReleases(Source):
    """The release notes of Anthropic's API: the models that were launched or became available, and on what day.

    What a model is called by is its id where the notes give one. An upgrade is told as a model that is now available:
    the oldest mention counts.
    """

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
        found = next((found for pattern in CAME if (found := pattern.match(bullet.text))), None)
        if found:
            beside = BESIDE.search(found[0])
            names = [*NAMES.findall(found["names"]), *([beside["names"]] if beside else [])]
            yield from ((_called(name), bullet) for name in names)


def _called(name: str) -> str:
    """Return the id in brackets, else the name."""
    title, _, model = name.rstrip(")").partition(" (")
    return model or title
