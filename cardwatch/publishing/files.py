"""A table as Parquet, CSV and JSON lines: the same table gives the same bytes."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson

from cardwatch.db.export.dataset_tables import ColumnType, DatasetTable
from cardwatch.errors import CardwatchError
from cardwatch.terminal.output import csv_text

if TYPE_CHECKING:
    import pyarrow as pa

DECIMAL_DIGITS = (38, 18)
"""Digits of a price and those behind the point: room for twelve that count, as prices are kept."""


def parquet_bytes(table: DatasetTable) -> bytes:
    """Return the table as Parquet. Raises CardwatchError without pyarrow."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as missing:
        raise CardwatchError(
            f"publish: wanted pyarrow for Parquet, found no module {missing.name!r}: pip install 'cardwatch[publish]'"
        ) from missing
    schema = pa.schema([(name, _arrow_type(pa, kind)) for name, kind in table.types.items()])
    columns = [*zip(*table.rows, strict=True)] or [()] * len(table.types)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), sink, compression="zstd")
    return sink.getvalue()


def _arrow_type(pa: Any, kind: ColumnType) -> pa.DataType:
    if kind == "decimal":
        return pa.decimal128(*DECIMAL_DIGITS)
    return {"text": pa.string(), "integer": pa.int64(), "number": pa.float64()}[kind]


def csv_bytes(table: DatasetTable) -> bytes:
    """Return the table as CSV with a heading line; an unknown value is an empty cell."""
    return csv_text([*table.records()], [*table.types]).encode()


def jsonl_bytes(table: DatasetTable) -> bytes:
    """Return the table as one JSON object a line; prices are decimal strings."""
    return b"".join(map(dataset_json, table.records()))


def dataset_json(value: Any) -> bytes:
    """Return JSON on one line, a Decimal as text."""
    return orjson.dumps(value, default=_decimal_text, option=orjson.OPT_APPEND_NEWLINE)


def _decimal_text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value).__name__} has no JSON form")
