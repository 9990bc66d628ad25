"""How much of what is shown each page verifies: its weight when a run cannot visit all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable


def update_page_weights(conn: sqlite3.Connection, models: Iterable[str]) -> None:
    """Set the weight of each page that states facts of these models, or did: its facts, each counted once and once per
    stored comparison."""
    conn.execute(
        """with changed(page_id) as (
             select distinct page_id from json_each(?) n join listings l on l.model = n.value),
           stated(page_id, facts, times) as (
             select l.page_id, (select count(*) from claims where listing_id = l.id and until is null),
               (select count(*) from comparisons where a = l.model) + (select count(*) from comparisons where b = l.model)
             from changed cross join listings l on l.page_id = changed.page_id),
           facts(page_id, weight) as (
             select page_id, sum(facts * (1 + times)) from stated group by page_id having sum(facts) > 0)
           update pages set weight = coalesce(facts.weight, 1.0)
           from changed left join facts on facts.page_id = changed.page_id
           where pages.id = changed.page_id and pages.weight <> coalesce(facts.weight, 1.0)""",
        [json.dumps(sorted({*models}))],
    )
