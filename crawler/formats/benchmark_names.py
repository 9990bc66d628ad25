"""Benchmark names as printed, taken apart: the catalog's attribute, and version and mode beside it."""

from __future__ import annotations

import re
from typing import NamedTuple

MODE_SUFFIX = re.compile(r"\(([^()]+)\)\s*$")
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
VERSION_SUFFIXES = (
    re.compile(r"[\s_-]+(v\d+(?:\.\d+)*)$", re.IGNORECASE),  # LiveCodeBench v6, BFCL-V4
    re.compile(
        r"[\s_-]+((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{2,4})$", re.IGNORECASE
    ),
    re.compile(r"[\s_'’-]*(20\d\d)$"),  # AIME 2025
    re.compile(r"(?<=[A-Za-z])\s*(\d+\.\d+)$"),  # OmniDocBench1.5
)


class BenchmarkName(NamedTuple):
    """`attribute` is "benchmark.<snake_name>"; `qualifier` holds version and mode where the name has them."""

    attribute: str
    qualifier: dict[str, str]


def parse_benchmark_name(printed: str) -> BenchmarkName | None:
    """Take a printed name apart; None when no letter or digit is left of it."""
    name, qualifier = " ".join(printed.split()), {}
    if mode := MODE_SUFFIX.search(name):
        name, qualifier["mode"] = name[: mode.start()].rstrip(), mode[1].strip().casefold()
    for pattern in VERSION_SUFFIXES:
        if version := pattern.search(name):
            name, qualifier["version"] = name[: version.start()], version[1].casefold()
            break
    snake = re.sub(r"[^a-z0-9]+", "_", name.casefold().replace("*", " star ")).strip("_")
    return BenchmarkName(f"benchmark.{snake}", qualifier) if snake else None


def benchmark_unit(attribute: str) -> str:
    """Return the unit a card's table of scores leaves unsaid: percent, but for ratings and own scales."""
    if re.search(r"(?:^|[._])(?:elo|rating|codeforces)(?:_|$)", attribute):
        return "elo"
    return "score" if re.search(r"(?:_index|\.wmt\d+)$", attribute) else "percent"
