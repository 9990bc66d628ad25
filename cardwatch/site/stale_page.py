"""The stale-data report as HTML: sums, a picture of freshness by source, and every group of stale facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cardwatch.db.staleness.stale_facts import (
    LevelCounts,
    StaleGroup,
    StaleReport,
    group_stale_facts,
    next_due_text,
)
from cardwatch.db.store.freshness_limits import days_text

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
WIDTH, BAR, LEFT, RIGHT = 720, 28, 250, 92


@dataclass(frozen=True, slots=True)
class BarSegment:
    """One stretch of a bar."""

    level: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class SourceBar:
    """One source: its facts by level, as a bar at height `y`."""

    name: str
    share: LevelCounts
    total: int
    y: int
    parts: tuple[BarSegment, ...]


def stale_html(report: StaleReport) -> str:
    """Return the report as a document that stands alone and loads nothing."""
    from cardwatch.site.templates import read_asset, template_environment

    template = template_environment().get_template("stale_alone.html")
    return template.render(csp=CSP, style=read_asset("site.css").decode(), **stale_template_values(report))


def stale_template_values(report: StaleReport, warning: str = "") -> Mapping[str, Any]:
    """Return what the template of the report shows; `warning` stands above the sums."""
    total = report.total.facts
    return {
        "report": report,
        "days_text": days_text,
        "warning": warning,
        "facts": total,
        "percent": f"{100 * report.total.fresh / total:.1f}" if total else "0",
        "bars": source_bars(report.by_source),
        "groups": [
            (group, group_text(group), next_due_text(group.worst)) for group in group_stale_facts(report.rows)
        ],
        "size": {"width": WIDTH, "height": BAR * max(len(report.by_source), 1), "left": LEFT},
    }


def source_bars(by_source: Mapping[str, LevelCounts]) -> list[SourceBar]:
    """Return a bar per source, split into fresh, due for review and out of date."""
    return [_source_bar(n, name, share) for n, (name, share) in enumerate(by_source.items())]


def _source_bar(number: int, name: str, share: LevelCounts) -> SourceBar:
    counts = {"fresh": share.fresh, "warn": share.warn, "error": share.error}
    total, x, parts = sum(counts.values()), float(LEFT), []
    for level, count in counts.items():
        width = (WIDTH - LEFT - RIGHT) * count / total if total else 0.0
        parts.append(BarSegment(level, round(x, 1), round(width, 1)))
        x += width
    return SourceBar(name, share, total, number * BAR, tuple(part for part in parts if part.width))


def group_text(group: StaleGroup) -> str:
    """Return the models and attributes of a group in words."""
    models = group.models[0] if len(group.models) == 1 else f"{len(group.models)} models"
    return f"{models}: {', '.join(group.attributes).replace('_', ' ')}"
