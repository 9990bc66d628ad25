"""`cardwatch export` as a person types it, over a catalog that changes between exports."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.made_catalogs import GPT, QWEN, START, about, card, offer, reading, visit
from support.typed_commands import run_typed

from cardwatch.app import App
from cardwatch.commands.export import parse_base_url
from cardwatch.config import CompareSection, Config
from cardwatch.db.catalog import CatalogStore
from cardwatch.errors import UsageError
from cardwatch.home import Home
from cardwatch.run.comparison_stage import update_comparisons
from cardwatch.site.build import export_site
from cardwatch.site.content import read_content

OLD = 1_700_000_000


def catalog_with_a_price(home: Path, price: str, day: float) -> None:
    """Bring a catalog to the state after a visit on which GPT-4.1's input cost `price`."""
    rows = [
        offer(GPT, input_price=price, output_price="8"), about(GPT, "openrouter", name="GPT-4.1", vendor="OpenAI"),
        offer(QWEN, input_price="0.1", output_price="0.4"), about(QWEN, "openrouter", name="Qwen3.5-4B"),
    ]  # fmt: skip
    seen = visit(rows, day=day)
    home.mkdir(exist_ok=True)
    with CatalogStore.open(home / "catalog.db", now=lambda: seen.started) as catalog:
        catalog.ingest(card(terms="Public API."), [seen], lambda made: reading(made, rows), rules="rules 1")
        update_comparisons(app(home, seen.started), catalog)
    assert seen.started >= START


def app(home: Path, now: datetime) -> App:
    kept = CompareSection(pairs=((GPT, QWEN),))
    return App(Home(home), Config(compare=kept), lambda: now)


NOW = datetime(2026, 3, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    catalog_with_a_price(tmp_path / "var", "2", 0)
    return tmp_path / "var"


def age(dest: Path) -> None:
    for path in dest.rglob("*"):
        os.utime(path, (OLD, OLD))


def changed(dest: Path) -> set[str]:
    return {
        path.relative_to(dest).as_posix()
        for path in dest.rglob("*")
        if path.is_file() and path.stat().st_mtime != OLD and not path.name.startswith(".")
    }


def test_nothing_new_nothing_written(home: Path) -> None:
    dest = home / "site"
    first = export_site(app(home, NOW), dest, "")
    age(dest)
    second = export_site(app(home, NOW), dest, "")
    assert (second.written, second.removed) == (0, 0)
    assert second.kept == first.written
    assert changed(dest) == set()


def test_a_day_without_news_rewrites_only_the_page_that_counts_days(home: Path) -> None:
    dest = home / "site"
    export_site(app(home, NOW), dest, "")
    age(dest)
    export_site(app(home, NOW.replace(day=13)), dest, "")
    assert changed(dest) == {"stale/index.html", "stale/index.json"}


def test_a_changed_price_rewrites_its_pages_alone(home: Path) -> None:
    dest = home / "site"
    export_site(app(home, NOW), dest, "")
    age(dest)
    catalog_with_a_price(home, "1.5", 1)
    export_site(app(home, NOW), dest, "")
    touched = changed(dest)
    assert {
        "models/openai/gpt-4.1/index.html",
        "compare/gpt-4.1-vs-qwen3.5-4b/index.json",
        "feed.xml",
    } <= touched
    assert "assets/site.css" not in touched
    beside = json.loads((dest / "models/openai/gpt-4.1/index.json").read_text())
    assert [(c["from"], c["to"]) for c in beside["changes"]] == [("2", "1.5")]


def beside(folder: Path, path: str) -> Any:
    return json.loads((folder / path).read_text())


def test_the_pages_say_what_the_commands_say(home: Path) -> None:
    (home.parent / "cardwatch.toml").write_text(f'[compare]\npairs = [["{GPT}", "{QWEN}"]]\n')

    def printed(*words: str) -> Any:
        return run_typed(*words, "--format", "json", home=home, folder=home.parent, now=NOW.isoformat()).json

    run_typed("export", home=home, folder=home.parent, now=NOW.isoformat())
    site = home / "site"
    assert beside(site, "models/openai/gpt-4.1/index.json") == printed("show", GPT)
    assert beside(site, "models.json") == printed("models")
    assert beside(site, "changes/index.json") == printed("changes")
    assert beside(site, "conflicts/index.json") == printed("conflicts")
    assert beside(site, "stale/index.json") == printed("stale")
    whole = {**printed("compare", GPT, QWEN), "related": []}
    pair = beside(site, "compare/gpt-4.1-vs-qwen3.5-4b/index.json")
    in_parts = {"models", "facts", "benchmarks", "unknown"}
    assert {key: pair[key] for key in pair.keys() - in_parts} == {
        key: whole[key] for key in pair.keys() - in_parts
    }
    part = beside(site, "models/openai/gpt-4.1/part.json")
    assert part["facts"] == [fact for fact in whole["facts"] if fact["model"] == GPT][: len(part["facts"])]


def test_the_command_says_what_it_wrote(home: Path) -> None:
    dest = home.parent / "public"
    result = run_typed(
        "export", str(dest), "--base-url", "https://models.example/x", home=home, now=NOW.isoformat()
    )
    assert " files written, 0 as before, 0 removed" in result.err
    assert "<loc>https://models.example/x/models/openai/gpt-4.1/</loc>" in (dest / "sitemap.xml").read_text()


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["export", "--base-url", "models.example"], 2, "wanted http or https"),
        (["export", "{home}"], 2, "wanted an empty folder or an earlier export, found other files"),
    ],
)
def test_wrong_use_is_one_line(home: Path, words: list[str], code: int, error: str) -> None:
    result = run_typed(*(word.format(home=home) for word in words), home=home, code=code)
    assert error in result.err
    assert (home / "catalog.db").exists()
    assert not (home.parent / f".{home.name}.lock").exists(), (
        "nothing is left beside a folder that is refused"
    )


@pytest.mark.parametrize(
    "url", ["models.example", "ftp://models.example/", "javascript:alert(1)", "https://"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="wanted http or https"):
        parse_base_url(url)


def test_an_export_while_a_run_writes_is_of_one_moment(home: Path) -> None:
    with CatalogStore.open(home / "catalog.db", now=lambda: NOW) as writing, writing.transaction():
        writing.conn.execute("UPDATE claims SET value = '99' WHERE attribute = 'input_price'")
        with app(home, NOW).reading() as catalog:
            content = read_content(app(home, NOW), catalog)
        writing.conn.execute("UPDATE claims SET value = '2' WHERE attribute = 'input_price' AND value = '99'")
    [route] = content.cards[GPT].offers
    assert route.facts["input_price"].value == "2"


def test_the_line_about_a_model_is_that_of_its_card(home: Path) -> None:
    with app(home, NOW).reading() as catalog:
        content = read_content(app(home, NOW), catalog)
    assert [line.id for line in content.models] == sorted(content.cards)
    assert content.pairs == {(GPT, QWEN): "2026-03-10T12:00:00Z"}
    assert [source.terms for source in content.sources] == ["Public API."]
