"""Age against limit, per attribute: when a fact counts as fresh, when it warns, when it is an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from cardwatch.normalize.attributes import attribute

Level = Literal["fresh", "warn", "error"]


@dataclass(frozen=True, slots=True)
class Limit:
    """Days: an age above `warn` warns, above `error` is an error; exactly the limit is still fresh."""

    warn: int
    error: int

    def level(self, age_days: int) -> Level:
        if age_days > self.error:
            return "error"
        return "warn" if age_days > self.warn else "fresh"


DEFAULTS: Mapping[str, Limit] = {
    "price": Limit(7, 14),
    "availability": Limit(7, 14),
    "limit": Limit(30, 60),
    "capability": Limit(30, 60),
    "lifecycle": Limit(14, 30),
    "spec": Limit(90, 180),
    "benchmark": Limit(90, 180),
}
CURATED: Mapping[str, Limit] = {"price": Limit(30, 60)}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force: overrides by attribute or group, for one source or for all, over the defaults."""

    everywhere: Mapping[str, Limit] = field(default_factory=dict)
    by_source: Mapping[str, Mapping[str, Limit]] = field(default_factory=dict)

    def of(self, attribute_name: str, *, source: str = "", curated: bool = False) -> Limit:
        """Return the limit of one attribute as one source states it; the closest override wins."""
        group = attribute(attribute_name).group
        own = self.by_source.get(source, {})
        base = {**DEFAULTS, **CURATED} if curated else DEFAULTS
        for table, key in ((own, attribute_name), (own, group), (self.everywhere, attribute_name)):
            if key in table:
                return table[key]
        return self.everywhere.get(group, base[group])


def age_days(last_verified: date, today: date) -> int:
    """Return whole days since somebody or something looked."""
    return (today - last_verified).days
