"""Rows per second of processor time that the sources read, over all recorded pages, of one checkout or of two in turn.

    python benchmarks/page_speed.py [OTHER]

The pages are those of this checkout. Each of ROUNDS rounds reads them with the sources of this checkout and then with
those of OTHER; the best time of a page counts. Compared are the pages of which both read the same number of rows.
Python looks for no cycles meanwhile: that would fall on one page, always the same, and cost what fifty pages cost.
"""

from __future__ import annotations

import gc
import importlib
import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
Timed = dict[str, tuple[int, float]]
"""Rows and seconds of each page that could be read."""


def recorded_pages() -> list[list[str]]:
    """Return source, file, address and content type of each recorded page."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    from support.recorded_pages import TYPES
    from test_sources import CASES

    return [[c.source, str(c.path), c.url, TYPES.get(c.path.suffix, "text/plain")] for c in CASES]


def read_pages(pages: list[list[str]]) -> Timed:
    """Read each page once, and time it, with the sources that this process imports."""
    from scrapy.http import HtmlResponse, TextResponse

    found: Timed = {}
    gc.disable()
    for source, path, url, content_type in pages:
        kind = HtmlResponse if content_type == "text/html" else TextResponse
        body = Path(path).read_bytes()
        answer = kind(url, body=body, encoding="utf-8", headers={"Content-Type": content_type})
        try:
            module = importlib.import_module(f"cardwatch.crawler.spiders.{source}")
            spider = next(
                each
                for each in vars(module).values()
                if getattr(each, "name", "") == source and callable(each)
            )()
            start = time.process_time()
            rows = sum(type(part).__name__ == "RawRow" for part in spider.rows(answer))
        except (ImportError, ValueError):
            continue
        found[path] = (rows, time.process_time() - start)
    return found


def read_in(checkout: Path, pages: list[list[str]]) -> Timed:
    """Read the pages in a process of its own, with the sources of a checkout; the first time warms up."""
    command = [sys.executable, __file__, "--read", str(checkout)]
    result = subprocess.run(command, input=json.dumps(pages), capture_output=True, text=True, check=True)
    return {path: (rows, seconds) for path, (rows, seconds) in json.loads(result.stdout).items()}


def faster(one: Timed, other: Timed) -> Timed:
    """Return the better time of each page."""
    return one | {path: min(other[path], one.get(path, other[path])) for path in other}


def compare(checkouts: list[Path]) -> None:
    """Print the speed of each checkout over the pages of which all read the same rows."""
    pages = recorded_pages()
    best = [Timed() for _ in checkouts]
    for _ in range(ROUNDS):
        for number, checkout in enumerate(checkouts):
            best[number] = faster(best[number], read_in(checkout, pages))
    same = [path for path in best[0] if len({timed.get(path, (None,))[0] for timed in best}) == 1]
    rows = sum(best[0][path][0] for path in same)
    for checkout, timed in zip(checkouts, best, strict=True):
        seconds = sum(timed[path][1] for path in same)
        sys.stdout.write(f"{checkout}: {len(same)} pages, {rows} rows, {rows / seconds:.0f} rows a second\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        sys.path.insert(0, sys.argv[2])
        wanted = json.load(sys.stdin)
        read_pages(wanted)
        json.dump(read_pages(wanted), sys.stdout)
    else:
        compare([ROOT, *(Path(other).resolve() for other in sys.argv[1:2])])
