"""Hours of the day at which a price holds: how they read, and whether together they fill the week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """From `start` to `end`, minutes of the UTC day, on these days; an end not after it is tomorrow's.

    `but_not` names days on which it does not hold ("Chinese public holidays").
    """

    start: int
    end: int
    days: tuple[str, ...] = DAYS
    but_not: str = ""

    @property
    def minutes(self) -> int:
        """Minutes a week."""
        return ((self.end - self.start - 1) % DAY + 1) * len(self.days)

    def __str__(self) -> str:
        hours = f"utc {format_clock(self.start)}-{format_clock(self.end)}"
        days = "" if self.days == DAYS else f" {format_days(self.days)}"
        return f"{hours}{days} except {self.but_not}" if self.but_not else hours + days

    def covers(self) -> set[int]:
        """Return the minutes of the week it holds, Monday 00:00 being 0."""
        length = (self.end - self.start - 1) % DAY + 1
        begins = (DAYS.index(day) * DAY + self.start for day in self.days)
        return {minute % WEEK for begin in begins for minute in range(begin, begin + length)}


def parse_window(start: str, end: str, days: Sequence[str] = ()) -> TimeWindow | None:
    """Read "HHMM" bounds (leading zeros may be missing) and day names; None when they are no such thing."""
    bounds = [parse_minute(start), parse_minute(end)]
    short = tuple(day for day in DAYS if day in {name[:3].lower() for name in days}) if days else DAYS
    if None in bounds or (days and len(short) != len(set(days))):
        return None
    first, last = bounds
    return TimeWindow(first or 0, last or 0, short)


def parse_minute(hhmm: str) -> int | None:
    """Return the minute of the day that "930", "0930" or "2400" stands for."""
    if not hhmm.isascii() or not hhmm.isdigit() or len(hhmm) > len("2400"):
        return None
    hours, minutes = divmod(int(hhmm), 100)
    return (hours * 60 + minutes) % DAY if hours * 60 + minutes <= DAY and minutes < 60 else None


def fill_the_week(windows: Iterable[TimeWindow]) -> bool:
    """Say whether some window holds at every minute."""
    return len(set[int]().union(*(each.covers() for each in windows))) == WEEK


def format_clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def format_days(days: tuple[str, ...]) -> str:
    """Write "mon-fri" for neighbours, else "mon,wed"."""
    first = DAYS.index(days[0])
    if len(days) > 2 and days == DAYS[first : first + len(days)]:
        return f"{days[0]}-{days[-1]}"
    return ",".join(days)
