"""Hugging Face listings, result files and leaderboards: cursors, packed weights, other people's results."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy.http import TextResponse
from support.recorded_pages import (
    find_row,
    json_answer,
    nothing_read,
    recorded_page,
    recording_path,
    row_marks,
    row_texts,
    spider,
)

from cardwatch.crawler.formats.links import next_link

LISTING = "https://huggingface.co/api/models?author=Qwen&limit=100"
RESULTS = "https://huggingface.co/api/models/zai-org/GLM-5?expand%5B%5D=evalResults"
BOARD = "https://huggingface.co/api/datasets/cais/hle/leaderboard"


def linked(*headers: str, url: str = LISTING) -> TextResponse:
    return TextResponse(url, body=b"[]", encoding="utf-8", headers={"Link": [h.encode() for h in headers]})


def test_a_recorded_cursor_is_followed_as_it_is() -> None:
    text = recording_path("huggingface/link-header.example.txt").read_text()
    header = next(line for line in text.splitlines() if line.startswith("Link: <http://localhost"))
    url = next_link(linked(header.removeprefix("Link: ")))
    assert url
    assert url.startswith("http://localhost:5564/api/models?limit=10&sort=likes&direction=-1&cursor=eyIkb3Ii")
    assert url.endswith("XX0%3D")


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ((), None),
        (('<https://x.example/a?cursor=1>; rel="next"',), "https://x.example/a?cursor=1"),
        (('<https://x.example/p>; rel="prev", <https://x.example/n>; rel="next"',), "https://x.example/n"),
        (('<https://x.example/p>; rel="first"', '<https://x.example/n>; rel="next"'), "https://x.example/n"),
        (('<https://x.example/n,;b>; title="a, b; rel=next"; rel="last next"',), "https://x.example/n,;b"),
        (("<https://x.example/n>; rel=next",), "https://x.example/n"),
        (('</api/models?cursor=2>; REL="Next"',), "https://huggingface.co/api/models?cursor=2"),
        (('<https://x.example/l>; rel="last"',), None),
        (("no link at all",), None),
    ],
)
def test_next_is_found_among_other_relations(headers: tuple[str, ...], wanted: str | None) -> None:
    assert spider("huggingface_listing").next_page(linked(*headers)) == wanted


def test_packed_weights_are_not_counted_as_parameters() -> None:
    rows = list(
        spider("huggingface_listing").rows(recorded_page("huggingface_listing", "deepseek-ai.json", LISTING))
    )
    assert [row.name for row in rows] == [
        "deepseek-ai/DeepSeek-V4-Flash-0731",
        "deepseek-ai/DeepSeek-V4-Pro-0813",
    ]
    assert not any("parameters_total" in row.cells for row in rows)


def test_a_listing_says_nothing_that_changes_all_day() -> None:
    rows = list(
        spider("huggingface_listing").rows(recorded_page("huggingface_listing", "deepseek-ai.json", LISTING))
    )
    assert {text for row in rows for text in row_texts(row).values()} & {"4575518", "127009"} == set()
    assert not any("downloads" in request.url for request in spider("huggingface_listing").pages())


def test_a_maker_s_listing_is_claimed_from_archives() -> None:
    source = spider("huggingface_listing")
    assert all(source.find_page(request.url) for request in source.pages())
    assert source.find_page("https://huggingface.co/api/models/Qwen/Qwen3.5-4B") is None


def test_the_file_and_the_api_give_the_same_score() -> None:
    source = spider("huggingface_eval_results")
    file = "https://huggingface.co/zai-org/GLM-5/raw/main/.eval_results/swe_bench_verified.yaml"
    [alone] = source.rows(recorded_page("huggingface_eval_results", "GLM-5.swe_bench_verified.yaml", file))
    first, *_ = source.rows(recorded_page("huggingface_eval_results", "GLM-5.json", RESULTS))
    assert (first.name, first.cells.keys(), row_marks(first)) == (
        alone.name,
        alone.cells.keys(),
        row_marks(alone),
    )
    assert row_texts(first) == row_texts(alone) == {"benchmark.swe_bench_verified": "77.8"}


def test_a_score_keeps_its_zeros_and_its_reporter() -> None:
    rows = list(
        spider("huggingface_eval_results").rows(
            recorded_page("huggingface_eval_results", "GLM-5.json", RESULTS)
        )
    )
    hle = find_row(rows, "benchmark", "zai-org/GLM-5", "reporter=CAIS HLE")
    assert row_texts(hle) == {"benchmark.hle": "20.90", "published_on": "2025-01-15T10:30:00Z"}


def test_a_file_the_hub_refused_is_no_result() -> None:
    body = {"id": "a/b", "evalResults": [{"filename": ".eval_results/x.yaml", "error": "invalid"}]}
    assert list(spider("huggingface_eval_results").rows(json_answer(body, RESULTS))) == []


def board(**changes: Any) -> dict[str, str]:
    entry = {"rank": 1, "modelId": "a/b", "value": 20.9, "verified": False, "filename": "f", "author": {}}
    [row] = spider("huggingface_leaderboards").rows(json_answer([{**entry, **changes}], BOARD))
    return {**row_texts(row), **row.qualifier}


def test_a_board_names_who_reports_and_under_which_conditions() -> None:
    assert board(source={"name": "Model card"}, notes="no-tools") == {
        "benchmark.hle": "20.9",
        "reporter": "a",
        "mode": "no-tools",
    }
    assert board(source={"name": "CAIS HLE"})["reporter"] == "CAIS HLE"
    assert board(source=None) == {"benchmark.hle": "20.9"}


def test_a_board_without_a_stated_unit_keeps_its_own_scale() -> None:
    url = "https://huggingface.co/api/datasets/Idavidrein/gpqa/leaderboard"
    entry = {"rank": 1, "modelId": "a/b", "value": 0.412, "verified": True, "filename": "f", "author": {}}
    [row] = spider("huggingface_leaderboards").rows(json_answer([entry], url))
    assert row.cells["benchmark.gpqa"].unit == "score"


@pytest.mark.parametrize(
    ("source", "url", "body"),
    [
        ("huggingface_listing", LISTING, {"error": "Invalid username"}),
        ("huggingface_eval_results", RESULTS, {"id": "a/b", "evalResults": [{"data": []}]}),
        ("huggingface_eval_results", RESULTS, {"id": "a/b", "evalResults": [{"score": 1}]}),
        ("huggingface_leaderboards", BOARD, [{"points": 3}]),
        ("huggingface_leaderboards", BOARD.replace("cais/hle", "someone/else"), []),
    ],
)
def test_another_shape_gives_no_row(source: str, url: str, body: object) -> None:
    assert "wanted" in nothing_read(spider(source).rows(json_answer(body, url)))
