from __future__ import annotations

import re
from datetime import timedelta

from cardwatch.crawler.release_source import ReleaseSource

BETWEEN = re.compile(r"[、,] *")
OWN = re.compile(r"(?:qwen|qwq|qvq)[\w.-]*", re.IGNORECASE)
SNAPSHOT = re.compile(r".*-20\d{2}-\d{2}-\d{2}")


class QwenReleases(ReleaseSource):
    """The model releases of Qwen's cloud: headings with the names of what came on a day.

    Models of other makers came to this cloud, not into the world: they are left out, and so are dated snapshots,
    whose day is not that of their model.
    """

    name = "qwen_releases"
    title = "Qwen model releases"
    url = "https://docs.qwencloud.com/changelog/models.md"
    page_urls = r"https://(?:docs\.qwencloud\.com|platform\.qianwenai\.com/docs)/changelog/models(?:\.md)?"
    max_age = timedelta(days=7)
    expected_rows = range(1, 500)
    providers = ("alibaba",)
    developers = ("alibaba",)
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def names(self, text: str) -> list[str]:
        names = [name for name in BETWEEN.split(text) if OWN.fullmatch(name)]
        return [name for name in names if not SNAPSHOT.fullmatch(name)]
