"""The catalog's health as Prometheus metrics: for a node exporter's textfile, or scraped from `cardwatch serve`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from cardwatch.app import App
from cardwatch.db.staleness.stale_facts import LevelCounts, StaleReport
from cardwatch.freshness_budget import build_stale_report
from cardwatch.version import VERSION

LEVELS = ("fresh", "warn", "error")
SOURCE_STATES = ("ok", "failing", "held", "never")
DAY_SECONDS = 86_400


def metrics_text(app: App) -> str:
    """Return the metrics in Prometheus' text format. Raises UsageError without a catalog.

    Ages are in seconds, times in seconds since 1970; a figure that is unknown is left out.
    """
    registry = CollectorRegistry()
    with app.reading() as catalog:
        now = app.now()
        report = build_stale_report(app, catalog, sums_only=True)
        _add_facts(registry, report, now)
        states = Counter(source.state for source in catalog.sources())
        _add_labelled(
            registry,
            "cardwatch_sources",
            "Sources by state.",
            "state",
            {**dict.fromkeys(SOURCE_STATES, 0), **states},
        )
        _add_holds(registry, Counter(hold.source for hold in catalog.holds()))
    _add(registry, "cardwatch_info", "Version of the program.", 1, version=VERSION)
    return generate_latest(registry).decode()


def _add_facts(registry: CollectorRegistry, report: StaleReport, now: datetime) -> None:
    _add_labelled(
        registry, "cardwatch_facts", "Published facts by freshness level.", "level", _by_level(report.total)
    )
    by_source = Gauge(
        "cardwatch_source_facts",
        "Published facts of a source by level.",
        ("source", "level"),
        registry=registry,
    )
    for source, counts in report.by_source.items():
        for level, number in _by_level(counts).items():
            by_source.labels(source, level).set(number)
    _add(registry, "cardwatch_facts_never_sourced", "Expected facts no source states.", report.never_sourced)
    _add(registry, "cardwatch_facts_quarantined", "Cells that could not be understood.", report.quarantined)
    if report.oldest:
        age = (now.date() - date.fromisoformat(report.oldest[:10])).days * DAY_SECONDS
        _add(registry, "cardwatch_oldest_fact_age_seconds", "Age of the fact looked at longest ago.", age)
    if report.last_run:
        _add(
            registry,
            "cardwatch_last_run_timestamp_seconds",
            "End of the last run.",
            _seconds(report.last_run),
        )
    _add(registry, "cardwatch_schedule_dead", "1 when runs have stopped coming.", int(report.schedule_dead))


def _add_holds(registry: CollectorRegistry, by_source: Mapping[str, int]) -> None:
    _add(registry, "cardwatch_holds", "Changes that wait for a decision.", sum(by_source.values()))
    _add_labelled(
        registry,
        "cardwatch_source_holds",
        "Changes of a source that wait for a decision.",
        "source",
        by_source,
    )


def _add(registry: CollectorRegistry, name: str, about: str, value: float, **labels: str) -> None:
    gauge = Gauge(name, about, tuple(labels), registry=registry)
    (gauge.labels(**labels) if labels else gauge).set(value)


def _add_labelled(
    registry: CollectorRegistry, name: str, about: str, label: str, values: Mapping[str, int]
) -> None:
    gauge = Gauge(name, about, (label,), registry=registry)
    for key in sorted(values):
        gauge.labels(key).set(values[key])


def _by_level(counts: LevelCounts) -> dict[str, int]:
    return {level: getattr(counts, level) for level in LEVELS}


def _seconds(stamp: str) -> float:
    return datetime.fromisoformat(stamp).astimezone(UTC).timestamp()
