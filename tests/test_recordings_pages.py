"""Every recording of the sources that are pages, whole: read, then normalised without losing a row."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from support.read_visits import read_rows
from support.recorded_pages import recording_path, spider, text_answer

NOW = datetime(2026, 10, 9, tzinfo=UTC)


class Whole(NamedTuple):
    source: str
    name: str
    url: str
    rows: int
    values: int
    refused: frozenset[str] = frozenset()


OPENAI, ANTHROPIC = "https://developers.openai.com/api/docs", "https://platform.claude.com/docs/en"
HUB = "https://huggingface.co"
AZURE = "https://raw.githubusercontent.com/MicrosoftDocs/azure-ai-docs/main/articles/foundry/openai/includes/"
WHOLE = [
    Whole("openai_model_pages", "openai/gpt-5.2-codex.md", f"{OPENAI}/models/gpt-5.2-codex.md", 2, 20),
    Whole("openai_pricing", "openai/pricing.2026-03.mdx-era.first-part.md", f"{OPENAI}/pricing.md", 55, 148),
    Whole(
        "openai_pricing",
        "openai/pricing.2026-09.table-era.zh-headings.excerpt.md",
        f"{OPENAI}/pricing.md",
        63,
        182,
    ),
    Whole(
        "huggingface_cards",
        "huggingface/Qwen3.5-4B/README.first64000.md",
        f"{HUB}/Qwen/Qwen3.5-4B/raw/main/README.md",
        71,
        82,
        frozenset({"16.0/19.1", "84.3/86.4", "38.9/29.9"}),
    ),
    Whole(
        "huggingface_cards",
        "huggingface/api-model.Qwen3-235B-A22B.expand.2026-08.json",
        f"{HUB}/api/models/Qwen/Qwen3-235B-A22B",
        1,
        2,
    ),
    Whole(
        "huggingface_cards",
        "huggingface/api-model.OpenMed.captured-2026-10-08.json",
        f"{HUB}/api/models/OpenMed/OpenMed-NER-DiseaseDetect-ElectraMed-33M-v1-onnx-android",
        1,
        0,
    ),
    Whole(
        "azure_retirements",
        "azure-docs/concepts-model-retirement-schedule.2026-07-07.openai-section.md",
        f"{AZURE}concepts-model-retirement-schedule-content.md",
        70,
        153,
    ),
    Whole(
        "azure_models",
        "azure-docs/models-azure-direct-openai.2026-01-14.excerpt.md",
        f"{AZURE}models-azure-direct-openai.md",
        22,
        115,
    ),
    Whole(
        "anthropic_pricing",
        "anthropic/pricing-table.2026-autumn.excerpt.md",
        f"{ANTHROPIC}/about-claude/pricing.md",
        30,
        51,
    ),
    Whole(
        "anthropic_pricing",
        "anthropic/pricing-table.2026-02-era.excerpt.md",
        f"{ANTHROPIC}/about-claude/pricing.md",
        36,
        62,
    ),
    Whole(
        "anthropic_pricing",
        "model-price-hub/fixtures/anthropic_pricing.html",
        f"{ANTHROPIC}/about-claude/pricing",
        16,
        28,
    ),
    Whole(
        "google_pricing",
        "model-price-hub/fixtures/google_pricing.html",
        "https://ai.google.dev/gemini-api/docs/pricing",
        7,
        19,
    ),
    Whole(
        "deepseek_pricing",
        "deepseek/pricing.article-fragment.html",
        "https://api-docs.deepseek.com/quick_start/pricing/",
        10,
        39,
    ),
    Whole(
        "deepseek_pricing",
        "model-price-hub/fixtures/deepseek_en.html",
        "https://api-docs.deepseek.com/quick_start/pricing/",
        4,
        14,
    ),
    Whole("xai_models", "xai/docs-models-blob.trimmed.json", "https://docs.x.ai/docs/models", 8, 37),
    Whole("groq_models", "groq/models.md", "https://console.groq.com/docs/models.md", 16, 68),
    Whole(
        "fireworks_pricing",
        "fireworks/serverless-pricing.4col-era.excerpt.md",
        "https://docs.fireworks.ai/serverless/pricing",
        14,
        44,
    ),
]


@pytest.mark.parametrize("case", WHOLE, ids=lambda case: case.name)
def test_a_recording_reads_whole(case: Whole) -> None:
    body = recording_path(case.name).read_bytes()
    if case.source == "xai_models":  # kept without the page around it
        body = b"<script>globalThis.__XAI_PUBLIC_MODELS__=" + body + b";</script>"
    source = spider(case.source)
    found = [*source.rows(text_answer(body, case.url, "." + case.name.rpartition(".")[2]))]
    assert len(found) == case.rows
    reading = read_rows(source, found, url=case.url)
    assert {item.raw for item in reading.rejected} == case.refused
    assert sum(len(record.values) for record in reading.records) == case.values
