"""`cardwatch audit` on a catalog of the seed models: silent while all is right, exact when it is not."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace
from support.card_builders import QWEN, SEED_DAY, SEED_FACTS

from cardwatch.cli import cli
from cardwatch.compare.related_pairs import MOST_RELATED
from cardwatch.db.catalog import CatalogStore
from cardwatch.normalize.curated import read_facts
from cardwatch.site.tree import MANIFEST

GPT = "openai/gpt-4.1"
NOW = SEED_DAY.isoformat()


def run(home: Path, *args: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), "--now", NOW, *args])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    facts, _ = read_facts(SEED_FACTS.read_text().splitlines(), today=date(2026, 5, 25))
    with CatalogStore.open(tmp_path / "catalog.db", now=lambda: SEED_DAY) as catalog:
        catalog.import_facts(facts)
    assert run(tmp_path, "compare", "--all").exit_code == 0
    return tmp_path


def run_later(home: Path, *args: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), "--now", "2027-05-25", *args])


def spoil(home: Path, old: str, new: str) -> None:
    """Put a wrong figure into the stored comparison of GPT-4.1 and Qwen3.5-4B."""
    with CatalogStore.open(home / "catalog.db", now=lambda: SEED_DAY) as catalog:
        stored = catalog.comparison(GPT, QWEN)
        assert stored is not None
        assert old in stored.body
        catalog.save_comparison(replace(stored, body=stored.body.replace(old, new)))


def test_a_right_catalog_has_no_violations(home: Path) -> None:
    result = run(home, "audit", "--pairs", "5")
    assert (result.exit_code, result.stdout) == (0, "no violations\n")
    assert ", 0 violations" in result.stderr


def test_one_wrong_figure_in_a_stored_page_is_named(home: Path) -> None:
    spoil(home, "1.05M tokens against 262K", "2.05M tokens against 262K")
    result = run(home, "audit", "--pairs", "0", "--format", "json")
    assert result.exit_code == 1
    rows = json.loads(result.stdout)
    assert {row["check"] for row in rows} == {"J07"}
    assert {row["format"] for row in rows} == {"stored"}
    assert all("2.05M" in row["found"] and "1.05M" in row["wanted"] for row in rows)


def test_rows_come_as_csv_and_as_a_table(home: Path) -> None:
    spoil(home, "1.05M tokens against 262K", "2.05M tokens against 262K")
    rows = [*csv.DictReader(io.StringIO(run(home, "audit", "--pairs", "0", "--format", "csv").stdout))]
    assert {row["check"] for row in rows} == {"J07"}
    assert "2.05M" in run(home, "audit", "--pairs", "0").stdout


def test_the_exported_site_is_audited_too(home: Path) -> None:
    page = home / "site" / "compare" / "gpt-4.1-vs-qwen3.5-4b" / "index.json"
    page.parent.mkdir(parents=True)
    for form, suffix in (("json", ".json"), ("html", ".html")):
        page.with_suffix(suffix).write_text(run(home, "compare", GPT, QWEN, "--format", form).stdout)
    assert run(home, "audit", "--pairs", "0").exit_code == 0
    page.with_suffix(".html").write_text(page.with_suffix(".html").read_text().replace("$3,600", "$3,700"))
    result = run(home, "audit", "--pairs", "0", "--format", "json")
    assert result.exit_code == 1
    assert {(row["check"], row["format"]) for row in json.loads(result.stdout)} == {
        ("I17", "html"),
        ("J03", "html"),
    }


def test_a_page_without_what_may_not_be_passed_on_is_right(home: Path) -> None:
    with (
        CatalogStore.open(home / "catalog.db", now=lambda: SEED_DAY) as catalog,
        catalog.transaction(),
    ):
        catalog.conn.execute("UPDATE sources SET redistribute = 0")
    assert run(home, "export").exit_code == 0
    pages = list((home / "site" / "compare").rglob("index.json"))
    assert any('"reason":"not redistributable' in page.read_text() for page in pages)
    assert run(home, "audit", "--pairs", "0").exit_code == 0


def test_a_page_on_demand_names_the_related_pages_of_the_site(home: Path) -> None:
    assert run(home, "export").exit_code == 0
    page = json.loads((home / "site" / "compare" / "gpt-4.1-vs-qwen3.5-4b" / "index.json").read_text())
    titles = [one["title"] for one in page["related"]]
    assert len(titles) == MOST_RELATED
    on_demand = json.loads(run(home, "compare", GPT, QWEN, "--format", "json").stdout)
    assert [one["title"] for one in on_demand["related"]] == titles


def test_no_catalog_is_a_sentence(tmp_path: Path) -> None:
    result = run(tmp_path, "audit")
    assert "no catalog yet" in str(result.exception)


def test_a_site_is_judged_as_of_the_day_of_its_export(home: Path) -> None:
    statement = ("--value", "2026-12-01", "--by", "A reader", "--url", "https://example.com/")
    shutdown = ("review", GPT, "shutdown_date", *statement)
    for command in (shutdown, ("compare", "--all"), ("export",)):
        assert run(home, *command).exit_code == 0
    later = run_later(home, "audit", "--pairs", "0", "--format", "json")
    assert "site" not in {row["format"] for row in json.loads(later.stdout)}
    manifest = home / "site" / MANIFEST
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "made_at": "2027-05-25"}))
    later = run_later(home, "audit", "--pairs", "0", "--format", "json")
    assert "site" in {row["format"] for row in json.loads(later.stdout)}
