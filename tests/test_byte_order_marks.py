"""A byte order mark at the start of a user's file is no part of what it says."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

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
