"""Processor time of a command that looks, in starts of a Python that imports what any such command must.

    python benchmarks/command_speed.py [HOME]

HOME is filled with the demo when it has no catalog; without one a temporary home is made. In every round each
command, its floor (a Python that imports click, sqlite3, orjson and tomllib) and a bare Python that asks SQLite
the same question take turns, each in a process of its own; figures are medians of the rounds' own ratios. All three
run from compiled modules, as an installed program does, wherever Python writes them here.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROUNDS = 5
FLOOR = "import click, sqlite3, orjson, tomllib"
ROOT = Path(__file__).parent.parent
BARE = """
import csv, sqlite3, sys
conn = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
found = conn.execute(sys.argv[2])
writer = csv.writer(sys.stdout)
writer.writerow([column[0] for column in found.description])
writer.writerows(found)
"""
COMMANDS: Sequence[tuple[Sequence[str], float, str]] = (
    (["show", "gpt-4.1"], 2.5, "select * from facts where model = 'openai/gpt-4.1'"),
    (["compare", "gpt-4.1", "qwen3.5-4b"], 2.5,
     "select * from facts where model in ('openai/gpt-4.1', 'alibaba/qwen3.5-4b')"),
    (["changes"], 2.5, "select * from changes"),
    (["holds"], 2.5, "select * from holds where until is null"),
    (["models"], 4, "select * from models"),
    (["stale"], 4, "select * from stale_basis"),
    (["conflicts"], 4, "select * from conflicts"),
)  # fmt: skip
"""What is typed, its goal in floors, and the same question in SQL."""


NOW = "2026-05-16T12:00:00Z"
"""A day after the demo's second look: half a year later thousands of its facts are past their limits and chosen anew."""
COMPILED = tempfile.TemporaryDirectory()
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPYCACHEPREFIX": COMPILED.name,
}
"""Modules are compiled once into a folder of their own."""


def seconds(command: Sequence[str]) -> float:
    """Return the processor time of a process that must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command, cwd=ROOT, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cardwatch(home: Path, arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "cardwatch.cli", "--home", str(home), "--now", NOW, *arguments]


def measure(home: Path) -> None:
    """Print one line per command: its seconds, how many floors they are, and how many of the bare query."""
    print(f"{'command':<28}{'seconds':>8}{'floors':>8}{'goal':>6}{'queries':>9}")  # noqa: T201
    for arguments, goal, sql in COMMANDS:
        _measure_round(home, arguments, sql)  # compiles
        rounds = [_measure_round(home, arguments, sql) for _ in range(ROUNDS)]
        ours = statistics.median(ours for ours, _, _ in rounds)
        floors = statistics.median(ours / floor for ours, floor, _ in rounds)
        queries = statistics.median(ours / bare for ours, _, bare in rounds)
        print(f"{' '.join(arguments):<28}{ours:>8.2f}{floors:>8.1f}{goal:>6}{queries:>9.1f}")  # noqa: T201


def _measure_round(home: Path, arguments: Sequence[str], sql: str) -> tuple[float, float, float]:
    floor = seconds([sys.executable, "-c", FLOOR])
    ours = seconds(cardwatch(home, arguments))
    return ours, floor, seconds([sys.executable, "-c", BARE, str(home / "catalog.db"), sql])


def main() -> None:
    """Measure the demo catalog in the home that was named, or in one that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder)
        if not (home / "catalog.db").exists():
            subprocess.run(
                cardwatch(home, ["demo", "--json"]), cwd=ROOT, check=True, stdout=subprocess.DEVNULL
            )
        measure(home)


if __name__ == "__main__":
    main()
