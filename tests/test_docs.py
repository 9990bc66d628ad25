"""The documentation is true: made pages are current, links lead somewhere, examples run, outputs keep their shapes."""

from __future__ import annotations

import importlib
import json
import os
import re
import runpy
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, closing
from pathlib import Path
from typing import Any, NamedTuple

import click
import duckdb
import pytest
from duckdb_extensions import import_extension
from support.typed_commands import ROOT, run_typed
from test_sources import CASES

from cardwatch.cli import DeferredCommand, cli
from cardwatch.config import load_config
from cardwatch.crawler.documents import RawRow
from cardwatch.version import VERSION

DOCS = ROOT / "docs"
sys.path.insert(0, str(DOCS))
generate = importlib.import_module("generate")
shapes = importlib.import_module("shapes")

WRITTEN = sorted(path for path in DOCS.rglob("*.md") if "decisions" not in path.parts)
PAGES = [*WRITTEN, ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
RUN_LATER = {"soak.md"}
"""A page about the soak runs, with checks of its own."""
LONG = {"publish-a-site.md", "recover.md", "cookbook.md", "schedule.md", "correct-a-fact.md", "notify.md"}
"""Pages whose examples take long; the first is walked in test_walks too."""
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE_NAME = re.compile(r"`([\w-]+/[\w./-]+\.(?:py|toml|html|css))`")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


class FencedBlock(NamedTuple):
    """A fenced block of a page."""

    kind: str
    words: tuple[str, ...]
    text: str


def blocks(path: Path) -> Iterator[FencedBlock]:
    for kind, words, text in BLOCK.findall(path.read_text(encoding="utf-8")):
        yield FencedBlock(kind, tuple(words.split()), text)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --- made pages ------------------------------------------------------------------------------------------------


def test_made_pages_are_current() -> None:
    """In a process of its own: click keeps the help option of the first context that asked for one."""
    made = subprocess.run(
        [sys.executable, DOCS / "generate.py", "--check"], capture_output=True, text=True, cwd=ROOT
    )
    assert (made.stdout.strip(), made.stderr) == ("", ""), "run `python docs/generate.py`"


def commands() -> Iterator[tuple[str, click.Command]]:
    for name, entry in cli.commands.items():
        assert isinstance(entry, DeferredCommand)
        yield from generate.family(name, entry.load())


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_help_teaches_by_example(name: str, command: click.Command) -> None:
    assert re.search(rf"^\s*cardwatch (\S+ )*{name}\b", command.help or "", re.MULTILINE), name
    assert [line for line in generate.helped(command, name, None, 80).splitlines() if len(line) > 80] == []
    assert all(
        param.help for param in command.params if isinstance(param, click.Option) and param.name != "form"
    ), name


def test_every_command_has_its_place_in_the_reference() -> None:
    text = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")
    for name, _ in commands():
        assert f" {name}\n\n```text\nUsage: cardwatch {name}" in text, name


# --- links -----------------------------------------------------------------------------------------------------


def anchors(path: Path) -> set[str]:
    """Return what a page can be entered by, as code hosts make it from headings."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_links_lead_somewhere(path: Path) -> None:
    for target in LINK.findall(BLOCK.sub("", path.read_text(encoding="utf-8"))):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if there.name in RUN_LATER and not there.exists():
            continue
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_files_of_the_repository_that_pages_name_are_there(path: Path) -> None:
    """All but those of an example: a source called SOURCE, or Acme's."""
    text = BLOCK.sub("", path.read_text(encoding="utf-8"))
    gone = [
        name for name in FILE_NAME.findall(text) if not any((r / name).exists() for r in (ROOT, path.parent))
    ]
    assert [name for name in gone if "SOURCE" not in name and "acme" not in name] == []


def test_every_page_is_reachable_from_the_index() -> None:
    seen, waiting = set(), [DOCS / "README.md"]
    while waiting:
        here = waiting.pop()
        if here in seen or not here.exists() or here.suffix != ".md":
            continue
        seen.add(here)
        links = (target.partition("#")[0] for target in LINK.findall(here.read_text(encoding="utf-8")))
        waiting += [(here.parent / link).resolve() for link in links if link and "://" not in link]
    assert {path.name for path in set(WRITTEN) - seen} <= {"schema-intro.md", "json-intro.md", *RUN_LATER}


def test_the_changelog_goes_on_at_its_end() -> None:
    """A line added below an older release would tell of it what it did not have."""
    heads = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    released = [head for head in heads if head != "Unreleased"]
    assert heads in (released, [*released, "Unreleased"])
    assert released[-1].startswith(f"{VERSION} (")
    assert [head for head in released if not re.fullmatch(r"\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)", head)] == []


# --- examples --------------------------------------------------------------------------------------------------


@pytest.fixture
def work_folder(demo_home: Path, tmp_path: Path) -> Path:
    """A folder as after `make run`: settings and a demo catalog in ./var."""
    shutil.copy(ROOT / "cardwatch.toml", tmp_path)
    shutil.copytree(demo_home, tmp_path / "var", ignore=shutil.ignore_patterns("site", "*.lock"))
    return tmp_path


def runnable(path: Path) -> list[FencedBlock]:
    return [b for b in blocks(path) if "no-run" not in b.words and b.kind in {"sh", "sql", "python", "toml"}]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=pytest.mark.soak if path.name in LONG else (), id=named(path))
        for path in WRITTEN
        if runnable(path) and path.name not in RUN_LATER
    ],
)
def test_examples_run(path: Path, work_folder: Path) -> None:
    for block in runnable(path):
        {"sh": shell, "sql": query, "python": script, "toml": settings}[block.kind](block, work_folder)


def shell(block: FencedBlock, work_folder: Path) -> None:
    """Run each line; a plain cardwatch command in this process, anything else in a shell."""
    if (
        "|" not in block.text
        and ">" not in block.text
        and "sqlite3" not in block.text
        and "ls" not in block.text.split()
    ):
        for line in filter(None, block.text.splitlines()):
            command, _, remark = line.partition(" # exit ")
            words = shlex.split(command, comments=True)
            assert words[0] == "cardwatch", line
            run_typed(*words[1:], home=work_folder / "var", folder=work_folder, now="", code=int(remark or 0))
        return
    wanted = [tool for tool in ("sqlite3", "jq") if re.search(rf"\b{tool} ", block.text)]
    if missing := [tool for tool in wanted if shutil.which(tool) is None]:
        pytest.skip(f"needs {missing}, which is not installed")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block.text], cwd=work_folder, env={**os.environ, "PATH": path},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, f"{block.text}\n{done.stderr}"


def query(block: FencedBlock, work_folder: Path) -> None:
    if "duckdb" in block.words:
        ask_duckdb(block, work_folder)
        return
    with closing(sqlite3.connect(f"file:{work_folder}/var/catalog.db?mode=ro", uri=True)) as conn:
        for statement in filter(str.strip, block.text.split(";\n")):
            assert conn.execute(statement).fetchall(), statement


def ask_duckdb(block: FencedBlock, work_folder: Path) -> None:
    import_extension("sqlite_scanner")
    with chdir(work_folder), duckdb.connect() as conn:
        conn.load_extension("sqlite_scanner")
        for statement in filter(str.strip, block.text.split(";\n")):
            assert conn.execute(statement).fetchall(), statement


def script(block: FencedBlock, work_folder: Path) -> None:
    for package in block.words:
        pytest.importorskip(package, reason=f"{package} is not installed")
    (work_folder / "example.py").write_text(block.text, encoding="utf-8")
    with chdir(work_folder):
        found = runpy.run_path("example.py")
    for value in found.values():
        if isinstance(value, sqlite3.Connection):
            value.close()


def settings(block: FencedBlock, work_folder: Path) -> None:
    (work_folder / "example.toml").write_text(block.text, encoding="utf-8")
    load_config(work_folder / "example.toml", required=True)


def test_the_tutorial_runs(demo_home: Path, tmp_path: Path) -> None:
    (tmp_path / "var").symlink_to(demo_home)
    with chdir(tmp_path):
        runpy.run_path(str(DOCS / "tutorial.py"))


def test_the_readme_shows_commands_that_exist() -> None:
    shown = re.findall(r"cardwatch (?:--now \S+ )?([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert set(shown) - {"in", "is", "keeps"} <= cli.commands.keys()


# --- shapes ----------------------------------------------------------------------------------------------------

NEEDS_MORE = {"audit", "crawl-explain", "notify", "prune", "run", "scan", "simulate"}
"""Printed after more than looking at the demo; their own tests look at what they print."""
PRINTED = [name for name in shapes.spec()["shape"] if name not in NEEDS_MORE]


def strict(value: Any) -> Any:
    """Return a schema that also refuses keys nobody has described."""
    if isinstance(value, dict):
        closed = (
            {"additionalProperties": False}
            if "properties" in value and "additionalProperties" not in value
            else {}
        )
        return {key: strict(inner) for key, inner in value.items()} | closed
    return [strict(inner) for inner in value] if isinstance(value, list) else value


def schema(name: str) -> Mapping[str, Any]:
    return strict(json.loads((DOCS / "reference" / "schemas" / f"{name}.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", PRINTED)
def test_what_a_command_prints_has_the_documented_shape(name: str, demo_home: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    shape = shapes.spec()["shape"][name]
    form = [] if name == "resolve" else ["--format", "json"]
    answer = run_typed(*shape["command"].split(), *form, home=demo_home, code=None).json
    assert answer
    jsonschema.Draft202012Validator(schema(name)).validate(answer)


def test_schemas_are_schemas() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    for name in shapes.spec()["shape"]:
        jsonschema.Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", [n for n in PRINTED if shapes.spec()["shape"][n].get("rows")])
def test_the_csv_has_columns_of_the_shape(name: str, demo_home: Path) -> None:
    spec = shapes.spec()
    shape = spec["shape"][name]
    fields = shape.get("fields") or spec["part"][shape["part"]]["fields"]
    text = run_typed(*shape["command"].split(), "--format", "csv", home=demo_home, code=None).out
    assert set(text.splitlines()[0].split(",")) <= fields.keys()


# --- capabilities ----------------------------------------------------------------------------------------------

CAPABILITY_ROW = re.compile(r"^\| `(\w+)` \| (.+) \| (.+) \|$", re.MULTILINE)


def documented() -> set[tuple[str, str, str]]:
    """Return (source, word, capability) of every row; a dotted key counts by its last but one part as well."""
    found = set()
    for source, words, means in CAPABILITY_ROW.findall(
        (DOCS / "reference" / "capabilities.md").read_text("utf-8")
    ):
        for word in re.findall(r"`([^`]+)`", words):
            for capability in re.findall(r"`(\w+)`", means):
                found |= {(source, part, capability) for part in (word, *word.split("."), *word.split())}
    return found


def stated_values(row: RawRow) -> Iterator[tuple[set[str], str]]:
    """Yield the words that a cell may be documented by, and the capability it was taken for."""
    for name, cell in row.cells.items():
        if name.startswith("capability."):
            yield {cell.text, *(cell.at or "").split("/")}, name.removeprefix("capability.")


@pytest.mark.parametrize("source", sorted({case.source for case in CASES}))
def test_capabilities_are_documented_as_they_are_read(source: str) -> None:
    pairs = documented()
    for case in (case for case in CASES if case.source == source):
        for row in case.parts():
            for words, capability in stated_values(row):
                assert any((source, word, capability) in pairs for word in words), (words, capability)
