from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.table import PageTable, TableRecord, read_records
from cardwatch.crawler.source_card import Authority
from cardwatch.crawler.table_source import TableSource

MODEL, SIZES, RELEASED, CONTEXT = "model", "sizes", "release_date", "context_window"
COLUMNS = {
    "model": MODEL,
    "model sizes": SIZES,
    "launch date": RELEASED,
    "context length": CONTEXT,
    **dict.fromkeys(("tokenizer", "acceptable use policy", "license", "model card"), ""),
}
VISION = "-Vision"


class LlamaModels(TableSource):
    """Meta's table of its Llama models: a row a generation, with its sizes, launch day and context length.

    Meta sells none of them: it has weights to hand out and no price.
    """

    name = "llama_models"
    title = "Llama models"
    kind = "model list"
    authority = Authority.FIRST_PARTY
    url = "https://raw.githubusercontent.com/meta-llama/llama-models/main/README.md"
    max_age = timedelta(days=14)
    expected_rows = range(10, 100)
    developers = ("meta",)
    terms = "Public repository: facts are passed on."

    def read_table(self, table: PageTable) -> Iterator[PagePart]:
        if "Launch date" in table.headings:
            yield from read_records(table, COLUMNS, _read_row, need=(MODEL, SIZES, RELEASED, CONTEXT))


def _read_row(row: TableRecord) -> Iterator[RawRow]:
    """Yield a model for each size; context lengths are one for all sizes or one for each."""
    sizes, lengths = _split(row.texts[SIZES]), _split(row.texts[CONTEXT])
    if len(lengths) == 1:
        lengths *= len(sizes)
    if not all(sizes) or len(lengths) != len(sizes):
        wanted, found = f"one, or one for each of {sizes}", row.texts[CONTEXT]
        raise PageChangedError("context length", wanted=wanted, found=found, where=row.locator)
    for size, length in zip(sizes, lengths, strict=True):
        cells = {
            RELEASED: Cell(row.texts[RELEASED], "us numeric date", row.at[RELEASED]),
            CONTEXT: Cell(length, "tokens", row.at[CONTEXT]),
        }
        yield RawRow("model", _name(row.texts[MODEL], size), row.locator, cells)


def _split(text: str) -> list[str]:
    return [each.strip() for each in text.split(",")]


def _name(model: str, size: str) -> str:
    """Return a name as Meta's repositories write it: "Llama 3.2 11B Vision"."""
    words = f"{model.removesuffix(VISION)} {size}"
    return f"{words} Vision" if model.endswith(VISION) else words
