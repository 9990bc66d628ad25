"""What each page and each source states of each model, kept as rows until a change takes them away.

Of a model whose rows were taken away, a reader asks the claims.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cardwatch.normalize.attributes import get_attribute

_KEPT = "json_each(:models)"
_CHANGED = "(SELECT model AS value FROM kept_models WHERE steady_until = '')"
_CLAIMED = """FROM {models} n CROSS JOIN listings l ON l.model = n.value JOIN claims c ON c.listing_id = l.id
  JOIN pages p ON p.id = l.page_id WHERE c.until IS NULL GROUP BY 1, 2"""
_BY_PAGE = f"SELECT l.model AS model, l.page_id AS page_id, group_concat(DISTINCT c.attribute) AS attributes {_CLAIMED}"
_BY_SOURCE = f"""SELECT l.model AS model, p.source AS source, count(DISTINCT nullif(l.offer, '')) AS offers,
  count(c.value) AS facts, coalesce(group_concat(DISTINCT iif(c.value IS NULL, NULL, c.attribute)), '') AS attributes
  {_CLAIMED}"""


class SourceCounts(NamedTuple):
    """What one source's present claims are about; a fact is one with a value."""

    models: int = 0
    offers: int = 0
    facts: int = 0
    topics: tuple[str, ...] = ()


def rows_by_page(conn: sqlite3.Connection, models: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the rows to keep of these models: the attributes that each page states."""
    return _sorted_rows(conn, _BY_PAGE, models)


def rows_by_source(conn: sqlite3.Connection, models: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the rows to keep of these models: what each source states, and of how many offers."""
    return _sorted_rows(conn, _BY_SOURCE, models)


def _sorted_rows(conn: sqlite3.Connection, query: str, models: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return rows whose last column lists attributes, those in one order whatever order they were met in."""
    found = conn.execute(query.format(models=_KEPT), {"models": json.dumps(models)})
    return [(*row, ",".join(sorted(names.split(",")))) for *row, names in found]


def attributes_of_classless(conn: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """Yield the pages that have no class as kept, with attributes that they state; a page may come several times."""
    return conn.execute(
        "SELECT k.page_id, k.attributes FROM pages p CROSS JOIN kept_page_models k ON k.page_id = p.id"
        f" WHERE p.class_id IS NULL UNION ALL SELECT page_id, attributes FROM ({_BY_PAGE.format(models=_CHANGED)})"
    )


def count_by_source(conn: sqlite3.Connection) -> dict[str, SourceCounts]:
    """Return the models, offers, present values and topics of every source."""
    counts: dict[str, Counter[str]] = {}
    topics: dict[str, set[str]] = {}
    for source, names, models, offers, facts in conn.execute(
        "SELECT source, attributes, models, offers, facts FROM kept_source_counts UNION ALL"
        f" SELECT source, attributes, 1, offers, facts FROM ({_BY_SOURCE.format(models=_CHANGED)})"
    ):
        counts.setdefault(source, Counter()).update(models=models, offers=offers, facts=facts)
        found = (get_attribute(name).group for name in names.split(",") if name)
        topics.setdefault(source, set()).update(found)
    return {
        source: SourceCounts(**own, topics=tuple(sorted(topics[source]))) for source, own in counts.items()
    }
