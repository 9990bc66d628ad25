"""Benchmark results as lists of YAML: `.eval_results/*.yaml` files and the older `model-index`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cardwatch.crawler.documents import Cell, PageChangedError, RawRow
from cardwatch.crawler.formats.benchmark_names import benchmark_unit, parse_benchmark_name
from cardwatch.crawler.formats.front_matter import Yaml
from cardwatch.crawler.formats.reading import lookup

RESULT_KEYS = dict.fromkeys(("dataset", "value", "date", "source", "notes", "verifyToken"))
WHOLE_SET_TASKS = {"swe_bench_%_resolved", "default"}
"""Tasks that are the whole data set; any other is a part of it, kept as the mode."""
SELF_REPORTED = "Model card"


def result_rows(document: Yaml, model: str, *, where: str) -> Iterator[RawRow]:
    """Yield the results of one file. Raises PageChangedError for another shape or an unknown key."""
    for number, item in enumerate(_list(document, where)):
        at = f"/{number}"
        entry = _mapping(item, f"{where}{at}")
        for key in entry:
            lookup(RESULT_KEYS, key, what="key of a result", where=f"{where}{at}")
        dataset = _mapping(entry.get("dataset", ""), f"{where}{at}/dataset")
        source = _mapping(entry.get("source") or {}, f"{where}{at}/source")
        task = _text(dataset.get("task_id", "default"))
        reporter = _text(source.get("name", ""))
        qualifier = {
            "mode": "" if task in WHOLE_SET_TASKS else task,
            "reporter": model.partition("/")[0] if reporter == SELF_REPORTED else reporter,
        }
        name = _text(dataset.get("id", "")).rpartition("/")[2]
        yield from _result(model, at, name, entry.get("value"), qualifier, _published_date(entry))


def model_index_rows(document: Yaml, model: str, *, where: str) -> Iterator[RawRow]:
    """Yield the metrics of a card's model-index, each reported by the data set's publisher.

    Raises PageChangedError for another shape.
    """
    for i, index in enumerate(_list(document, where)):
        for j, result in enumerate(_list(_mapping(index, where).get("results", []), where)):
            entry = _mapping(result, where)
            dataset = _mapping(entry.get("dataset") or {}, where)
            for k, item in enumerate(_list(entry.get("metrics", []), where)):
                at = f"/front-matter/model-index/{i}/results/{j}/metrics/{k}"
                metric = _mapping(item, where)
                name = _text(metric.get("name") or metric.get("type", ""))
                qualifier = {"reporter": _text(dataset.get("name", ""))}
                yield from _result(model, at, name, metric.get("value"), qualifier, {})


def _result(
    model: str,
    at: str,
    printed: str,
    value: Yaml | None,
    marks: Mapping[str, str],
    dates: Mapping[str, str],
) -> Iterator[RawRow]:
    name = parse_benchmark_name(printed)
    if name is None or not isinstance(value, str):
        return
    cells = {name.attribute: Cell(value, benchmark_unit(name.attribute), "/value")}
    marks = {**name.qualifier, **{key: text for key, text in marks.items() if text}}
    yield RawRow("benchmark", model, at, cells, qualifier=marks, dates=dates)


def _published_date(entry: Mapping[str, Yaml]) -> dict[str, str]:
    date = entry.get("date")
    return {"published_on": date} if isinstance(date, str) else {}


def _text(value: Yaml) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Yaml, where: str) -> list[Yaml]:
    if not isinstance(value, list):
        raise PageChangedError("results", wanted="a list", found=repr(value)[:80], where=where)
    return value


def _mapping(value: Yaml, where: str) -> dict[str, Yaml]:
    if not isinstance(value, dict):
        raise PageChangedError("result", wanted="a mapping", found=repr(value)[:80], where=where)
    return value
