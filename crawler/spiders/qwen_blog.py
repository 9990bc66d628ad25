from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.markdown import markdown_tables, plain_text
from cardwatch.crawler.formats.table import PageTable, fold_heading
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL, CONTEXT, SEQUENCE, OUTPUT = "models", "context length", "sequence length", "generation length"
LIMITS = {**dict.fromkeys((CONTEXT, SEQUENCE), "context_window"), OUTPUT: "max_output_tokens"}
DAY = re.compile(r"date: (\d{4}-\d\d-\d\d)T.*")
NAME = r"Q[a-z]?[wW][a-zQ]*[\d.]*(?:-[A-Z][A-Za-z]*)*(?:-\d[\d.]*B)?(?:-A\d[\d.]*B)?(?:-Instruct)?"
ANNOUNCED = re.compile(
    rf"\b[Ww]e(?: release|(?:'re| are) (?:excited to )?(?:announcing|announce the release of|introduce|open source))"
    rf"(?: the)? (?:[^.]*? )??(?P<name>{NAME})(?:\b|(?<=\d))(?: (?P<kind>[A-Z]\w+) series)?"
)
SIZED = re.compile(rf"(?<![\w./-]){NAME}(?![\w-])")
SIZES = re.compile(
    r"this release brings [\w ]*sizes, including (?P<sizes>\d[\d.B/ ]*B)"
    r"|models in (?:\d|[a-z]+) sizes, including (?P<all>\d[\w., ]*B)"
)
LISTED = re.compile(rf"^\* (?P<name>{NAME}): (?P<sizes>\d[\w., ]*B)\.?\s*$", re.MULTILINE)
"""A series and its sizes: "Qwen2.5: 0.5B, 1.5B and 72B"."""
SIZE = re.compile(r"\d[\d.]*B\b")
EMBEDDED = re.compile(r"\{\{<.*?>\}\}|```.*?```", re.DOTALL)
BLOG = "https://raw.githubusercontent.com/QwenLM/qwenlm.github.io/main/content/blog"
POSTS = "qwen3 qwen3-coder qwen3-embedding qwq-32b qwen2.5 qwen2.5-coder-family qwen2.5-llm qwen2.5-vl"


class QwenBlog(Source):
    """Posts of Qwen's blog about open weights: the day a series was announced, and the context of its sizes.

    A post that announces a series speaks for the sizes in its tables and its text, or for those that it says it
    brings. What a table or a list says of a size holds for its instruct model too.
    """

    name = "qwen_blog"
    title = "Qwen blog"
    kind = "announcements"
    authority = Authority.FIRST_PARTY
    url = f"{BLOG}/qwen3/index.md"
    listed = tuple(f"{BLOG}/{post}/index.md" for post in POSTS.split())
    page_urls = rf"{re.escape(BLOG)}/[\w.-]+/index\.md"
    page_kind = "announcement"
    max_age = timedelta(days=30)
    expected_rows = range(1, 40)
    developers = ("alibaba",)
    terms = "Public repository: facts are passed on."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        text = EMBEDDED.sub("", response.text)
        limits: dict[str, dict[str, Cell]] = {}
        for table in markdown_tables(response.text):
            limits.update(_read_table(table))
        plain = plain_text(text.partition("\n---")[2])
        said = [name for name in SIZED.findall(plain) if SIZE.search(name)]
        listed = [*_listed(plain)]
        came = {*_announced(plain, [*limits, *said]), *listed}
        names = [
            name
            for name in dict.fromkeys([*limits, *said, *listed])
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
    if MODEL in headings and {CONTEXT, SEQUENCE} & {*headings}:
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
    sizes = {*SIZE.findall(brought["sizes"] or brought["all"])} if brought else set()
    series = "-".join(filter(None, (found["name"], found["kind"])))
    belong = [name for name in names if name == series or name.startswith(f"{series}-")]
    return [name for name in belong if not sizes or sizes & {*SIZE.findall(name)}]


def _listed(plain: str) -> Iterator[str]:
    """Yield the sizes of each series that the post lists line by line, and their instruct models."""
    for found in LISTED.finditer(plain):
        for size in SIZE.findall(found["sizes"]):
            yield from (f"{found['name']}-{size}", f"{found['name']}-{size}-Instruct")


def _day(text: str) -> Cell | None:
    for number, line in enumerate(text.splitlines(), 1):
        if found := DAY.fullmatch(line):
            return Cell(found[1], "iso date", f"/line[{number}]")
    return None
