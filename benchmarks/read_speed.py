"""Seconds of processor time of a command that looks, beside a bare Python that asks SQLite the same question.

    python benchmarks/read_speed.py [HOME]

HOME is filled with the demo when it has no catalog; without one a temporary home is made. Commands and bare
scripts take turns, each in a process of its own; the figures are medians, and on an idle machine what one
waits for. "start" is an interpreter that does nothing: what no command can be quicker than.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROUNDS = 5
ROOT = Path(__file__).parent.parent
BARE = """
import csv, sqlite3, sys
conn = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
found = conn.execute(sys.argv[2])
writer = csv.writer(sys.stdout)
writer.writerow([column[0] for column in found.description])
writer.writerows(found)
"""
PAIRS: Sequence[tuple[Sequence[str], str]] = (
    (["models", "--format", "csv"], "select * from models"),
    (["show", "gpt-4.1", "--format", "json"], "select * from facts where model = 'openai/gpt-4.1'"),
    (["changes", "--format", "csv"], "select * from changes"),
    (["conflicts", "--format", "csv"], "select * from conflicts"),
    (["sources", "--format", "csv"], "select source, count(*) from standing_claims group by source"),
    (["holds", "--format", "csv"], "select * from holds where until is null"),
    (["stale", "--format", "csv"], "select * from stale_basis"),
    (["compare", "gpt-4.1", "qwen3.5-4b", "--format", "md"],
     "select * from facts where model in ('openai/gpt-4.1', 'alibaba/qwen3.5-4b')"),
)  # fmt: skip


def seconds(command: Sequence[str]) -> float:
    """Return the processor time of a process that must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cardwatch(home: Path, arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "cardwatch.cli", "--home", str(home), *arguments]


def measure(home: Path) -> None:
    """Print one line per command: its median, that of the bare query, and their ratio."""
    start = statistics.median(seconds([sys.executable, "-c", "import sqlite3"]) for _ in range(ROUNDS))
    listing = statistics.median(seconds(cardwatch(home, ["--help"])) for _ in range(ROUNDS))
    print(f"start {start:.2f} s, --help {listing:.2f} s\n")  # noqa: T201
    print(f"{'command':<36}{'seconds':>8}{'bare':>8}{'ratio':>8}")  # noqa: T201
    for arguments, sql in PAIRS:
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(seconds(cardwatch(home, arguments)))
            theirs.append(seconds([sys.executable, "-c", BARE, str(home / "catalog.db"), sql]))
        a, b = statistics.median(ours), statistics.median(theirs)
        print(f"{' '.join(arguments):<36}{a:>8.2f}{b:>8.2f}{a / b:>8.1f}")  # noqa: T201


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
