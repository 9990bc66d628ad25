"""Where Azure's prices hold: many regions repeat one price, and some of a scope are priced apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from cardwatch.crawler.documents import Cell, RawRow

SCOPE_ZONES = {
    "global": {r"usgov.*": "usgov"},
    "data-zone": {r"usgov.*": "usgov", r".*(asia|australia|india|japan|korea).*": "apac"},
}
"""Where a scope has more than one price: the government cloud, and the zone beside those of the US and EU."""


class RegionPrice(NamedTuple):
    """One meter in one region; `later` is its start when that is after the day of the answer.

    `own_region` names the region within the scope, for a price that most of the scope does not share.
    """

    row: RawRow
    own_region: str
    later: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.row.provider, self.row.name, self.row.variant.get("region", ""), self.later


def price_region(scope: str, region: str) -> str:
    """Return where a price holds: the scope, a part of it that is priced apart, or the region itself."""
    if scope not in SCOPE_ZONES:
        return "global" if region == "Global" else region
    zones = (zone for pattern, zone in SCOPE_ZONES[scope].items() if re.fullmatch(pattern, region))
    return "-".join([scope, *zones])


def own_region_name(scope: str, region: str) -> str:
    """Return the name of one region within a scope, for a price that most of the scope does not share."""
    return f"{scope}-{region}" if scope in SCOPE_ZONES else region


def merge_regions(prices: Iterable[RegionPrice]) -> Iterator[RawRow]:
    """Yield one row for each meter and scope; a region that prints another price than most keeps its name."""
    groups: dict[tuple[str, str, str, str], list[RegionPrice]] = {}
    for price in prices:
        groups.setdefault(price.key, []).append(price)
    for key, group in groups.items():
        usual = Counter(_printed_cells(price) for price in group).most_common(1)[0][0]
        later = key[-1]
        if later and any(_printed_cells(now) == usual for now in groups.get((*key[:-1], ""), ())):
            continue
        same = [price.row for price in group if _printed_cells(price) == usual]
        first = min(same, key=lambda row: row.dates.get("effective_from", ""))
        odd = {name: cell for row in same for name, cell in row.cells.items() if _is_unknown(name)}
        yield _offer_row(replace(first, cells={**first.cells, **odd}), later)
        for price in group:
            if _printed_cells(price) != usual:
                yield _offer_row(price.row, later, region=price.own_region)


def _printed_cells(price: RegionPrice) -> tuple[tuple[str, Cell], ...]:
    """Return what a meter says; a key that nobody knows makes no other price of it."""
    return tuple(item for item in price.row.cells.items() if not _is_unknown(item[0]))


def _is_unknown(name: str) -> bool:
    return name.startswith("unknown.")


def _offer_row(row: RawRow, later: str, **variant: str) -> RawRow:
    qualifier = {"from": later} if later else {}
    return RawRow(
        row.kind,
        row.name,
        row.locator,
        row.cells,
        row.provider,
        {**row.variant, **variant},
        qualifier,
        row.dates,
    )
