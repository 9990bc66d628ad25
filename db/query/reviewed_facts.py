"""The review dates that readers of the SQL views see: what the audit holds against cards, pages and the stale report."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from cardwatch.db.store import views
from cardwatch.db.store.current_claims import with_claims_at


class ReviewedFact(NamedTuple):
    """One published value of the view `facts`; `listed` is 0 once its row is gone from a complete list."""

    model: str
    offer: str
    attribute: str
    qualifier: str
    source: str
    authority: str
    reviewed_on: str
    listed: int


def list_reviewed_facts(conn: sqlite3.Connection, at: str) -> Iterator[ReviewedFact]:
    """Yield every fact with a value, as the view `facts` has it at a moment."""
    rows = conn.execute(
        f"""{with_claims_at(":at")} SELECT model, offer, attribute, qualifier, source, authority, reviewed_on, listed
        FROM ({views.FACTS}) WHERE value IS NOT NULL ORDER BY 1, 2, 3, 4""",
        {"at": at},
    )
    return (ReviewedFact(*row) for row in rows)
