"""The tables of a published copy that make up the dataset, column by column, each column of one type."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

ColumnType = Literal["text", "integer", "decimal", "number"]
CellValue = str | int | float | Decimal | None

DATASET_TABLES = (
    "models", "offers", "prices", "facts", "price_history", "changes", "conflicts", "scheduled", "stale",
    "sources", "providers", "developers", "attributes",
)  # fmt: skip
"""What a reader of the dataset asks for; the working tables stay in the database."""

_TYPES: Mapping[str, ColumnType] = {
    **dict.fromkeys(
        ("context_window", "max_output_tokens", "offers", "facts", "listed", "chosen", "undecided", "told",
         "archive_offset", "page_id", "listing_id", "complete", "parser_version",
         "redistribute", "rank"),
        "integer",
    ),
    **dict.fromkeys(
        ("input_price", "output_price", "cache_read_price", "cache_write_price", "reasoning_price",
         "usd_per_month"),
        "decimal",
    ),
    **dict.fromkeys(("max_age_days", "age_days", "limit_days"), "number"),
}  # fmt: skip
"""Columns that are no text, by name: the same in every catalog, also where a column is empty."""


@dataclass(frozen=True, slots=True)
class DatasetTable:
    """One table: its columns with their types, and its rows in the copy's order."""

    name: str
    types: Mapping[str, ColumnType]
    rows: tuple[tuple[CellValue, ...], ...]

    def records(self) -> Iterator[dict[str, CellValue]]:
        """Yield the rows by column name."""
        for row in self.rows:
            yield dict(zip(self.types, row, strict=True))


def read_dataset_tables(copy: Path) -> Iterator[DatasetTable]:
    """Yield the dataset's tables from the published copy at `copy`."""
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as conn:
        for name in DATASET_TABLES:
            columns = [row[1] for row in conn.execute(f"PRAGMA table_info({name})")]
            types: dict[str, ColumnType] = {column: _TYPES.get(column, "text") for column in columns}
            rows = conn.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall()
            yield DatasetTable(name, types, tuple(_typed(row, types) for row in rows))


def _typed(row: tuple[CellValue, ...], types: Mapping[str, ColumnType]) -> tuple[CellValue, ...]:
    return tuple(_cast(value, kind) for value, kind in zip(row, types.values(), strict=True))


def _cast(value: CellValue, kind: ColumnType) -> CellValue:
    if value is None or value == "":
        return None if kind != "text" else value
    if kind == "integer":
        return int(value)
    if kind == "number":
        return float(value)
    if kind == "decimal":
        return Decimal(f"{value:.12g}" if isinstance(value, float) else str(value))
    return str(value)
