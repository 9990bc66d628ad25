from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    load_response,
    printed_text,
    read_entries,
    require_object,
    require_text,
    split_names,
    unknown_keys,
    unread_keys,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

HEAD = split_names("""dataset title description schema_version snapshot_date retrieved_at update_cadence license
    attribution harness source_pages methodology readme_url columns row_count rows data""")
BENCHMARKS = {"gpqa-diamond": "gpqa_diamond", "tau2-bench-airline": "tau2_bench_airline"}
ROW = split_names("""benchmark model model_version provider accuracy accuracy_std_dev runs tasks avg_cost_per_task
    avg_generation_time_per_task avg_output_tokens_per_task""")


class OpenrouterBenchmarks(Source):
    """OpenRouter's own benchmark runs: GPQA Diamond and tau2-bench airline, per model and provider.

    Only the beginning of a snapshot was at hand: its head is checked by it, its rows by the description of
    the data set. `latest` may lag the dated files by an hour; the row says which snapshot it is from.
    """

    name = "openrouter_benchmarks"
    title = "OpenRouter benchmark leaderboard"
    kind = "benchmarks"
    authority = Authority.AGGREGATOR
    url = "https://openrouter.ai/api/v1/datasets/exports/benchmark-leaderboard/latest.json"
    page_urls = r"https://openrouter\.ai/api/v1/datasets/exports/benchmark-leaderboard/\d{4}-\d\d-\d\d\.json"
    max_age = timedelta(days=7)
    expected_rows = range(1, 20_000)
    complete = True
    terms = "CC BY 4.0. Source: OpenRouter (openrouter.ai)."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        page = load_response(response)
        yield from unread_keys(page, HEAD, "")
        if (page.get("dataset"), page.get("schema_version")) != ("benchmark-leaderboard", "v1"):
            found = (page.get("dataset"), page.get("schema_version"))
            raise PageChangedError(
                "data set", wanted="benchmark-leaderboard v1", found=found, where=response.url
            )
        harness = require_text(
            require_object(page.get("harness"), "harness", response.url), "name", response.url
        )
        day = require_text(page, "snapshot_date", response.url)
        key = "rows" if "rows" in page else "data"
        yield from read_entries(page.get(key), key, f"/{key}", partial(_score, harness, day))


def _score(harness: str, day: str, row: dict[str, Any], locator: str) -> Iterator[RawRow]:
    benchmark = require_text(row, "benchmark", locator)
    if benchmark not in BENCHMARKS:
        raise PageChangedError(
            "benchmark", wanted=f"one of {list(BENCHMARKS)}", found=benchmark, where=locator
        )
    accuracy = printed_text(row.get("accuracy"), locator)
    score = (
        {f"benchmark.{BENCHMARKS[benchmark]}": Cell(accuracy, "fraction", "/accuracy")} if accuracy else {}
    )
    provider = row.get("provider")
    marks = {"harness": harness, "reporter": "OpenRouter"} | (
        {"mode": f"via {provider}"} if isinstance(provider, str) and provider else {}
    )
    cells = score | unknown_keys(row, ROW)
    yield RawRow(
        *("benchmark", require_text(row, "model", locator), locator, cells),
        qualifier=marks,
        dates={"published_on": day},
    )
