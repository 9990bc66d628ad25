"""Foreign money in dollars: for the reader only, with the rate and its day beside it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from cardwatch.config import ExchangeRate
from cardwatch.db.query.cards import Fact
from cardwatch.normalize.text import canonical_number


def in_dollars(fact: Fact, rates: Mapping[str, ExchangeRate]) -> str | None:
    """Return what a price in foreign money is in dollars, None without a rate for its currency."""
    rate = rates.get(fact.qualifier.get("currency", ""))
    if rate is None or fact.value is None:
        return None
    return f"about ${canonical_number(Decimal(str(fact.value)) * rate.usd)} at {canonical_number(rate.usd)} on {rate.on}"
