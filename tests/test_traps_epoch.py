"""Epoch AI's files: rescaled scores, two columns called model, effort behind ids, licences of others."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from support.recorded_pages import recorded_page, recording_path, row_texts, spider, text_answer

from cardwatch.crawler.documents import PageChangedError, RawRow
from cardwatch.crawler.formats.epoch import ECI_HEADINGS, LAYOUTS, split_effort

ECI_URL = "https://epoch.ai/data/eci_benchmarks.csv"


def read(name: str) -> list[RawRow]:
    url = f"https://epoch.ai/data/benchmark_data/{name}"
    return list(spider("epoch_benchmarks").rows(recorded_page("epoch_benchmarks", name, url)))


def eci(*records: str) -> list[RawRow]:
    body = "\n".join((ECI_HEADINGS, *records)).encode()
    return list(spider("epoch_benchmarks").rows(text_answer(body, ECI_URL, ".csv")))


def score(rows: list[RawRow], model: str, benchmark: str) -> RawRow:
    [found] = [row for row in rows if row.name == model and f"benchmark.{benchmark}" in row.cells]
    return found


def test_what_guessing_earns_is_taken_off_so_it_is_another_version() -> None:
    rescaled = score(read("eci_benchmarks.csv"), "gpt-5.5-pro-pre-release", "gpqa_diamond")
    measured = score(read("gpqa_diamond.csv"), "gpt-5.5-pro-pre-release", "gpqa_diamond")
    low, high = (Decimal(row.cells["benchmark.gpqa_diamond"].text) for row in (rescaled, measured))
    assert abs(low - (high - Decimal("0.25")) / Decimal("0.75")) < Decimal("1e-12")
    assert rescaled.qualifier["version"] == "ECI performance"
    assert "version" not in measured.qualifier


def test_model_and_model_are_two_columns_and_one_may_be_empty() -> None:
    row = score(read("eci_benchmarks.csv"), "PaLM 2-L", "winogrande")
    assert (row.cells["benchmark.winogrande"].text, row.cells["benchmark.winogrande"].at) == (
        "0.6599999999999999",
        "/cell[3]",
    )


def test_a_score_without_a_source_has_no_reporter() -> None:
    row = score(read("eci_benchmarks.csv"), "amazon.nova-pro-v1:0", "hle")
    assert (row_texts(row), row.qualifier) == ({"benchmark.hle": "0.0"}, {"version": "ECI performance"})


def test_the_release_of_a_model_is_no_day_of_its_score() -> None:
    assert not any(row.dates for row in read("eci_benchmarks.csv"))


def test_otis_mock_aime_is_not_aime_2025() -> None:
    found = {name for row in read("eci_benchmarks.csv") for name in row.cells}
    assert "benchmark.otis_mock_aime_2024_2025" in found
    assert not any("aime" in name and "otis" not in name for name in found)


@pytest.mark.parametrize(
    ("printed", "model", "mode"),
    [
        ("gpt-5.5-pre-release_xhigh", "gpt-5.5-pre-release", "xhigh"),
        ("claude-opus-4-5-20251101_32K", "claude-opus-4-5-20251101", "32K"),
        ("gemini-2.5-flash-preview-09-2025_16k", "gemini-2.5-flash-preview-09-2025", "16k"),
        ("gpt-5.6-sol_promax", "gpt-5.6-sol", "pro max"),
        ("gpt-5.6-sol_prounknown", "gpt-5.6-sol", "pro"),
        ("gpt-5.4-pro-2026-03-05_unknown", "gpt-5.4-pro-2026-03-05", ""),
        ("DeepSeek-V3.2-Exp_thinking", "DeepSeek-V3.2-Exp", "thinking"),
        ("Qwen-1_8B", "Qwen-1_8B", ""),
        ("phi-1_5", "phi-1_5", ""),
        ("open_llama_7b", "open_llama_7b", ""),
        ("o3-pro-2025-06-10_high", "o3-pro-2025-06-10", "high"),
    ],
)
def test_effort_is_a_mode_and_size_is_a_name(printed: str, model: str, mode: str) -> None:
    assert split_effort(printed) == (model, {"mode": mode} if mode else {})


def test_a_name_with_a_hyphen_of_its_own_and_no_score_gives_no_row() -> None:
    text = recorded_page("epoch_benchmarks", "epoch_capabilities_index.csv", ECI_URL).text
    assert "GPT\u20115-Codex" in text
    rows = read("epoch_capabilities_index.csv")
    assert {row.name for row in rows} == {"gpt-5.3-codex"}
    assert [row.qualifier.get("mode") for row in rows] == ["high", None, "xhigh"]


def test_a_column_headed_in_percent_holds_fractions() -> None:
    cell = score(read("swe_bench_bash.csv"), "kimi-k2.5", "swe_bench_bash_only").cells
    assert cell["benchmark.swe_bench_bash_only"].unit == "fraction"


def test_a_record_without_a_version_is_named_by_its_other_name() -> None:
    row = score(read("mmlu_external.csv"), "Arctic Instruct", "mmlu")
    assert (row.qualifier["mode"], row.qualifier["reporter"]) == ("5 shots", "Stanford CRFM Leaderboard")


def test_records_of_others_keep_their_licence_so_none_is_passed_on() -> None:
    assert spider("epoch_benchmarks").redistribute is False
    assert spider("epoch_capabilities").redistribute is True


def test_the_whole_file_has_its_known_gaps() -> None:
    body = recording_path("epoch-ai/eci_benchmarks.csv").read_bytes()
    rows = list(spider("epoch_benchmarks").rows(text_answer(body, ECI_URL, ".csv")))
    assert len(rows) == 2249
    assert sum("reporter" not in row.qualifier for row in rows) == 334
    counts = Counter(name for row in rows for name in row.cells)
    assert counts["benchmark.gpqa_diamond"] == 134
    assert counts["benchmark.otis_mock_aime_2024_2025"] == 123
    assert (counts["benchmark.hle"], counts["benchmark.swe_bench_verified"]) == (37, 32)


@pytest.mark.parametrize(
    "record",
    ["m1,b1,0.5,!!,,,m,m,m,m,,,,", "m1,b1,0.5,MMLU,,,m,,m,m,,,,", '"unclosed'],
)
def test_another_record_is_a_changed_page(record: str) -> None:
    with pytest.raises(PageChangedError):
        eci(record)


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_names_columns_it_has(name: str) -> None:
    layout = LAYOUTS[name]
    columns = {layout.score, layout.spare, *layout.marks.values()} | ({layout.ran} if layout.ran else set())
    assert columns <= {*layout.headings.split(",")}
