"""Scores and cards: units from the page, measures, modes and reporters, sizes and licences that agree."""

from __future__ import annotations

from typing import Any

import pytest
from support.recorded_pages import json_answer, spider, text_answer

from cardwatch.crawler.documents import RawRow
from cardwatch.crawler.formats.benchmark_names import parse_benchmark_name
from cardwatch.crawler.page_checks import to_text_response
from cardwatch.db.ingest.plausibility import surprising_change
from cardwatch.normalize.cells import parse_cell
from cardwatch.normalize.text import ParseError

CARD = "https://huggingface.co/Qwen/Qwen3.5-9B/raw/main/README.md"
REPOSITORY = "https://huggingface.co/api/models/Qwen/Qwen3.5-9B"
RESULTS = "https://huggingface.co/api/models/zai-org/GLM-5?expand%5B%5D=evalResults"
Score = tuple[str, dict[str, str], str | None]


def card(text: str) -> list[RawRow]:
    return list(spider("huggingface_cards").rows(text_answer(text.encode(), CARD, ".md")))


def understood(rows: list[RawRow]) -> list[Score]:
    """Return each score with what it is a score under, and its value, None for one that is refused."""
    found: list[Score] = []
    for row in rows:
        for name, cell in row.cells.items() if row.kind == "benchmark" else ():
            try:
                value = str(parse_cell(name, cell.text, cell.unit).value)
            except ParseError:
                value = None
            found.append((name.removeprefix("benchmark."), dict(row.qualifier), value))
    return found


def card_scores(table: str, index: str = "") -> list[Score]:
    return understood(card(f"---\nlicense: mit\n{index}---\n# Qwen3.5-9B\n\n## Evaluation\n\n{table}"))


def results(*data: dict[str, Any]) -> list[Score]:
    body = {"id": "zai-org/GLM-5", "evalResults": [{"filename": "x.yaml", "data": item} for item in data]}
    return understood(list(spider("huggingface_eval_results").rows(json_answer(body, RESULTS))))


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("82.5", "82.5"), ("0.825", None), ("1", None), ("1.0", None), ("0.4", None), ("0", "0"),
        ("0.4%", "0.4"), ("82.5%", "82.5"), ("1.2", "1.2"),
    ],
)  # fmt: skip
def test_what_may_be_a_fraction_is_no_percentage(printed: str, value: str | None) -> None:
    [(name, _, found)] = card_scores(f"| Benchmark | Qwen3.5-9B |\n|---|---|\n| MMLU-Pro | {printed} |\n")
    assert (name, found) == ("mmlu_pro", value)


@pytest.mark.parametrize(
    ("row", "column"),
    [("MMLU-Pro (0-1)", "Qwen3.5-9B"), ("MMLU-Pro", "Qwen3.5-9B (fraction)"), ("MMLU-Pro (0–1)", "Qwen3.5-9B")],
)  # fmt: skip
def test_a_fraction_is_one_where_the_page_says_so(row: str, column: str) -> None:
    text = f"---\nlicense: mit\n---\n# Q\n\n## Evaluation\n\n| Benchmark | {column} |\n|---|---|\n| {row} | 0.825 |\n"
    [score] = [found for found in card(text) if found.kind == "benchmark"]
    assert dict(score.cells)["benchmark.mmlu_pro"][:2] == ("0.825", "fraction")
    assert dict(score.qualifier) == {"reporter": "Qwen"}


def test_a_column_of_the_own_model_in_a_mode_is_that_mode_s() -> None:
    heading = "| Benchmark | Qwen3.5-9B (Thinking) | Qwen3.5-9B | GPT-5 |\n|---|---|---|---|\n"
    assert card_scores(f"{heading}| HLE w/ tools | 30.1 | 18.2 | 42 |\n") == [
        ("hle", {"mode": "with tools, thinking", "reporter": "Qwen"}, "30.1"),
        ("hle", {"mode": "with tools", "reporter": "Qwen"}, "18.2"),
    ]


@pytest.mark.parametrize(
    ("printed", "attribute", "qualifier"),
    [
        ("WMT24++", "wmt24_plus_plus", {}),
        ("WMT24", "wmt24", {}),
        ("HumanEval+", "humaneval_plus", {}),
        ("HLE (with tools)", "hle", {"mode": "with tools"}),
        ("HLE w/ tools", "hle", {"mode": "with tools"}),
        ("HLE without tools", "hle", {"mode": "without tools"}),
        ("AIME 2025 (high)", "aime", {"mode": "high", "version": "2025"}),
        ("GPQA (0-shot) (high)", "gpqa", {"mode": "0-shot, high"}),
        ("MMLU-Pro (%)", "mmlu_pro", {}),
    ],
)
def test_what_a_name_says_beside_the_benchmark(
    printed: str, attribute: str, qualifier: dict[str, str]
) -> None:
    assert parse_benchmark_name(printed) == (f"benchmark.{attribute}", qualifier)


INDEX = """model-index:
- name: Qwen3.5-9B
  results:
  - dataset: {name: MMLU-PRO (5-shot), type: TIGER-Lab/MMLU-Pro}
    metrics: [{type: acc, value: 61.5, name: accuracy}]
    source: {name: Example Leaderboard}
  - dataset: {name: GPQA (0-shot), type: Idavidrein/gpqa}
    metrics: [{type: acc_norm, value: 14.2}, {type: acc, value: 0.31}]
  - dataset: {type: HuggingFaceH4/ifeval}
    metrics: [{type: mean_reward, value: 350.5}, {type: wer, value: 7}]
"""


def test_an_index_names_data_set_measure_and_reporter() -> None:
    assert card_scores("", INDEX) == [
        ("mmlu_pro", {"mode": "5-shot", "measure": "acc", "reporter": "Example Leaderboard"}, "61.5"),
        ("gpqa", {"mode": "0-shot, acc norm", "measure": "acc_norm", "reporter": "Qwen"}, "14.2"),
        ("gpqa", {"mode": "0-shot", "measure": "acc", "reporter": "Qwen"}, None),
        ("ifeval", {"mode": "mean reward", "measure": "mean_reward", "reporter": "Qwen"}, "350.5"),
    ]


def test_notes_are_the_mode_even_of_a_score_alone() -> None:
    plain = {"dataset": {"id": "cais/hle", "task_id": "hle"}, "value": 31.2, "source": {"name": "Model Card"}}
    tools = {**plain, "value": 51.7, "notes": "With tools"}
    assert results(plain, tools) == [
        ("hle", {"reporter": "zai-org"}, "31.2"),
        ("hle", {"mode": "with tools", "reporter": "zai-org"}, "51.7"),
    ]
    assert results(tools) == [("hle", {"mode": "with tools", "reporter": "zai-org"}, "51.7")]


@pytest.mark.parametrize(
    ("dataset", "task", "name", "mode"),
    [
        ("TIGER-Lab/MMLU-Pro", "mmlu_pro", "mmlu_pro", ""),
        ("cais/hle", "HLE", "hle", ""),
        ("Idavidrein/gpqa", "gpqa_diamond", "gpqa_diamond", ""),
        ("Idavidrein/gpqa", "diamond", "gpqa", "diamond"),
        ("cais/hle", "default", "hle", ""),
    ],
)
def test_a_task_that_is_the_whole_data_set_is_no_mode(dataset: str, task: str, name: str, mode: str) -> None:
    [(found, marks, _)] = results({"dataset": {"id": dataset, "task_id": task}, "value": 50})
    assert (found, marks.get("mode", "")) == (name, mode)


@pytest.mark.parametrize(
    "named", ["Model card", "Model Card", "MODEL CARD", "model-card", "Official model card"]
)
def test_a_model_card_is_its_maker_s_word(named: str) -> None:
    [(_, marks, _)] = results({"dataset": {"id": "cais/hle"}, "value": 50, "source": {"name": named}})
    assert marks == {"reporter": "zai-org"}


@pytest.mark.parametrize(
    ("old", "new", "held"),
    [
        ("82.5", "0.825", True),
        ("0.7", "78", True),
        ("82.5", "41", False),
        ("82.5", "0.2", False),
        ("0", "3", False),
    ],
)
def test_a_score_that_moves_by_about_a_hundred_waits(old: str, new: str, held: bool) -> None:
    doubt = surprising_change("benchmark.mmlu_pro", old, new)
    assert (doubt is not None and doubt.rule == "unit_slip") == held


def repository(**item: Any) -> RawRow:
    return next(
        iter(spider("huggingface_cards").rows(json_answer({"id": "Qwen/Qwen3.5-9B", **item}, REPOSITORY)))
    )


@pytest.mark.parametrize("total", [412704, 9409813745, "9.4e9"])
def test_a_total_that_its_parts_contradict_is_not_read(total: object) -> None:
    row = repository(safetensors={"parameters": {"BF16": 9409813744}, "total": total})
    assert "parameters_total" not in row.cells
    assert row.cells["unknown.safetensors.total"].text == f"{total}, but its parts make 9409813744"


def test_a_total_that_its_parts_make_is_read() -> None:
    row = repository(safetensors={"parameters": {"BF16": 9409813740, "F32": 4}, "total": 9409813744})
    assert row.cells["parameters_total"].text == "9409813744"


def license_of(front: str, before: str = "") -> str | None:
    [row] = card(f"{before}---\n{front}\n---\n# Qwen3.5-9B\n\nText.\n")
    cell = row.cells.get("license")
    return cell and str(parse_cell("license", cell.text, "").value)


@pytest.mark.parametrize("before", ["", "\n", "\n \n\r\n", "\ufeff", "\ufeff\n"])
def test_blank_lines_may_stand_before_the_front_matter(before: str) -> None:
    assert license_of("license: apache-2.0", before) == "Apache-2.0"


def test_a_list_of_one_licence_is_that_licence_and_of_two_is_refused_aloud() -> None:
    assert license_of("license:\n- apache-2.0") == "Apache-2.0"
    assert license_of("license: [other]\nlicense_name: qwen-research") == license_of("license: qwen-research")
    with pytest.raises(ParseError, match=r"apache-2\.0"):
        license_of("license: [apache-2.0, mit]")


@pytest.mark.parametrize("charset", ["ISO-8859-1", "utf-8", "windows-1252", "us-ascii", ""])
def test_json_that_is_utf8_is_read_as_such_whatever_its_header_says(charset: str) -> None:
    kind = f"application/json; charset={charset}" if charset else "application/json"
    page = to_text_response(REPOSITORY, '{"id": "Qwen3‑Nexté"}'.encode(), [("Content-Type", kind)])
    assert page.text == '{"id": "Qwen3‑Nexté"}'


def test_json_that_is_no_utf8_is_read_as_its_header_says() -> None:
    headers = [("Content-Type", "application/json; charset=ISO-8859-1")]
    assert to_text_response(REPOSITORY, '{"id": "é"}'.encode("latin-1"), headers).text == '{"id": "é"}'
