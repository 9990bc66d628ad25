"""How much the catalog holds, for the end of a run and for `doctor`."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple


class SourceCounts(NamedTuple):
    """What one source's present claims are about; a fact is one with a value."""

    models: int = 0
    offers: int = 0
    facts: int = 0


def count_by_source(conn: sqlite3.Connection) -> dict[str, SourceCounts]:
    """Return the models, offers and present values of every source; `sources` counts its facts alike."""
    rows = conn.execute(
        """select p.source, count(distinct l.model),
             count(distinct iif(l.offer <> '', l.model || ' ' || l.offer, null)), count(c.value)
           from claims c join listings l on l.id = c.listing_id join pages p on p.id = l.page_id
           where c.until is null group by p.source"""
    )
    return {source: SourceCounts(*numbers) for source, *numbers in rows}


def count_models(conn: sqlite3.Connection) -> int:
    """Return how many models are known, merged ones aside."""
    return int(conn.execute("select count(*) from model_ids where merged_into is null").fetchone()[0])
