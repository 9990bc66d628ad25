"""What the benchmarks share: each round in a process of its own, and medians told side by side."""

from __future__ import annotations

import gc
import multiprocessing
import resource
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from cardwatch.cli import CYCLE_SEARCH

RSS_UNIT = 1024 if sys.platform != "darwin" else 1
"""Bytes in the unit of `ru_maxrss`."""


def alone(way: Callable[..., Any], *arguments: Any) -> Any:
    """Return what `way` says in a fresh process, which looks for cycles as seldom as the command does."""
    with multiprocessing.get_context("spawn").Pool(1, gc.set_threshold, CYCLE_SEARCH) as pool:
        return pool.apply(way, arguments)


@contextmanager
def served_beside(serve: Callable[..., None], *arguments: Any) -> Iterator[Any]:
    """Have `serve` answer in a process of its own, a pipe its last argument; what it first sends, such as its address."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=serve, args=(*arguments, there), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def peak_mb() -> int:
    """Return the most memory this process has held, in MB."""
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT / 1_000_000)


def middle(rounds: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the median of every figure over the rounds."""
    return {name: statistics.median(found[name] for found in rounds) for name in rounds[0]}


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
