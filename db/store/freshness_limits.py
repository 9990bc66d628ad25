"""Age against limit, per attribute: when a fact counts as fresh, when it warns, when it is an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

from msgspec import Struct, field

from cardwatch.normalize.attributes import get_attribute

FreshnessLevel = Literal["fresh", "warn", "error"]
Freshness = FreshnessLevel | Literal["never"]


class FreshnessLimit(Struct, frozen=True):
    """Days: an age above `warn` warns, above `error` is an error; exactly the limit is still fresh.

    Limits of whole days are held against whole days of the calendar, those with hours against the clock.
    """

    warn: float
    error: float

    def age(self, reviewed: str, now: datetime) -> float:
        """Return the days since a moment or day (ISO 8601), counted as this limit wants them."""
        if self.whole_days:
            return age_days(date.fromisoformat(reviewed[:10]), now.date())
        since = datetime.fromisoformat(reviewed)
        return (now - (since if since.tzinfo else since.replace(tzinfo=UTC))) / timedelta(days=1)

    @property
    def whole_days(self) -> bool:
        return float(self.warn).is_integer() and float(self.error).is_integer()

    def level(self, age_days: float) -> FreshnessLevel:
        if age_days > self.error:
            return "error"
        return "warn" if age_days > self.warn else "fresh"


DEFAULT_LIMITS: Mapping[str, FreshnessLimit] = {
    "price": FreshnessLimit(7, 14),
    "availability": FreshnessLimit(7, 14),
    "limit": FreshnessLimit(30, 60),
    "capability": FreshnessLimit(30, 60),
    "lifecycle": FreshnessLimit(14, 30),
    "spec": FreshnessLimit(90, 180),
    "benchmark": FreshnessLimit(90, 180),
}
CURATED = "curated"
"""Authority of what people state with a page as witness, which has limits of its own."""
CURATED_LIMITS: Mapping[str, FreshnessLimit] = {"price": FreshnessLimit(30, 60)}


class GradedAge(NamedTuple):
    """The age of a fact, its level, and the limit that it broke or will break first."""

    age_days: float
    level: FreshnessLevel
    limit_days: float


class FreshnessLimits(Struct, frozen=True):
    """The limits in force: overrides by attribute or group, for one source or for all, over the defaults."""

    everywhere: Mapping[str, FreshnessLimit] = field(default_factory=dict)
    by_source: Mapping[str, Mapping[str, FreshnessLimit]] = field(default_factory=dict)

    @property
    def strictest(self) -> float:
        """The age in days up to which every fact is fresh, whatever it is and whoever states it."""
        return min(limit.warn for limit in self._all())

    @property
    def whole_days(self) -> bool:
        """Whether the day alone on which a fact was last looked at says how fresh it is, whatever it is."""
        return all(limit.whole_days for limit in self._all())

    def _all(self) -> Iterator[FreshnessLimit]:
        tables = (DEFAULT_LIMITS, CURATED_LIMITS, self.everywhere, *self.by_source.values())
        return (limit for table in tables for limit in table.values())

    def level(
        self, attribute_name: str, *, source: str, authority: str, reviewed_on: str, today: date
    ) -> FreshnessLevel:
        """Return how fresh a fact is on a day: the answer of pages and exports, which know no hours."""
        limit = self.of(attribute_name, source=source, authority=authority)
        return limit.level(age_days(date.fromisoformat(reviewed_on[:10]), today))

    def grade(
        self, attribute_name: str, *, source: str, authority: str, reviewed: str, now: datetime
    ) -> GradedAge:
        """Return how fresh a fact is at a moment: the answer of the stale report."""
        limit = self.of(attribute_name, source=source, authority=authority)
        age = limit.age(reviewed, now)
        level = limit.level(age)
        return GradedAge(age, level, limit.error if level == "error" else limit.warn)

    def of(self, attribute_name: str, *, source: str = "", authority: str = "") -> FreshnessLimit:
        """Return the limit of one attribute as one source states it; the closest override wins."""
        group = get_attribute(attribute_name).group
        own = self.by_source.get(source, {})
        base = {**DEFAULT_LIMITS, **CURATED_LIMITS} if authority == CURATED else DEFAULT_LIMITS
        for table, key in ((own, attribute_name), (own, group), (self.everywhere, attribute_name)):
            if key in table:
                return table[key]
        return self.everywhere.get(group, base[group])


def age_days(last_verified: date, today: date) -> int:
    """Return whole days since somebody or something looked."""
    return (today - last_verified).days


def days_text(days: float) -> str:
    """Return a time in words as short as they are exact: whole days, else hours."""
    return f"{days:g} d" if float(days).is_integer() else f"{24 * days:.3g} h"
