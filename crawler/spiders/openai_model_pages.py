from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from scrapy.http import TextResponse

from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow, UnreadPart
from cardwatch.crawler.formats.markdown import (
    MarkdownLine,
    MarkdownSection,
    bullet_lines,
    plain_text,
    section_tables,
    split_sections,
)
from cardwatch.crawler.formats.page_tables import with_plain_cells
from cardwatch.crawler.formats.reading import lookup, read_each
from cardwatch.crawler.formats.table import TableRecord, read_records
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

DETAILS: Mapping[str, tuple[str, str]] = {
    r"(.+) context window": ("context_window", "tokens"),
    r"Maximum input tokens: (.+)": ("max_input_tokens", "tokens"),
    r"(.+) max input tokens": ("max_input_tokens", "tokens"),
    r"(.+) max output tokens": ("max_output_tokens", "tokens"),
    r"(.+) knowledge cutoff": ("knowledge_cutoff", "us date"),
    r"Input modalities: (.+)": ("modality.input", ""),
    r"Output modalities: (.+)": ("modality.output", ""),
    r"(Reasoning token support)": ("capability.reasoning", ""),
    r"Default snapshot: (.+)": ("", ""),
    r"Unsupported (?:input |output )?modalities: (.+)": ("", ""),
}
TOOL = "capability.tool_use"
ITEMS: Mapping[str, tuple[str, ...]] = {
    "image_input": ("capability.vision",),
    "structured_outputs": ("capability.structured_outputs",),
    "function_calling": ("capability.function_calling", TOOL),
    "web_search": (TOOL,),
    "file_search": (TOOL,),
    "mcp": (TOOL,),
    "code_interpreter": ("capability.code_execution",),
    "hosted_shell": ("capability.code_execution",),
    "computer_use": ("capability.computer_use",),
}
OTHER_WORDS = """streaming prompt_caching fine_tuning distillation predicted_outputs evals stored_completions
    reasoning_effort system_messages developer_messages file_uploads audio_input audio_output inpainting
    skills apply_patch image_generation tool_search moderation"""
WORD_CAPABILITIES = {**dict.fromkeys(OTHER_WORDS.split(), ()), **ITEMS}
"""Features and tools: the capabilities each one shows; the others are known and show none."""
TEXT = {"Input": "input_price", "Cached input": "cache_read_price", "Cache writes": "cache_write_price"}
PRICES: Mapping[str, Mapping[str, str]] = {
    "Text tokens": TEXT | {"Output": "output_price"},
    "Audio tokens": {"Input": "input_audio_price", "Cached input": "", "Output": "output_audio_price"},
    "Image tokens": {"Input": "input_image_price", "Cached input": "", "Output": "output_image_price"},
}
UNITS = {"1M tokens": "usd/1M tokens"}
COLUMNS = {"metric": "Metric", "price": "Price", "unit": "Unit"}
TOOL_LIST = frozenset({TOOL, "capability.code_execution", "capability.computer_use"})
LISTS: Mapping[str, frozenset[str]] = {
    "Model details": frozenset({"capability.reasoning", "modality.input", "modality.output"}),
    "Supported features": frozenset(
        {TOOL, "capability.vision", "capability.structured_outputs", "capability.function_calling"}
    ),
    "Supported tools": TOOL_LIST,
}
"""What each list decides: without it, or with an unknown word in it, nothing of that is a No."""
INDEXED = re.compile(r"/api/docs/models/(?!all\b|compare\b)([a-z0-9][a-z0-9.-]*?)(?:\.md)?(?=[)\s])")
FOLDER = "https://developers.openai.com/api/docs/models"
MODELS = """gpt-5.1-codex-max gpt-5.2-codex gpt-4.1 gpt-4.1-mini gpt-4.1-nano gpt-6-astra gpt-5.6-sol
    gpt-5.6-terra gpt-5.6-luna gpt-5.5 gpt-5.5-pro gpt-5.4 gpt-5.4-mini gpt-5.4-nano gpt-5.4-pro gpt-5.2
    gpt-5.3-codex gpt-5.2-pro gpt-5.1 gpt-5.1-codex gpt-5.1-codex-mini gpt-5 gpt-5-mini gpt-5-nano
    gpt-5-pro gpt-5-codex codex-mini-latest gpt-4o gpt-4o-mini o1 o1-pro o3 o3-pro o3-mini o4-mini"""


class OpenaiModelPages(Source):
    """OpenAI's page about each of its models, as the Markdown twin.

    The features, tools and modalities are complete lists: what one of them could name and does not is a No,
    where the page has that list and every word of it is known. The page of October 2026 was seen without them.
    """

    name = "openai_model_pages"
    title = "OpenAI model pages"
    kind = "model pages"
    authority = Authority.FIRST_PARTY
    url = FOLDER
    listed = tuple(f"{FOLDER}/{model}.md" for model in MODELS.split())
    page_urls = r"https://developers\.openai\.com/api/docs/models/[a-z0-9][a-z0-9.-]*\.md"
    page_kind = "model page"
    index = ("https://developers.openai.com/llms.txt",)
    max_age = timedelta(days=3)
    expected_rows = range(1, 3)
    providers = ("openai",)
    developers = ("openai",)
    exhaustive = (
        *("modality.input", "modality.output", "capability.vision", "capability.reasoning"),
        *("capability.structured_outputs", "capability.function_calling", "capability.tool_use"),
        *("capability.code_execution", "capability.computer_use"),
    )
    terms = "Documentation, all rights reserved: facts are passed on, wording is not."

    def discover(self, response: TextResponse) -> list[PageRequest]:
        """List the model pages that the index of the documentation names."""
        found = INDEXED.findall(response.text) if response.url in self.index else []
        return [PageRequest(f"{self.url}/{model}.md", self.page_kind) for model in dict.fromkeys(found)]

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        page = split_sections(response.text)
        model = _model_id(page, response.url)
        found = _PageReading()
        unread = tuple(read_each(page[1:], found.read_section, kind="section"))
        model_cells, prices = found.model_cells, found.prices
        if not {"modality.input", "context_window"} & {*model_cells}:
            odd = [
                f"{part.what} {part.found}, {part.locator}" for part in unread if isinstance(part, UnreadPart)
            ]
            raise PageChangedError(
                "model details",
                wanted="modalities or a context window",
                found=[*sorted(model_cells), *odd],
                where=response.url,
            )
        yield RawRow("model", model, "/document", model_cells, not_whole=found.not_whole)
        if prices:
            limits = {
                name: model_cells[name]
                for name in ("context_window", "max_output_tokens")
                if name in model_cells
            }
            yield RawRow("offer", model, "/document", prices | limits, provider="OpenAI API")
        yield from (*found.unread, *unread)


def _model_id(page: list[MarkdownSection], url: str) -> str:
    lines = (line.text for section in page for line in section.lines)
    ids = [found[1] for line in lines if (found := re.fullmatch(r"Model ID: `([^`\s]+)`\s*", line))]
    asked = url.rpartition("/")[2].removesuffix(".md")
    if ids != [asked]:
        raise PageChangedError("Model ID", wanted=f"exactly `{asked}`, as asked for", found=ids, where=url)
    return asked


@dataclass
class _PageReading:
    """What the sections of one page said, the lists that were whole, and what nobody understood."""

    model_cells: dict[str, Cell] = field(default_factory=dict)
    prices: dict[str, Cell] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    unread: list[PagePart] = field(default_factory=list)

    @property
    def not_whole(self) -> frozenset[str]:
        """Return what the lists leave open; details without modalities are not the whole list."""
        whole = self.whole if "modality.input" in self.model_cells else self.whole - {"Model details"}
        return frozenset().union(*(names for part, names in LISTS.items() if part not in whole))

    def read_section(self, section: MarkdownSection) -> Iterator[PagePart]:
        part = section.path[1] if len(section.path) > 1 else section.title
        if section.level == 1:
            self.model_cells["name"] = Cell(section.title, at=f"/line[{section.number}]")
        elif part == "Pricing" and section.level > 2:
            self._read_prices(section)
        elif read := lookup(PARTS, part, what="section", where=section.locator):
            items = tuple(bullet_lines(section))
            parts = tuple(read_each(items, partial(read, self.model_cells), kind="cell"))
            self.unread += parts
            if items and not parts and section.level == 2:
                self.whole.add(part)
        yield from ()

    def _read_prices(self, section: MarkdownSection) -> None:
        meters = lookup(PRICES, section.title, what="price table", where=section.locator)
        for table in map(with_plain_cells, section_tables(section)):
            self.unread += read_records(
                table, COLUMNS, partial(self._read_price, meters), need=[*COLUMNS.values()]
            )

    def _read_price(self, meters: Mapping[str, str], row: TableRecord) -> Iterator[PagePart]:
        attribute = lookup(meters, row.texts["Metric"], what="price row", where=row.locator)
        unit = lookup(UNITS, row.texts["Unit"], what="price unit", where=row.locator)
        if attribute:
            self.prices[attribute] = Cell(row.texts["Price"], unit, row.locator + row.at["Price"])
        yield from ()


def _detail(model_cells: dict[str, Cell], line: MarkdownLine) -> Iterator[PagePart]:
    for pattern, (attribute, unit) in DETAILS.items():
        if found := re.fullmatch(pattern, plain_text(line.text)):
            if attribute:
                model_cells[attribute] = Cell(found[1], unit, line.locator)
            return iter(())
    raise PageChangedError("model detail", wanted=list(DETAILS), found=repr(line.text), where=line.locator)


def _item(model_cells: dict[str, Cell], line: MarkdownLine) -> Iterator[PagePart]:
    word = plain_text(line.text)
    for attribute in lookup(WORD_CAPABILITIES, word, what="feature or tool", where=line.locator):
        model_cells.setdefault(attribute, Cell(word, at=line.locator))
    return iter(())


PARTS: Mapping[str, Callable[[dict[str, Cell], MarkdownLine], Iterator[PagePart]] | None] = {
    "Model details": _detail,
    "Supported features": _item,
    "Supported tools": _item,
    **dict.fromkeys(("Unsupported features", "Unsupported tools", "Unsupported modalities")),
    **dict.fromkeys(("Pricing", "Endpoints", "Quick comparison", "Snapshots", "Rate limits")),
}
"""How each part is read; what is unsupported the other lists leave out. "Quick comparison" has others' prices."""
