from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.markdown import markdown_tables, plain_text
from cardwatch.crawler.formats.table import PageTable, fold_heading
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL, CONTEXT, OUTPUT = "models", "context length", "generation length"
LIMITS = {CONTEXT: "context_window", OUTPUT: "max_output_tokens"}
DAY = re.compile(r"date: (\d{4}-\d\d-\d\d)T.*")
NAME = r"Q[a-z]?[wW][a-zQ]*[\d.]*(?:-[A-Z][A-Za-z]*)*(?:-\d[\d.]*B)?(?:-A\d[\d.]*B)?(?:-Instruct)?"
ANNOUNCED = re.compile(
    rf"\b[Ww]e(?:'re| are) (?:excited to )?(?:announcing|announce the release of|introduce|open source)(?: the)? "
    rf"(?:[^.]*? )??(?P<name>{NAME})(?:\b|(?<=\d))"
)
SIZED = re.compile(rf"(?<![\w./-]){NAME}(?![\w-])")
SIZES = re.compile(r"this release brings [\w ]*sizes, including (?P<sizes>\d[\d.B/ ]*B)")
SIZE = re.compile(r"\d[\d.]*B\b")
EMBEDDED = re.compile(r"\{\{<.*?>\}\}|```.*?```", re.DOTALL)


class QwenBlog(Source):
    """Posts of Qwen's blog about open weights: the day a series was announced, and the context of its sizes.

    A post that announces a series speaks for the sizes in its tables and its text, or for those that it says it
    brings. What a table says of a size holds for its instruct model too.
    """

    name = "qwen_blog"
    title = "Qwen blog"
    kind = "announcements"
    authority = Authority.FIRST_PARTY
    url = "https://raw.githubusercontent.com/QwenLM/qwenlm.github.io/main/content/blog/qwen3/index.md"
    page_urls = (
        r"https://raw\.githubusercontent\.com/QwenLM/qwenlm\.github\.io/main/content/blog/[\w.-]+/index\.md"
    )
    page_kind = "announcement"
    max_age = timedelta(days=30)
    expected_rows = range(1, 40)
    developers = ("alibaba",)
    terms = "Public repository: facts are passed on."
    posts = "qwen3 qwen3-coder qwq-32b qwen2.5-coder-family qwen2.5-llm"

    def pages(self) -> list[PageRequest]:
        base = "https://raw.githubusercontent.com/QwenLM/qwenlm.github.io/main/content/blog"
        return [PageRequest(f"{base}/{post}/index.md", self.page_kind) for post in self.posts.split()]

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        text = EMBEDDED.sub("", response.text)
        limits: dict[str, dict[str, Cell]] = {}
        for table in markdown_tables(response.text):
            limits.update(_read_table(table))
        plain = plain_text(text.partition("\n---")[2])
        said = [name for name in SIZED.findall(plain) if SIZE.search(name)]
        came = {*_announced(plain, [*limits, *said])}
        names = [
            name
            for name in dict.fromkeys([*limits, *said])
            if name in came or name.removesuffix("-Instruct") in limits
        ]
        if not names:
            raise PageChangedError(
                "post", wanted="an announcement or a context length", found="none", where=response.url
            )
        day = _day(response.text)
        for name in names:
            released = {"release_date": day} if name in came and day else {}
            yield RawRow("model", name, "", released | limits.get(name.removesuffix("-Instruct"), {}))


def _read_table(table: PageTable) -> Iterator[tuple[str, dict[str, Cell]]]:
    headings = [fold_heading(plain_text(each)) for each in table.headings]
    if MODEL in headings and CONTEXT in headings:
        for row in table.rows:
            cells = [*map(plain_text, row.cells)]
            yield (
                cells[headings.index(MODEL)],
                {
                    LIMITS[heading]: Cell(cells[number], "tokens", row.locator + table.at(number))
                    for number, heading in enumerate(headings)
                    if heading in LIMITS
                },
            )


def _announced(plain: str, names: list[str]) -> list[str]:
    """Return those of the names that the post announces."""
    found = ANNOUNCED.search(plain)
    if not found:
        return []
    brought = SIZES.search(plain)
    sizes = {*SIZE.findall(brought["sizes"])} if brought else set()
    belong = [name for name in names if name == found["name"] or name.startswith(f"{found['name']}-")]
    return [name for name in belong if not sizes or sizes & {*SIZE.findall(name)}]


def _day(text: str) -> Cell | None:
    for number, line in enumerate(text.splitlines(), 1):
        if found := DAY.fullmatch(line):
            return Cell(found[1], "iso date", f"/line[{number}]")
    return None
