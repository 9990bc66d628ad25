"""When the page was last looked at: worked out when it is rendered, never stored with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from compare.comparison import Comparison
from compare.side import Side
from db.freshness import Level, Limits, age_days

CURATED = "curated"
Freshness = Level | Literal["never"]
WORDS: dict[Freshness, str] = {
    "fresh": "Fresh",
    "warn": "Review due",
    "error": "Out of date",
    "never": "Never reviewed",
}
ORDER: tuple[Freshness, ...] = ("fresh", "warn", "error", "never")


@dataclass(frozen=True, slots=True)
class Related:
    """Another comparison; `href` is set by whoever publishes the pages, "" for none."""

    title: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a rendering adds to a comparison: when its digest first appeared, the day, what else to read."""

    generated_at: str
    today: date
    limits: Limits = field(default_factory=Limits)
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """The oldest look at a fact on the page, and the worst level any of them has reached."""

    reviewed_on: str | None
    level: Freshness

    @property
    def words(self) -> str:
        return WORDS[self.level]


def review(comparison: Comparison, stamp: Stamp) -> Review:
    """Return when the page's known facts were last looked at, judged by each fact's own limit."""
    oldest = [dates for side in comparison.sides if (dates := side.reviewed)]
    days = [day for dates in oldest for day in dates.values() if day]
    levels = [level(side, stamp) for side in comparison.sides]
    return Review(min(days, default=None), max(levels, key=ORDER.index))


def level(side: Side, stamp: Stamp) -> Freshness:
    """Return the worst level among the known facts of one side."""
    worst: Freshness = "fresh" if side.reviewed else "never"
    for (attribute, source), day in side.reviewed.items():
        found = "never" if not day else _level(attribute, source, day, stamp)
        worst = max(worst, found, key=ORDER.index)
    return worst


def _level(attribute: str, source: str, day: str, stamp: Stamp) -> Freshness:
    limit = stamp.limits.of(attribute, source=source, curated=source == CURATED)
    return limit.level(age_days(date.fromisoformat(day[:10]), stamp.today))
