"""Notes in docs/soak.md what a full count found: its line of the first table, and a section of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "soak.md"


def note_counts(what: str, counts: str, result: str) -> None:
    """Write the line of the first table that starts with `what`, or add it at its end."""
    line = f"| {what} | {counts} | {datetime.now(UTC):%Y-%m-%d} | {result} |"
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    first = next(number for number, text in enumerate(lines) if text.startswith("|---"))
    last = next(number for number in range(first, len(lines) + 1) if not "".join(lines[number : number + 1]))
    known = [number for number in range(first, last) if lines[number].startswith(f"| {what} |")]
    start, end = (known[0], known[0] + 1) if known else (last, last)
    lines[start:end] = [line]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_section(title: str, text: str, found: Mapping[str, object]) -> None:
    """Write the section called `title`, in place of the one that is there: a sentence and what was counted."""
    rows = "".join(f"| {name} | {value} |\n" for name, value in found.items())
    made = f"## {title}\n\n{text}\n\n| | |\n|---|---|\n{rows}"
    parts = re.split(r"\n(?=## )", PAGE.read_text(encoding="utf-8"))
    kept = [part.strip("\n") for part in parts if not part.startswith(f"## {title}\n")]
    PAGE.write_text("\n\n".join([*kept, made.strip("\n")]) + "\n", encoding="utf-8")
