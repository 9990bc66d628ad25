"""Doubt that the changes of one provider share: a list that is wrong in many places is not believed in the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from cardwatch.db.ingest.page_diff import ClaimChange
from cardwatch.db.ingest.plausibility import IN_PART, HoldReason, is_ordinary, parse_number
from cardwatch.db.store.values import provider_of

FEWEST = 3
"""The fewest offers, or changes, of one provider that tell anything together."""


class JudgedChange(NamedTuple):
    """A change with the doubt about it, if any, and whether what others ask bears it out."""

    change: ClaimChange
    doubt: HoldReason | None
    borne_out: bool

    @property
    def provider(self) -> str:
        return provider_of(self.change.subject[1])

    @property
    def impossible(self) -> bool:
        return self.doubt is not None and self.doubt.impossible

    @property
    def old(self) -> str | None:
        return self.change.old.value if self.change.old else None

    @property
    def falls_to_nothing(self) -> bool:
        return bool(parse_number(self.old)) and parse_number(self.change.new.text) == 0

    def doubted(self, rule: str, reason: str) -> JudgedChange:
        return self._replace(doubt=HoldReason(rule, reason))


def share_doubt(
    judged: Sequence[JudgedChange], first_seen: Callable[[ClaimChange], str]
) -> list[JudgedChange]:
    """Return the price changes of offers with the doubt that those of their provider cast on them.

    Only changes that were first seen together, as `first_seen` tells, are judged by one another.
    """
    groups: dict[tuple[str, str], list[JudgedChange]] = {}
    for one in judged:
        groups.setdefault((one.provider, first_seen(one.change)), []).append(one)
    return [one for (_, group) in groups.items() for one in _doubt_rest(_doubt_falls(group))]


def _doubt_falls(group: Sequence[JudgedChange]) -> list[JudgedChange]:
    """Doubt all falls to nothing of a list that gives some offers away in part."""
    falls = [one for one in group if one.falls_to_nothing]
    offers = {one.change.subject for one in falls}
    if len(offers) < FEWEST or not any(one.doubt and one.doubt.rule == IN_PART for one in falls):
        return [*group]
    reason = f"prices of {len(offers)} offers fall to nothing at once, some of offers that still ask the rest"
    return [
        one.doubted("emptied", reason)
        if one.falls_to_nothing and not one.impossible and not one.borne_out
        else one
        for one in group
    ]


def _doubt_rest(group: Sequence[JudgedChange]) -> list[JudgedChange]:
    """Doubt every large move of a list of which most changes are impossible."""
    bad = sum(one.impossible for one in group)
    if bad < FEWEST or 2 * bad <= len(group):
        return [*group]
    reason = f"{bad} of the {len(group)} prices that changed with it are impossible"
    return [
        one.doubted("among_impossible", reason)
        if not (
            one.impossible or one.borne_out or is_ordinary(one.change.key[0], one.old, one.change.new.text)
        )
        else one
        for one in group
    ]
