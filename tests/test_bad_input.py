"""Whatever a person or the disk does wrong: one clear line, the right exit code, and nothing lost."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.cli_home import COMMAND, CliHome, CommandResult
from support.https_proxy import ProxiedHosts
from support.loopback import Answer, Asked
from support.recorded_pages import PAGES, spiders

NOW = "2026-11-18T06:00:00Z"
GROQ, AZURE, CEREBRAS = (
    spiders()[name].url for name in ("groq_models", "azure_retail_prices", "cerebras_models")
)
JSON = {"Content-Type": "application/json"}
FACT = {
    "model": "openai/gpt-4.1",
    "attribute": "context_window",
    "value": 1047576,
    "source_url": "https://acme.example/models",
    "reviewed_on": "2026-11-10",
    "reviewer": "model desk",
}


def line(**changed: object) -> str:
    return json.dumps({**FACT, **changed}) + "\n"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> CliHome:
    """A cli_home with a small catalog that no test changes for good."""
    cli_home = CliHome(tmp_path_factory.mktemp("cli_home"))
    (cli_home.folder / "facts.jsonl").write_text(line() + line(model="alibaba/qwen3.5-4b", value=262144))
    cli_home.types("facts", "import", "facts.jsonl", "--now", NOW)
    return cli_home


@pytest.fixture
def cli_home(first: CliHome) -> Iterator[CliHome]:
    before = first.claims
    yield first
    assert first.claims == before, "a mistake lost or changed a fact"


def output_of(ran: CommandResult) -> str:
    """Return the one line on stderr."""
    lines = ran.err.splitlines()
    assert len(lines) == 1, ran.err
    assert lines[0].startswith("cardwatch: ")
    return lines[0].removeprefix("cardwatch: ")


WHY = ("--by", "me", "--reason", "an example")
MISTAKES = [
    (["sho", "gpt-4.1"], "No such command 'sho'"),
    (["stale", "--by", "me"], "No such option '--by'"),
    (["show"], "Missing argument 'MODEL'"),
    (
        ["stale", "--now", "yesterday"],
        "--now: wanted ISO 8601 such as 2026-05-15T12:00:00Z, found 'yesterday'",
    ),
    (["stale", "--now", "1969-12-31"], "--now: wanted a time from 1970 to 2200, found '1969-12-31'"),
    (["stale", "--now", "9999-12-31T23:59:59-14:00"], "--now: wanted a time from 1970 to 2200"),
    (["stale", "--now", "0001-01-01T00:00:00+14:00"], "--now: wanted a time from 1970 to 2200"),
    (["stale", "--now", "2201-01-01"], "--now: wanted a time from 1970 to 2200"),
    (["show", "\udcff"], "wanted UTF-8, found '\\udcff'"),
    (["show", "\x1b[31mgpt\u202e"], "unknown model '\\x1b[31mgpt\\u202e'"),
    (["show", "gpt-4.2"], "unknown model 'gpt-4.2'; near: openai/gpt-4.1"),
    (["compare", "gpt-4.1", "qwen3.5-5b"], "unknown model 'qwen3.5-5b'; near: alibaba/qwen3.5-4b"),
    (["refresh", "openrouter_model"], "unknown source 'openrouter_model'; near: openrouter_models"),
    (["holds", "release", "7", "--by", "me"], "hold 7: wanted an open hold, found none"),
    (["show", "x" * 100_000], f"unknown model '{'x' * 60}…'"),
    (["backup", "nowhere/catalog.db"], "nowhere: no such folder"),
    (["backup", "."], ".: exists and is no backup of a catalog"),
    (["prune", "--keep", "99999999999"], "Invalid value for '--keep'"),
    (["facts", "retract", "gpt-4.1", "license", "--by", "me", "--reason", "x"], "openai/gpt-4.1 license"),
    (["facts", "import", "nowhere.jsonl"], "nowhere.jsonl"),
    (["replay", "."], ".: wanted WARC files, found none"),
    (["drift", "openrouter"], "unknown source 'openrouter'; near: openrouter_models"),
    (["stale", "--source", "no_such"], "unknown source 'no_such'"),
    (["stale", "--as-of", "yesterday"], "--as-of: wanted ISO 8601"),
    (["stale", "--limit", "-5"], "Invalid value for '--limit'"),
    (["changes", "--provider", "opnrouter"], "unknown provider 'opnrouter'; near: openrouter"),
    (["price", "gpt-4.1", "--provider", ""], "unknown provider ''"),
    (["models", "link", "no_such", "a", "gpt-4.1", *WHY], "unknown source 'no_such'"),
    (["models", "unlink", "groq_models", " ", *WHY], "Invalid value for 'NAME': wanted a name"),
    (
        ["models", "link", "groq_models", "a", "gpt-4.1", "--new", *WHY],
        "--new: wanted an id <developer>/<model>, found 'gpt-4.1'",
    ),
    (["holds", "release", "9" * 30, "--by", "me"], "Invalid value for '[HOLD_IDS]...'"),
    (["scan", "--exclude", ""], "wanted a pattern such as tests/*, found ''"),
    (["models", "--home", "elsewhere"], "elsewhere/catalog.db: no catalog yet"),
]


@pytest.mark.parametrize(("typed", "says"), MISTAKES)
def test_wrong_use_is_one_line_and_exit_2(cli_home: CliHome, typed: list[str], says: str) -> None:
    assert says in output_of(cli_home.run_in_process(*typed, code=2))


SETTINGS = [
    ("[crawl\n", "not TOML"),
    ("[crawl]\nbudgett = 4\n", "crawl.budgett: no such setting, found 4"),
    ('[crawl]\nbudget = "many"\n', "crawl.budget: Expected `int`, got `str`, found 'many'"),
    ("[crawl]\nbudget = 0\n", "crawl.budget: Expected `int` >= 1, found 0"),
    ("[crawl]\nbudget = true\n", "crawl.budget: Expected `int`, got `bool`, found True"),
    (
        '[freshness.limits]\nspec = {warn = 1, error = 2}\nprice = {warn = "soon", error = 3}\n',
        "freshness.limits.price.warn: wanted days up to 36500, or a text such as \"6h\", found 'soon'",
    ),
    ("[freshness.limits]\nprice = {warn = 3}\n", "freshness.limits.price.error: wanted a value, found none"),
    ('[compare]\npairs = [["a/b"]]\n', "compare.pairs.0: Expected `array` of length 2, got 1, found ['a/b']"),
    ("[display.rates]\nCNY = {usd = 0, on = 2026-01-01}\n", "display.rates.CNY: wanted dollars"),
    ("[notify]\nurls = [7]\n", "notify.urls.0: wanted text, found int"),
    ("\udcff", "not TOML"),
    ("x = " + "[" * 5000, "not TOML"),
    ("[crawl]\nbudget = " + "9" * 5000, "not TOML"),
    ("[crawl]\ndelay_seconds = inf\n", "crawl.delay_seconds: Expected `float` <= 36500.0, found inf"),
    ("[archive]\nkeep = 9000000000\n", "archive.keep: Expected `int` <= 36500, found 9000000000"),
    ("[display.rates]\nCNY = {usd = nan, on = 2026-01-01}\n", "display.rates.CNY: wanted dollars"),
    (
        "[freshness.limits]\nprice = {warn = 1, error = inf}\n",
        "freshness.limits.price.error: wanted days up to 36500",
    ),
    ('[crawl]\ncontact = "me\\r\\nX-Key: 1"\n', "crawl.contact: Expected `str`"),
]


@pytest.mark.parametrize(("text", "says"), SETTINGS)
def test_settings_that_cannot_be_used_are_named(
    cli_home: CliHome, tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text, errors="surrogateescape")
    assert says in output_of(cli_home.run_in_process("--config", str(path), "models", code=2))


def test_settings_that_are_not_there_are_named(cli_home: CliHome, tmp_path: Path) -> None:
    assert "no such file" in output_of(
        cli_home.run_in_process("--config", str(tmp_path / "none.toml"), "models", code=2)
    )
    assert "Is a directory" in output_of(cli_home.run_in_process("--config", str(tmp_path), "models", code=2))


def test_bad_lines_are_told_by_number_and_the_good_ones_land(tmp_path: Path) -> None:
    cli_home = CliHome(tmp_path)
    (tmp_path / "facts.jsonl").write_text(
        line()
        + "{not json\n"
        + line(model="openai/o3", attribute="input_price", value="2", provider="openai")
        + line(model="openai/o3", attribute="input_price", value="2", provider="openai", unit="usd_per_mtok")
    )
    ran = cli_home.types("facts", "import", "facts.jsonl", "--now", NOW, code=1)
    wrong = [text for text in ran.err.splitlines() if text.startswith("facts.jsonl:")]
    assert [text.split(":")[1] for text in wrong] == ["2", "3"]
    assert "unit" in wrong[1]
    assert ran.err.splitlines()[-1] == "cardwatch: 2 of 4 lines were refused"
    assert cli_home.value("select count(*) from claims") == 2
    cli_home.types("facts", "import", "facts.jsonl", "--now", NOW, code=1)
    assert cli_home.value("select count(*) from claims") == 2


def test_pages_that_are_none_keep_the_facts_and_say_why(tmp_path: Path) -> None:
    azure = (PAGES / "azure_retail_prices" / "2026-08-11.codex.json").read_text(encoding="utf-8")
    meter = '"meterName": "5.2 codex inp Dz 1M Tokens"'
    without_unit = [
        text.replace('"unitOfMeasure": "1M"', '"unitOfMeasure": ""') if meter in text else text
        for text in azure.splitlines(keepends=True)
    ]
    with ProxiedHosts() as internet:
        cli_home = CliHome(tmp_path, environment=internet.environment(tmp_path))
        named = ("groq_models", "cerebras_models", "azure_retail_prices")
        internet.serve(GROQ, PAGES / "groq_models" / "models.md")
        internet.serve(CEREBRAS, PAGES / "cerebras_models" / "models.json")
        internet.put(AZURE, Answer(azure, headers=JSON))
        cli_home.types("refresh", *named, "--now", NOW)
        before = cli_home.values
        internet.put(GROQ, Answer(" \n"))
        internet.put(CEREBRAS, Answer("<html>Welcome", headers={"Content-Type": "text/html"}))
        internet.put(AZURE, Answer("".join(without_unit), headers=JSON))
        ran = cli_home.types("refresh", *named, "--all", "--now", "2026-11-19T06:00:00Z", code=1)
    assert output_of(ran) == "failed or held: cerebras_models, groq_models; `cardwatch sources` says why"
    details = dict(cli_home.rows("select source, last_detail from pages where failing_since is not null"))
    assert "wanted a page, found 2 bytes of nothing" in details["groq_models"]
    assert "wanted JSON, found '<html>Welcome" in details["cerebras_models"]
    why = cli_home.types("sources").out
    assert all(f"failing since 2026-11-19: {text}" in why for name, text in details.items())
    refused = [row for row in cli_home.reads("sources", "--rejected") if row["attribute"] == "input_price"]
    assert {(row["source"], row["raw"]) for row in refused} == {("azure_retail_prices", "1.925")}
    assert "unit" in refused[0]["rule"]
    assert cli_home.values == before


def test_a_locked_catalog_is_told(cli_home: CliHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardwatch.db.store.connection.BUSY_MS", 50)
    with closing(sqlite3.connect(cli_home.home / "catalog.db")) as conn:
        conn.execute("begin immediate")
        ran = cli_home.run_in_process("review", "gpt-4.1", "context_window", "--confirm", "--url", "https://acme.example",
                         "--by", "me", code=1)  # fmt: skip
    assert "catalog.db: the catalog is locked by another process" in output_of(ran)


def test_a_newer_catalog_is_refused(cli_home: CliHome) -> None:
    with closing(sqlite3.connect(cli_home.home / "catalog.db")) as conn:
        version = conn.execute("pragma user_version").fetchone()[0]
        conn.execute("pragma user_version = 99")
    try:
        assert "catalog version 99 is newer" in output_of(cli_home.run_in_process("models", code=1))
        assert "catalog version 99 is newer" in output_of(cli_home.run_in_process("refresh", code=1))
    finally:
        with closing(sqlite3.connect(cli_home.home / "catalog.db")) as conn:
            conn.execute(f"pragma user_version = {version}")


def test_a_file_that_is_no_catalog_is_told(tmp_path: Path) -> None:
    cli_home = CliHome(tmp_path)
    cli_home.home.mkdir()
    (cli_home.home / "catalog.db").write_bytes(b"a shopping list" * 1000)
    for command in ("models", "refresh"):
        assert "catalog.db: file is not a database" in output_of(cli_home.run_in_process(command, code=1))


def test_a_damaged_catalog_is_told(first: CliHome, tmp_path: Path) -> None:
    cli_home = CliHome(tmp_path)
    cli_home.home.mkdir()
    first.run_in_process("backup", str(cli_home.home / "catalog.db"))
    whole = (cli_home.home / "catalog.db").read_bytes()
    (cli_home.home / "catalog.db").write_bytes(whole[:8192] + os.urandom(len(whole) - 8192))
    for command in (["show", "gpt-4.1"], ["stale"], ["facts", "import", str(first.folder / "facts.jsonl")]):
        assert "catalog.db" in output_of(cli_home.run_in_process(*command, code=1))


def as_anybody() -> None:
    """Give up root's power to write where the permissions say no."""
    for power in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, power, 0, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="permissions of root are Linux's")
def test_a_home_that_cannot_be_written_is_told_and_can_be_read(first: CliHome, tmp_path: Path) -> None:
    cli_home = CliHome(tmp_path)
    cli_home.home.mkdir()
    first.run_in_process("backup", str(cli_home.home / "catalog.db"))
    cli_home.home.chmod(0o555)
    try:
        assert "Permission denied" in output_of(cli_home.types("refresh", code=1, before=as_anybody))
        assert "openai/gpt-4.1" in cli_home.types("models", before=as_anybody).out
        cli_home.types("stale", before=as_anybody)
    finally:
        cli_home.home.chmod(0o755)


def test_a_home_that_is_a_file_is_told(cli_home: CliHome, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    assert "is a file" in output_of(
        cli_home.run_in_process("--home", str(tmp_path / "home"), "models", code=2)
    )


def little_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (6_000, 6_000))


def test_a_full_disk_is_told_and_the_next_run_carries_on(tmp_path: Path) -> None:
    with ProxiedHosts() as internet:
        cli_home = CliHome(tmp_path, environment=internet.environment(tmp_path))
        internet.serve(GROQ, PAGES / "groq_models" / "models.md")
        assert cli_home.home.name in output_of(
            cli_home.types("refresh", "groq_models", "--now", NOW, code=1, before=little_room)
        )
        cli_home.types("refresh", "groq_models", "--now", NOW)
    assert cli_home.value("select count(*) from claims") > 10
    assert cli_home.value("pragma integrity_check") == "ok"


def test_two_runs_at_once_do_not_mix(tmp_path: Path) -> None:
    asked, told_to_go_on = threading.Event(), threading.Event()

    def slowly(request: Asked) -> Answer:
        asked.set()
        told_to_go_on.wait(60)
        return Answer((PAGES / "groq_models" / "models.md").read_bytes())

    with ProxiedHosts() as internet:
        cli_home = CliHome(tmp_path, environment=internet.environment(tmp_path))
        internet.put(GROQ, slowly)
        with cli_home.start("refresh", "groq_models", "--now", NOW) as running:
            assert asked.wait(60)
            ran = cli_home.types("refresh", "groq_models", "--now", NOW, code=1)
            assert "another run is working here" in output_of(ran)
            assert cli_home.run_in_process("models").code == 0, "to look needs no lock"
            told_to_go_on.set()
            running.communicate(timeout=60)
        assert running.returncode == 0
        assert len(internet.asked(GROQ)) == 1


def test_a_reader_who_has_seen_enough_is_no_error(cli_home: CliHome) -> None:
    shell = f"{COMMAND} brief | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", shell],
        cwd=cli_home.folder,
        env=cli_home.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
