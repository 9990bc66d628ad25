"""What reads text takes time in proportion to it: at this size a probe is done at once or hardly ever.

A limit far off, seconds of processor time for what takes tenths, tells the two apart on a loaded machine too.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable

import pytest
from lxml.html import fromstring

from cardwatch.crawler.fetch import _gunzip
from cardwatch.crawler.formats.benchmark_names import parse_benchmark_name
from cardwatch.crawler.formats.html_table import MAX_SLOTS, MAX_SPAN, _try_grid
from cardwatch.crawler.formats.markdown import markdown_tables, split_sections

SIZE = 300_000
SECONDS = 10.0

PROBES: dict[str, Callable[[], object]] = {
    "heading of spaces": lambda: split_sections("# x" + " " * SIZE + "y"),
    "heading of marks": lambda: split_sections("# x" + " #" * SIZE + "y"),
    "delimiter of dashes": lambda: list(markdown_tables("|a|\n" + "-" * SIZE + "x")),
    "delimiter of cells": lambda: list(markdown_tables("|a|\n" + "|-" * SIZE + "x")),
    "delimiter of spaces": lambda: list(markdown_tables("|a|\n|-" + " " * SIZE + "x")),
    "benchmark of marks": lambda: parse_benchmark_name("_" * SIZE + "x"),
    "benchmark of dashes": lambda: parse_benchmark_name("a" + "-_" * SIZE + "x"),
    "gzip of nothing": lambda: _gunzip(gzip.compress(b"") * (SIZE // 20), 1000, "here"),
}


@pytest.mark.parametrize("probe", PROBES)
def test_growth_is_linear(probe: str) -> None:
    began = time.process_time()
    PROBES[probe]()
    assert time.process_time() - began < SECONDS


def test_spans_that_claim_too_much_are_no_table() -> None:
    cell = f'<td colspan="{MAX_SPAN}" rowspan="{MAX_SPAN}">x</td>'
    grid = _try_grid(fromstring("<table>" + f"<tr>{cell * 20}</tr>" * 20 + "</table>"), (), "/table[1]")
    assert grid.rows == ()
    assert f"at most {MAX_SLOTS} cells" in str(grid.problem)
