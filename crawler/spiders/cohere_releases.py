from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

BASE = "https://raw.githubusercontent.com/cohere-ai/cohere-developer-experience/main/fern/pages/changelog"
NAME = r"(?:command|embed|rerank|parse|north)-[a-z0-9.-]*[a-z0-9]"
ID = re.compile(rf"[`\"]({NAME})[`\"]|\*\*Model Name\*\*: ({NAME})")
CAME = re.compile(r"\b(?:announce the release of|are releasing)\b")
NOTES = """2026-09-30-embed-v5 2026-08-27-parse-v5 2026-05-20-command-a-plus 2025-12-11-rerank-v4
    2025-08-28-command-a-translate 2025-08-21-command-reasoning 2025-07-31-announcing-command-vision
    2025-03-13-the-new-command-a 2024-12-13-command-r-7b-is-here 2024-12-02-Rerank-v3.5-is-released"""


class CohereReleases(Source):
    """Cohere's notes of releases, a file each, named by its day: the ids that a note gives for what it announces.

    A note that announces newer versions of models, or a model elsewhere, is not read: it would make them younger.
    """

    name = "cohere_releases"
    title = "Cohere release notes"
    kind = "release notes"
    authority = Authority.FIRST_PARTY
    url = f"{BASE}/2026-09-30-embed-v5.mdx"
    listed = tuple(f"{BASE}/{note}.mdx" for note in NOTES.split())
    page_urls = rf"{re.escape(BASE)}/(?P<day>\d{{4}}-\d\d-\d\d)-[\w.-]+\.mdx"
    page_kind = "release note"
    max_age = timedelta(days=30)
    expected_rows = range(1, 10)
    developers = ("cohere",)
    terms = "Public repository: dates and names are passed on."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        found = re.fullmatch(self.page_urls, response.url)
        names = dict.fromkeys(one or other for one, other in ID.findall(response.text))
        if not (found and names and CAME.search(response.text)):
            wanted = "the release of a model by its id, in a file named by its day"
            raise PageChangedError("note", wanted=wanted, found=response.text[:80], where=response.url)
        for name in names:
            yield RawRow("model", name, "", {"release_date": Cell(found["day"], "iso date")})
