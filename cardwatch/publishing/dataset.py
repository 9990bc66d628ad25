"""Writing the dataset: everything beside the old one, then put in its place in one step."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from cardwatch.app import App
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.export.dataset_tables import CellValue, DatasetTable, read_dataset_tables
from cardwatch.db.export.published_copy import PublishedCopy, publish_copy
from cardwatch.freshness_budget import build_stale_report
from cardwatch.publishing.dataset_card import data_dictionary, dataset_card, source_terms
from cardwatch.publishing.files import csv_bytes, dataset_json, jsonl_bytes, parquet_bytes
from cardwatch.site.places import assign_places
from cardwatch.site.tree import FileCounts, SiteTree, open_tree

DATABASE_FILE = "catalog.db"
CHECKSUMS = "SHA256SUMS"


def publish_dataset(app: App, dest: Path) -> FileCounts:
    """Write the dataset to `dest`, whole or not at all, as of the end of the last run.

    The same catalog gives the same bytes on any day. Raises UsageError when `dest` holds something else,
    CardwatchError without pyarrow or when the disk refuses.
    """
    with open_tree(dest) as tree, tempfile.TemporaryDirectory() as folder:
        with app.reading() as catalog:
            made_at = catalog.last_run() or catalog.now
            copy = _copy_catalog(app, catalog, Path(folder) / DATABASE_FILE, made_at)
        tables = [*read_dataset_tables(copy.path)]
        for path, content in _dataset_files(copy, tables, made_at):
            tree.put(path, content)
        _add_checksums(tree)
        tree.publish()
        return tree.counts


def _copy_catalog(app: App, catalog: CatalogReports, path: Path, made_at: str) -> PublishedCopy:
    report = build_stale_report(app, catalog, as_of=datetime.fromisoformat(made_at))
    return publish_copy(catalog, path, at=made_at, stale=report.rows)


def _dataset_files(
    copy: PublishedCopy, tables: Sequence[DatasetTable], made_at: str
) -> Iterator[tuple[str, bytes]]:
    yield DATABASE_FILE, copy.path.read_bytes()
    for table in tables:
        yield f"{table.name}.parquet", parquet_bytes(table)
        yield f"csv/{table.name}.csv", csv_bytes(table)
        yield f"jsonl/{table.name}.jsonl", jsonl_bytes(table)
    by_name = {table.name: table for table in tables}
    yield from _history_files(by_name)
    yield "README.md", dataset_card(copy, tables, made_at).encode()
    yield "DATA_DICTIONARY.md", data_dictionary(copy).encode()
    yield "SOURCES.md", source_terms(by_name["sources"]).encode()


def _history_files(tables: Mapping[str, DatasetTable]) -> Iterator[tuple[str, bytes]]:
    """Yield a file per model with its price spans and changes, under the names the site gives models."""
    models = [str(record["id"]) for record in tables["models"].records()]
    prices, changes = _by_model(tables["price_history"]), _by_model(tables["changes"])
    for model, folder in assign_places(models, []).models.items():
        name = folder.removeprefix("models/").rstrip("/")
        history = {"model": model, "prices": prices[model], "changes": changes[model]}
        yield f"history/{name}.json", dataset_json(history)


def _by_model(table: DatasetTable) -> dict[str, list[dict[str, CellValue]]]:
    found: dict[str, list[dict[str, CellValue]]] = defaultdict(list)
    for record in table.records():
        found[str(record.pop("model"))].append(record)
    return found


def _add_checksums(tree: SiteTree) -> None:
    lines = [f"{digest}  {path}\n" for path, (digest, _) in sorted(tree.made.items())]
    tree.put(CHECKSUMS, "".join(lines).encode())
