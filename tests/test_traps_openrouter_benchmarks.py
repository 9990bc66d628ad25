"""OpenRouter's benchmark export: a head that is known, rows that are not and say when they differ."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from support.recorded_pages import json_answer, nothing_read, recorded_page, recording_path, row_texts, spider

from cardwatch.crawler.documents import PageChangedError, RawRow

URL = "https://openrouter.ai/api/v1/datasets/exports/benchmark-leaderboard/latest.json"


def rows(row: dict[str, Any], **head: Any) -> list[RawRow]:
    body = json.loads(recorded_page("openrouter_benchmarks", "latest.json", URL).text)
    return list(spider("openrouter_benchmarks").rows(json_answer({**body, "rows": [row], **head}, URL)))


def test_every_key_of_the_recorded_head_is_known() -> None:
    name = "openrouter/datasets-exports.benchmark-leaderboard.2026-11-18.head-fragment.txt"
    head = recording_path(name).read_text()
    whole = head[: head.rindex('"colum')].rstrip().rstrip(",") + ', "rows": []}'
    assert list(spider("openrouter_benchmarks").rows(json_answer(whole, URL))) == []


def test_a_row_says_whose_run_and_which_snapshot() -> None:
    [row] = rows({"benchmark": "gpqa-diamond", "model": "m", "provider": "Azure", "accuracy": 0.5})
    assert row_texts(row) == {"benchmark.gpqa_diamond": "0.5", "published_on": "2026-11-18"}
    assert row.qualifier == {
        "harness": "OpenRouter benchmark harness",
        "reporter": "OpenRouter",
        "mode": "via Azure",
    }
    assert row.cells["benchmark.gpqa_diamond"].unit == "fraction"


def test_no_accuracy_is_no_score() -> None:
    [row] = rows({"benchmark": "gpqa-diamond", "model": "m", "accuracy": None})
    assert row.cells == {}


def test_a_new_column_is_refused_by_name() -> None:
    [row] = rows({"benchmark": "gpqa-diamond", "model": "m", "accuracy": 1, "vibes": 7})
    assert row.cells.keys() == {"benchmark.gpqa_diamond", "unknown.vibes"}


@pytest.mark.parametrize(
    ("row", "head"),
    [
        ({"benchmark": "arc", "model": "m"}, {}),
        ({"benchmark": "gpqa-diamond"}, {}),
        ({}, {"schema_version": "v2"}),
        ({}, {"dataset": "model-rankings"}),
        ({}, {"harness": None}),
    ],
)
def test_another_shape_gives_no_row(row: dict[str, Any], head: dict[str, Any]) -> None:
    problem = ""
    with suppress(PageChangedError):
        problem = nothing_read(rows(row, **head))
    assert not problem or "wanted" in problem


def test_its_licence_asks_for_credit_and_lets_it_be_passed_on() -> None:
    source = spider("openrouter_benchmarks")
    assert "CC BY 4.0" in source.terms
    assert "OpenRouter" in source.terms
    assert source.redistribute
