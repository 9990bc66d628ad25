"""Which unit a source states, what the catalog calls it, and the factor between them: one table."""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from cardwatch.normalize.text import ParseError


class PriceUnit(NamedTuple):
    """A stated price unit: the catalog's unit for it and what to multiply by, to so many significant digits.

    Currency is never changed.
    """

    catalog: str
    factor: Decimal
    digits: int = 12


SCALED_DIGITS = 7
"""As many as shares are printed with: a thirteenth is 0.07692308, and thirteen of them are one."""


_TABLE = """
usd/token          usd_per_mtok     1000000
usd/1K tokens      usd_per_mtok     1000
usd/1M tokens      usd_per_mtok     1
cents/token        usd_per_mtok     10000
cents/1K tokens    usd_per_mtok     10
cents/1M tokens    usd_per_mtok     0.01
1e-10 usd/token    usd_per_mtok     0.0001
cny/token          cny_per_mtok     1000000
cny/1K tokens      cny_per_mtok     1000
cny/1M tokens      cny_per_mtok     1
eur/token          eur_per_mtok     1000000
eur/1K tokens      eur_per_mtok     1000
eur/1M tokens      eur_per_mtok     1
usd/image          usd_per_image    1
1e-10 usd/image    usd_per_image    0.0000000001
cents/image        usd_per_image    0.01
cny/image          cny_per_image    1
eur/image          eur_per_image    1
usd/request        usd_per_request  1
usd/1K requests    usd_per_request  0.001
cents/request      usd_per_request  0.01
usd/search         usd_per_search   1
usd/1K searches    usd_per_search   0.001
usd/hour           usd_per_hour     1
usd/minute         usd_per_hour     60
usd/second         usd_per_second   1
usd/character      usd_per_mchar    1000000
usd/1K characters  usd_per_mchar    1000
usd/1M characters  usd_per_mchar    1
"""


def _rows() -> dict[str, PriceUnit]:
    rows = (line.rsplit(maxsplit=2) for line in _TABLE.strip().splitlines())
    return {stated: PriceUnit(catalog, Decimal(factor)) for stated, catalog, factor in rows}


STATED_UNITS: MappingProxyType[str, PriceUnit] = MappingProxyType(_rows())

CURRENCY_SYMBOLS: MappingProxyType[str, str] = MappingProxyType(
    {
        "$": "usd",
        "us$": "usd",
        "usd": "usd",
        "¢": "cents",
        "cents": "cents",
        "€": "eur",
        "eur": "eur",
        "¥": "cny",
        "\uffe5": "cny",
        "cny": "cny",
        "rmb": "cny",
        "元": "cny",
    }
)
"""How prices print their currency. The yen sign is read as yuan: no source here quotes yen."""

MEASURES: MappingProxyType[str, str] = MappingProxyType(
    {
        "token": "token",
        "1ktokens": "1K tokens",
        "1000tokens": "1K tokens",
        "thousandtokens": "1K tokens",
        "ktok": "1K tokens",
        "mtok": "1M tokens",
        "mtokens": "1M tokens",
        "1mtok": "1M tokens",
        "1mtokens": "1M tokens",
        "1000000tokens": "1M tokens",
        "milliontokens": "1M tokens",
        "1milliontokens": "1M tokens",
        "image": "image",
        "request": "request",
        "1krequests": "1K requests",
        "1000requests": "1K requests",
        "search": "search",
        "1ksearches": "1K searches",
        "1000searches": "1K searches",
        "hour": "hour",
        "hr": "hour",
        "minute": "minute",
        "min": "minute",
        "second": "second",
        "sec": "second",
        "character": "character",
        "1kcharacters": "1K characters",
        "1mcharacters": "1M characters",
        "millioncharacters": "1M characters",
    }
)
"""What may stand after "/" or "per", without its spaces and commas."""


_SCALED = re.compile(r"(?P<scale>\d+(?:\.\d+)?(?:e-?\d+)?) (?P<unit>.+)", re.ASCII)


def find_unit(unit: str) -> PriceUnit:
    """Return the row of a stated price unit, which may be a share of one in the table: "0.75 cents/token".

    Raises ParseError for one that is neither.
    """
    if unit in STATED_UNITS:
        return STATED_UNITS[unit]
    parts = _SCALED.fullmatch(unit)
    if parts is None or parts["unit"] not in STATED_UNITS:
        raise ParseError("price unit", wanted=f"one of {', '.join(STATED_UNITS)}", found=unit)
    row = STATED_UNITS[parts["unit"]]
    return PriceUnit(row.catalog, row.factor * Decimal(parts["scale"]), SCALED_DIGITS)


def unit_measure(unit: str) -> str:
    """Return what a catalog price unit counts, whatever its currency: "mtok" for usd_per_mtok."""
    return unit.partition("_per_")[2]
