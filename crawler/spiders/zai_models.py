from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow, UnreadPart
from cardwatch.crawler.formats.markdown import split_sections
from cardwatch.crawler.formats.reading import matched_cell
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

TAB = re.compile(r' *(?:(?P<opens><Tab )(?:title="(?P<title>[^"]+)">|.*)|</Tab>)')
CARD = re.compile(r' *<Card title="(?P<title>[^"]+)"')
LIMITS = {"Context Length": "context_window", "Maximum Output Tokens": "max_output_tokens"}
SIZE = re.compile(r"\d+[KM]")
GUIDES = """llm/glm-5.3 llm/glm-5.2 llm/glm-5.1 llm/glm-5 llm/glm-5-turbo llm/glm-4.7 llm/glm-4.6 llm/glm-4.5
    vlm/glm-5.3-flash vlm/glm-5v-turbo vlm/glm-4.6v vlm/glm-4.5v"""


class ZaiModels(Source):
    """Z.ai's guides, a page for each model: its limits, as cards below the title of the page or of a tab.

    Where a page has a tab for each of its models, the tab names the model; else the page's title does.
    """

    name = "zai_models"
    title = "Z.ai model guides"
    kind = "model pages"
    authority = Authority.FIRST_PARTY
    url = "https://docs.z.ai/guides/llm/glm-5.3.md"
    listed = tuple(f"https://docs.z.ai/guides/{each}.md" for each in GUIDES.split())
    page_urls = r"https://docs\.z\.ai/guides/(?:llm|vlm)/[\w.-]+?(?:\.md)?"
    page_kind = "model page"
    max_age = timedelta(days=7)
    expected_rows = range(1, 20)
    providers = ("zai",)
    developers = ("zhipu",)
    terms = "Documentation, all rights reserved: facts are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        models: dict[str, dict[str, Cell]] = {}
        for each in _read_cards(response.text):
            if isinstance(each, UnreadPart):
                yield each
            else:
                name, limit, cell = each
                models.setdefault(name, {}).setdefault(limit, cell)
        if not models:
            raise PageChangedError("guide", wanted=[*LIMITS], found="no such card", where=response.url)
        for name, limits in models.items():
            yield RawRow("model", name, "", limits)


def _read_cards(text: str) -> Iterator[tuple[str, str, Cell] | UnreadPart]:
    """Yield model, limit and size of each card that has one, and what is not understood: a tab without a title, with
    all its cards, and a size below a title nobody knows.
    """
    name = title = card = ""
    for section in split_sections(text):
        title = name = section.title if section.level == 1 else title
        for line in section.lines:
            if found := TAB.fullmatch(line.text):
                name, card = found["title"] or ("" if found["opens"] else title), ""
                if not name:
                    yield UnreadPart("row", "tab", "a title", line.text.strip(), line.locator, line.text)
            elif found := CARD.match(line.text):
                card = found["title"]
            elif name and card and (size := line.text.strip()):
                if limit := LIMITS.get(card):
                    yield name, limit, matched_cell(SIZE, size, "tokens", at=line.locator, example="128K")
                elif SIZE.fullmatch(size):
                    yield UnreadPart("row", "card", ", ".join(LIMITS), card, line.locator, f"{card}: {size}")
                card = ""
