"""What a full count found, told as docs/soak.md has it; `pytest -rP` shows it, and a person writes it down."""

from __future__ import annotations

import sys
from collections.abc import Mapping


def print_row(what: str, counts: str, result: str) -> None:
    """Print a row of the first table."""
    sys.stdout.write(f"| {what} | {counts} | {result} |\n")


def print_section(title: str, text: str, found: Mapping[str, object]) -> None:
    """Print a section: a sentence and what was counted."""
    rows = "".join(f"| {name} | {value} |\n" for name, value in found.items())
    sys.stdout.write(f"## {title}\n\n{text}\n\n| | |\n|---|---|\n{rows}\n")
