"""Prices with a promotion beside them: which of the printed amounts is the price."""

from __future__ import annotations

import re
from typing import NamedTuple

AMOUNT = r"(?:US)?[$€] ?[\d,.]+|(?:USD|EUR|CNY|RMB) ?[\d,.]+|[\d,.]+ ?(?:元|USD|EUR|CNY|RMB)"
USUAL = r"(?:original|list|regular|normal|standard|usual) price|原价"
REDUCED = r"(?:sale|promotional|promo|discounted?|current|special) price|now|现价|优惠价|折后价"
PROMOTION = r"\(?(?:limited[- ]time|限时|promotion|for a limited time).*?\)?"
_PRICED = re.compile(
    rf"(?:(?:{USUAL}|was):? *(?:{AMOUNT})?[ ,;/]*)?(?:{REDUCED}):? *(?P<reduced>{AMOUNT})(?P<rest>.*)"
    rf"|(?:(?:{USUAL}):? *)?(?P<usual>{AMOUNT})(?: *{PROMOTION})?(?P<unit> ?/.+)?",
    re.IGNORECASE | re.DOTALL,
)
_CURRENCIES = {
    "$": "usd",
    "usd": "usd",
    "€": "eur",
    "eur": "eur",
    "元": "cny",
    "cny": "cny",
    "rmb": "cny",
}


class PrintedPrice(NamedTuple):
    """The amount that is asked as printed, its currency, and what stands behind it, such as a unit."""

    amount: str
    currency: str
    rest: str = ""


def read_promoted_price(text: str) -> PrintedPrice | None:
    """Return the price of a cell with at most a promotion beside it; None for anything else.

    Of an original and a sale price the sale price is asked. A promotion that prints no amount of its own has
    neither a price nor an end to go by: the usual price counts.
    """
    line = " ".join(text.replace("（", "(").replace("）", ")").split())
    found = _PRICED.fullmatch(line)
    if not found:
        return None
    amount = (found["reduced"] or found["usual"]).strip()
    mark = re.sub(r"[\d,. ]", "", amount).casefold().removeprefix("us") or "usd"
    return PrintedPrice(
        amount,
        _CURRENCIES[mark if mark in _CURRENCIES else "usd"],
        (found["rest"] or found["unit"] or "").strip(),
    )
