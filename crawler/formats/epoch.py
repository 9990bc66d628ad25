"""How Epoch AI names models and lays out its benchmark files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from cardwatch.crawler.formats.table import fold_heading

EFFORT_SUFFIX = re.compile(r"_(pro)?(none|minimal|low|medium|high|xhigh|max|thinking|unknown|\d+[Kk])$")
"""An effort or a budget of thinking tokens behind a model's id; not the size in "Qwen-1_8B" or "phi-1_5"."""
THINKING = re.compile(r"(?<!non[- ])\bthinking(?:[- ](minimal|low|medium|high|xhigh|max))?\b", re.IGNORECASE)
"""What the name of a run says beside an id without an effort: "claude-opus-4-5-thinking", "Gemini (thinking high)"."""

ECI_HEADINGS = (
    "model_id,benchmark_id,performance,benchmark,benchmark_release_date,optimized,model,model_version,Model"
    ",model_group,Model aggregation,Model Aggregation Date,date,source"
)
ECI_NEED = ("model_version", "benchmark", "performance", "source")
CAPABILITIES_HEADINGS = (
    "Model,Display name,eci,eci_ci_low,eci_ci_high,date,Organization,Country (of organization)"
    ",Model accessibility,Accessibility group,model_versions"
)
RELEASE_HEADINGS = ",Release date,Organization,Country,Training compute (FLOP),Training compute notes,"
OWN_RUN_HEADINGS = (
    "Model version,mean_score,Best score (across scorers)"
    f"{RELEASE_HEADINGS}stderr,Log viewer,Logs,Started at,id"
)


class BenchmarkLayout(NamedTuple):
    """One file of the benchmark zip: what it measures, its headings, and what its columns are for.

    `spare` names the model where "Model version" is empty; `ran` is the column with the day of the run;
    `marks` gives a qualifier its column; `reporter` is who ran it where no column says so.
    """

    benchmark: str
    headings: str
    score: str = "mean_score"
    unit: str = "fraction"
    spare: str = "Model version"
    ran: str = ""
    marks: Mapping[str, str] = MappingProxyType({})
    reporter: str = ""

    @property
    def need(self) -> list[str]:
        """Return the columns without which a score would say something else."""
        return [*self.apart, self.score, *filter(None, [self.ran])]

    @property
    def apart(self) -> list[str]:
        """Return the columns that set its records apart."""
        return ["Model version", self.spare, *self.marks.values()]


EPOCH_REPORTER = "Epoch evaluations"
LAYOUTS: Mapping[str, BenchmarkLayout] = {
    "gpqa_diamond": BenchmarkLayout(
        "gpqa_diamond", OWN_RUN_HEADINGS, ran="Started at", reporter=EPOCH_REPORTER
    ),
    "otis_mock_aime_2024_2025": BenchmarkLayout(
        "otis_mock_aime_2024_2025", OWN_RUN_HEADINGS, ran="Started at", reporter=EPOCH_REPORTER
    ),
    "swe_bench_verified": BenchmarkLayout(
        "swe_bench_verified", OWN_RUN_HEADINGS, ran="Started at", reporter=EPOCH_REPORTER
    ),
    "swe_bench_bash": BenchmarkLayout(
        "swe_bench_bash_only",
        f"Model version,% Resolved{RELEASE_HEADINGS}Avg. Cost ($),Date run,Notes,Source,Source link"
        ",SWE-Agent Release Version,id",
        score="% Resolved",
        ran="Date run",
        marks={"reporter": "Source", "harness": "SWE-Agent Release Version"},
    ),
    "hle_external": BenchmarkLayout(
        "hle",
        f"Model version,Accuracy{RELEASE_HEADINGS}Name,Accuracy Standard Error,Calibration Error,Notes,id",
        score="Accuracy",
        spare="Name",
    ),
    "mmlu_external": BenchmarkLayout(
        "mmlu",
        f"Model version,EM{RELEASE_HEADINGS}Name,Shots,Source,Source link,Notes,id",
        score="EM",
        spare="Name",
        marks={"reporter": "Source", "mode": "Shots"},
    ),
    "live_bench_external": BenchmarkLayout(
        "livebench",
        f"Model version,Global average{RELEASE_HEADINGS}UUID,Reasoning average,Coding average,Mathematics average"
        ",Data analysis average,Language average,IF Average,LiveBench Version,Source,Source link,Notes,id",
        score="Global average",
        unit="percent",
        spare="id",
        marks={"version": "LiveBench Version", "reporter": "Source"},
    ),
    "epoch_capabilities_index": BenchmarkLayout(
        "epoch_capabilities_index",
        "Model version,ECI Score,Release date,Organization,Country,Model accessibility"
        ",Training compute (FLOP),Confidence,Model name,Description,Display name",
        score="ECI Score",
        unit="score",
        reporter="Epoch AI",
    ),
}
"""Files of epoch.ai's benchmark zip by name. "% Resolved" is headed in percent and holds fractions."""


def by_heading(headings: str, used: Iterable[str]) -> dict[str, str]:
    """Return the headings of a file by how they are looked up; those that are not used mean nothing."""
    kept = {*used}
    return {fold_heading(heading): heading if heading in kept else "" for heading in headings.split(",")}


def split_effort(model: str) -> tuple[str, dict[str, str]]:
    """Take the effort off a model's id: ("gpt-5.5-pre-release", {"mode": "xhigh"}); unknown is no mode."""
    found = EFFORT_SUFFIX.search(model)
    if not found:
        return model, {}
    words = (found[1] or "", "" if found[2] == "unknown" else found[2])
    mode = " ".join(word for word in words if word)
    return model[: found.start()], {"mode": mode} if mode else {}


def thinking_mode(run: str, model: str) -> dict[str, str]:
    """Return the mode that a run's name states and its model's id does not: {"mode": "high"}, or "thinking"."""
    found = THINKING.search(run)
    if not found or THINKING.search(model):
        return {}
    return {"mode": (found[1] or found[0]).lower()}
