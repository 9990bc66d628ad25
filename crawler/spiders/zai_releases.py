from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.release_notes import read_notes, release_rows
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

NAME = re.compile(r"([A-Za-z]+(?:-[\w.]+)+)(?: Series| \S*模型上线)?", re.ASCII)
CHINESE = "https://docs.bigmodel.cn/cn/update/new-releases.md"


class ZaiReleases(Source):
    """The release notes of Z.ai and of Zhipu in Chinese: an update for each model, titled by its name.

    In Chinese the title goes on: "GLM-5.3 新一代旗舰模型上线". Products that are no model are left out.
    """

    name = "zai_releases"
    title = "Z.ai release notes"
    kind = "release notes"
    authority = Authority.FIRST_PARTY
    url = "https://docs.z.ai/release-notes/new-released.md"
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

    def pages(self) -> list[PageRequest]:
        return [PageRequest(each, self.page_kind) for each in (self.url, CHINESE)]

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        named = ((NAME.fullmatch(note.text), note) for note in read_notes(response.text) if note.is_title)
        yield from release_rows(((found[1], note) for found, note in named if found), where=response.url)
