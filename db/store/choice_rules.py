"""The rules by which one claim is chosen among those to a fact: one table, read by SQL, by Python and by pages.

Each rule gives a claim some digits; put behind each other in the order of the table they make its *weight*, the
greatest first. Two rules look at the other claims too: `fresh` moves a claim behind newer ones (`_FRESH_AT`
in the weight), and `precise` picks among dates that agree. Where no rule tells two values apart, the
fact is `conflicting`. docs/explanation/conflicts.md says the same to people.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from cardwatch.db.store.freshness_limits import CURATED, CURATED_LIMITS, DEFAULT_LIMITS
from cardwatch.normalize.attributes import ATTRIBUTES, get_attribute

RuleId = Literal[
    "value", "variant", "said_now", "fresh", "speaker", "snapshot", "newer", "in_force", "reviewed_later",
    "precise", "wording", "agreement", "only", "none",
]  # fmt: skip
STATED = ("review", "curated")
"""Authorities of what people state: no page repeats it, so a day of review stands for a visit."""
STATED_SQL = ", ".join(f"'{authority}'" for authority in STATED)
"""The same as a SQL list."""


class Speaker(IntEnum):
    """Who says something of a model or an offer, the one with the best right first."""

    REVIEW = 0
    OWN_PAGE = 1
    CITED_OWN_PAGE = 2
    OWN_ROW = 3
    CURATED = 4
    OTHER_API = 5
    OTHER_ROW = 6


class RowKind(IntEnum):
    """What a row that says something of a model is about, the nearest to the model first.

    What others say (other APIs, other rows) is heard where nobody nearer speaks; a route's row (a plan, a tier,
    a region, a quantisation) never gives a model its limits.
    """

    OWN = 0
    SNAPSHOT = 1
    OTHERS = 2
    ROUTE = 3


class Age(IntEnum):
    """How old a claim is by the limit of its attribute: past twice its limit, past it, or within."""

    EXPIRED = 0
    STALE = 1
    FRESH = 2


class ChoiceRule(Struct, frozen=True):
    """One rule. `digits` is the SQL that gives a claim its `width` characters of weight, "" if it has none."""

    id: RuleId
    words: str
    digits: str = ""
    width: int = 0


def quote_words(words: Iterable[str]) -> str:
    """Return words as a SQL list."""
    return ", ".join(f"'{word}'" for word in words)


def age_sql(last_verified: str, at: str) -> str:
    """Return SQL for the Age of a claim at a moment; the limits are those that ship, whatever pages warn at."""
    day = f"substr({last_verified}, 1, 10)"
    return f"({day} >= {_first_day(at, 1)}) + ({day} >= {_first_day(at, 2)})"


def _first_day(at: str, times: int) -> str:
    """Return SQL for the first day that is within so many times the error limit of an attribute.

    Each day is a query of its own: SQLite asks it once, and a bare call for every claim.
    """
    by_days: defaultdict[float, list[str]] = defaultdict(list)
    for known in ATTRIBUTES.values():
        by_days[DEFAULT_LIMITS[known.group].error].append(known.name)
    days = {error: f"(SELECT date({at}, '-{times * error} days'))" for error in by_days}
    for group, limit in CURATED_LIMITS.items():
        usual = DEFAULT_LIMITS[group].error
        stated = f"(SELECT date({at}, '-{times * limit.error} days'))"
        days[usual] = (
            f"iif(authority = 'curated' AND attribute IN ({_of_group(group)}), {stated}, {days[usual]})"
        )
    cases = " ".join(
        f"WHEN attribute IN ({quote_words(names)}) THEN {days[error]}" for error, names in by_days.items()
    )
    return f"CASE {cases} ELSE (SELECT date({at}, '-{times * DEFAULT_LIMITS['benchmark'].error} days')) END"


def error_days(attribute: str, authority: str) -> float:
    """Return the age in days past which a claim is stale; twice that is expired."""
    group = get_attribute(attribute).group
    limits = CURATED_LIMITS if authority == CURATED and group in CURATED_LIMITS else DEFAULT_LIMITS
    return limits[group].error


_FRESHEST_DAYS = min(limit.error for limit in (*DEFAULT_LIMITS.values(), *CURATED_LIMITS.values()))


def may_be_stale(last_verified: str, at: str) -> bool:
    """Say whether any claim that was verified then is past its limit at `at`."""
    return date.fromisoformat(last_verified[:10]) + timedelta(days=_FRESHEST_DAYS) < date.fromisoformat(
        at[:10]
    )


@lru_cache(maxsize=10_000)
def day_of_ageing(attribute: str, authority: str, verified_on: str, age: int) -> str | None:
    """Return the first day on which a claim of an Age is older than that, None if it cannot be."""
    if age == Age.EXPIRED:
        return None
    days = error_days(attribute, authority) * (Age.FRESH + 1 - age)
    return (date.fromisoformat(verified_on) + timedelta(days=days + 1)).isoformat()


def _of_group(group: str) -> str:
    return quote_words(known.name for known in ATTRIBUTES.values() if known.group == group)


CLOSED = "proprietary"
_CARELESS = f"(attribute = 'openness' AND value = '{CLOSED}' AND speaker = {Speaker.OTHER_ROW:d})"
"""What a list prints of a model whose weights it was told nothing about. Who says that they are open says it of
the weights, whichever route of them he sells."""
SIZED = re.compile(r"\d[bmt](?![a-z0-9])")
"""A model's id that counts its parameters, as those of weights do: whoever sells it says in vain that they are not open."""
_IS_SIZED = "(model GLOB '*[0-9][bmt]' OR model GLOB '*[0-9][bmt][^a-z0-9]*')"
LONE_FLAG_SQL = f"""attribute = 'openness' AND value <> '{CLOSED}' AND speaker = {Speaker.OTHER_ROW:d}
    AND NOT {_IS_SIZED}"""
"""Whether a claim is a reseller's flag "open" of a model that bears no size: alone and contradicted it decides nothing."""
RULES: Mapping[RuleId, ChoiceRule] = {
    rule.id: rule
    for rule in (
        ChoiceRule("value", "a value before none", "(value IS NOT NULL)", 1),
        ChoiceRule("variant", "a route's row does not speak for the model",
                   f"CASE WHEN offer <> '' THEN 2 WHEN {_CARELESS} THEN 0"
                   f" WHEN row_kind = {RowKind.ROUTE:d} AND attribute <> 'openness' THEN 0"
                   f" ELSE 1 + (speaker <= {Speaker.CURATED:d}) END", 1),
        ChoiceRule("said_now", "said now before said once", "said_now", 1),
        ChoiceRule("fresh", "fresh before old"),
        ChoiceRule("speaker", "who may speak of it", "(9 - speaker)", 1),
        ChoiceRule("snapshot", "the model's own row before a snapshot's", "(9 - row_kind)", 1),
        ChoiceRule("newer", "fresh before old among equals", f"(age = {Age.FRESH:d})", 1),
        ChoiceRule("in_force", "in force by its told date",
                   "substr(valid_from || '0000-00-00', 1, 10)", 10),
        ChoiceRule("reviewed_later", "reviewed later",
                   f"iif(authority IN ({quote_words(STATED)}), substr(coalesce(last_verified, since), 1, 10), '0000-00-00')",
                   10),
        ChoiceRule("precise", "the more precise of dates that agree"),
        ChoiceRule("wording", "the shortest wording"),
        ChoiceRule("agreement", "all agree"),
        ChoiceRule("only", "only value"),
        ChoiceRule("none", "no rule decides"),
    )
}  # fmt: skip
"""In the order in which they are asked."""

HEARD_FROM: Mapping[str, str] = {"limit": "1", "lifecycle": "2"}
"""By topic the lowest digit of `variant` that gives a model such a fact: a route's limits and a host's end of
service are facts of their offers alone."""

WITHDRAWN = frozenset({"capability"})
"""Topics in which a page that stops saying something takes it back: a list of what a model can do was read whole."""

WEIGHT_SQL = " || ".join(f"({rule.digits})" for rule in RULES.values() if rule.digits)


def _places() -> dict[RuleId, slice]:
    found, start = {}, 0
    for rule in RULES.values():
        if rule.digits:
            found[rule.id] = slice(start, start + rule.width)
            start += rule.width
    return found


WEIGHT_PLACES: Mapping[RuleId, slice] = _places()
"""Where each rule's digits stand in a weight."""
FRESH_AT = WEIGHT_PLACES["speaker"].start
"""Digits of a weight before which the rule `fresh` is asked."""
