from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from cardwatch.crawler.release_source import ReleaseSource

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


class AnthropicReleases(ReleaseSource):
    """The release notes of Anthropic's API: the models that were launched or became available, and on what day.

    What a model is called by is its id where the notes give one. An upgrade is told as a model that is now available:
    the oldest mention counts.
    """

    name = "anthropic_releases"
    title = "Claude API release notes"
    url = "https://platform.claude.com/docs/en/release-notes/overview.md"
    page_urls = r"https://(?:platform\.claude|docs\.claude|docs\.anthropic)\.com/(?:docs/)?en/release-notes/(?:overview|api)"
    max_age = timedelta(days=7)
    expected_rows = range(1, 300)
    providers = ("anthropic",)
    developers = ("anthropic",)
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    bulleted = True

    def names(self, text: str) -> Iterator[str]:
        if found := next((found for pattern in CAME if (found := pattern.match(text))), None):
            beside = BESIDE.search(found[0])
            yield from map(_called, NAMES.findall(found["names"]) + ([beside["names"]] if beside else []))


def _called(name: str) -> str:
    """Return the id in brackets, else the name."""
    title, _, model = name.rstrip(")").partition(" (")
    return model or title
