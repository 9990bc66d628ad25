"""What stands beside a chosen value, whether it contradicts it, and what that is worth a month.

One rule for model cards, the list of conflicts and the pages.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from cardwatch.db.query.cards import ClaimedValue, Fact
from cardwatch.db.query.listing_words import listing_words
from cardwatch.db.store.values import PlainValue, decode_value
from cardwatch.normalize.attributes import get_attribute
from cardwatch.normalize.text import canonical_number


class Traffic(Protocol):
    """Millions of tokens a month."""

    @property
    def input_mtok(self) -> int: ...

    @property
    def output_mtok(self) -> int: ...


_VOLUMES = {"input_price": "input_mtok", "output_price": "output_mtok"}


def read_claimed_value(row: sqlite3.Row) -> ClaimedValue:
    """Return what one row of claims says, and whose it is."""
    return ClaimedValue(
        row["source"],
        decode_value(row["attribute"], row["value"]),
        row["url"],
        (row["last_verified"] or "")[:10],
        listing_words(row),
        row["via"],
        row["authority"],
        bool(row["listed"]),
    )


def contradict(kind: str, values: Sequence[PlainValue]) -> bool:
    """Say whether values of a kind of attribute contradict each other; a less precise date does not contradict."""
    if kind == "date":
        texts = [str(value) for value in values]
        longest = max(texts, key=len)
        return not all(longest.startswith(text) for text in texts)
    return len({*values}) > 1


def contradicting_values(fact: Fact) -> tuple[ClaimedValue, ...]:
    """Return what sources say beside the value of `fact` if any of them contradicts it, else nothing.

    Texts are never in conflict, and neither is what stands in a row that its source no longer lists.
    """
    kind = get_attribute(fact.attribute).type
    listed = tuple(other for other in fact.others if other.listed)
    if kind == "text" or not listed:
        return ()
    first = listed[0].value if fact.value is None else fact.value
    return listed if any(contradict(kind, [first, other.value]) for other in listed) else ()


def monthly_difference(
    attribute: str, qualified: bool, values: Sequence[PlainValue], traffic: Traffic | None
) -> str | None:
    """Return what the difference between the highest and the lowest price is worth, None for what is no token price."""
    if traffic is None or attribute not in _VOLUMES or qualified:
        return None
    prices = [Decimal(str(value)) for value in values]
    volume: int = getattr(traffic, _VOLUMES[attribute])
    return canonical_number((max(prices) - min(prices)) * volume)
