"""`cardwatch scan`: which model ids of a code base count, what is said of them, and how it ends."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from support.cli_home import COMMAND

from cardwatch.cli import cli
from cardwatch.scan.references import find_references

ROOT = Path(__file__).parent.parent
ON = "2026-05-16T00:00:00Z"


def scan(home: Path, path: Path, *options: str) -> Result:
    return CliRunner().invoke(
        cli, ["--home", str(home), "--now", ON, "scan", str(path), *options], catch_exceptions=False
    )


def found(home: Path, path: Path, *options: str) -> list[dict[str, Any]]:
    rows = json.loads(scan(home, path, "--format", "json", *options).stdout)
    assert isinstance(rows, list)
    return rows


def ids(text: str, ending: str = ".py") -> list[tuple[str, str | None]]:
    return [(reference.text, reference.model) for reference in find_references(text, ending=ending)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('ask(model="gpt-4.1")', [("gpt-4.1", "openai/gpt-4.1")]),
        ("MODEL = 'claude-3-opus-20240229'", [("claude-3-opus-20240229", "anthropic/claude-3-opus")]),
        ("const model = `openai/gpt-4o`", [("openai/gpt-4o", "openai/gpt-4o")]),
        ('Agent("openai:gpt-4o-mini")', [("openai:gpt-4o-mini", "openai/gpt-4o-mini")]),
        ('llm = ChatLiteLLM("azure/gpt-4o")', [("azure/gpt-4o", "openai/gpt-4o")]),
        ('post(f"{HOST}/v1beta/models/gemini-1.5-pro:generateContent")', [("gemini-1.5-pro", "google/gemini-1.5-pro")]),
        ('model = "o1"', [("o1", "openai/o1")]),
        ('model = "gpt-9-mega"', [("gpt-9-mega", None)]),
    ],
)  # fmt: skip
def test_an_id_in_code_is_found(text: str, wanted: list[tuple[str, str | None]]) -> None:
    assert ids(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "# gpt-4-vision-preview was retired, so we moved on",
        'open("gpt-4-vision-preview.md")',
        'see = "https://docs.example/models/gpt-4-vision-preview"',
        '"gpt-4-vision-preview is no longer served"',
        "from gpt_4 import vision",
        'x = "o1"',
        'import("gpt-3-encoder")',
        'language = "python-3"',
        "gpt-4-vision-preview  # cardwatch: ignore",
    ],
)
def test_a_word_that_is_no_use_of_a_model_is_left(text: str) -> None:
    assert ids(text) == []


def test_a_value_of_a_settings_file_needs_no_quotes() -> None:
    text = "model: gpt-4o-mini  # cheap\nfallbacks:\n  - claude-3-haiku-20240307\nCHAT_MODEL=gpt-4.1\n"
    assert [name for name, _ in ids(text, ".yaml")] == ["gpt-4o-mini", "claude-3-haiku-20240307", "gpt-4.1"]
    assert ids(text, ".py") == []


RETIRED = "gpt-4-vision-preview"
PYTHON = f'''"""Count tokens.

    size = context_size("{RETIRED}")
"""
# The old snapshot "{RETIRED}" counted images differently.
CONTEXT = {{"gpt-4o-mini": 128_000, "gpt-4.1": 1_047_576}}
DEFAULT_MODEL = "gpt-4.1"  # was "{RETIRED}"


def count(messages, model=DEFAULT_MODEL):
    # if model == "{RETIRED}":
    #     return 85
    raise ValueError("{RETIRED} was shut down; use '#gpt-4o'")
'''
TYPESCRIPT = f"""// export const legacy = "{RETIRED}";
/* renamed:
 * "{RETIRED}" -> "gpt-4o"
 */
export const models = [
  {{ id: "openai/gpt-4.1", label: "GPT-4.1", see: "https://docs.example/{RETIRED}" }}, // "{RETIRED}"
];
export const shot = require("./fixtures/{RETIRED}.json");
test("{RETIRED} is refused", () => {{}});
"""
SETTINGS = f"""# default: {RETIRED}
llm:
  default: openai/gpt-4.1  # not "{RETIRED}"
  # - "{RETIRED}"
embedding:
  model: text-embedding-3-large
"""


@pytest.mark.parametrize(
    ("ending", "text", "wanted"),
    [
        (".py", PYTHON, ["gpt-4o-mini", "gpt-4.1", "gpt-4.1"]),
        (".ts", TYPESCRIPT, ["openai/gpt-4.1", "GPT-4.1"]),
        (".yaml", SETTINGS, ["openai/gpt-4.1", "text-embedding-3-large"]),
    ],
)
def test_what_public_programs_say_of_a_retired_model_is_no_use_of_it(
    ending: str, text: str, wanted: list[str]
) -> None:
    """The shapes are those of token counters, model lists and settings; the text is ours."""
    assert [name for name, _ in ids(text, ending)] == wanted


@given(st.text(max_size=300), st.sampled_from((".py", ".ts", ".yaml", ".ini", ".go", "")))
def test_any_text_is_scanned(text: str, ending: str) -> None:
    lines = text.splitlines()
    for reference in find_references(text, ending=ending):
        assert lines[reference.line - 1][reference.column - 1 :].startswith(reference.text)


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """Three small programs in the styles of as many frameworks, and a page about them."""
    (tmp_path / "chat.py").write_text(
        'VISION = "gpt-4-vision-preview"\nclient.create(model="gpt-5.2-codex")\nother = "gpt-4.1"\n'
    )
    (tmp_path / "agent.ts").write_text('const agent = new Agent({ model: "openai/gpt-99-ultra" })\n')
    (tmp_path / "settings.yaml").write_text("llm:\n  model: openai/gpt-4.1\n")
    (tmp_path / "README.md").write_text('We moved from "gpt-4-vision-preview".\n')
    return tmp_path


def test_each_finding_names_its_place_and_its_evidence(demo_home: Path, code: Path) -> None:
    rows = found(demo_home, code)
    assert [(row["path"], row["line"], row["id"], row["kind"]) for row in rows] == [
        ("agent.ts", 1, "openai/gpt-99-ultra", "unknown"),
        ("chat.py", 1, "gpt-4-vision-preview", "retired"),
        ("chat.py", 2, "gpt-5.2-codex", "ending"),
    ]
    retired, ending = rows[1:]
    assert (retired["ends_on"], retired["replacement"]) == ("2024-12-06", "gpt-4o")
    assert (ending["ends_on"], ending["model"]) == ("2026-07-23", "openai/gpt-5.2-codex")
    assert ending["url"].startswith("https://")
    assert ending["source"] == "curated"


def test_prose_is_read_when_it_is_named(demo_home: Path, code: Path) -> None:
    assert [row["kind"] for row in found(demo_home, code / "README.md")] == ["retired"]


@pytest.mark.parametrize(
    ("options", "code_wanted"),
    [
        ((), 0),
        (("--fail-on", "retired"), 1),
        (("--fail-on", "ending:30d"), 0),
        (("--fail-on", "ending:90d"), 1),
        (("--fail-on", "ending"), 1),
        (("--fail-on", "cheaper_equal"), 0),
        (("--fail-on", "unknown", "--exclude", "*.ts"), 0),
        (("--fail-on", "soon"), 2),
    ],
)
def test_how_it_ends_is_asked_for(
    demo_home: Path, code: Path, options: tuple[str, ...], code_wanted: int
) -> None:
    result = scan(demo_home, code, *options)
    assert result.exit_code == code_wanted, result.output


def test_sarif_points_at_the_same_places(demo_home: Path, code: Path) -> None:
    run = json.loads(scan(demo_home, code, "--format", "sarif").stdout)["runs"][0]
    rules = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in run["tool"]["driver"]["rules"]}
    assert rules["retired"] == "error"
    (retired,) = [result for result in run["results"] if result["ruleId"] == "retired"]
    place = retired["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "chat.py"
    assert (place["region"]["startLine"], place["region"]["startColumn"]) == (1, 11)


def test_nothing_of_our_own_tree_is_called_retired_falsely(demo_home: Path) -> None:
    rows = found(demo_home, ROOT, "--exclude", "tests/**/*")
    assert {row["model"] for row in rows if row["kind"] == "retired"} <= {"openai/gpt-4-vision-preview"}
    assert [row for row in rows if row["kind"] == "retired"], "the settings name a retired model for its page"


def recipes() -> list[Any]:
    """Return the YAML blocks of the page about scanning: the workflow, and the hook."""
    page = (ROOT / "docs" / "how-to" / "scan-your-code.md").read_text(encoding="utf-8")
    return [
        yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    ]


def test_the_hook_stops_a_commit_with_a_retired_model(demo_home: Path, code: Path, tmp_path: Path) -> None:
    (hook,) = recipes()[1]["repos"][0]["hooks"]
    person = tmp_path / "person"
    person.mkdir()
    (person / ".cardwatch").symlink_to(demo_home)
    environment = {"HOME": str(person), "PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        shlex.split(hook["entry"]), cwd=code, env=environment, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, "retired" in done.stdout) == (1, True), done.stderr
    (code / "chat.py").unlink()
    done = subprocess.run(
        shlex.split(hook["entry"]), cwd=code, env=environment, capture_output=True, timeout=120
    )
    assert done.returncode == 0


def test_the_workflow_scans_as_the_commands_can(demo_home: Path, code: Path) -> None:
    steps = [step["run"] for step in recipes()[0]["jobs"]["scan"]["steps"] if "run" in step]
    typed = [shlex.split(step.partition(" > ")[0]) for step in steps if step.startswith("cardwatch scan")]
    ended = [scan(demo_home, code, *words[3:]).exit_code for words in typed]
    assert [words[2] for words in typed] == [".", "."]
    assert ended == [0, 1]
