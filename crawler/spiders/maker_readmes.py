from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow, UnreadPart
from cardwatch.crawler.formats.context_tables import CONTEXT, Told, read_contexts
from cardwatch.crawler.formats.markdown import markdown_tables, plain_text, split_sections
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

RELEASED = "release_date"
NEWS = re.compile(r"\s*[-*] (?:\*\*News\*\*: )?`?(?P<day>\d{4}[./-]\d{1,2}[./-]\d{1,2})`?: (?P<text>.*)")
CAME = re.compile(
    r"\b(?:we(?: have)? release(?:d)?|(?:is|are) released|(?:is|are) now availab\w+|open release)\b",
    re.IGNORECASE,
)
HUB = re.compile(r"\]\(https://huggingface\.co/(?!collections/|spaces/)[\w-]+/(?P<name>[\w.-]+?)/?\)")
COPIES = re.compile(r"-(?:AWQ|FP8|INT\d|GPTQ\S*|GGUF)$", re.IGNORECASE)
SIZED = re.compile(r"(?<![\w./-])[A-Z][A-Za-z]+[\d.]*(?:-[A-Za-z]+)*-A?\d[\d.]*[BT](?:-[A-Z]\w*)*(?![\w-])")
"""A checkpoint as makers write it: "Qwen3-30B-A3B-Thinking-2507"."""
SET_OFF = re.compile(r"(?:\*\*|(?<!!)\[)(?P<name>[A-Z]+[A-Za-z]*-\d[\w.]*(?:-\w[\w.]*)*)(?:\*\*|\])")
"""A model without a size, in bold or as a link: "GLM-5.3-Flash"."""
VERSIONED = re.compile(r"\b[A-Z]\w*(?:\.\d+)?-[\w.-]*\d")
"""What looks like a checkpoint however it goes on; news without one is of a series, a report or a tool."""
FIRST = re.compile(
    r"\bWe release (?P<series>[A-Z]\w*[\d.]*\d)\. The first release includes an? (?P<size>\d[\d.]*B(?:-A\d[\d.]*B)?) "
)
BOLD = re.compile(r"\*\*(?P<name>[A-Z][\w.]*(?:-[\w.]+)+)\*\*")
LONG = re.compile(r"\bNative (\d+K) context\b|\*{0,2}\b(\d+K)(?:-token)? long-context understanding\b")
REPOSITORIES = """QwenLM/Qwen3 QwenLM/Qwen3-VL QwenLM/Qwen3-Coder QwenLM/Qwen3.6 QwenLM/Qwen3.8 deepseek-ai/DeepSeek-V3
    deepseek-ai/DeepSeek-R1 MoonshotAI/Kimi-K2 MoonshotAI/Kimi-K2.5 XiaomiMiMo/MiMo-V2-Flash
    stepfun-ai/Step-3.5-Flash Tencent-Hunyuan/Hy3 NVIDIA-NeMo/Nemotron zai-org/GLM-V"""


class MakerReadmes(Source):
    """What makers of open weights write on the first page of a repository: context lengths and news of releases.

    A table has a row per model, or a line per feature of the one model that the repository is named after. What is
    said of a series holds for the models of the news whose names have all of its words.
    """

    name = "maker_readmes"
    title = "Makers' READMEs of open weights"
    kind = "model pages"
    authority = Authority.FIRST_PARTY
    url = "https://raw.githubusercontent.com/QwenLM/Qwen3/main/README.md"
    listed = tuple(
        f"https://raw.githubusercontent.com/{each}/main/README.md" for each in REPOSITORIES.split()
    )
    page_urls = (
        r"https://raw\.githubusercontent\.com/"
        r"(?:QwenLM|deepseek-ai|MoonshotAI|XiaomiMiMo|stepfun-ai|Tencent-Hunyuan|NVIDIA-NeMo|zai-org)"
        r"/(?P<name>[\w.-]+)/main/README\.md"
    )
    page_kind = "model page"
    max_age = timedelta(days=7)
    expected_rows = range(1, 60)
    developers = ("alibaba", "deepseek", "moonshot", "xiaomi", "stepfun", "tencent", "nvidia", "zhipu")
    terms = "Public repositories: facts are passed on."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        found = re.fullmatch(self.page_urls, response.url)
        models: dict[str, dict[str, Cell]] = {}
        for told in _read_readme(response.text, found["name"] if found else ""):
            models.setdefault(told.name, {}).setdefault(told.attribute, told.cell)
        if not models:
            raise PageChangedError(
                "README", wanted="a context length or news", found="none", where=response.url
            )
        for name, cells in models.items():
            yield RawRow("model", name, "", cells)
        yield from _unnamed_news(response.text)


def _read_readme(text: str, repository: str) -> Iterator[Told]:
    for table in markdown_tables(text):
        yield from read_contexts(table, repository)
    news = [*_read_news(text)]
    yield from news
    for series, length in _lengths_of_series(text):
        words = {*series.split("-")}
        for told in news:
            if words <= {*told.name.split("-")}:
                yield Told(told.name, CONTEXT, length)


def _read_news(text: str) -> Iterator[Told]:
    for locator, day, news in _news_of_releases(text):
        cell = Cell(day, "year first date", locator)
        yield from (Told(name, RELEASED, cell) for name in _names(news))


def _unnamed_news(text: str) -> Iterator[UnreadPart]:
    for locator, _, news in _news_of_releases(text):
        if VERSIONED.search(plain_text(news)) and not _names(news):
            yield UnreadPart("row", "news", "a model by its name", plain_text(news), locator, news)


def _news_of_releases(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield place, day and text of each piece of news that tells of a release."""
    for number, line in enumerate(text.splitlines(), 1):
        news = NEWS.fullmatch(line)
        if news and CAME.search(plain_text(news["text"])):
            yield f"/line[{number}]", news["day"], news["text"]


def _names(text: str) -> list[str]:
    """Return the checkpoints that a piece of news names: by a link, else by name, else the size of a series."""
    plain = plain_text(text)
    linked = [found["name"] for found in HUB.finditer(text)]
    known = tuple(name.casefold() for name in linked)
    said = [
        name for name in SIZED.findall(plain) if not any(each.startswith(name.casefold()) for each in known)
    ]
    series = FIRST.search(plain)
    first = [f"{series['series']}-{series['size']}"] if series else []
    found = [*linked, *said, *first] or SET_OFF.findall(text)
    return [name for name in dict.fromkeys(found) if not COPIES.search(name)]


def _lengths_of_series(text: str) -> Iterator[tuple[str, Cell]]:
    series = ""
    for section in split_sections(text):
        series = section.title if section.level == 1 else series
        for line in section.lines:
            if subject := BOLD.match(line.text):
                series = subject["name"]
            if series and not NEWS.fullmatch(line.text) and (found := LONG.search(line.text)):
                yield series, Cell(found[1] or found[2], "tokens", line.locator)
