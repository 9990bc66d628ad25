from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.markdown import FOOTNOTE, markdown_tables, plain_text
from cardwatch.crawler.formats.microsoft_docs import unknown_blocks
from cardwatch.crawler.formats.table import PageTable, TableRecord, fold_heading, read_records, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

NAMES, ABOUT, WINDOW, OUTPUT, REQUEST, CUTOFF = "names", "about", "window", "output", "request", "cutoff"
COLUMNS: Mapping[str, str] = {
    "model id": NAMES,
    "description": ABOUT,
    "context window": WINDOW,
    "max output tokens": OUTPUT,
    "max request (tokens)": REQUEST,
    "training data (up to)": CUTOFF,
    "output dimensions": "",
    "max request (characters)": "",
    "max request (audio file size)": "",
}
OTHER_TABLES = {"model", "models", "region", "evaluation benchmark"}
"""What else the first column of a table may be headed: highlights, regions, and the scores of embeddings."""
NAME = re.compile(r"`([^`]+)`\s*(?:\((?:version\s)?([^()]+)\))?")
WORD = re.compile(r"[\w.-]+")
STAGES = ("Preview", "GA")
LIMITS = (
    (WINDOW, re.compile(r"^(?:- )?([\d,]+)$", re.MULTILINE), "context_window"),
    (WINDOW, re.compile(r"^Input: ([\d,]+)", re.MULTILINE), "max_input_tokens"),
    (REQUEST, re.compile(r"^Input: ([\d,]+)|^([\d,]+)$", re.MULTILINE), "max_input_tokens"),
    (REQUEST, re.compile(r"^Output: ([\d,]+)", re.MULTILINE), "max_output_tokens"),
    (OUTPUT, re.compile(r"^([\d,]+)$", re.MULTILINE), "max_output_tokens"),
)
ABILITIES = (
    (re.compile(r"^- (Reasoning)\b", re.MULTILINE), "capability.reasoning"),
    (re.compile(r"^- (Structured outputs)\b", re.MULTILINE), "capability.structured_outputs"),
    (
        re.compile(r"^- (?:Parallel )?(Functions|[Ff]unction calling)\b", re.MULTILINE),
        "capability.function_calling",
    ),
    (re.compile(r"^- Functions(?:,| and) (tools)\b", re.MULTILINE), "capability.tool_use"),
    (re.compile(r"^- Text and (image) (?:processing|input)\b", re.MULTILINE), "capability.vision"),
    (re.compile(r"^- Input: ([\w/]+)$", re.MULTILINE), "modality.input"),
    (re.compile(r"^- Output: (\w+) only$", re.MULTILINE), "modality.output"),
)
"""List items that state an ability; the rest of a description is prose."""
ROUTE = ("context_window", "max_output_tokens")


class AzureModels(Source):
    """The OpenAI models that Azure serves, each version with its limits, from the documentation's source.

    The page of June 2026 was seen in part: tables of regions and of fine-tuning were not among it.
    """

    name = "azure_models"
    title = "Azure OpenAI models"
    kind = "model page"
    authority = Authority.FIRST_PARTY
    url = (
        "https://raw.githubusercontent.com/MicrosoftDocs/azure-ai-docs/main/articles/foundry/openai/includes/"
        "models-azure-direct-openai.md"
    )
    page_urls = (
        r"https://learn\.microsoft\.com/(?:[a-z]{2}-[a-z]{2}/)?azure/foundry/"
        r"foundry-models/concepts/models-sold-directly-by-azure(?:\?accept=text/markdown)?"
    )
    max_age = timedelta(days=7)
    expected_rows = range(20, 400)
    fewest_rows = 8
    providers = ("azure-openai",)
    terms = "CC BY 4.0 with attribution to Microsoft."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        includes = ("azure-openai-models-list.md", "fine-tune-models.md")
        yield from unknown_blocks(response.text, includes=includes, where=response.url)
        yield from read_tables(markdown_tables(response.text), _read_table, where=response.url)


def _read_table(table: PageTable) -> Iterator[PagePart]:
    headings = [fold_heading(heading) for heading in table.headings]
    if headings[0] not in OTHER_TABLES or NAMES in map(COLUMNS.get, headings):
        yield from read_records(table, COLUMNS, _versions, need=(NAMES,))


def _versions(row: TableRecord) -> Iterator[RawRow]:
    cells = _limits(row) | _abilities(row)
    if not cells:
        return
    for name, version in NAME.findall(html.unescape(FOOTNOTE.sub("", row.texts[NAMES]))):
        if not WORD.fullmatch(name) or (version and not WORD.fullmatch(version)):
            wanted, found = "an id and a version", f"{name} ({version})"
            raise PageChangedError("model id", wanted=wanted, found=found, where=row.locator)
        variant = {"snapshot": version} if version and version not in STAGES else {}
        yield RawRow("model", name, row.locator, cells, provider="Azure OpenAI", variant=variant)
        limits = {key: cells[key] for key in ROUTE if key in cells} | _stage(row)
        if limits:
            yield RawRow("offer", name, row.locator, limits, provider="Azure OpenAI", variant=variant)


def _stage(row: TableRecord) -> dict[str, Cell]:
    found = re.search(r"\b(Preview)\b", plain_text(row.texts[NAMES]))
    return {"lifecycle": Cell(found[1], at=row.at[NAMES])} if found else {}


def _limits(row: TableRecord) -> dict[str, Cell]:
    limits: dict[str, Cell] = {}
    for column, pattern, attribute in LIMITS:
        found = pattern.search(plain_text(row.texts.get(column, "")))
        if found:
            limits.setdefault(attribute, Cell(found[1] or found[2], "tokens", row.at[column]))
    cutoff = plain_text(row.texts.get(CUTOFF, ""))
    return (
        limits if is_blank(cutoff) else limits | {"knowledge_cutoff": Cell(cutoff, "us date", row.at[CUTOFF])}
    )


def _abilities(row: TableRecord) -> dict[str, Cell]:
    about = plain_text(row.texts.get(ABOUT, ""))
    found = ((attribute, pattern.search(about)) for pattern, attribute in ABILITIES)
    return {attribute: Cell(m[1].replace("/", ", "), at=row.at[ABOUT]) for attribute, m in found if m}
