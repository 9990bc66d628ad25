"""Rows per second of processor time that the sources read, over all recorded pages of one checkout.

    python benchmarks/page_speed.py [CHECKOUT]

Pages are those of this checkout, the sources those of CHECKOUT: run it for two of them in turn to compare.
A page that one of them cannot read counts for neither.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT), str(ROOT / "tests")]

from support.recorded_pages import PAGES, spider, text_answer  # noqa: E402
from test_sources import TABLE  # noqa: E402

ROUNDS = 5


def read_all() -> tuple[int, float]:
    """Return the rows of all pages and the processor time it took to read them."""
    rows, spent = 0, 0.0
    for case in TABLE:
        path = PAGES / case.source / case.page
        answer = text_answer(path.read_bytes(), case.url, path.suffix)
        source = spider(case.source)
        start = time.process_time()
        try:
            found = sum(1 for _ in source.rows(answer))
        except ValueError:
            continue
        spent += time.process_time() - start
        rows += found
    return rows, spent


if __name__ == "__main__":
    read_all()
    rows, seconds = min((read_all() for _ in range(ROUNDS)), key=lambda each: each[1])
    sys.stdout.write(f"{rows} rows, {rows / seconds:.0f} rows a second\n")
