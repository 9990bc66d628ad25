from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from parsel import Selector
from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.html_table import visible_text
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

DAY = re.compile(r"Date: (\d{4}-\d{2}-\d{2})")
NAME = r"(DeepSeek-[A-Z]\w*(?:\.\w+)*(?:-\w+(?:\.\w+)*)*)"
HEADING = re.compile(rf"{NAME}(?: Release)?")
MOVED = re.compile(rf"(?:upgraded to|is our new model) {NAME}", re.IGNORECASE)
PARTS = "//h2 | //h3 | //p | //li"


class DeepseekUpdates(Source):
    """DeepSeek's change log: the day each model came, which is its first mention.

    A heading is a model, or one of the API's own names with the model that it was moved to below it.
    """

    name = "deepseek_updates"
    title = "DeepSeek change log"
    kind = "release notes"
    authority = Authority.FIRST_PARTY
    url = "https://api-docs.deepseek.com/updates"
    page_urls = r"https://api-docs\.deepseek\.com/updates/"
    max_age = timedelta(days=7)
    expected_rows = range(3, 200)
    providers = ("deepseek",)
    developers = ("deepseek",)
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        day, heading, came = Cell(""), "", dict[str, tuple[str, Cell]]()
        for number, part in enumerate(response.xpath(PARTS), 1):
            text = " ".join(visible_text(part.root).split())
            at = f"({PARTS})[{number}]"
            if dated := DAY.fullmatch(text):
                day = Cell(dated[1], "iso date", at)
            elif day.text and (ids := _ids_of(heading, part)):
                came.pop(heading, None)
                came |= dict.fromkeys(ids, (at, day))
            elif day.text and (named := HEADING.fullmatch(text) or MOVED.search(text)):
                came[named[1]] = at, day
            if part.root.tag in ("h2", "h3"):
                heading = text
        if not came:
            wanted = "headings Date: 2025-12-01 and DeepSeek-V3.2"
            raise PageChangedError("change log", wanted=wanted, found="none", where=response.url)
        for name, (at, day) in came.items():
            yield RawRow("model", name, at, {"release_date": day})


def _ids_of(heading: str, part: Selector) -> list[str]:
    """Return the ids of a series that stand below its name: deepseek-v4-pro below DeepSeek-V4."""
    codes = part.xpath(".//code/text()").getall()
    return [code for code in codes if heading and code.startswith(f"{heading.lower()}-")]
