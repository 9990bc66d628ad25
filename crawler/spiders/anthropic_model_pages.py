from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from scrapy.http import TextResponse

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import unknown_cell
from cardwatch.crawler.formats.markdown import markdown_tables, plain_text
from cardwatch.crawler.formats.reading import matched_cell
from cardwatch.crawler.formats.table import PageTable, fold_heading, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

IDS = frozenset({"claude api id", "claude api", "api model name"})


class PrintedFact(NamedTuple):
    """What one row of facts tells of a model, and where."""

    text: str
    locator: str


class FactForm(NamedTuple):
    """What a row of facts means: the attribute, its unit, and the form of its value."""

    name: str
    unit: str
    pattern: re.Pattern[str]

    def read(self, fact: PrintedFact) -> Cell:
        return matched_cell(self.pattern, fact.text, self.unit, at=fact.locator)


MODEL_PAGE = re.compile(r"/docs/en/models/([a-z0-9-]+)/overview\b")
SIZE = re.compile(r"([\d.,]+[kKM]? tokens)(?:\s.*)?", re.DOTALL)
FACTS: Mapping[str, FactForm] = {
    "context window": FactForm("context_window", "tokens", SIZE),
    "max output": FactForm("max_output_tokens", "tokens", SIZE),
    "released": FactForm("release_date", "us date", re.compile(r"([A-Z][a-z]+ \d{1,2}, \d{4})")),
}

OTHER_ROWS = frozenset(
    {"amazon bedrock", "aws bedrock id", "claude platform on aws id", "google cloud", "claude api alias"}
    | {"comparative latency", "input \u2192 output", "max output (batch api, beta)", "model page", "pricing"}
    | {"reliable knowledge cutoff", "retirement", "status"}
)
"""Rows of facts that say nothing we keep from here: other sources do, or a page of its own."""


class AnthropicModelPages(Source):
    """Anthropic's overview of its models, and its page about each of them: limits and the day of release.

    Both tell facts in rows: the overview has a column per model, a model's page one column in several tables. Of two
    limits the first counts: the second needs a beta header. A row nobody knows is told of. Older overviews tell of
    models that are gone.
    """

    name = "anthropic_model_pages"
    title = "Claude model overview"
    kind = "model pages"
    authority = Authority.FIRST_PARTY
    url = "https://platform.claude.com/docs/en/models/overview.md"
    page_urls = (
        r"https://(?:platform\.claude|docs\.claude|docs\.anthropic)\.com/(?:docs/)?en/(?:docs/)?"
        r"(?:about-claude/)?models/(?:[a-z0-9-]+/)?overview(?:\.md)?"
    )
    page_kind = "model page"
    max_age = timedelta(days=7)
    expected_rows = range(1, 60)
    providers = ("anthropic",)
    developers = ("anthropic",)
    terms = "Documentation, all rights reserved: facts are passed on, wording is not."

    def discover(self, response: TextResponse) -> list[PageRequest]:
        """List the pages of models that the overview names."""
        found = MODEL_PAGE.findall(response.text) if response.url == self.url else []
        base = self.url.removesuffix("overview.md")
        return [PageRequest(f"{base}{model}/overview.md", self.page_kind) for model in dict.fromkeys(found)]

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        tables = [*markdown_tables(response.text)]
        if any(map(_compares, tables)):
            yield from read_tables(filter(_compares, tables), _compared, where=response.url)
            return
        facts = _facts([table for table in tables if len(table.headings) == 2], 1)
        if not IDS & {*facts}:
            raise PageChangedError("model id", wanted=sorted(IDS), found=[*facts][:5], where=response.url)
        yield _model(facts)


def _compares(table: PageTable) -> bool:
    return fold_heading(table.headings[0]) == "feature" and len(table.headings) > 2


def _compared(table: PageTable) -> Iterator[PagePart]:
    for column in range(1, len(table.headings)):
        facts = _facts([table], column)
        if IDS & {*facts}:
            yield _model(facts)


def _facts(tables: Sequence[PageTable], column: int) -> dict[str, PrintedFact]:
    return {
        fold_heading(plain_text(row.cells[0])): PrintedFact(
            plain_text(row.cells[column]), row.locator + table.at(column)
        )
        for table in tables
        for row in table.rows
    }


def _model(facts: Mapping[str, PrintedFact]) -> RawRow:
    name = next(facts[label].text for label in facts if label in IDS)
    told = {FACTS[label]: fact for label, fact in facts.items() if label in FACTS and not is_blank(fact.text)}
    found = {form.name: form.read(fact) for form, fact in told.items()}
    for label, fact in facts.items():
        if label not in FACTS.keys() | IDS | OTHER_ROWS:
            found |= unknown_cell(fact.locator, fact.text, name=f"/{label}")
    return RawRow("model", name, "", found)
