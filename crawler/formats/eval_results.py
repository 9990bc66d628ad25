"""Benchmark results as lists of YAML: `.eval_results/*.yaml` files and the older `model-index`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.benchmark_names import (
    PLAIN_MEASURES,
    benchmark_unit,
    fold_benchmark,
    join_modes,
    parse_benchmark_name,
    score_mode,
    stated_unit,
)
from cardwatch.crawler.formats.front_matter import Yaml
from cardwatch.crawler.formats.json_listing import (
    read_entries,
    require_known_keys,
    split_names,
    unread_keys,
)
from cardwatch.crawler.formats.reading import unread_json

RESULT_KEYS = dict.fromkeys(("dataset", "value", "date", "source", "notes", "verifyToken"))
DATASET_KEYS = split_names("id task_id revision")
"""Another key may say which part of the data set was run: such a result is unread."""
SOURCE_KEYS = split_names("url name user org")
WHOLE_SET_TASKS = {"", "swe_bench_%_resolved", "default"}
"""Tasks that are the whole data set; any other is a part of it, kept as the mode."""
MODEL_CARD = re.compile(r"(?:official |the )?model[\s_-]*card", re.IGNORECASE)
"""How a result says that its model's maker reports it."""
COLLECTION = re.compile(r"\b(?:benchmarks|suite|leaderboard|evals|evaluations)\b", re.IGNORECASE)
"""A data set so named holds several benchmarks: each metric then bears the name of one."""
LOWER_IS_BETTER = split_names("wer cer error loss perplexity ppl mae mse rmse")
"""Words of a measure of errors, which no comparison of scores may take for a success: left out."""
PERCENT_MEASURES = split_names(
    "acc accuracy exact em match f1 precision recall pass rate correct resolved percent pct mc1 mc2"
)
"""Words of a measure that counts what share of the answers is right; another measure has its own scale."""


def result_rows(document: Yaml, model: str, *, where: str) -> Iterator[PagePart]:
    """Yield the results of one file. Raises PageChangedError when it is no list."""

    def read(entry: dict[str, Yaml], at: str) -> Iterator[PagePart]:
        yield from unread_keys(entry, RESULT_KEYS, f"{where}{at}")
        dataset = _mapping(entry.get("dataset", ""), f"{where}{at}/dataset")
        require_known_keys(dataset, DATASET_KEYS, f"{where}{at}/dataset")
        source = _mapping(entry.get("source") or {}, f"{where}{at}/source")
        yield from unread_keys(source, SOURCE_KEYS, f"{where}{at}/source")
        name, part = _benchmark_of_task(_last_step(_text(dataset.get("id"))), _text(dataset.get("task_id")))
        qualifier = {
            "mode": join_modes(part, score_mode(_text(entry.get("notes")))),
            "reporter": reporter_name(_text(source.get("name")), model),
        }
        yield from _result(model, at, name, entry.get("value"), qualifier, _published_date(entry))

    return read_entries(document, "results", "", read)


def reporter_name(printed: str, model: str) -> str:
    """Return who reports a score of this repository: its owner where the model card is named."""
    return model.partition("/")[0] if MODEL_CARD.fullmatch(printed.strip()) else printed


def _benchmark_of_task(dataset: str, task: str) -> tuple[str, str]:
    """Return the benchmark's name and which part of it was run: "" for the whole.

    A task that repeats the data set's name and goes on ("gpqa_diamond" of gpqa) is a benchmark's own name.
    """
    whole, run = fold_benchmark(dataset), fold_benchmark(task)
    if task in WHOLE_SET_TASKS or run == whole:
        return dataset, ""
    return (task, "") if whole and run.startswith(f"{whole}_") else (dataset, task)


def model_index_rows(document: Yaml, model: str, *, where: str) -> Iterator[PagePart]:
    """Yield the metrics of a card's model-index, reported by its named source or else by the card's author.

    Raises PageChangedError when it is no list.
    """

    def read_index(index: dict[str, Yaml], at: str) -> Iterator[PagePart]:
        return read_entries(index.get("results", []), "results", f"{at}/results", read_result)

    def read_result(result: dict[str, Yaml], at: str) -> Iterator[PagePart]:
        dataset = _mapping(result.get("dataset") or {}, f"{at}/dataset")
        reporter = _text(_mapping(result.get("source") or {}, f"{at}/source").get("name"))
        named = {"reporter": reporter_name(reporter, model)} if reporter else {}

        def read_metric(metric: dict[str, Yaml], at: str) -> Iterator[RawRow]:
            name, qualifier = _indexed_benchmark(dataset, metric)
            qualifier.setdefault("reporter", model.partition("/")[0])
            return _result(model, at, name, metric.get("value"), qualifier | named, {})

        return read_entries(result.get("metrics", []), "metrics", f"{at}/metrics", read_metric)

    return read_entries(document, "model-index", where, read_index)


def _indexed_benchmark(dataset: Mapping[str, Yaml], metric: Mapping[str, Yaml]) -> tuple[str, dict[str, str]]:
    """Return what a metric is a score of, and under which conditions.

    The data set is the benchmark and the metric its measure, unless the data set is a collection.
    """
    measure, title = _text(metric.get("type")), _text(dataset.get("name"))
    if COLLECTION.search(title):
        return _text(metric.get("name")) or measure, {"reporter": title}
    counted = fold_benchmark(measure)
    other = {} if counted in PLAIN_MEASURES else {"mode": counted.replace("_", " ")}
    return title or _last_step(_text(dataset.get("type"))), {"measure": counted, **other}


def _result(
    model: str,
    at: str,
    printed: str,
    value: Yaml | None,
    marks: Mapping[str, str],
    dates: Mapping[str, str],
) -> Iterator[RawRow]:
    name, measure = parse_benchmark_name(printed), marks.get("measure", "").split("_")
    if name is None or value is None or LOWER_IS_BETTER.intersection(measure):
        return
    unit = stated_unit(printed) or _measured_unit(measure, benchmark_unit(name.attribute))
    score = (
        Cell(value, unit, "/value")
        if isinstance(value, str)
        else unread_json(value, wanted="a number", at="/value")
    )
    mode = join_modes(name.qualifier.get("mode", ""), marks.get("mode", ""))
    qualifier = {key: text for key, text in {**name.qualifier, **marks, "mode": mode}.items() if text}
    yield RawRow("benchmark", model, at, {name.attribute: score}, qualifier=qualifier, dates=dates)


def _measured_unit(measure: list[str], usual: str) -> str:
    shares = measure == [""] or PERCENT_MEASURES.intersection(measure)
    return usual if shares or usual != "percent" else "score"


def _last_step(path: str) -> str:
    return path.rpartition("/")[2]


def _published_date(entry: Mapping[str, Yaml]) -> dict[str, str]:
    date = entry.get("date")
    return {"published_on": date} if isinstance(date, str) else {}


def _text(value: Yaml | None) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: Yaml, where: str) -> dict[str, Yaml]:
    if not isinstance(value, dict):
        raise PageChangedError("result", wanted="a mapping", found=repr(value)[:80], where=where)
    return value
