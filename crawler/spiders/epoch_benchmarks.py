from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.benchmark_names import BenchmarkName, parse_benchmark_name
from cardwatch.crawler.formats.csv_table import parse_csv_table
from cardwatch.crawler.formats.epoch import (
    ECI_HEADINGS,
    ECI_NEED,
    LAYOUTS,
    BenchmarkLayout,
    by_heading,
    split_effort,
    thinking_mode,
)
from cardwatch.crawler.formats.table import PageTable, TableRecord, read_records, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

ADJUSTED = {"version": "ECI performance"}
WHOLE_NAMES = {"OTIS Mock AIME 2024-2025": BenchmarkName("benchmark.otis_mock_aime_2024_2025", {})}
"""No AIME of 2025: fifteen years of that name would be read as a version."""


class EpochBenchmarks(Source):
    """The scores behind Epoch AI's capabilities index: one model and one benchmark a record.

    `performance` is no score as reported: it is rescaled to 0..1, with what guessing would earn taken off
    (GPQA 0.9392 becomes 0.9189, MMLU 0.82 becomes 0.76), so it bears a version of its own. `date` is the
    model's release. The files of Epoch's benchmark zip, with the scores as measured, are read as well.
    """

    name = "epoch_benchmarks"
    title = "Epoch AI benchmark scores"
    kind = "benchmarks"
    authority = Authority.AGGREGATOR
    url = "https://epoch.ai/data/eci_benchmarks.csv"
    page_urls = r"https://epoch\.ai/data/(?:[\w-]+/)*(?!eci_scores\.csv)[\w-]+\.csv"
    max_age = timedelta(days=30)
    expected_rows = range(20, 20_000)
    fewest_rows = 2
    terms = (
        "Epoch's own runs are CC BY 4.0 (credit: Epoch AI); records that name another source keep that"
        " source's licence, some of which forbid it: not passed on."
    )
    redistribute = False

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        file = re.sub(r".*/|\.csv$", "", response.url)
        read, tables = _reader(file), [parse_csv_table(response.text, where=response.url)]
        yield from read_tables(tables, read, where=response.url)


def _reader(file: str) -> Callable[[PageTable], Iterable[PagePart]]:
    """Return the reader of the one table of a file."""
    layout = LAYOUTS.get(file)
    if layout is None:
        return partial(
            read_records,
            known=by_heading(ECI_HEADINGS, ECI_NEED),
            read_row=_performance,
            need=ECI_NEED,
            apart=ECI_NEED[:2],
        )
    return partial(
        read_records,
        known=by_heading(layout.headings, layout.need),
        read_row=partial(_measured, layout),
        need=layout.need,
        apart=layout.apart,
    )


def _performance(row: TableRecord) -> Iterator[RawRow]:
    cell = row.texts
    known = WHOLE_NAMES.get(cell["benchmark"]) or parse_benchmark_name(cell["benchmark"])
    if known is None or not cell["model_version"]:
        raise PageChangedError("record", wanted="a model and a benchmark", found=cell, where=row.locator)
    model, mode = split_effort(cell["model_version"])
    score = Cell(cell["performance"], "fraction", row.at["performance"])
    reporter = {"reporter": cell["source"]} if cell["source"] else {}
    marks = known.qualifier | ADJUSTED | mode | reporter
    yield RawRow("benchmark", model, row.locator, {known.attribute: score}, qualifier=marks)


def _measured(layout: BenchmarkLayout, row: TableRecord) -> Iterator[RawRow]:
    cell = row.texts
    model, mode = split_effort(cell["Model version"] or cell[layout.spare])
    mode = mode or thinking_mode(cell[layout.spare], model)
    if model and cell[layout.score]:
        marks = {"reporter": layout.reporter} | {key: cell[name] for key, name in layout.marks.items()}
        if marks.get("mode"):
            marks["mode"] = f"{marks['mode']} shots"
        score = Cell(cell[layout.score], layout.unit, row.at[layout.score])
        yield RawRow(
            *("benchmark", model, row.locator, {f"benchmark.{layout.benchmark}": score}),
            qualifier={key: text for key, text in (marks | mode).items() if text},
            dates={"published_on": cell[layout.ran]} if layout.ran and cell[layout.ran] else {},
        )
