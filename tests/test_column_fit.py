"""Tables on a terminal: they keep its width, end no line inside a word, and say which columns had no room."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwatch.terminal.column_fit import GAP, fit_columns, shorten_moment, wrap_cell

WORDS = st.text("abcdefghij-_/ 0123456789", max_size=40)
TABLES = st.integers(1, 7).flatmap(
    lambda count: st.lists(st.lists(WORDS, min_size=count, max_size=count), min_size=1, max_size=6)
)


@given(TABLES, st.integers(40, 160))
def test_what_fits_keeps_the_width_and_the_first_column(table: list[list[str]], width: int) -> None:
    kept = fit_columns(table, width)
    assert 0 in kept
    assert sum(kept.values()) + GAP * (len(kept) - 1) <= width
    assert list(kept) == sorted(kept)


@given(WORDS, st.integers(8, 40))
def test_a_cell_loses_nothing_but_spaces_at_the_ends_of_lines(text: str, width: int) -> None:
    lines = wrap_cell(text, width).split("\n")
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line) <= width or not re.search(r"[\s/_-].", line.strip()) for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("openai/gpt-4.1-mini", 12, ["openai/gpt-", "4.1-mini"]),
        ("google/gemma-3-27b-it", 12, ["google/", "gemma-3-27b-", "it"]),
        ("no longer free", 10, ["no longer", "free"]),
        ("2026-05-15", 8, ["2026-05-15"]),
        ("max_output_tokens", 11, ["max_output_", "tokens"]),
        ("", 5, [""]),
    ],
)
def test_lines_end_where_a_reader_would_end_them(text: str, width: int, lines: list[str]) -> None:
    assert wrap_cell(text, width).split("\n") == lines


def test_a_moment_is_shown_as_its_day() -> None:
    assert shorten_moment("2026-05-15T12:00:00Z") == "2026-05-15"
    assert shorten_moment("since 2026-05-15T12:00:00Z") == "since 2026-05-15T12:00:00Z"


def test_all_that_is_wanted_stays_before_what_is_less_wanted() -> None:
    headings = ["at", "model", "source", "from", "to", "url"]
    row = [
        "2026-05-15",
        "openai/gpt-5.1-codex-max",
        "openrouter_models",
        "0.25",
        "0.125",
        "https://a.example/b",
    ]
    kept = fit_columns([headings, row], 60)
    assert [headings[at] for at in kept] == ["at", "model", "source", "from", "to"]
    assert [headings[at] for at in fit_columns([headings, row], 40)] == ["at", "model", "from", "to"]


@pytest.mark.parametrize(
    "command", ["models", "changes", "holds", "conflicts", "stale", "sources", "coverage", "drift"]
)
def test_every_list_keeps_80_columns(command: str, demo_home: Path) -> None:
    result = on_a_terminal(80, "--home", str(demo_home), command)
    table = [line for line in result.splitlines() if not line.endswith((".", "?"))]
    assert max(map(len, table)) <= 80
    assert len(table) > 2


def on_a_terminal(columns: int, *arguments: str) -> str:
    """Run the command with a terminal of that width as its output; return what it printed, without colours."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm"}
    with subprocess.Popen(
        [sys.executable, "-m", "cardwatch.cli", *arguments], stdout=theirs, stderr=subprocess.DEVNULL, env=env
    ):
        os.close(theirs)
        screen = b""
        while chunk := read_terminal(ours):
            screen += chunk
    os.close(ours)
    return re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", screen.decode()).replace("\r", "")


def read_terminal(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""  # Linux: the other end is closed
