from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PagePart, RawRow
from cardwatch.crawler.formats.csv_table import parse_csv_table
from cardwatch.crawler.formats.epoch import CAPABILITIES_HEADINGS, by_heading
from cardwatch.crawler.formats.table import TableRecord, read_records, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL_COLUMNS = {"name": "Display name", "vendor": "Organization", "release_date": "date"}


class EpochCapabilities(Source):
    """Epoch AI's capabilities index: one fitted score a model, on a scale of Epoch's own."""

    name = "epoch_capabilities"
    title = "Epoch capabilities index"
    kind = "benchmarks"
    authority = Authority.AGGREGATOR
    url = "https://epoch.ai/data/eci_scores.csv"
    max_age = timedelta(days=30)
    expected_rows = range(200, 5_000)
    fewest_rows = 2
    complete = True
    derived_from = ("epoch_benchmarks",)
    terms = "CC BY 4.0: credit Epoch AI, epoch.ai."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        known = by_heading(CAPABILITIES_HEADINGS, ("Model", "eci", *MODEL_COLUMNS.values()))
        read = partial(read_records, known=known, read_row=_model, need=("Model", "eci"))
        yield from read_tables([parse_csv_table(response.text, where=response.url)], read, where=response.url)


def _model(row: TableRecord) -> Iterator[RawRow]:
    cell, at = row.texts, row.at
    model_cells = {
        key: Cell(cell[name], at=at[name]) for key, name in MODEL_COLUMNS.items() if cell.get(name)
    }
    yield RawRow("model", cell["Model"], row.locator, model_cells)
    if cell["eci"]:
        score = {"benchmark.epoch_capabilities_index": Cell(cell["eci"], "score", at["eci"])}
        yield RawRow("benchmark", cell["Model"], row.locator, score, qualifier={"reporter": "Epoch AI"})
