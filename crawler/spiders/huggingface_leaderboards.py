from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.benchmark_names import score_mode
from cardwatch.crawler.formats.eval_results import reporter_name
from cardwatch.crawler.formats.json_listing import (
    KeyMeaning,
    cells,
    load_json,
    optional_object,
    read_entries,
    require_text,
    split_names,
    unknown_keys,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

BOARDS = {
    "SWE-bench/SWE-bench_Verified": ("swe_bench_verified", "percent"),
    "cais/hle": ("hle", "percent"),
    "TIGER-Lab/MMLU-Pro": ("mmlu_pro", "percent"),
    "Idavidrein/gpqa": ("gpqa", "score"),
    "openai/gsm8k": ("gsm8k", "score"),
    "ScaleAI/SWE-bench_Pro": ("swe_bench_pro", "score"),
}
"""What the Hub's official benchmarks are called here. The API states no unit: "score" is left as it is."""
ENTRY = split_names("rank modelId value verified author source filename pullRequest notes")
SOURCE = split_names("url name isExternal user org")
BOARD = re.compile(r"https://huggingface\.co/api/datasets/([^/?]+/[^/?]+)/leaderboard")


class HuggingfaceLeaderboards(Source):
    """The leaderboards of the Hub's official benchmarks: one score of one model an entry.

    Written from the Hub's documentation and its client library: no answer of this API was at hand.
    """

    name = "huggingface_leaderboards"
    title = "Hugging Face benchmark leaderboards"
    kind = "benchmarks"
    authority = Authority.AGGREGATOR
    url = "https://huggingface.co/api/datasets"
    listed = tuple(f"https://huggingface.co/api/datasets/{board}/leaderboard" for board in BOARDS)
    page_urls = BOARD.pattern
    page_kind = "leaderboard"
    max_age = timedelta(days=30)
    expected_rows = range(1, 3_000)
    derived_from = ("huggingface_eval_results", "huggingface_cards")
    terms = "Results carry their repositories' licences: scores and how they were made are passed on."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        asked = BOARD.fullmatch(response.url)
        if not asked or asked[1] not in BOARDS:
            raise PageChangedError("board", wanted=list(BOARDS), found=response.url, where=response.url)
        page = load_json(response.text, where=response.url)
        yield from read_entries(page, "leaderboard", "", partial(_score, *BOARDS[asked[1]]))


def _score(benchmark: str, unit: str, entry: dict[str, Any], locator: str) -> Iterator[RawRow]:
    source = optional_object(entry, "source", locator)
    model, reporter = require_text(entry, "modelId", locator), source.get("name")
    notes = entry.get("notes")
    marks = {
        "mode": score_mode(notes) if isinstance(notes, str) else "",
        "reporter": reporter_name(reporter, model) if isinstance(reporter, str) else "",
    }
    score = cells(entry, {"value": (KeyMeaning(f"benchmark.{benchmark}", unit),)})
    qualifier = {key: text for key, text in marks.items() if text}
    odd = unknown_keys(entry, ENTRY) | unknown_keys(source, SOURCE, "/source")
    yield RawRow("benchmark", model, locator, score | odd, qualifier=qualifier)
