"""`cardwatch metrics`: Prometheus reads it, and it agrees with the reports it is made from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families
from support.typed_commands import ROOT

from cardwatch.cli import cli
from cardwatch.errors import UsageError

ON = "2026-05-16T00:00:00Z"


def run(home: Path, *arguments: str) -> str:
    result = CliRunner().invoke(cli, ["--home", str(home), "--now", ON, *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def samples(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_it_says_what_the_reports_say(demo_home: Path) -> None:
    found = samples(run(demo_home, "metrics"))
    summary = json.loads(run(demo_home, "stale", "--format", "json"))["summary"]
    for level in ("fresh", "warn", "error"):
        assert found["cardwatch_facts", level] == summary[level]
        for source, counts in summary["by_source"].items():
            of_source = {key[1:]: value for key, value in found.items() if key[0] == "cardwatch_source_facts"}
            assert of_source[level, source] == counts[level]
    assert found["cardwatch_facts_never_sourced",] == summary["never_sourced"]
    assert found["cardwatch_holds",] == len(json.loads(run(demo_home, "holds", "--format", "json")))
    assert sum(value for key, value in found.items() if key[0] == "cardwatch_sources") == len(
        json.loads(run(demo_home, "sources", "--format", "json"))
    )


def test_every_metric_is_ours_and_says_what_it_is(demo_home: Path) -> None:
    families = [*text_string_to_metric_families(run(demo_home, "metrics"))]
    assert all(family.name.startswith("cardwatch_") and family.documentation for family in families)


def test_without_a_catalog_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no catalog yet"):
        run(tmp_path / "none", "metrics")


def test_the_dashboard_names_metrics_and_labels_that_are_printed(demo_home: Path) -> None:
    printed = {
        sample.name: set(sample.labels) | {"instance"}
        for family in text_string_to_metric_families(run(demo_home, "metrics"))
        for sample in family.samples
    }
    text = (ROOT / "docs" / "how-to" / "metrics" / "grafana-dashboard.json").read_text(encoding="utf-8")
    targets = [target for panel in json.loads(text)["panels"] for target in panel["targets"]]
    assert set(re.findall(r"cardwatch_\w+", text)) == printed.keys()
    for target in targets:
        (name,) = re.findall(r"cardwatch_\w+", target["expr"])
        labels = {
            *re.findall(r"(\w+)[!=]=?~?\"", target["expr"]),
            *re.findall(r"{{(\w+)}}", target["legendFormat"]),
        }
        assert labels <= printed[name], target["expr"]
