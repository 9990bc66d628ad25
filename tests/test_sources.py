"""One row per recorded page, its values read off the page by a person.

To add a source: put its page into tests/pages/<source id>/ and one Case here. `values` maps
(kind, name, hint…) to what the page prints: a text, (text, unit), or None for a cell that must not be
there. A hint is the provider or one "key=value" of the variant or qualifier; without hints the plainest
row of that name is meant.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from recorded import find, page, spider, texts

from crawler.documents import RawRow
from crawler.formats.json_text import load

Printed = str | tuple[str, str] | None


@dataclass(frozen=True)
class Case:
    source: str
    page: str
    url: str
    rows: int
    values: Mapping[tuple[str, ...], Mapping[str, Printed]] = field(default_factory=dict)


AZURE = (
    "https://prices.azure.com/api/retail/prices?api-version=2023-01-01-preview"
    "&$filter=serviceName%20eq%20%27Foundry%20Models%27"
)

TABLE: list[Case] = [
    Case(
        "openrouter_models",
        "2026-03-10.json",
        "https://openrouter.ai/api/v1/models",
        30,
        {
            ("model", "openai/gpt-4.1", "openrouter"): {
                "name": "GPT-4.1",
                "vendor": "OpenAI",
                "context_window": ("1047576", "tokens"),
                "modality.input": '["image", "text", "file"]',
                "modality.output": '["text"]',
                "capability.function_calling": "tools",
                "capability.tool_use": "tools",
                "capability.structured_outputs": "structured_outputs",
                "capability.reasoning": None,
                "release_date": None,
                "knowledge_cutoff": None,
            },
            ("offer", "openai/gpt-4.1", "openrouter"): {
                "input_price": ("0.000002", "usd/token"),
                "output_price": ("0.000008", "usd/token"),
                "cache_read_price": ("0.0000005", "usd/token"),
                "cache_write_price": None,
                "web_search_price": ("0.01", "usd/search"),
                "context_window": "1047576",
                "max_output_tokens": ("32768", "tokens"),
                "shutdown_date": None,
            },
            ("offer", "openai/gpt-5.1-codex-max"): {"input_price": "0.00000125", "output_price": "0.00001"},
            ("model", "openai/gpt-5.1-codex-max"): {"capability.reasoning": "include_reasoning"},
            ("offer", "openai/gpt-5.2-codex"): {"input_price": "0.00000175", "output_price": "0.000014"},
            ("offer", "openrouter/auto"): {
                "input_price": "-1",
                "output_price": "-1",
                "max_output_tokens": None,
            },
            ("model", "openrouter/auto"): {"name": "Auto Router", "vendor": None},
            ("offer", "arcee-ai/trinity-large-preview:free"): {
                "input_price": "0",
                "request_price": ("0", "usd/request"),
                "image_price": None,
            },
            ("offer", "qwen/qwen3-coder:exacto"): {"output_price": "0.0000018"},
            ("offer", "openai/gpt-4o:extended"): {"input_price": "0.000006", "max_output_tokens": "64000"},
            ("offer", "openai/gpt-audio"): {"input_audio_price": ("0.000032", "usd/token")},
            ("model", "openai/gpt-audio"): {
                "modality.output": '["text", "audio"]',
            },
            ("offer", "google/gemini-2.5-pro"): {"reasoning_price": "0.00001", "image_price": None},
            ("offer", "qwen/qwen3-vl-32b-instruct"): {"shutdown_date": ("2026-02-25", "iso date")},
        },
    ),
    Case(
        "openrouter_models",
        "2026-05-15.json",
        "https://openrouter.ai/api/v1/models",
        28,
        {
            ("model", "openai/gpt-4.1"): {"knowledge_cutoff": ("2024-06-30", "iso date")},
            ("offer", "openai/gpt-4.1"): {
                "input_price": "0.000002",
                "max_output_tokens": None,
                "web_search_price": None,
            },
            ("model", "openai/gpt-5.2-codex"): {"knowledge_cutoff": None},
            ("offer", "openrouter/pareto-code"): {"input_price": "-1"},
            ("model", "~anthropic/claude-haiku-latest"): {"name": "Anthropic Claude Haiku Latest"},
            ("offer", "inclusionai/ring-2.6-1t:free"): {"input_price": "0", "output_price": "0"},
            ("offer", "qwen/qwen3-vl-30b-a3b-thinking"): {"input_price": "0.00000013"},
            ("offer", "x-ai/grok-4"): {"shutdown_date": "2026-05-15"},
        },
    ),
    Case(
        "openrouter_models",
        "2026-08-04.json",
        "https://openrouter.ai/api/v1/models",
        11,
        {
            ("offer", "anthropic/claude-sonnet-4"): {
                "input_price": "0.000003",
                "cache_write_price": "0.00000375",
                "context_window": "1000000",
                "max_output_tokens": "64000",
            },
            ("offer", "anthropic/claude-sonnet-4", "ttl=1h"): {
                "cache_write_price": ("0.000006", "usd/token"),
                "input_price": None,
            },
            ("offer", "anthropic/claude-sonnet-4", "context_above=200000"): {
                "input_price": "0.000006",
                "output_price": "0.0000225",
                "cache_read_price": "0.0000006",
                "cache_write_price": "0.0000075",
                "context_window": None,
            },
            ("offer", "anthropic/claude-sonnet-4", "context_above=200000", "ttl=1h"): {
                "cache_write_price": "0.000012"
            },
            ("model", "openai/gpt-3.5-turbo"): {"context_window": "16385"},
        },
    ),
    Case(
        "vercel_models",
        "2026-03-05.json",
        "https://ai-gateway.vercel.sh/v1/models",
        35,
        {
            ("model", "openai/gpt-4.1", "vercel-ai-gateway"): {
                "name": "GPT-4.1",
                "vendor": "openai",
                "product_type": "language",
                "release_date": ("1744588800", "unix seconds"),
                "context_window": ("1047576", "tokens"),
                "max_output_tokens": "32768",
                "capability.vision": "vision",
                "capability.multimodal": "vision",
                "capability.function_calling": "tool-use",
                "capability.tool_use": "tool-use",
                "capability.reasoning": None,
            },
            ("offer", "openai/gpt-4.1", "vercel-ai-gateway"): {
                "input_price": ("0.000002", "usd/token"),
                "output_price": "0.000008",
                "cache_read_price": "0.0000005",
            },
            ("offer", "openai/gpt-5.1-codex-max"): {
                "input_price": "0.00000125",
                "cache_read_price": "0.000000125",
                "web_search_price": ("10", "usd/1K searches"),
            },
            ("offer", "openai/gpt-5-codex"): {"cache_read_price": "0.00000013"},
            ("model", "openai/gpt-5.2-codex"): {"release_date": "1766016000", "context_window": "400000"},
            ("model", "openai/gpt-5-pro"): {"release_date": None, "capability.reasoning": "reasoning"},
            ("offer", "alibaba/qwen3-coder-plus"): {"input_price": "0.000001"},
            ("offer", "alibaba/qwen3-coder-plus", "context_above=32000"): {"input_price": "0.0000018"},
            ("offer", "alibaba/qwen3-coder-plus", "context_above=128000"): {"output_price": "0.000015"},
            ("offer", "alibaba/qwen3-coder-plus", "context_above=256000"): {
                "cache_read_price": "0.0000012",
                "output_price": "0.00006",
            },
            ("offer", "anthropic/claude-sonnet-4.6", "context_above=200000"): {
                "input_price": "0.000006",
                "cache_read_price": "0.0000006",
                "cache_write_price": "0.0000075",
            },
            ("offer", "meituan/longcat-flash-chat"): {"input_price": None, "context_window": "128000"},
            ("model", "alibaba/wan-v2.5-t2v-preview"): {
                "context_window": None,
                "max_output_tokens": None,
                "product_type": "video",
            },
            ("offer", "bfl/flux-kontext-max"): {"image_price": ("0.08", "usd/image")},
            ("offer", "google/gemini-2.5-flash-image"): {"image_price": "0.039"},
            ("offer", "openai/gpt-image-1"): {"image_price": None, "input_price": "0.000005"},
        },
    ),
    Case(
        "models_dev",
        "2026-05-12.json",
        "https://models.dev/api.json",
        41,
        {
            ("model", "gpt-4.1", "openai"): {
                "name": "GPT-4.1",
                "family": "gpt",
                "release_date": ("2025-04-14", "iso date"),
                "knowledge_cutoff": "2024-04",
                "context_window": ("1047576", "tokens"),
                "max_input_tokens": None,
                "max_output_tokens": "32768",
                "openness": "false",
                "modality.input": '["text", "image", "pdf"]',
                "capability.reasoning": "false",
                "capability.function_calling": "true",
                "capability.tool_use": "true",
                "capability.structured_outputs": "true",
            },
            ("offer", "gpt-4.1", "openai"): {
                "input_price": ("2", "usd/1M tokens"),
                "output_price": "8",
                "cache_read_price": "0.5",
            },
            ("model", "gpt-5.2-codex", "openai"): {"max_input_tokens": "272000", "context_window": "400000"},
            ("offer", "gpt-4.1", "github-copilot"): {
                "input_price": "0 by subscription",
                "context_window": "128000",
            },
            ("offer", "glm-4.7", "zai-coding-plan"): {"cache_read_price": "0 by subscription"},
            ("model", "glm-4.7", "zai-coding-plan"): {"openness": "true"},
            ("offer", "Qwen/Qwen3.5-4B", "siliconflow-cn"): {
                "input_price": "0",
                "output_price": "0",
                "context_window": "262144",
                "max_output_tokens": "65536",
            },
            ("offer", "gpt-5.5", "openai"): {"input_price": "5"},
            ("offer", "gpt-5.5", "context_above=272000"): {"input_price": "10", "output_price": "45"},
            ("offer", "gpt-5.5", "tier=fast"): {"input_price": "12.5", "context_window": None},
            ("offer", "claude-opus-4-6", "tier=fast"): {"cache_write_price": "37.5"},
            ("model", "qwen3-embedding-8b", "scaleway"): {"release_date": "2025-25-11"},
            ("model", "claude-haiku-4-5", "azure"): {"knowledge_cutoff": "2025-02-31"},
            ("model", "openai/gpt-5.2-codex", "vercel"): {"release_date": "2025-12"},
            ("offer", "gpt-5.1-codex-max", "azure"): {"input_price": "1.25", "cache_read_price": "0.125"},
            ("model", "gpt-image-1", "openai"): {"context_window": None, "max_input_tokens": None},
        },
    ),
    Case(
        "azure_retail_prices",
        "2025-11-30.first.json",
        AZURE,
        15,
        {
            ("offer", "gpt 4.1 Inp glbl Tokens", "Azure OpenAI", "region=global"): {
                "input_price": ("0.002", "usd/1K tokens"),
                "effective_from": "2025-04-01",
            },
            ("offer", "gpt 4.1 Outp glbl Tokens", "region=global"): {"output_price": "0.008"},
            ("offer", "gpt 4.1 cached Inp Data Zone Tokens", "region=data-zone"): {
                "cache_read_price": "0.00055"
            },
            ("offer", "gpt 4.1 Inp regnl Tokens", "region=eastus"): {"input_price": "0.0022"},
            ("offer", "gpt 4.1 Inp regnl Tokens", "region=swedencentral"): {"input_price": "0.00242"},
            ("offer", "gpt 4.1 Batch Inp glbl Tokens", "tier=batch"): {"input_price": "0.001"},
            ("offer", "gpt-4.1-ft input global Tokens", "mode=fine-tuned"): {"input_price": "0.002"},
            ("offer", "5.1 codex inp Gl 1M Tokens", "Azure OpenAI GPT5", "region=global"): {
                "input_price": ("1.25", "usd/1M tokens"),
                "effective_from": "2025-11-01",
            },
        },
    ),
    Case(
        "azure_retail_prices",
        "2025-11-30.last.json",
        AZURE,
        12,
        {
            ("offer", "5.1 codex inp Dz 1M Tokens", "region=data-zone"): {"input_price": "1.375"},
            ("offer", "5.1 codex opt Gl 1M Tokens"): {"output_price": "10.0"},
            ("offer", "Command A Inp Glbl Tokens", "region=global"): {"input_price": "0.0025"},
            ("offer", "Command A Inp Glbl Tokens", "region=usgovarizona"): {"input_price": "0.003125"},
            ("offer", "gpt-4o-aud-0603 Inp glbl Tokens"): {"input_audio_price": "0.04", "input_price": None},
            ("offer", "gpt-4o-aud-0603-txt Inp glbl Tokens"): {"input_price": "0.0025"},
            ("offer", "gpt 41 prty inp glbl Tokens", "tier=priority"): {"input_price": "0.0035"},
            ("offer", "o4-mini 0416 cached Inp DataZone Tokens", "region=data-zone"): {
                "cache_read_price": "0.000303"
            },
        },
    ),
    Case(
        "azure_retail_prices",
        "2026-08-11.codex.json",
        AZURE,
        23,
        {
            ("offer", "5.1 codex max inp Gl 1M Tokens"): {
                "input_price": "1.25",
                "effective_from": "2025-12-01",
            },
            ("offer", "5.1 codex max cd inp Gl 1M Tokens"): {"cache_read_price": "0.125"},
            ("offer", "5.1 codex max opt Dz 1M Tokens", "region=data-zone"): {"output_price": "11.0"},
            ("offer", "5.2 codex inp Gl 1M Tokens"): {"input_price": "1.75", "effective_from": "2026-01-01"},
            ("offer", "5.2 codex cd inp Dz 1M Tokens"): {"cache_read_price": "0.1925"},
            ("offer", "5.3 codex opt Dz 1M Tokens", "region=data-zone"): {"output_price": "15.4"},
            ("offer", "5.3 codex opt Dz 1M Tokens", "region=centralindia"): {"output_price": "16.8"},
            ("offer", "5.6 luna ShortCo Cd Wr Std Gl 1M Tokens"): {"cache_write_price": "1.25"},
            ("offer", "5.6 luna LongCo Inp Std Gl 1M Tokens", "mode=long-context"): {"input_price": "2.0"},
            ("offer", "gpt-4-turbo-Vision-128K Outp-glbl Tokens"): {
                "output_price": ("0.03", "usd/1K tokens")
            },
            ("offer", "gpt-5-codex-ccchd-inp-glbl Tokens"): {"cache_read_price": "0.000125"},
            ("offer", "davinci-002-base-glbl Tokens"): {
                "input_price": None,
                "unknown.meterName": "davinci-002-base-glbl Tokens",
            },
            ("offer", "V4 Flash cached glbl Tokens", "region=global"): {"cache_read_price": "2.8e-05"},
        },
    ),
]


def read(case: Case) -> list[RawRow]:
    return list(spider(case.source).rows(page(case.source, case.page, case.url)))


def said(row: RawRow, attribute: str, wanted: Printed) -> Printed:
    text = texts(row).get(attribute)
    return (text, row.cells[attribute].unit) if isinstance(wanted, tuple) and text is not None else text


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case.source}/{case.page}")
def test_the_page_reads_as_a_person_reads_it(case: Case) -> None:
    rows = read(case)
    assert len(rows) == case.rows
    for (kind, name, *hints), wanted in case.values.items():
        row = find(rows, kind, name, *hints)
        assert {a: said(row, a, text) for a, text in wanted.items()} == wanted, f"{kind} {name} {hints}"


@pytest.mark.parametrize(
    "case", [c for c in TABLE if c.page.endswith(".json")], ids=lambda case: f"{case.source}/{case.page}"
)
def test_every_cell_stands_where_its_pointer_leads(case: Case) -> None:
    response = page(case.source, case.page, case.url)
    document = load(response.text)
    for row in spider(case.source).rows(response):
        for name, cell in row.cells.items():
            there = as_printed(pointed(document, row.locator + cell.at))
            same = there in cell.text or cell.text in there
            assert same, f"{name} {cell} at {row.locator}: {there!r}"


def pointed(document: object, pointer: str) -> object:
    """Follow a JSON pointer."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else document[key]  # type: ignore[index]
    return document


def as_printed(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
