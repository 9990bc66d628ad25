"""`cardwatch publish`: the dataset is whole, repeatable, readable by others, and holds what may be passed on."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import polars
import pytest
import yaml
from click.testing import CliRunner

from cardwatch.cli import cli
from cardwatch.db.export.dataset_tables import DATASET_TABLES
from cardwatch.errors import UsageError


def publish(home: Path, dest: Path, now: str = "2026-05-16T00:00:00Z") -> Path:
    result = CliRunner().invoke(
        cli, ["--home", str(home), "--now", now, "publish", str(dest)], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return dest


@pytest.fixture(scope="module")
def dataset(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(demo_home, tmp_path_factory.mktemp("published") / "data")


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".cardwatch-site.json"
    }


def records(folder: Path, table: str) -> Iterator[dict[str, str]]:
    with (folder / "csv" / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def test_the_same_catalog_gives_the_same_bytes_on_another_day(
    dataset: Path, demo_home: Path, tmp_path: Path
) -> None:
    again = publish(demo_home, tmp_path / "again", now="2026-06-30T00:00:00Z")
    assert files(again) == files(dataset)


def test_the_checksums_name_every_other_file(dataset: Path) -> None:
    lines = (dataset / "SHA256SUMS").read_text().splitlines()
    named = dict(line.split("  ", 1)[::-1] for line in lines)
    assert named == {path: digest for path, digest in files(dataset).items() if path != "SHA256SUMS"}


@pytest.mark.parametrize("table", DATASET_TABLES)
def test_all_forms_of_a_table_say_the_same(dataset: Path, table: str) -> None:
    frame = polars.read_parquet(dataset / f"{table}.parquet")
    lines = (dataset / "jsonl" / f"{table}.jsonl").read_text().splitlines()
    rows = [*records(dataset, table)]
    assert len(frame) == len(lines) == len(rows)
    with closing(sqlite3.connect(dataset / "catalog.db")) as copy:
        assert copy.execute(f"SELECT count(*) FROM {table}").fetchone() == (len(rows),)
    if rows:
        assert frame.columns == [*rows[0]] == [*json.loads(lines[0])]


def test_prices_are_exact_in_every_form(dataset: Path) -> None:
    model = "openai/gpt-4.1"
    frame = polars.read_parquet(dataset / "prices.parquet").filter(
        (polars.col("model") == model) & (polars.col("offer") == "openrouter")
    )
    assert frame["input_price"].to_list() == [Decimal(2)]
    lines = map(json.loads, (dataset / "jsonl" / "prices.jsonl").read_text().splitlines())
    found = [row["input_price"] for row in lines if (row["model"], row["offer"]) == (model, "openrouter")]
    assert found == ["2"]


def test_a_model_has_its_history(dataset: Path) -> None:
    history = json.loads((dataset / "history" / "openai" / "gpt-4.1.json").read_text())
    spans = [
        (span["value"], span["until"])
        for span in history["prices"]
        if (span["offer"], span["attribute"], span["qualifier"]) == ("openrouter", "input_price", "")
    ]
    assert history["model"] == "openai/gpt-4.1"
    assert ("2", None) in spans


def test_the_card_can_be_read_by_a_hub_and_the_dictionary_says_every_column(dataset: Path) -> None:
    _, front, _ = (dataset / "README.md").read_text().split("---\n", 2)
    configs = yaml.safe_load(front)["configs"]
    assert {dataset / config["data_files"] for config in configs} == {*dataset.glob("*.parquet")}
    dictionary = (dataset / "DATA_DICTIONARY.md").read_text()
    for table in DATASET_TABLES:
        columns = polars.read_parquet_schema(dataset / f"{table}.parquet")
        part = dictionary.partition(f"\n## {table}\n")[2].partition("\n## ")[0]
        assert all(f"`{column}`" in part for column in columns), table


def test_what_people_decided_stays_home(dataset: Path) -> None:
    with closing(sqlite3.connect(dataset / "catalog.db")) as copy:
        names = {row[0] for row in copy.execute("SELECT name FROM sqlite_schema")}
    assert names.isdisjoint({"decisions", "confirmations", "receivers", "told", "links", "settings"})


def test_what_may_not_be_passed_on_is_in_no_file(demo_copy: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(demo_copy / "catalog.db")) as conn, conn:
        conn.execute("UPDATE sources SET redistribute = 0 WHERE id = 'vercel_models'")
    made = publish(demo_copy, tmp_path / "data")
    for table in ("facts", "price_history", "changes", "conflicts"):
        assert {row["source"] for row in records(made, table)}.isdisjoint({"vercel_models"}), table
    assert "no: read it there" in (made / "SOURCES.md").read_text()


def test_a_folder_with_something_else_in_it_is_left_alone(demo_home: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError):
        CliRunner().invoke(cli, ["--home", str(demo_home), "publish", str(tmp_path)], catch_exceptions=False)
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == ["thesis.txt"]
