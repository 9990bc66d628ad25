"""Model cards: the maker's own column, stated beside counted sizes, and metadata that churns."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.edited_pages import complaints, edited_complaints, edited_rows, read_edited
from support.recorded_pages import find_row, json_answer, recording_path, row_texts, spider

from cardwatch.crawler.documents import PageChangedError, RawRow

CARD = ("huggingface_cards", "Qwen3.5-4B.README.md")
OLD_CARD = ("huggingface_cards", "gpt-oss-20b.README.md")
API = "https://huggingface.co/api/models/"
OWN, OTHER = ">Qwen3.5-4B</th>", ">Qwen3.5-9B</th>"


def scores(rows: list[RawRow]) -> dict[str, str]:
    return {name: cell.text for r in rows if r.kind == "benchmark" for name, cell in r.cells.items()}


def front(text: str) -> RawRow:
    return read_edited(*CARD, f"---\n{text}\n---\n# Qwen3.5-4B\n")[0]


def repository(**item: Any) -> RawRow:
    model = {"id": "Qwen/Qwen3-4B", **item}
    return next(iter(spider("huggingface_cards").rows(json_answer(model, API + "Qwen/Qwen3-4B"))))


def test_the_own_column_is_found_by_name_wherever_it_stands() -> None:
    printed = scores(edited_rows(*CARD))
    assert printed["benchmark.mmlu_pro"] == "79.1"
    assert printed["benchmark.gpqa_diamond"] == "76.2"
    swapped = scores(edited_rows(*CARD, (OWN, ">own</th>"), (OTHER, OWN), (">own</th>", OTHER)))
    assert swapped["benchmark.mmlu_pro"] == "82.5"


def test_no_other_model_gets_a_score_from_this_card() -> None:
    assert {row.name for row in edited_rows(*CARD)} == {"Qwen/Qwen3.5-4B"}


def test_scores_are_the_maker_s_own_word() -> None:
    rows = [row for row in edited_rows(*CARD) if row.kind == "benchmark"]
    assert {row.qualifier["reporter"] for row in rows} == {"Qwen"}


def test_a_group_s_caption_is_no_benchmark() -> None:
    assert "benchmark.knowledge_stem" not in scores(edited_rows(*CARD))
    assert "benchmark.long_context" not in scores(edited_rows(*CARD))


def test_a_dash_is_no_score() -> None:
    assert "benchmark.ifeval" not in scores(edited_rows(*CARD, (">89.8</td>", ">--</td>")))


def test_two_values_in_one_cell_are_copied_for_the_reader_to_refuse() -> None:
    assert "16.0/19.1" in scores(edited_rows(*CARD)).values()


def test_marks_after_a_name_left_unclosed_do_not_swallow_the_row() -> None:
    row = find_row(edited_rows(*CARD), "benchmark", "Qwen/Qwen3.5-4B", "version=v1.1")
    assert row_texts(row) == {"benchmark.mmbench_en_dev": "89.4"}


def test_versions_stand_beside_the_name_of_a_benchmark() -> None:
    rows = edited_rows(*CARD)
    assert (
        row_texts(find_row(rows, "benchmark", "Qwen/Qwen3.5-4B", "version=v6"))["benchmark.livecodebench"]
        == "55.8"
    )
    hmmt = {r.qualifier["version"]: row_texts(r) for r in rows if "benchmark.hmmt" in r.cells}
    assert hmmt == {"feb 25": {"benchmark.hmmt": "74.0"}, "nov 25": {"benchmark.hmmt": "76.8"}}


def test_stated_and_counted_sizes_are_two_claims_of_two_authors() -> None:
    stated = find_row(edited_rows(*CARD), "model", "Qwen/Qwen3.5-4B")
    counted = repository(safetensors={"parameters": {"BF16": 4660000000}, "total": "4660000000"})
    assert (row_texts(stated)["parameters_total"], stated.provider) == ("4B", "")
    assert (row_texts(counted)["parameters_total"], counted.provider) == ("4660000000", "Hugging Face")


def test_context_length_is_the_native_one() -> None:
    assert row_texts(edited_rows(*CARD)[0])["context_window"] == "262,144"


def test_packed_numbers_are_not_counted() -> None:
    path = recording_path("huggingface/api-models-list.deepseek-ai.expand.2026-08.json")
    for item in json.loads(path.read_text(encoding="utf-8")):
        row = next(iter(spider("huggingface_cards").rows(json_answer(item, API + item["id"]))))
        assert "parameters_total" not in row.cells


def test_a_count_without_a_total_is_summed() -> None:
    row = repository(safetensors={"parameters": {"BF16": 4000000000, "F32": 7}})
    assert row_texts(row)["parameters_total"] == "4000000007"


def test_what_churns_leaves_the_row_as_it_was() -> None:
    info = {"sha": "a1", "lastModified": "2026-07-13T07:43:16.000Z"}
    quiet = repository(**info, downloads=1, likes=2, downloadsAllTime=3, trendingScore=0)
    busy = repository(**info, downloads=4575518, likes=1108, downloadsAllTime=9, trendingScore=7)
    assert quiet == busy
    assert row_texts(quiet)["published_on"] == "2026-07-13T07:43:16.000Z"


@pytest.mark.parametrize("gate", [False, "auto", "manual"])
def test_a_gate_is_known_by_name(gate: object) -> None:
    assert repository(gated=gate).name == "Qwen/Qwen3-4B"


def test_another_gate_or_key_is_a_change_of_the_api() -> None:
    assert repository(gated="lottery").cells["unknown.gated"].text == "lottery"
    assert repository(stars=5).cells["unknown.stars"].text == "5"


@pytest.mark.parametrize(
    "body", ["<html><title>429</title></html>", '{"error":"Repository not found"}', "[]"]
)
def test_an_error_body_under_status_200_is_no_model(body: str) -> None:
    with pytest.raises(PageChangedError):
        list(spider("huggingface_cards").rows(json_answer(body, API + "Qwen/Qwen3-4B")))


def test_another_model_s_answer_is_refused() -> None:
    with pytest.raises(PageChangedError, match="Qwen/Qwen3-8B"):
        repository(id="Qwen/Qwen3-8B")


def test_base_model_may_be_a_text_or_a_list() -> None:
    one = front("license: apache-2.0\nbase_model: Qwen/Qwen3.5-4B-Base")
    assert one == front("license: apache-2.0\nbase_model: [Qwen/Qwen3.5-4B-Base]")


def test_a_licence_called_other_goes_by_its_name() -> None:
    row = front("license: other\nlicense_name: qwen-research\nlicense_link: LICENSE")
    assert row_texts(row)["license"] == "qwen-research"


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ("license: &a apache-2.0\nlicense_name: *a", "alias"),
        ("license: [apache-2.0", "YAML"),
        ("- apache-2.0", "mapping"),
    ],
)
def test_yaml_that_does_more_than_say_a_text_costs_the_block_and_no_score(block: str, says: str) -> None:
    assert set(front(block).cells) == {"name"}
    assert says in complaints(*CARD, f"---\n{block}\n---\n# Qwen3.5-4B\n")


def test_a_card_without_a_block_says_what_its_overview_says() -> None:
    """What stands in front of the block, a remark or a fence, makes it none, as on the Hub."""
    body = "<!-- made by hand -->\n---\nlicense: mit\n---\n# About Qwen3.5-4B\n\n- Number of Parameters: 4B\n"
    [row] = read_edited(*CARD, body)
    assert row_texts(row) == {"name": "Qwen3.5-4B", "parameters_total": "4B"}
    assert "a block between ---" in complaints(*CARD, body)


def test_null_is_no_licence_and_no_index() -> None:
    [row] = read_edited(*CARD, "---\nlicense: null\nextra_gated_geo: ask\nmodel-index:\n---\n# Qwen3.5-4B\n")
    assert row_texts(row) == {"name": "Qwen3.5-4B"}
    assert row_texts(front('license: "null"'))["license"] == "null"


DEEPSEEK = """---
library_name: transformers
---
## Evaluation Results

### Base Model

|  | Benchmark (Metric) | # Shots | Qwen3.5 4B |
|---|---|---|---|
| English | MMLU-Pro (Acc.) | 5-shot | **64.4** |

### Chat Model

| | **Benchmark (Metric)** | **Others** | **Qwen3.5 4B** |
|---|---|---|---|
| | Architecture | MoE | MoE |
| English | MMLU-Pro (EM) | 58.5 | 75.9 |
| Math | AIME 2024 (Pass@1) | 4.6 | **39.2** |
"""


def test_what_groups_the_benchmarks_is_none_and_base_models_are_others() -> None:
    """As on the card of DeepSeek-V3, whose first column is headed by nothing and says "English"."""
    assert scores(read_edited(*CARD, DEEPSEEK)) == {"benchmark.mmlu_pro": "75.9", "benchmark.aime": "39.2"}


ACROSS = """---
license: mit
---
# Qwen3.5-4B
## Evaluation

| Model | Params | SWE Verified | AIME 2025 (with tools) |
|---|---|---|---|
| Other-9B | 9B | 60.1 | 80.3 |
| **Qwen3.5-4B** | 4B | 66.1 | 88.3 |

## Model Downloads

| Model | Context Length |  Download |
|---|---|---|
| Qwen3.5-4B-Base | 32K | |
| Qwen3.5-4B | long | |
"""


def test_a_row_for_each_model_and_a_column_for_each_benchmark() -> None:
    rows = read_edited(*CARD, ACROSS)
    assert scores(rows) == {"benchmark.swe_bench_verified": "66.1", "benchmark.aime": "88.3"}
    assert {row.qualifier.get("mode") for row in rows if row.kind == "benchmark"} == {None, "with tools"}
    assert "wanted 128K" in complaints(*CARD, ACROSS)


KIMI = """---
license: mit
---
## Model Summary

| | |
|:---:|:---:|
| **Total Parameters** | 1T |
| **Activated Parameters** | 32B |
| **Context Length** | 128K |

## Evaluation Results

<table><thead><tr><th>Benchmark</th><th>Metric</th><th><sup>Qwen3.5 4B</sup></th>
<th><sup>Other<br><sup>(plain)</sup></sup></th></tr></thead>
<tbody><tr><td colspan=4><strong>Coding</strong></td></tr>
<tr><td rowspan=2>SWE-bench Verified<br/><sup>(Agentic Coding)</sup></td><td>Single Attempt (Acc)</td>
<td><ins>65.8</ins></td><td>72.7<sup>*</sup></td></tr>
<tr><td>Multiple Attempts (Acc)</td><td>71.6</td><td>—</td></tr>
<tr><td>τ²-Bench</td><td>-</td><td>77.2<sup>1</sup></td><td>65.5</td></tr></tbody></table>
"""


def test_words_set_small_are_headings_and_modes_and_marks_are_none() -> None:
    """As on the card of Kimi-K2-Instruct; the summary is a table, the metric a column of its own."""
    model, *found = read_edited(*CARD, KIMI)
    assert (row_texts(model)["parameters_total"], row_texts(model)["context_window"]) == ("1T", "128K")
    texts = [(row.qualifier.get("mode"), row_texts(row)) for row in found]
    swe = "benchmark.swe_bench_verified"
    assert texts == [
        ("agentic coding, single attempt acc", {swe: "65.8"}),
        ("agentic coding, multiple attempts acc", {swe: "71.6"}),
        (None, {"benchmark.tau2_bench": "77.2"}),
    ]


def test_a_page_without_a_block_is_no_card() -> None:
    with pytest.raises(PageChangedError, match="front matter"):
        read_edited(*CARD, "# Qwen3.5-4B\n")


def test_one_odd_result_of_the_older_index_costs_itself() -> None:
    change = ("      value: 40.7\n", "      value: [40.7]\n")
    assert 'benchmark.artificial_analysis_coding_index: wanted a number, found ["40.7"]' in edited_complaints(
        *OLD_CARD, change
    )
    assert sorted(scores(edited_rows(*OLD_CARD, change)).values()) == ["52.1", "89.3", '["40.7"]']


def test_an_odd_shape_beside_the_facts_costs_its_own_cell() -> None:
    row = repository(
        safetensors=["BF16"], config={"architectures": [{"name": "x"}]}, pipeline_tag="text-to-image"
    )
    assert row.cells["parameters_total"].wanted
    assert row.cells["architecture"].wanted
    assert row.cells["modality.output"].text == "image"


def test_a_tag_makes_no_object() -> None:
    assert "license" not in front("license: !!python/object/apply:os.system [id]").cells
    assert row_texts(front("license: !!python/name:os.system mit"))["license"] == "mit"


def test_yaml_words_stay_as_printed() -> None:
    assert row_texts(front("license: no"))["license"] == "no"


def test_capabilities_come_from_the_maker_s_serving_flags() -> None:
    cells = edited_rows(*CARD)[0].cells
    assert cells["capability.tool_use"].text == "tool-call"
    silent = read_edited(*CARD, "---\nlicense: apache-2.0\n---\n# Qwen3.5-4B\nIt reasons and calls tools.\n")[
        0
    ]
    assert set(silent.cells) == {"license", "name"}


def test_the_older_index_names_who_measured_and_a_metric_without_value_is_none() -> None:
    rows = [row for row in edited_rows(*OLD_CARD) if row.kind == "benchmark"]
    assert {row.qualifier["reporter"] for row in rows} == {"Artificial Analysis Benchmarks"}
    assert scores(rows) == {
        "benchmark.artificial_analysis_intelligence_index": "52.1",
        "benchmark.artificial_analysis_coding_index": "40.7",
        "benchmark.artificial_analysis_math_index": "89.3",
    }


def test_other_pages_of_the_hub_are_not_claimed() -> None:
    source = spider("huggingface_cards")
    for url in ("https://huggingface.co/Qwen/Qwen3-4B", f"{API}Qwen/Qwen3-4B?expand[]=evalResults"):
        with pytest.raises(PageChangedError, match="address"):
            list(source.rows(json_answer({"id": "Qwen/Qwen3-4B"}, url)))
