from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from scrapy.http import HtmlResponse, TextResponse

from cardwatch.crawler.documents import Cell
from cardwatch.crawler.formats.html_table import visible_text
from cardwatch.crawler.formats.markdown import MarkdownSection, plain_text, split_sections
from cardwatch.crawler.formats.release_notes import ReleaseNote
from cardwatch.crawler.release_source import ReleaseSource

PARTS = (
    "//h3 | //*[@data-variant='outline' or @data-variant='soft'] | //*[contains(@class, 'ChangelogMarkdown')]"
)
MONTH, DAY = re.compile(r"[A-Z][a-z]+, (20\d{2})"), re.compile(r"[A-Z][a-z]{2,8} \d{1,2}")
RELEASED = re.compile(
    r"(?:^|(?<=[.:] )|(?<=, and ))(?P<verb>[Rr]eleased|Launched|Added) (?P<names>.+?)"
    r"(?: (?:to|for(?! o\d)|in|with|as|on)\b|, (?:a|an|the|our|which|new|built)\b|—|[.:] |\.?$)"
)
FAMILY = re.compile(r"\b(?:family|models?)\b[^.:]*?, including (?P<names>[^:]+?)(?:\. |\.?$)")
BEFORE_NAME = re.compile(r"^(?:(?:a|the|new|special-purpose|dynamic|models?|for|research preview of) )+")
IN_BRACKETS = re.compile(r"\([^()]*\)")
AFTER_NAME, LAST_FAMILY = re.compile(r" (?:models?|for)\b"), re.compile(r".*\bfamily\b")
BETWEEN = re.compile(r",? and |, ")
ID = re.compile(
    r"(?:o\d|(?:chatgpt|codex|dall-e|gpt|sora|text-embedding|whisper)-[a-z0-9]+)(?:[.-][a-z0-9]+)*"
)
NO_MODEL = re.compile(r".*-(?:20\d{2}-\d{2}-\d{2}|\d{4})|.*\bfamily\b.*")


class Entry(NamedTuple):
    """What the log says of one day: how it marks the entry, the models it is marked with, and its text."""

    day: Cell
    kind: str
    tags: tuple[str, ...]
    text: str
    locator: str


class OpenaiChangelog(ReleaseSource):
    """The change log of OpenAI's API, as the Markdown twin and as the page: models that were released, and their day.

    Entries are grouped by month, which has the year, and are marked with a kind and with models. A text that says
    "Released", "Launched" or "Added" names what came; what an entry is marked with came too when it is named after
    it, as gpt-5.1-chat-latest is after GPT-5.1. What was added to an endpoint, dated snapshots and features are left
    out.
    """

    name = "openai_changelog"
    title = "OpenAI API changelog"
    url = "https://developers.openai.com/api/docs/changelog.md"
    page_urls = r"https://developers\.openai\.com/(?:api/)?docs/changelog(?:\.md)?"
    max_age = timedelta(days=7)
    expected_rows = range(1, 500)
    providers = ("openai",)
    developers = ("openai",)
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def came(self, response: TextResponse) -> Iterator[tuple[str, ReleaseNote]]:
        entries = _page_entries(response) if isinstance(response, HtmlResponse) else _entries(response.text)
        return ((name, _note(entry)) for entry in entries for name in _models(entry))


def _note(entry: Entry) -> ReleaseNote:
    return ReleaseNote(entry.day, entry.text, entry.locator, is_title=False)


def _page_entries(response: HtmlResponse) -> Iterator[Entry]:
    year, day, marks = "", Cell(""), list[str]()
    for number, part in enumerate(response.xpath(PARTS), 1):
        text = " ".join(visible_text(part.root).split())
        at = f"({PARTS})[{number}]"
        if month := MONTH.fullmatch(text):
            year, day, marks = month[1], Cell(""), []
        elif DAY.fullmatch(text):
            day, marks = Cell(f"{text}, {year}" if year else "", "us date", at), []
        elif part.root.get("data-variant") == "soft":
            marks.append(text)
        elif day.text:
            yield Entry(day, (*marks, "")[0], tuple(marks[1:]), text, at)


def _entries(text: str) -> Iterator[Entry]:
    for section in split_sections(text):
        month = MONTH.fullmatch(section.path[-2]) if len(section.path) > 1 else None
        if month and DAY.fullmatch(section.title):
            day = Cell(f"{section.title}, {month[1]}", "us date", section.locator)
            yield _read_entry(section, day)


def _read_entry(section: MarkdownSection, day: Cell) -> Entry:
    lines = [plain_text(line.text).strip() for line in section.lines if line.text.strip()]
    kind, *tags = lines[0].split(" · ") if lines else [""]
    models = tuple(tag.removeprefix("Model: ") for tag in tags if tag.startswith("Model: "))
    return Entry(day, kind, models, " ".join(lines[1:]), section.locator)


def _models(entry: Entry) -> list[str]:
    """Return the ids of the models that came with an entry: those its text names, and those marked after them."""
    tagged = [name for name in map(_id, entry.tags) if name]
    named = [
        name
        for release in RELEASED.finditer(entry.text)
        if release["verb"] != "Added" or entry.kind == "Feature"
        for name in _names(release["names"])
        if release["verb"] != "Added" or not tagged or name in tagged
    ]
    if RELEASED.match(entry.text) and (family := FAMILY.search(entry.text)):
        named += _names(family["names"])
    after = [tag for tag in tagged for name in named if name in tagged and tag.startswith(f"{name}-")]
    return list(dict.fromkeys([*named, *after]))


def _names(names: str) -> list[str]:
    return [name for name in map(_id, BETWEEN.split(names)) if name]


def _id(name: str) -> str:
    """Return a name as an id, "GPT-6.1 Sol (gpt-6.1-sol)" as gpt-6.1-sol, what is no model, a family or a snapshot as ""."""
    bare = BEFORE_NAME.sub("", IN_BRACKETS.sub("", name).strip())
    family = LAST_FAMILY.match(bare)
    after = AFTER_NAME.search(bare, family.end() if family else 0)
    found = bare[: after.start() if after else None].strip(" .").replace(" ", "-").lower()
    return found if ID.fullmatch(found) and not NO_MODEL.fullmatch(found) else ""
