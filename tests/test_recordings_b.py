"""Every recording of the aggregators, clouds, hosts, hubs and boards, whole, through its source."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from scrapy.http import TextResponse
from support.recorded_pages import RECORDINGS, json_answer, recording_path, spider, text_answer

from cardwatch.crawler.documents import PagePart, RawRow, UnreadPart

RAW = "https://raw.githubusercontent.com"
ONE = [
    ("litellm_prices", "litellm/model_prices_and_context_window.v1.109.1.json", "", 11_127),
    ("genai_prices", "genai-prices/data.json", "", 2_762),
    ("portkey_pricing", "portkey/pricing.openai.json", "/openai.json", 1_593),
    ("portkey_pricing", "portkey/pricing.azure-openai.json", "/azure-openai.json", 167),
    ("cerebras_models", "cerebras/public-v1-models.json", "", 4),
    ("deepinfra_models", "deepinfra/models-list.test-fixture.json", "", 2),
    ("bedrock_prices", "aws-bedrock/region_index.json", "", 0),
    ("bedrock_prices", "aws-bedrock/index.trimmed.json", "", 4),
    ("bedrock_models", "model-lists/bedrock.ListFoundationModels.json", "", 250),
    ("huggingface_listing", "huggingface/api-models-list.deepseek-ai.expand.2026-08.json", "", 2),
    ("epoch_benchmarks", "epoch-ai/eci_benchmarks.csv", "", 2_249),
    ("epoch_capabilities", "epoch-ai/eci_scores.csv", "", 444),
    ("google_models", "model-lists/google.v1beta-models.2026-06-26.json", "", 50),
    ("openai_models", "model-lists/openai.v1-models.2026-06-26.json", "", 120),
]
VENDORS = {
    "amazon": 4,
    "anthropic": 18,
    "deepseek": 5,
    "google": 24,
    "meta-ai": 3,
    "minimax": 1,
    "mistral": 14,
    "moonshot-ai": 5,
    "openai": 50,
    "qwen": 2,
    "xai": 22,
}
ZIPPED = {
    "epoch_capabilities_index": 369,
    "gpqa_diamond": 160,
    "hle_external": 47,
    "live_bench_external": 64,
    "mmlu_external": 249,
    "otis_mock_aime_2024_2025": 133,
    "swe_bench_bash": 33,
    "swe_bench_verified": 27,
}


def read(source: str, response: TextResponse) -> list[PagePart]:
    """Return the rows of a recording; a footnote mark on a name, whose note the recording lacks, costs its row."""
    rows = list(spider(source).rows(response))
    assert not {name for row in rows for name in row.cells if name.startswith("unknown")}
    assert all(row.locator.startswith("/") for row in rows)
    assert all(row.name for row in rows if isinstance(row, RawRow))
    assert {row.what for row in rows if isinstance(row, UnreadPart)} <= {"name"}
    return rows


@pytest.mark.parametrize(("source", "name", "tail", "rows"), ONE, ids=lambda value: str(value)[:40])
def test_a_whole_recording_is_read(source: str, name: str, tail: str, rows: int) -> None:
    path = recording_path(name)
    assert len(read(source, text_answer(path.read_bytes(), spider(source).url + tail, path.suffix))) == rows


@pytest.mark.parametrize(("vendor", "rows"), VENDORS.items())
def test_a_vendor_s_price_history_is_read(vendor: str, rows: int) -> None:
    body = recording_path(f"llm-prices/{vendor}.json").read_bytes()
    assert (
        len(read("llm_prices", text_answer(body, f"{RAW}/simonw/llm-prices/main/data/{vendor}.json"))) == rows
    )


@pytest.mark.parametrize(("file", "rows"), ZIPPED.items())
def test_a_file_of_the_benchmark_zip_is_read(file: str, rows: int) -> None:
    body = recording_path(f"epoch-ai/benchmark_data/{file}.csv").read_bytes()
    url = f"https://epoch.ai/data/benchmark_data/{file}.csv"
    assert len(read("epoch_benchmarks", text_answer(body, url, ".csv"))) == rows


def test_all_of_portkey_s_files_are_read() -> None:
    text = recording_path("portkey/pricing.all.2026-08-21.json").read_text()
    source = spider("portkey_pricing")
    rows = 0
    for provider, models in json.loads(text).items():
        rows += len(read("portkey_pricing", json_answer(models, f"{source.url}/{provider}.json")))
    assert rows == 7_016


def anthropic_lists() -> Iterator[list[object]]:
    yield json.loads(recording_path("anthropic/anthropic-models.json").read_text())
    for line in recording_path("anthropic/models-api-history.jsonl").read_text().splitlines():
        yield json.loads(line)["models"]


def test_every_kept_state_of_anthropic_s_list_is_read() -> None:
    source = spider("anthropic_models")
    counts = [
        len(read("anthropic_models", json_answer({"data": models, "has_more": False}, source.url)))
        for models in anthropic_lists()
    ]
    assert counts == [10, 8, 8, 8, 8, 9, 9, 9, 10, 10, 10, 10, 10]


@pytest.mark.skipif(not RECORDINGS.exists(), reason="needs the recordings ../shared/data")
def test_no_recording_of_these_folders_is_left_out() -> None:
    named = {name for _, name, _, _ in ONE} | {f"llm-prices/{vendor}.json" for vendor in VENDORS}
    folders = ("litellm", "llm-prices", "cerebras", "deepinfra", "aws-bedrock")
    found = {f"{folder}/{path.name}" for folder in folders for path in (RECORDINGS / folder).glob("*.json")}
    assert found <= named
