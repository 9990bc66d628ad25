"""What reads text takes time in proportion to it: at this size a probe is done at once or hardly ever.

A limit far off, seconds of processor time for what takes tenths, tells the two apart on a loaded machine too.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import fromstring
from support.growth_probes import (
    EDGES,
    FRAGMENTS,
    hostile_text,
    page_readers,
    probe_texts,
    seconds_taken,
    text_readers,
)
from support.soak_notes import print_row

from cardwatch.crawler.bounds import BoundExceededError
from cardwatch.crawler.formats.benchmark_names import parse_benchmark_name
from cardwatch.crawler.formats.html_table import MAX_SLOTS, MAX_SPAN, _try_grid
from cardwatch.crawler.formats.markdown import markdown_tables, split_sections
from cardwatch.crawler.http_codings import gunzip

SIZE = 300_000
SECONDS = 10.0
SHORT, SHORT_SECONDS = 40_000, 3.0
"""Square growth takes minutes at this size; what is linear, a hundredth of a second."""
SIZES = (10_000, 100_000, 1_000_000)
STEEPEST = 40
"""Times as long for a text ten times as long: far from ten, as a busy machine wants, and from a hundred."""
READERS, PAGES = text_readers(), page_readers()

PROBES: dict[str, Callable[[], object]] = {
    "heading of spaces": lambda: split_sections("# x" + " " * SIZE + "y"),
    "heading of marks": lambda: split_sections("# x" + " #" * SIZE + "y"),
    "delimiter of dashes": lambda: list(markdown_tables("|a|\n" + "-" * SIZE + "x")),
    "delimiter of cells": lambda: list(markdown_tables("|a|\n" + "|-" * SIZE + "x")),
    "delimiter of spaces": lambda: list(markdown_tables("|a|\n|-" + " " * SIZE + "x")),
    "benchmark of marks": lambda: parse_benchmark_name("_" * SIZE + "x"),
    "benchmark of dashes": lambda: parse_benchmark_name("a" + "-_" * SIZE + "x"),
    "gzip of nothing": lambda: gunzip(gzip.compress(b"") * (SIZE // 20), 1000),
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


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_of_text_is_linear(reader: str) -> None:
    for text in probe_texts(SHORT, every=2):
        assert seconds_taken(READERS[reader], text) < SHORT_SECONDS, text[:40]


@pytest.mark.parametrize("source", [*PAGES][::6])
def test_every_source_reads_any_page_in_linear_time(source: str) -> None:
    for text in probe_texts(SHORT, every=9):
        assert seconds_taken(PAGES[source], text) < SHORT_SECONDS, text[:40]


marks = st.text("ab01-_()[]{}|#*~<>/\\\"'`$.,:;&%+@=! \n\t", min_size=1, max_size=4)


@settings(max_examples=150)
@given(st.sampled_from([*READERS]), st.lists(st.sampled_from(FRAGMENTS) | marks, min_size=1, max_size=3),
       st.sampled_from(EDGES) | st.tuples(marks, marks))  # fmt: skip
def test_no_repeated_text_takes_a_reader_long(reader: str, parts: list[str], edges: tuple[str, str]) -> None:
    assert seconds_taken(READERS[reader], hostile_text("".join(parts), SHORT, edges)) < SHORT_SECONDS


def growth_problem(read: Callable[[str], object], fragment: str, edges: tuple[str, str]) -> str:
    """Return what is wrong with how the time of one reader grows with one text, "" if nothing."""
    try:
        took = [seconds_taken(read, hostile_text(fragment, size, edges)) for size in SIZES]
    except BoundExceededError as error:
        return f"{fragment!r} in {edges}: {error}"
    steep = took[2] > 1 and took[2] > STEEPEST * max(took[1], 0.01)
    return f"{fragment!r} in {edges}: {took}" if steep else ""


@pytest.mark.soak
def test_growth_from_ten_thousand_to_a_million_characters() -> None:
    everyone = {**READERS, **{f"{name}.rows": read for name, read in PAGES.items()}}
    wrong, probes = [], 0
    for number, (name, read) in enumerate(everyone.items()):
        for fragment in FRAGMENTS[number % 8 :: 8]:
            edges = EDGES[probes % len(EDGES)]
            probes += 1
            if problem := growth_problem(read, fragment, edges):
                wrong.append(f"{name}: {problem}")
    assert wrong == []
    print_row(
        "growth of every reader",
        f"{probes} probes of {len(everyone)} readers at 10 K, 100 K and 1 M characters",
        "none grows faster than its text",
    )
