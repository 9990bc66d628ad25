"""Seconds of processor time that a tree of files takes: made, made again unchanged, and with one file changed.

    python benchmarks/export_speed.py [FILES]...

Files are pages of 8 KB in folders of two, as pairs of models have them. What making the pages takes is left out.
A ratio of the seconds for a file between the sizes near 1 says that nothing grows with the whole tree. "bare"
writes the same files and nothing else. The last line tells what a pair of the demo weighs, on its page, in the
data beside it and in the catalog with its indexes, and the largest page of the site.
"""

from __future__ import annotations

import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from sides import alone, tell

from cardwatch.site.tree import open_tree

PAGE = b"A page of a pair of models, some 8 KB. " * 200
FILES_A_FOLDER = 2
NOW = "2026-05-16T12:00:00Z"
"""A day after the demo's second look."""


def content(number: int, changed: int) -> bytes:
    return b"%d %d " % (number, number == changed) + PAGE


def write_tree(dest: Path, files: int, changed: int = -1) -> float:
    """Export so many files, of which one is not as before; return the seconds."""
    began = time.process_time()
    with open_tree(dest) as tree:
        for first in range(0, files, FILES_A_FOLDER):
            numbers = range(first, first + FILES_A_FOLDER)
            paths = tuple(f"compare/pair-{first}/{number}.html" for number in numbers)
            key = str(changed in numbers)
            if not tree.keep(paths, key):
                for path, number in zip(paths, numbers, strict=True):
                    tree.put(path, content(number, changed), key)
        tree.publish()
    return time.process_time() - began


def write_bare(folder: Path, files: int) -> float:
    """Write the same files."""
    began = time.process_time()
    for first in range(0, files, FILES_A_FOLDER):
        (folder / f"pair-{first}").mkdir(parents=True)
        for number in range(first, first + FILES_A_FOLDER):
            (folder / f"pair-{first}" / f"{number}.html").write_bytes(content(number, -1))
    return time.process_time() - began


def measure(files: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        dest = Path(folder) / "site"
        return {
            "bare": write_bare(Path(folder) / "bare", files),
            "made": write_tree(dest, files),
            "again": write_tree(dest, files),
            "one changed": write_tree(dest, files, changed=files // 2),
        }


def weigh_demo() -> str:
    """Return the means over the kept pairs of the demo."""
    with tempfile.TemporaryDirectory() as folder:
        home, site = Path(folder) / "home", Path(folder) / "site"
        for words in (["demo"], ["export", str(site)]):
            command = [sys.executable, "-m", "cardwatch.cli", "--home", str(home), "--now", NOW, *words]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        pairs = [page.parent for page in (site / "compare").glob("*-vs-*/index.html")]
        page, data = (
            statistics.mean((pair / file).stat().st_size for pair in pairs)
            for file in ("index.html", "index.json")
        )
        largest = max(file.stat().st_size for file in site.rglob("*.html"))
        with closing(sqlite3.connect(home / "catalog.db")) as conn:
            [stored] = conn.execute(
                "SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%comparison%'"
            ).fetchone()
    return (
        f"{len(pairs)} pairs of the demo: {page / 1000:.1f} KB of HTML, {data / 1000:.1f} KB of JSON and"
        f" {stored / len(pairs) / 1000:.1f} KB of the catalog each; the largest page {largest / 1000:.0f} KB"
    )


def main(sizes: list[int]) -> None:
    """Print seconds, and the seconds for a file beside those of the first size."""
    least: dict[str, float] = {}
    for files in sizes:
        for name, seconds in alone(measure, files).items():
            own = seconds / files
            ratio = own / least.setdefault(name, own)
            tell(
                f"{files:7,} files, {name:12}{seconds:7.2f} s, {own * 1e6:6.0f} us a file, {ratio:.2f} of the first"
            )
    tell(weigh_demo())


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [2_500, 5_000, 20_000])
