"""Files that people write: a byte order mark is no part of them, and another encoding is told by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from support.cli_home import CliHome

from cardwatch.cli import cli
from cardwatch.config import load_config

MARK = b"\xef\xbb\xbf"


def test_settings_may_start_with_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "cardwatch.toml"
    path.write_bytes(MARK + b"[archive]\nkeep = 30\n")
    assert load_config(path, required=True).archive.keep == 30


def test_a_batch_may_start_with_a_mark(tmp_path: Path) -> None:
    line = b'{"source":"openrouter","name":"openai/gpt-4.1"}\n'
    answers = []
    for name, head in (("plain", b""), ("marked", MARK)):
        (tmp_path / name).write_bytes(head + line)
        found = CliRunner().invoke(cli, ["--home", str(tmp_path), "resolve", "--batch", str(tmp_path / name)])
        assert found.exit_code == 0, found.output
        answers.append(found.output)
    assert answers[0] == answers[1] != ""


QUESTION = '{"source":"openrouter","name":"openai/gpt-4.1%s"}\n'
FACT = (
    '{"model":"openai/gpt-4.1","attribute":"family","value":"GPT%s","source_url":"https://acme.example/",'
    '"reviewed_on":"2026-05-01","reviewer":"cli_home"}\n'
)
SETTINGS = '# one\n[crawl]\ncontact = "a%s@acme.example"\n'
WRONG = {
    "utf-16": "\u00e9",
    "utf-16-le": "",
    "utf-16-be": "",
    "utf-32": "",
    "latin-1": "\u00e9",
}


@pytest.mark.parametrize("encoding", WRONG)
def test_another_encoding_is_told_by_file_and_line(tmp_path: Path, encoding: str) -> None:
    cli_home = CliHome(tmp_path)
    files = {"facts.jsonl": FACT, "batch.jsonl": QUESTION, "other.toml": SETTINGS}
    for name, text in files.items():
        (tmp_path / name).write_bytes((text % WRONG[encoding]).encode(encoding))
    asked = {
        "facts.jsonl": (1, "facts", "import", "facts.jsonl", "--now", "2026-06-01"),
        "batch.jsonl": (1, "resolve", "--batch", "batch.jsonl"),
        "other.toml": (2, "--config", "other.toml", "models"),
    }
    for name, (code, *arguments) in asked.items():
        errors = cli_home.run_in_process(*arguments, code=code).err
        line = 3 if name == "other.toml" and encoding == "latin-1" else 1
        assert f"{name}:{line}: " in errors or "not TOML" in errors, errors
        assert "Traceback" not in errors


def test_a_line_in_another_encoding_costs_itself(tmp_path: Path) -> None:
    (tmp_path / "facts.jsonl").write_bytes((FACT % "\u00e9").encode("latin-1") + (FACT % "-4").encode())
    ran = CliHome(tmp_path).run_in_process("facts", "import", "facts.jsonl", "--now", "2026-06-01", code=1)
    assert "facts.jsonl:1: line: wanted UTF-8, found byte 0xe9 after 59 characters" in ran.err
    assert "1 facts read: 1 new" in ran.out + ran.err


@pytest.mark.parametrize("text", [f"[{QUESTION % ''}]", "[\n{\n}\n]", "{", "nul\0l"])
def test_what_is_no_object_a_line_is_told(tmp_path: Path, text: str) -> None:
    cli_home = CliHome(tmp_path)
    (tmp_path / "lines.jsonl").write_text(text)
    for arguments in (("resolve", "--batch"), ("facts", "import")):
        assert "lines.jsonl:1: " in cli_home.run_in_process(*arguments, "lines.jsonl", code=1).err
