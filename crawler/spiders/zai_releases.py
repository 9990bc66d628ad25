from __future__ import annotations

import re
from datetime import timedelta

from cardwatch.crawler.release_source import ReleaseSource

NAME = re.compile(r"([A-Za-z]+(?:-[\w.]+)+)(?: Series| \S*模型上线)?", re.ASCII)
CHINESE = "https://docs.bigmodel.cn/cn/update/new-releases.md"


class ZaiReleases(ReleaseSource):
    """The release notes of Z.ai and of Zhipu in Chinese: an update for each model, titled by its name.

    In Chinese the title goes on: "GLM-5.3 新一代旗舰模型上线". Products that are no model are left out.
    """

    name = "zai_releases"
    title = "Z.ai release notes"
    url = "https://docs.z.ai/release-notes/new-released.md"
    listed = (url, CHINESE)
    page_urls = (
        r"https://docs\.z\.ai/release-notes/new-released"
        r"|https://docs\.bigmodel\.cn/cn/update/new-releases(?:\.md)?"
    )
    hosts = ("docs.bigmodel.cn",)
    max_age = timedelta(days=7)
    expected_rows = range(5, 300)
    fewest_rows = 2
    providers = ("zai",)
    developers = ("zhipu",)
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def names(self, text: str) -> list[str]:
        found = NAME.fullmatch(text)
        return [found[1]] if found else []
