"""Typing: completion, near matches, tables for people and for pipes, quiet without a terminal, and what gets imported."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.typed_commands import NOW, ROOT, run_typed

from cardwatch.cli import COMMAND_SECTIONS, cli
from cardwatch.terminal.output import table_lines, text_table

READ = ("models", "show gpt-4.1", "changes", "conflicts", "sources", "holds", "resolve gpt-4.1",
        "compare gpt-4.1 qwen3.5-4b")  # fmt: skip
HEAVY = {"scrapy", "parsel", "twisted", "numpy", "sqlite_utils", "pandas", "datasette", "apprise"}
QUICK = ("models", "show gpt-4.1", "changes", "conflicts", "holds", "compare gpt-4.1 qwen3.5-4b", "stale")
NOT_TO_LOOK = {
    "pydantic", "rich.console", "rich.table", "rapidfuzz", "filelock", "warcio", "fsspec", "lxml", "jinja2", "numpy",
    "cardwatch.db.schedule.candidates", "cardwatch.db.schedule.crawl_plan", "cardwatch.db.schedule.page_choice",
    "cardwatch.db.catalog", "cardwatch.db.ingest", "cardwatch.db.decisions", "cardwatch.crawler.warc",
    "cardwatch.normalize.records", "cardwatch.normalize.identity", "cardwatch.site", "difflib",
}  # fmt: skip
"""What a table in a pipe needs none of: checks of settings, colour, fuzzy names, locks, archives, plans, writing, pages."""


def loaded(arguments: Sequence[str], home: Path) -> set[str]:
    """Return the modules that a command imports in a process of its own."""
    command = [sys.executable, "-X", "importtime", "-m", "cardwatch.cli", "--home", str(home), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return set(re.findall(r"^import time:.*\|\s+([\w.]+)$", done.stderr, re.MULTILINE))


@pytest.mark.parametrize("arguments", ["--help", *READ])
def test_a_command_that_looks_loads_nothing_heavy(arguments: str, demo_home: Path) -> None:
    assert {module.split(".")[0] for module in loaded(arguments.split(), demo_home)} & HEAVY == set()


@pytest.mark.parametrize("arguments", QUICK)
def test_a_table_loads_only_what_it_shows(arguments: str, demo_home: Path) -> None:
    assert loaded(arguments.split(), demo_home) & NOT_TO_LOOK == set()


@pytest.mark.parametrize(("arguments", "most"), [("changes", 2), ("compare gpt-4.1 qwen3.5-4b", 8)])
def test_few_classes_are_made_for_what_is_looked_at(arguments: str, most: int, demo_home: Path) -> None:
    """A frozen dataclass takes half a millisecond to make, a struct a fortieth of that."""
    counting = (
        "import dataclasses, sys; made = []; process = dataclasses._process_class\n"
        "dataclasses._process_class = lambda cls, *rest: made.append(cls) or process(cls, *rest)\n"
        "import cardwatch.cli\ntry:\n    cardwatch.cli.main()\nfinally:\n"
        "    print(sum(each.__module__.startswith('cardwatch') for each in made), file=sys.stderr)"
    )
    command = [sys.executable, "-c", counting, "--home", str(demo_home), *arguments.split()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0
    assert int(done.stderr.split()[-1]) <= most


def test_the_list_of_commands_is_the_whole_of_them() -> None:
    assert list(cli.commands) == [name for commands in COMMAND_SECTIONS.values() for name in commands]


def test_the_command_alone_lists_its_commands_each_on_a_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cardwatch.cli"], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 2
    lines = [line.split() for line in done.stderr.splitlines()]
    assert set(cli.commands) <= {words[0] for words in lines if words}


def completed(text: str, home: Path) -> list[str]:
    """Return what bash would offer after `text`, asked through click's own protocol."""
    words = ["cardwatch", "--home", str(home), *text.split(" ")]
    environment = {
        "_CARDWATCH_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    command = [
        sys.executable,
        "-c",
        "import sys; sys.argv[0] = 'cardwatch'; from cardwatch.cli import main; main()",
    ]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_a_shell_completes_commands_models_and_sources(demo_home: Path) -> None:
    assert completed("sho", demo_home) == ["show"]
    assert completed("models me", demo_home) == ["merge"]
    assert {"gpt-4.1", "gpt-4.1-mini"} <= set(completed("show gpt-4.1", demo_home))
    assert completed("show openai/gpt-4.1-m", demo_home) == ["openai/gpt-4.1-mini"]
    assert "openrouter_models" in completed("refresh openrouter", demo_home)


def test_a_shell_without_a_catalog_completes_nothing(tmp_path: Path) -> None:
    assert completed("show gpt", tmp_path) == []
    (tmp_path / "catalog.db").write_text("not a catalog")
    assert completed("show gpt", tmp_path) == []


@pytest.mark.parametrize("script", ["bash_source", "zsh_source", "fish_source"])
def test_the_documented_shells_have_a_script(script: str) -> None:
    environment = {**os.environ, "_CARDWATCH_COMPLETE": script}
    command = [
        sys.executable,
        "-c",
        "import sys; sys.argv[0] = 'cardwatch'; from cardwatch.cli import main; main()",
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert "_CARDWATCH_COMPLETE" in done.stdout, done.stderr


def test_what_is_misspelt_gets_its_neighbour(demo_home: Path) -> None:
    assert "Did you mean" in run_typed("shwo", home=demo_home, code=2).err
    assert "openai/gpt-4.1" in run_typed("show", "gpt-4.11", home=demo_home, code=2).err
    assert (
        "openai/gpt-5.2-codex" in run_typed("compare", "gpt-5.2-kodex", "gpt-4.1", home=demo_home, code=2).err
    )
    assert "wanted a day" in run_typed("changes", "--since", "lately", home=demo_home, code=2).err


@pytest.mark.parametrize("name", ["openai/gpt-4.1", "gpt-4.1", "GPT-4.1", "openai/gpt-4.1 "])
def test_any_name_of_a_model_will_do(name: str, demo_home: Path) -> None:
    assert run_typed("show", name, "--format", "json", home=demo_home).json["model"]["id"] == "openai/gpt-4.1"


def test_in_a_pipe_a_row_is_a_line(demo_home: Path) -> None:
    result = run_typed("conflicts", "--limit", "7", home=demo_home)
    assert len(result.out.splitlines()) == 1 + 7 + 1
    assert "\x1b" not in result.out + result.err


def test_columns_line_up_also_in_wide_scripts() -> None:
    rows = [{"name": "通义千问", "offers": 3}, {"name": "Qwen", "offers": 12}, {"name": None, "offers": None}]
    assert list(table_lines(text_table(rows, ["name", "offers"]))) == [
        "name       offers",
        "通义千问        3",
        "Qwen           12",
        "unknown   unknown",
    ]


def seen(arguments: Sequence[str], home: Path, **environment: str) -> str:
    """Return what a terminal of 100 columns shows, with its colour codes."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "cardwatch.cli", "--home", str(home), "--now", NOW, *arguments]
    clean = {
        key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR", "TERM"}
    }
    with subprocess.Popen(
        command, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs,
        env={**clean, "TERM": "xterm-256color", "COLUMNS": "100", **environment},
    ) as process:  # fmt: skip
        os.close(theirs)
        text = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            text += part
        process.wait(timeout=60)
    os.close(ours)
    return text.decode()


COLOUR = re.compile(r"\x1b\[[0-9;]*(?:3[0-7]|9[0-7]|38;5;\d+)m")


def test_a_terminal_gets_colour_and_tables_that_fit(demo_home: Path) -> None:
    shown = seen(["show", "gpt-4.1"], demo_home)
    assert COLOUR.search(shown)
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown)
    assert max(len(line) for line in plain.splitlines()) <= 100
    assert not COLOUR.search(seen(["show", "gpt-4.1"], demo_home, NO_COLOR="1"))


def test_a_long_job_shows_progress_on_a_terminal_alone(demo_home: Path, tmp_path: Path) -> None:
    (tmp_path / "cardwatch.toml").write_text("[compare]\nneighbours = 0\n")
    recorded = min((demo_home / "archive").glob("*.warc.gz"), key=lambda file: file.stat().st_size)
    arguments = ["--config", str(tmp_path / "cardwatch.toml"), "replay", str(recorded)]
    assert "reading" in seen(arguments, tmp_path / "var")
    assert run_typed(*arguments, home=tmp_path / "quiet").err == ""


@pytest.mark.parametrize(("source", "code"), [("models_dev", 0), ("vercel_models", 1)])
def test_stale_fails_on_what_its_report_lists(source: str, code: int, demo_home: Path) -> None:
    run_typed("stale", "--source", source, "--fail-on", "error", home=demo_home, code=code)
