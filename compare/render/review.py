"""When the page was last looked at: worked out when it is rendered, never stored with it."""

from __future__ import annotations

from datetime import date

from msgspec import Struct, field

from cardwatch.compare.comparison import Comparison
from cardwatch.compare.side import Side
from cardwatch.db.store.freshness_limits import Freshness, FreshnessLimits

FRESHNESS_WORDS: dict[Freshness, str] = {
    "fresh": "Fresh",
    "warn": "Review due",
    "error": "Out of date",
    "never": "Never reviewed",
}
FRESHNESS_ORDER: tuple[Freshness, ...] = ("fresh", "warn", "error", "never")


class ReviewDay(Struct, frozen=True, eq=False):
    """The day on which pages are rendered, and the limits in force; share one among all pages of a run."""

    today: date
    limits: FreshnessLimits = field(default_factory=FreshnessLimits)

    def level(self, side: Side) -> Freshness:
        """Return the worst level among the known facts of one side; fresh if there is none."""
        if self not in side.memo:
            found = [self._level(*key, day) for key, day in side.reviewed.items()]
            side.memo[self] = max(found, key=FRESHNESS_ORDER.index, default=FRESHNESS_ORDER[0])
        worst: Freshness = side.memo[self]
        return worst

    def _level(self, attribute: str, source: str, authority: str, day: str) -> Freshness:
        if not day:
            return "never"
        return self.limits.level(
            attribute, source=source, authority=authority, reviewed_on=day, today=self.today
        )


class RelatedLink(Struct, frozen=True):
    """Another comparison; `href` is set by whoever publishes the pages, "" for none."""

    title: str
    href: str = ""


class RenderContext(Struct, frozen=True):
    """What a rendering adds to a comparison: when its digest first appeared, the day, what else to read."""

    generated_at: str
    day: ReviewDay
    related: tuple[RelatedLink, ...] = ()


class ComparisonReview(Struct, frozen=True):
    """The oldest look at a fact on the page, and the worst level any of them has reached."""

    reviewed_on: str | None
    level: Freshness

    @property
    def words(self) -> str:
        return FRESHNESS_WORDS[self.level]


def review_comparison(comparison: Comparison, stamp: RenderContext) -> ComparisonReview:
    """Return when the page's known facts were last looked at, judged by each fact's own limit."""
    a, b = comparison.sides
    if not (a.reviewed or b.reviewed):
        return ComparisonReview(None, "never")
    days = [day for day in (a.oldest_review, b.oldest_review) if day]
    worst = max(stamp.day.level(a), stamp.day.level(b), key=FRESHNESS_ORDER.index)
    return ComparisonReview(min(days, default=None), worst)
