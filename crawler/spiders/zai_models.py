from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.markdown import split_sections
from cardwatch.crawler.formats.reading import unread_cell
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

TAB = re.compile(r' *<Tab title="(?P<title>[^"]+)">')
CARD = re.compile(r' *<Card title="(?P<title>[^"]+)"')
LIMITS = {"Context Length": "context_window", "Maximum Output Tokens": "max_output_tokens"}
SIZE = re.compile(r"\d+[KM]")


class ZaiModels(Source):
    """Z.ai's guides, a page for each model: its limits, as cards below the title of the page or of a tab.

    Where a page has a tab for each of its models, the tab names the model; else the page's title does.
    """

    name = "zai_models"
    title = "Z.ai model guides"
    kind = "model pages"
    authority = Authority.FIRST_PARTY
    url = "https://docs.z.ai/guides/llm/glm-5.3.md"
    page_urls = r"https://docs\.z\.ai/guides/(?:llm|vlm)/[\w.-]+?(?:\.md)?"
    page_kind = "model page"
    max_age = timedelta(days=7)
    expected_rows = range(1, 20)
    providers = ("zai",)
    developers = ("zhipu",)
    terms = "Documentation, all rights reserved: facts are passed on, wording is not."
    guides = """llm/glm-5.3 llm/glm-5.2 llm/glm-5.1 llm/glm-5 llm/glm-5-turbo llm/glm-4.7 llm/glm-4.6 llm/glm-4.5
        vlm/glm-5.3-flash vlm/glm-5v-turbo vlm/glm-4.6v vlm/glm-4.5v"""

    def pages(self) -> list[PageRequest]:
        return [
            PageRequest(f"https://docs.z.ai/guides/{each}.md", self.page_kind) for each in self.guides.split()
        ]

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        models: dict[str, dict[str, Cell]] = {}
        for name, limit, cell in _read_cards(response.text):
            models.setdefault(name, {}).setdefault(limit, cell)
        if not models:
            raise PageChangedError("guide", wanted=[*LIMITS], found="no such card", where=response.url)
        for name, limits in models.items():
            yield RawRow("model", name, "", limits)


def _read_cards(text: str) -> Iterator[tuple[str, str, Cell]]:
    """Yield model, limit and size of each card that has one."""
    name = title = limit = ""
    for section in split_sections(text):
        title = section.title if section.level == 1 else title
        name = title
        for line in section.lines:
            if tab := TAB.fullmatch(line.text):
                name = tab["title"]
            elif card := CARD.match(line.text):
                limit = LIMITS.get(card["title"], "")
            elif limit and (size := line.text.strip()):
                known = SIZE.fullmatch(size)
                cell = Cell(size, "tokens", line.locator)
                yield name, limit, cell if known else unread_cell(size, wanted="128K", at=line.locator)
                limit = ""
