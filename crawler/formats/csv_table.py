"""CSV files as tables of text, with the number of each record."""

from __future__ import annotations

import csv
import io

from cardwatch.crawler.documents import PageChangedError
from cardwatch.crawler.formats.table import PageTable, TableRow, fit_table


def parse_csv_table(text: str, *, where: str) -> PageTable:
    """Return a CSV file whose first record is its headings.

    An empty line is no record, but counts in locators; a record that is not as wide as the headings is an unread
    part. Raises PageChangedError for what is no CSV and for a file without records.
    """
    try:
        lines = enumerate(csv.reader(io.StringIO(text, newline=""), strict=True))
        records = [(number, tuple(map(str.strip, record))) for number, record in lines if record]
    except csv.Error as error:
        raise PageChangedError("body", wanted="CSV", found=str(error), where=where) from error
    if len(records) < 2:
        raise PageChangedError(
            "CSV", wanted="headings and records", found=f"{len(records)} lines", where=where
        )
    (_, headings), *rows = records
    numbered = tuple(TableRow(row, f"/record[{number}]") for number, row in rows)
    return fit_table(PageTable(headings, numbered, (), where))
