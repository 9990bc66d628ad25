"""Every recording of the sources that are pages, whole: read, then normalised without losing a row."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from support.read_visits import read_rows
from support.recorded_pages import recording_path, spider, text_answer

HUB = "https://huggingface.co"
OPENMED = "OpenMed/OpenMed-NER-DiseaseDetect-ElectraMed-33M-v1-onnx-android"
READ_AT = {
    "openai/gpt-5.2-codex.md": "https://developers.openai.com/api/docs/models/gpt-5.2-codex.md",
    "huggingface/Qwen3.5-4B/README.first64000.md": f"{HUB}/Qwen/Qwen3.5-4B/raw/main/README.md",
    "huggingface/api-model.Qwen3-235B-A22B.expand.2026-08.json": f"{HUB}/api/models/Qwen/Qwen3-235B-A22B",
    "huggingface/api-model.OpenMed.captured-2026-10-08.json": f"{HUB}/api/models/{OPENMED}",
}
"""Recordings of a page beside the one at its source's own address."""
REFUSED = {"huggingface/Qwen3.5-4B/README.first64000.md": {"16.0/19.1", "84.3/86.4", "38.9/29.9"}}


class Whole(NamedTuple):
    source: str
    name: str
    rows: int
    values: int

    @property
    def url(self) -> str:
        return READ_AT.get(self.name) or spider(self.source).url


RECORDINGS = """
openai_model_pages openai/gpt-5.2-codex.md                                                   2  20
openai_pricing     openai/pricing.2026-03.mdx-era.first-part.md                             55 148
openai_pricing     openai/pricing.2026-09.table-era.zh-headings.excerpt.md                  63 182
huggingface_cards  huggingface/Qwen3.5-4B/README.first64000.md                              71  82
huggingface_cards  huggingface/api-model.Qwen3-235B-A22B.expand.2026-08.json                 1   2
huggingface_cards  huggingface/api-model.OpenMed.captured-2026-10-08.json                    1   0
azure_retirements  azure-docs/concepts-model-retirement-schedule.2026-07-07.openai-section.md 70 153
azure_models       azure-docs/models-azure-direct-openai.2026-01-14.excerpt.md              22 115
anthropic_pricing  anthropic/pricing-table.2026-autumn.excerpt.md                           30  51
anthropic_pricing  anthropic/pricing-table.2026-02-era.excerpt.md                           36  62
anthropic_pricing  model-price-hub/fixtures/anthropic_pricing.html                          16  28
google_pricing     model-price-hub/fixtures/google_pricing.html                              7  19
deepseek_pricing   deepseek/pricing.article-fragment.html                                   10  39
deepseek_pricing   model-price-hub/fixtures/deepseek_en.html                                 4  14
xai_models         xai/docs-models-blob.trimmed.json                                         8  37
groq_models        groq/models.md                                                           16  68
fireworks_pricing  fireworks/serverless-pricing.4col-era.excerpt.md                         14  44
"""
"""Source, recording, rows, and values that the normaliser takes."""
WHOLE = [
    Whole(source, name, int(rows), int(values))
    for source, name, rows, values in map(str.split, RECORDINGS.strip().splitlines())
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
    assert {item.raw for item in reading.rejected} == REFUSED.get(case.name, set())
    assert sum(len(record.values) for record in reading.records) == case.values
