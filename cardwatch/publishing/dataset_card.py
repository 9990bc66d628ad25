"""What stands beside the data: a dataset card, a dictionary of its columns, and the terms of each source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import yaml
from tabulate import tabulate

from cardwatch.db.export.dataset_tables import CellValue, DatasetTable
from cardwatch.db.export.published_copy import PublishedCopy

TITLE = "Language models: facts and prices, each with its source and review date"


def dataset_card(copy: PublishedCopy, tables: Sequence[DatasetTable], made_at: str) -> str:
    """Return README.md with the front matter that dataset hubs read."""
    front = {
        "pretty_name": TITLE,
        "license": "other",
        "license_name": "per-source",
        "license_link": "SOURCES.md",
        "tags": ["language-models", "prices", "provenance"],
        "configs": [{"config_name": t.name, "data_files": f"{t.name}.parquet"} for t in tables],
    }
    rows = [(f"`{t.name}`", len(t.rows), copy.meanings[t.name]) for t in tables]
    return "\n".join([
        "---",
        yaml.safe_dump(front, sort_keys=False, allow_unicode=True).strip(),
        "---",
        f"# {TITLE}",
        "",
        f"As of {made_at}. Every fact names its source, its address and the day on which somebody or something last",
        "found it there. Unknown values are empty; 0 means free; prices are US dollars per million tokens unless a",
        "unit says otherwise.",
        "",
        _markdown_table(rows, ("table", "rows", "holds")),
        "",
        "| file | what it is |",
        "|---|---|",
        "| `catalog.db` | all tables in one SQLite file |",
        "| `*.parquet`, `csv/`, `jsonl/` | one file a table |",
        "| `history/<maker>/<model>.json` | the prices and changes of one model |",
        "| `DATA_DICTIONARY.md` | what each column means |",
        "| `SOURCES.md` | who says it, and under which terms |",
        "| `SHA256SUMS` | digests of all files: `sha256sum --check SHA256SUMS` |",
        "",
        "The facts belong to their sources. Values whose source does not let them be passed on are left out.",
        "",
    ])  # fmt: skip


def data_dictionary(copy: PublishedCopy) -> str:
    """Return what every table and column of the database means."""
    parts = ["# Data dictionary", ""]
    for table, meaning in sorted(copy.meanings.items()):
        rows = [(f"`{column}`", text) for column, text in copy.columns.get(table, {}).items()]
        parts += [f"## {table}", "", meaning, "", _markdown_table(rows, ("column", "meaning")), ""]
    return "\n".join(parts)


def source_terms(sources: DatasetTable) -> str:
    """Return who says what, where, and under which terms."""
    rows = [*_source_rows(sources.records())]
    return "\n".join(
        ["# Sources", "", _markdown_table(rows, ("source", "what it is", "terms", "passed on")), ""]
    )


def _source_rows(records: Iterator[Mapping[str, CellValue]]) -> Iterator[Sequence[object]]:
    for record in records:
        name = f"[{record['title'] or record['id']}]({record['url']})" if record["url"] else record["title"]
        passed = "yes" if record["redistribute"] else "no: read it there"
        yield name, record["kind"], record["terms"] or "not stated", passed


def _markdown_table(rows: Sequence[Sequence[object]], headings: Sequence[str]) -> str:
    cells = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    return str(tabulate(cells, headings, tablefmt="github", disable_numparse=True))
