from __future__ import annotations

import re
from datetime import timedelta

from cardwatch.crawler.release_source import ReleaseSource

NAME = re.compile(r"[A-Za-z]+(?:[ -][A-Z]?\d[\w.]*)(?:[ -]\w+)*")


class MinimaxReleases(ReleaseSource):
    """MiniMax's model releases: a card or a heading for each model under the day or the month it came."""

    name = "minimax_releases"
    title = "MiniMax model releases"
    url = "https://platform.minimax.io/docs/release-notes/models.md"
    page_urls = r"https://platform\.minimaxi?\.(?:io|com)/docs/release-notes/models(?:\.md)?"
    max_age = timedelta(days=7)
    expected_rows = range(1, 300)
    providers = ("minimax",)
    developers = ("minimax",)
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def names(self, text: str) -> list[str]:
        return [text] if NAME.fullmatch(text) else []
