from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.crawl_history import INDEX_PAGE_KIND, PageRequest
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, PageVersion, RawRow
from cardwatch.crawler.formats.context_tables import CONTEXT, Told, read_contexts
from cardwatch.crawler.formats.eval_results import model_index_rows
from cardwatch.crawler.formats.front_matter import FrontMatter, Yaml, find_front_matter
from cardwatch.crawler.formats.hub import (
    HubSelection,
    HubSite,
    commit_versions,
    following_listing,
    license_cells,
    model_cells,
    pipeline_cells,
    selected_cards,
)
from cardwatch.crawler.formats.json_listing import ListingEntry, load_json, split_names, unread_keys
from cardwatch.crawler.formats.markdown import (
    MarkdownSection,
    bullet_lines,
    plain_text,
    section_tables,
    split_sections,
)
from cardwatch.crawler.formats.reading import read_each, unread_cell
from cardwatch.crawler.formats.score_table import ScoreOwner, score_rows
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

FRONT_MATTER_KEYS = split_names("""license license_name license_link library_name pipeline_tag tags datasets metrics language
    base_model base_model_relation model-index model_name model_type model_creator quantized_by widget
    inference thumbnail new_version co2_eq_emissions arxiv eval_results source_datasets mask_token
    task_categories version timestamp""")
"""Every key of a card's front matter; those not used below say nothing about the model that we keep."""
ASKED_OF_USERS = "extra_gated_"
"""How keys begin that say what the Hub asks of those who want the weights."""
OVERVIEW: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Type": {r"(.+)": ("architecture", "")},
    "Number of Parameters": {
        r"([\d.]+ ?[BMT])(?: in total.*)?": ("parameters_total", "parameters"),
        r".* ([\d.]+ ?[BMT]) activated": ("parameters_active", "parameters"),
    },
    "Total Parameters": {r"([\d.]+ ?[BMT])": ("parameters_total", "parameters")},
    "Activated Parameters": {r"([\d.]+ ?[BMT])": ("parameters_active", "parameters")},
    "Context Length": {r"(?:Full )?([\d,.]+[KM]?)(?:\s.*)?": (CONTEXT, "tokens")},
}
FLAG = re.compile(r"--(reasoning|tool-call)-parser\b")
FLAGS = {"reasoning": ("reasoning",), "tool-call": ("function_calling", "tool_use")}


class HuggingfaceCards(Source):
    """Model cards by their makers on the Hugging Face Hub, and the Hub's own metadata of each repository.

    The card states parameters rounded ("4B"), the Hub counts tensors: both are kept, each as its author's
    word. Scores are the maker's own; other models' columns are not read. What changes with every download,
    as the API's ETag does, is in no row. A card without front matter keeps its licence of before. Which cards are
    read is for the settings to say: the listings of
    `selection` lead to them, and the commits they name tell which have changed.
    """

    name = "huggingface_cards"
    title = "Hugging Face model cards"
    kind = "model cards"
    authority = Authority.FIRST_PARTY
    site = HubSite()
    selection = HubSelection(among=frozenset())
    url = site.url
    page_urls = site.page_urls
    index = selection.listing_urls(site)
    quotas = (site.file_quota(1500),)
    page_kind = "card"
    max_age = timedelta(days=14)
    expected_rows = range(1, 400)
    developers = ("alibaba", "openai", "deepseek", "zhipu", "moonshot")
    terms = "A card carries its repository's licence: facts and scores are passed on, wording is not."

    ids = """Qwen/Qwen3.5-4B Qwen/Qwen3.5-9B Qwen/Qwen3-235B-A22B openai/gpt-oss-20b openai/gpt-oss-120b
        deepseek-ai/DeepSeek-V4-Flash-0731 deepseek-ai/DeepSeek-V4-Pro-0813 zai-org/GLM-5
        Qwen/Qwen3.5-397B-A17B Qwen/Qwen3.5-122B-A10B Qwen/Qwen3.5-35B-A3B Qwen/Qwen3.6-35B-A3B Qwen/Qwen3.6-27B
        Qwen/Qwen3.8-27B Qwen/Qwen3-Next-80B-A3B-Instruct Qwen/Qwen3-Next-80B-A3B-Thinking Qwen/QwQ-32B
        Qwen/Qwen3-Coder-30B-A3B-Instruct Qwen/Qwen3-Coder-Next deepseek-ai/DeepSeek-V3.1
        moonshotai/Kimi-K2-Thinking"""

    def pages(self) -> Iterator[PageRequest]:
        for model in dict.fromkeys([*self.ids.split(), *self.selection.models]):
            yield PageRequest(self.site.card(model), "card")
            yield PageRequest(self.site.repository(model), "repository")

    @classmethod
    def attributes(cls, selection: HubSelection, requests: int) -> dict[str, Any]:
        """Return the class attributes that make it read a selection, with so many requests for files in five minutes."""
        return {
            "selection": selection,
            "index": selection.listing_urls(cls.site),
            "quotas": (cls.site.file_quota(requests),),
        }

    @classmethod
    def page_name(cls, url: str) -> str:
        return cls.site.card_name(url)

    @classmethod
    def leads_on(cls, page_kind: str) -> bool:
        return page_kind == INDEX_PAGE_KIND

    def discover(self, response: TextResponse) -> Iterator[PageRequest]:
        if _is_listing(response, self.site):
            yield from selected_cards(response, self.selection, self.site)

    def next_page(self, response: TextResponse) -> str | None:
        return following_listing(response, self.selection) if _is_listing(response, self.site) else None

    def versions(self, response: TextResponse) -> Iterator[PageVersion]:
        if _is_listing(response, self.site):
            yield from commit_versions(response, self.site)

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        found = re.fullmatch(self.page_urls, response.url)
        if not found:
            raise PageChangedError("address", wanted="a model's page", found=response.url, where=response.url)
        if found["repository"]:
            yield _repository(found["repository"], response)
        else:
            yield from _card(found["card"] or found["resolved"], response)


def _is_listing(response: TextResponse, site: HubSite) -> bool:
    return response.url.startswith(f"{site.url}/api/models?")


def _repository(model: str, response: TextResponse) -> RawRow:
    item: Any = load_json(response.text, where=response.url)
    if not isinstance(item, dict) or item.get("id") != model:
        found = response.text[:80]
        raise PageChangedError("repository", wanted=f"id {model}", found=found, where=response.url)
    changed = item.get("lastModified")
    dates = {"published_on": changed} if isinstance(changed, str) else {}
    return RawRow("model", model, "", model_cells(item), provider="Hugging Face", dates=dates)


def _card(model: str, response: TextResponse) -> Iterator[PagePart]:
    block, page = find_front_matter(response.text), split_sections(response.text)
    front: dict[str, Yaml] = {}
    parts = [*read_each((block,), lambda each: _front_parts(front, model, each), kind="section")]
    model_cells = _front_cells(front) | _overview(page, model) | _flags(response.text)
    owner, _, own = model.partition("/")
    scores = tuple(score_rows(page, ScoreOwner(model, own, owner)))
    if not (scores or model_cells.keys() - ({"name"} if not block.is_there else set())):
        raise PageChangedError(
            "card", wanted="front matter, an overview or scores", found=block.text[:40], where=response.url
        )
    yield RawRow("model", model, "/document", model_cells)
    yield from (*scores, *parts)


def _front_parts(front: dict[str, Yaml], model: str, block: FrontMatter) -> Iterator[PagePart]:
    """Fill `front`; yield the keys that nobody has decided about and the scores of its index."""
    front |= block.mapping()
    about = {key: value for key, value in front.items() if not key.startswith(ASKED_OF_USERS)}
    yield from unread_keys(about, FRONT_MATTER_KEYS, block.locator)
    indexed = ListingEntry(f"{block.locator}/model-index", front.get("model-index") or [], row_count=0)
    yield from read_each(
        (indexed,), lambda each: model_index_rows(each.value, model, where=each.locator), kind="section"
    )


def _front_cells(front: Mapping[str, Yaml]) -> dict[str, Cell]:
    found = license_cells(front.get("license"), front.get("license_name"), "/front-matter")
    tag = front.get("pipeline_tag")
    return found | (pipeline_cells(tag, "/front-matter/pipeline_tag") if isinstance(tag, str) else {})


def _overview(page: list[MarkdownSection], model: str) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for section in page:
        if section.level == 1 and (name := _own_name(section.title, model)):
            found.setdefault("name", Cell(name, at=f"/line[{section.number}]"))
        for key, value, at in _statements(section):
            if value and key in OVERVIEW:
                found |= _stated(OVERVIEW[key], value.strip().rstrip("."), at)
        for name, attribute, cell in _contexts(section, model):
            if _own_name(name, model) == name:
                found.setdefault(attribute, cell)
    return found


def _contexts(section: MarkdownSection, model: str) -> Iterator[Told]:
    for table in section_tables(section):
        if len(table.headings) > 2:
            yield from read_contexts(table, model)


def _own_name(title: str, model: str) -> str:
    """Return the model's name as its title spells it; "" for a title that does not name it."""
    words = map(re.escape, re.split(r"[-_]", model.partition("/")[2]))
    found = re.search(r"(?<!\w)" + r"[-_\s]?".join(words) + r"(?!\w)", title, re.IGNORECASE)
    return found[0] if found else ""


def _statements(section: MarkdownSection) -> Iterator[tuple[str, str, str]]:
    """Yield what a section says of the model, as key, value and place: its bullets, its tables of two columns."""
    for line in bullet_lines(section):
        key, _, value = plain_text(line.text).partition(":")
        yield key, value, line.locator
    for table in section_tables(section):
        for row in table.rows if len(table.headings) == 2 else ():
            yield plain_text(row.cells[0]), plain_text(row.cells[1]), row.locator


def _stated(patterns: Mapping[str, tuple[str, str]], value: str, at: str) -> dict[str, Cell]:
    found = {
        attribute: Cell(match[1], unit, at)
        for pattern, (attribute, unit) in patterns.items()
        if (match := re.fullmatch(pattern, value))
    }
    return found or {name: unread_cell(value, wanted=[*patterns], at=at) for name, _ in patterns.values()}


def _flags(text: str) -> dict[str, Cell]:
    """Return the capabilities that the maker's own serving commands switch on."""
    found: dict[str, Cell] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        for word in FLAG.findall(line):
            for capability in FLAGS[word]:
                found.setdefault(f"capability.{capability}", Cell(word, at=f"/line[{number}]"))
    return found
