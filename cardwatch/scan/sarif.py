"""Findings as SARIF 2.1.0, which code hosts show beside the lines they speak of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cardwatch.scan.findings import FindingKind, ScanFinding

RULES: dict[FindingKind, tuple[str, str]] = {
    "retired": ("error", "The model has been retired: calls to it fail."),
    "ending": ("warning", "The model ends, or its maker calls it deprecated."),
    "cheaper_equal": ("note", "A newer model of the same maker does as much and costs less."),
    "unknown": ("note", "The id looks like a model's, and no source of the catalog knows it."),
}


def sarif_document(findings: Sequence[ScanFinding], version: str) -> dict[str, Any]:
    """Return the findings of one scan; paths are relative to the scanned folder."""
    rules = [
        {"id": kind, "shortDescription": {"text": text}, "defaultConfiguration": {"level": level}}
        for kind, (level, text) in RULES.items()
    ]
    driver = {"name": "cardwatch scan", "version": version, "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": [_result(finding) for finding in findings]}],
    }


def _result(finding: ScanFinding) -> dict[str, Any]:
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endColumn": finding.column + len(finding.id),
    }
    place = {"artifactLocation": {"uri": finding.path, "uriBaseId": "%SRCROOT%"}, "region": region}
    row = finding.as_row()
    return {
        "ruleId": finding.kind,
        "level": RULES[finding.kind][0],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": place}],
        "properties": {name: row[name] for name in ("model", "ends_on", "replacement", "url", "reviewed_on")},
    }
