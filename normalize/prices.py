"""Prices: text and the unit its source states become an exact amount in catalog units, or are refused."""

from __future__ import annotations

import re
from decimal import Context, Decimal

from cardwatch.normalize.text import LONGEST, TWELVE_DIGITS, ParseError, parse_number
from cardwatch.normalize.units import CURRENCY_SYMBOLS, MEASURES, PriceUnit, find_unit, unit_measure

__all__ = ["parse_price", "parse_usd_per_mtok", "same_when_rounded"]

_SYMBOL = "|".join(re.escape(s) for s in sorted(CURRENCY_SYMBOLS, key=len, reverse=True))
_PRICE = re.compile(
    rf"(?P<before>{_SYMBOL})?\s*(?P<amount>[^\s/€¢元]+?)\s*(?P<after>{_SYMBOL})?(?:\s*(?:/|\bper\b)\s*(?P<per>.+))?",
    re.IGNORECASE,
)


def parse_price(text: str, unit: str, *, catalog_unit: str) -> tuple[Decimal, str]:
    """Read a price; return the amount and its catalog unit, which keeps the stated currency.

    Twelve significant digits are kept, of a share of a price seven. Raises ParseError for anything that is not one
    amount in a stated unit, and where that unit measures something else than `catalog_unit` (tokens, not images).
    """
    parts = _PRICE.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if parts is None:
        raise ParseError("price", wanted="one amount", found=text)
    row = _agreed(text, unit, parts)
    if unit_measure(row.catalog) != unit_measure(catalog_unit):
        raise ParseError("price unit", wanted=f"one for {catalog_unit}", found=unit or text)
    amount = parse_number(parts["amount"], "price")
    if "," in parts["amount"] and (parts["after"] or row.catalog.startswith("eur")):
        raise ParseError("price", wanted="no comma, which may be a decimal one here", found=text)
    digits = TWELVE_DIGITS if row.digits == TWELVE_DIGITS.prec else Context(prec=row.digits)
    return digits.multiply(amount, row.factor), row.catalog


def parse_usd_per_mtok(text: str, unit: str = "") -> Decimal:
    """Read a token price in US dollars per million tokens. Raises ParseError, also for other currencies."""
    amount, catalog = parse_price(text, unit, catalog_unit="usd_per_mtok")
    if catalog != "usd_per_mtok":
        raise ParseError("price", wanted="US dollars", found=f"{text} {unit}".strip())
    return amount


def same_when_rounded(a: Decimal, b: Decimal, *, places: int) -> bool:
    """Say whether two amounts agree when a source prints only `places` decimals, whichever way it rounds."""
    return abs(a - b) <= Decimal(5).scaleb(-places - 1)


def _agreed(text: str, unit: str, parts: re.Match[str]) -> PriceUnit:
    """Return the unit, after checking that what the text itself says of unit and currency is the same."""
    currency, per = _currency(text, parts), _measure(text, parts["per"])
    if not unit and currency and per:
        unit = f"{currency}/{per}"
    if not unit:
        raise ParseError("price without a unit", wanted="the unit its source states", found=text)
    row = find_unit(unit)
    money, _, measure = unit.partition("/")
    if currency and currency != money.split()[-1]:
        raise ParseError("price currency", wanted=money, found=text)
    if per and per != measure:
        raise ParseError("price unit", wanted=f"per {measure}", found=text)
    return row


def _currency(text: str, parts: re.Match[str]) -> str | None:
    found = {CURRENCY_SYMBOLS[s.casefold()] for s in (parts["before"], parts["after"]) if s}
    if len(found) > 1:
        raise ParseError("price currency", wanted="one", found=text)
    return next(iter(found), None)


def _measure(text: str, per: str | None) -> str | None:
    if per is None:
        return None
    key = re.sub(r"[\s,]", "", per).casefold()
    if key not in MEASURES:
        raise ParseError("price unit", wanted="a known measure after the amount", found=text)
    return MEASURES[key]
