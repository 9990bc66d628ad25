"""Benchmark names as printed, taken apart: the catalog's attribute, and version and mode beside it."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

LONGEST_NAME = 500
MODE_SUFFIX = re.compile(r"\(([^()]+)\)\s*$")
TOOL_SUFFIX = re.compile(r"(?<![\s_-])[\s_-]++((?:with(?:out)?|w/o?|no)\s+\S.*)$", re.IGNORECASE)
UNIT_WORDS = {
    "%": "percent",
    "percent": "percent",
    "0-1": "fraction",
    "0–1": "fraction",
    "fraction": "fraction",
}
PLAIN_MEASURES = frozenset({"", "acc", "accuracy"})
"""What a score of a benchmark counts when nobody says; another measure is another way to run it."""
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
WITHOUT_BENCH = re.compile(r"swe_(?=(?:verified|multilingual|pro|lite|multimodal)$)")
"""Parts of SWE-bench as cards write them for short: "SWE Verified"."""
GREEK = re.compile(r"GREEK SMALL LETTER (?:FINAL )?([A-Z]+)")
VERSION_SUFFIXES = (
    re.compile(r"(?<![\s_-])[\s_-]++(v\d+(?:\.\d+)*)$", re.IGNORECASE),  # LiveCodeBench v6, BFCL-V4
    re.compile(
        r"(?<![\s_-])[\s_-]++((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{2,4})$",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\s_'’-])[\s_'’-]*+(20\d\d)$"),  # AIME 2025
    re.compile(r"(?<=[A-Za-z])\s*(\d+\.\d+)$"),  # OmniDocBench1.5
)


class BenchmarkName(NamedTuple):
    """`attribute` is "benchmark.<snake_name>"; `qualifier` holds version and mode where the name has them."""

    attribute: str
    qualifier: dict[str, str]


def parse_benchmark_name(printed: str) -> BenchmarkName | None:
    """Take a printed name apart; None when no letter or digit is left of it, or it is no name but a text."""
    if len(printed) > LONGEST_NAME:
        return None
    name, modes = " ".join(printed.split()), list[str]()
    while mode := MODE_SUFFIX.search(name) or TOOL_SUFFIX.search(name):
        name, stated_mode = name[: mode.start()].rstrip(), score_mode(mode[1])
        if stated_mode not in UNIT_WORDS and fold_benchmark(stated_mode) not in PLAIN_MEASURES:
            modes.insert(0, stated_mode)
    qualifier = {"mode": join_modes(*modes)} if modes else {}
    for pattern in VERSION_SUFFIXES:
        if version := pattern.search(name):
            name, qualifier["version"] = name[: version.start()], version[1].casefold()
            break
    snake = fold_benchmark(name)
    return BenchmarkName(f"benchmark.{snake}", qualifier) if snake else None


def fold_benchmark(name: str) -> str:
    """Return a name as one word of letters, digits and "_": HumanEval+ is another test than HumanEval.

    Greek letters are spelled out, "\u03c4\u00b2-Bench" is tau2_bench; a name with letters of another alphabet is none.
    """
    spelled = name.casefold().replace("*", " star ").replace("+", " plus ")
    if not spelled.isascii():
        spelled = "".join(map(_spell_out, unicodedata.normalize("NFKD", spelled)))
        if any(letter.isalnum() and not letter.isascii() for letter in spelled):
            return ""
    return WITHOUT_BENCH.sub("swe_bench_", re.sub(r"[^a-z0-9]+", "_", spelled).strip("_"))


def _spell_out(letter: str) -> str:
    if unicodedata.combining(letter):
        return ""
    found = GREEK.fullmatch(unicodedata.name(letter, ""))
    return found[1].casefold() if found else letter


def score_mode(text: str) -> str:
    """Return how a score was made, "w/ tools" spelled as "with tools"."""
    words = " ".join(text.casefold().split())
    return re.sub(r"\bw/(o?)\s*(?=tool)", lambda found: "without " if found[1] else "with ", words)


def join_modes(*modes: str) -> str:
    """Return several things said about how a score was made as one text."""
    return ", ".join(filter(None, modes))


def stated_unit(printed: str) -> str:
    """Return the unit that brackets in a name or heading state, "" for none."""
    units = (UNIT_WORDS.get(score_mode(words), "") for words in re.findall(r"\(([^()]+)\)", printed))
    return next(filter(None, units), "")


def benchmark_unit(attribute: str) -> str:
    """Return the unit a card's table of scores leaves unsaid: percent, but for ratings and own scales."""
    if re.search(r"(?:^|[._])(?:elo|rating|codeforces)(?:_|$)", attribute):
        return "elo"
    return "score" if re.search(r"(?:_index|\.wmt\d+(?:_plus)*)$", attribute) else "percent"
