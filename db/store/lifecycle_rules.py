"""How far a model is in its life on a day: one table of rules, read by readers in Python and by views in SQL.

Each rule says when it holds in both languages, side by side; a test holds the two against each other.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal, NamedTuple

from msgspec import Struct

from cardwatch.db.store.choice_rules import quote_words
from cardwatch.db.store.speakers import OWN_PROVIDERS
from cardwatch.normalize.providers import PROVIDERS

RETIRED, DEPRECATED, ACTIVE = "retired", "deprecated", "active"
LifecycleRuleId = Literal[
    "shut_down", "stated_retired", "shutdown_announced", "deprecation_day", "stated", "disputed", "listed"
]
END_DATES: Mapping[str, tuple[str, str]] = {
    "deprecation_date": (ACTIVE, DEPRECATED),
    "shutdown_date": (DEPRECATED, RETIRED),
}
"""Dates that change the state when their day comes: the state before, and the one from then on."""


class StatedLife(NamedTuple):
    """What is known of a model's life: what is stated, whether no rule decides between what is stated, and whether
    its developer lists it now."""

    stated: str | None = None
    deprecated_on: str | None = None
    shut_down_on: str | None = None
    disputed: bool = False
    listed: bool = False


class LifecycleRule(Struct, frozen=True):
    """`state` is what the rule gives, None for what is stated; `origin` the attribute it follows from, "" a listing."""

    id: LifecycleRuleId
    state: str | None
    origin: str
    holds: Callable[[StatedLife, str], bool]
    sql: str


LIFECYCLE_RULES = (
    LifecycleRule("shut_down", RETIRED, "shutdown_date",
                  lambda life, day: has_come(life.shut_down_on, day), "{ended_shut_down_on}"),
    LifecycleRule("stated_retired", None, "lifecycle",
                  lambda life, _: life.stated == RETIRED and not life.shut_down_on,
                  f"{{stated}} = '{RETIRED}' AND {{shut_down_on}} IS NULL"),
    LifecycleRule("shutdown_announced", DEPRECATED, "shutdown_date",
                  lambda life, _: bool(life.shut_down_on), "{shut_down_on} IS NOT NULL"),
    LifecycleRule("deprecation_day", DEPRECATED, "deprecation_date",
                  lambda life, day: has_come(life.deprecated_on, day), "{ended_deprecated_on}"),
    LifecycleRule("stated", None, "lifecycle",
                  lambda life, _: bool(life.stated), "{stated} IS NOT NULL"),
    LifecycleRule("disputed", None, "lifecycle", lambda life, _: life.disputed, "{disputed}"),
    LifecycleRule("listed", ACTIVE, "", lambda life, _: life.listed, "{listed}"),
)  # fmt: skip
"""In the order in which they are asked; the first that holds decides."""


def lifecycle_rule(life: StatedLife, day: str) -> LifecycleRule | None:
    """Return the rule that says how far a model is on a day, None where nothing is known."""
    return next((rule for rule in LIFECYCLE_RULES if rule.holds(life, day)), None)


def lifecycle_state(life: StatedLife, day: str) -> str | None:
    """Return how far a model is on a day."""
    rule = lifecycle_rule(life, day)
    return None if rule is None else rule.state or life.stated


def lifecycle_sql(at: str, **columns: str) -> str:
    """Return SQL for the state at a moment, from SQL for the fields of StatedLife."""
    for name in ("shut_down_on", "deprecated_on"):
        columns[f"ended_{name}"] = has_come_sql(columns[name], at)
    whens = (
        f"WHEN {rule.sql.format(**columns)} THEN {repr(rule.state) if rule.state else columns['stated']}"
        for rule in LIFECYCLE_RULES
    )
    return f"CASE {' '.join(whens)} END"


def has_come(day_text: str | None, day: str) -> bool:
    """Say whether a day is over or is `day`; a month has come on its last day."""
    return bool(day_text) and last_day(day_text or "") <= day


def has_come_sql(column: str, at: str) -> str:
    """Return the same in SQL; NULL where there is no date."""
    return f"({last_day_sql(column)} <= substr({at}, 1, 10))"


def last_day(text: str) -> str:
    """Return the last day that a date of any precision may mean.

    >>> last_day("2026-02"), last_day("2025"), last_day("2025-04-14")
    ('2026-02-28', '2025-12-31', '2025-04-14')
    """
    parts = [int(part) for part in text.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    day = parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1]
    return date(year, month, day).isoformat()


def last_day_sql(column: str) -> str:
    """Return the same in SQL."""
    return (
        f"CASE length({column}) WHEN 4 THEN {column} || '-12-31'"
        f" WHEN 7 THEN date({column} || '-01', '+1 month', '-1 day') ELSE {column} END"
    )


def _sellers() -> list[str]:
    """Return every word a developer's id may be that itself is among the providers; see is_own_provider."""
    parts = ((provider, provider.split("-")) for provider in PROVIDERS)
    named = {"-".join(words[:count]) for _, words in parts for count in range(1, len(words) + 1)}
    return sorted(named | OWN_PROVIDERS.keys())


def lists_as_current_sql(model: str, provider: str) -> str:
    """Return SQL that says whether a listing of this provider shows a model as current, as lists_as_current does."""
    developer = f"substr({model}, 1, instr({model}, '/') - 1)"
    own = " ".join(
        f"WHEN '{known}' THEN {provider} IN ({quote_words(its)})" for known, its in OWN_PROVIDERS.items()
    )
    return (
        f"({provider} = {developer} OR substr({provider}, 1, length({developer}) + 1) = {developer} || '-'"
        f" OR CASE {developer} {own} ELSE 0 END OR {developer} NOT IN ({quote_words(_sellers())}))"
    )
