"""Keeping what readers would have to work out from all claims: chosen facts, lines of models, counts of pages.

A change takes away the rows of the models it touches, in its own transaction; the end of a run works them out again, by
the rules that every reader has.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from cardwatch.db.ingest import class_keeping
from cardwatch.db.query import claim_choice, model_search, overview, page_classes, stated_rows
from cardwatch.db.query.card_reader import read_product_types
from cardwatch.db.query.claim_choice import OrderedClaims
from cardwatch.db.query.kept_facts import APART, NEVER, count_kind
from cardwatch.db.query.reports import ModelSummary
from cardwatch.db.staleness.catalog_report import CORE_ATTRIBUTES, ended_offers, is_published
from cardwatch.db.store.choice_rules import day_of_ageing, error_days, quote_words
from cardwatch.db.store.lifecycle_rules import END_DATES, last_day_sql

CHUNK = 250
"""Models worked out at a time, so that memory does not grow with their number."""
_Counts = Counter[tuple[int, str]]
"""Facts by page and kind."""


def take_away_facts(conn: sqlite3.Connection, models: Iterable[str]) -> None:
    """Drop what is kept of models that changed, and note that it is to be worked out again.

    One that was merged into another stands for that one, and nothing is kept under its own id.
    """
    changed = {*models}
    current = dict(
        conn.execute(
            "SELECT m.id, coalesce(merged_into, m.id) FROM json_each(?) n JOIN model_ids m ON m.id = n.value",
            [json.dumps(sorted(changed))],
        ).fetchall()
    )
    wanted = json.dumps(sorted(changed.union(current.values())))
    _drop_rows(conn, wanted)
    class_keeping.take_away_classes(conn, wanted)
    conn.execute("DELETE FROM kept_models WHERE model IN (SELECT value FROM json_each(?))", [wanted])
    conn.executemany(
        "INSERT INTO kept_models (model, steady_until) VALUES (?, '')",
        [(model,) for model in sorted({*current.values()})],
    )


def keep_facts(conn: sqlite3.Connection, at: str) -> list[str]:
    """Work out what is kept of every model that changed, or whose time ran out; return the latter."""
    found = conn.execute(
        "SELECT model, steady_until <> '' FROM kept_models WHERE steady_until <= :at"
        " UNION ALL SELECT model, 1 FROM kept_models WHERE kept_at > :at",
        {"at": at},
    )
    rows = sorted({(model, ran_out) for model, ran_out in found})  # asked in order, SQLite reads all models
    attempt = conn.execute("SELECT coalesce(max(id), 0) FROM attempts").fetchone()[0]
    looks = claim_choice.confirmation_days(conn, at)
    for start in range(0, len(rows), CHUNK):
        models = [row[0] for row in rows[start : start + CHUNK]]
        _drop_rows(conn, json.dumps(models))
        kept = _KeptChunk(conn, models, at, attempt, looks)
        conn.executemany(f"INSERT INTO kept_facts VALUES (?{', ?' * 17})", kept.facts)
        conn.executemany(f"INSERT OR REPLACE INTO kept_models VALUES (?{', ?' * 15})", kept.models)
        conn.executemany("INSERT INTO kept_page_models VALUES (?, ?, ?)", kept.by_page)
        conn.executemany("INSERT INTO kept_source_models VALUES (?, ?, ?, ?, ?)", kept.by_source)
        _add_counts(conn, kept.counts)
    class_keeping.keep_classes(conn)
    return [model for model, ran_out in rows if ran_out]


def find_wrong_facts(conn: sqlite3.Connection) -> Iterator[str]:
    """Yield what is kept and holds, and is not what the rules say of the claims, one sentence each."""
    at = conn.execute("SELECT max(kept_at) FROM kept_models").fetchone()[0] or ""
    models = [
        model
        for (model,) in conn.execute(
            "SELECT model FROM kept_models WHERE steady_until > ? ORDER BY model", [at]
        )
    ]
    looks = claim_choice.confirmation_days(conn, at)
    for start in range(0, len(models), CHUNK):
        chunk = models[start : start + CHUNK]
        right = _KeptChunk(conn, chunk, at, 0, looks)
        for table, rows, kept in (
            ("kept_facts", right.facts, _TOLD_FACT),
            ("kept_models", right.models, _TOLD_LINE),
            ("kept_page_models", right.by_page, tuple),
            ("kept_source_models", right.by_source, tuple),
        ):
            stored = conn.execute(
                f"SELECT * FROM {table} WHERE model IN (SELECT value FROM json_each(?))", [json.dumps(chunk)]
            )
            differing = {kept(row) for row in stored} ^ {kept(row) for row in rows}
            yield from (
                f"{model}: {table} differs from its claims" for model in sorted({row[0] for row in differing})
            )
    yield from _find_wrong_counts(conn)
    if page_classes.any_wrong(conn):
        yield "pages: the classes differ from what pages state"


def _find_wrong_counts(conn: sqlite3.Connection) -> Iterator[str]:
    counted = conn.execute(
        f"SELECT page_id, authority, attribute, count(*) FROM kept_facts WHERE shown AND NOT {APART} GROUP BY 1, 2, 3"
    )
    facts = {(page, count_kind(authority, name)): count for page, authority, name, count in counted}
    stored = conn.execute("SELECT page_id, counts FROM kept_pages")
    if facts != {(page, kind): count for page, kinds in stored for kind, count in json.loads(kinds).items()}:
        yield "kept_pages: the counts differ from kept_facts"
    for table, counting in _COUNTED.items():
        kept = f"SELECT * FROM {table}"
        if conn.execute(
            f"{kept} EXCEPT {counting} UNION ALL SELECT * FROM ({counting} EXCEPT {kept})"
        ).fetchone():
            yield f"{table}: differs from what it counts"


_COUNTED = {
    "kept_source_counts": "SELECT source, attributes, count(*), sum(offers), sum(facts) FROM kept_source_models"
    " GROUP BY 1, 2",
    "page_classes": "SELECT c.id, c.source, c.kind, c.host, c.attributes, count(p.id) FROM page_classes c LEFT JOIN pages p"
    " ON p.class_id = c.id GROUP BY c.id",
    "kept_page_days": "SELECT source, coalesce(substr(last_verified, 1, 10), ''), counts, count(*) FROM kept_pages k"
    " JOIN pages p ON p.id = k.page_id GROUP BY 1, 2, 3",
}
"""What triggers count, and what of."""
_TOLD_FACT, _TOLD_LINE = itemgetter(*range(15)), itemgetter(0, *range(5, 16))
"""The columns that nothing but a change alters: ages move with every look at a page."""


class _KeptChunk:
    """The rows of a few models, as they are to be kept."""

    def __init__(
        self, conn: sqlite3.Connection, models: Sequence[str], at: str, attempt: int,
        looks: Mapping[tuple[str | None, ...], str],
    ) -> None:  # fmt: skip
        self.at, self.attempt, self.looks = at, attempt, looks
        self.pages: dict[str, set[int]] = {model: set() for model in models}
        self.stated: dict[str, set[str]] = {model: set() for model in models}
        self.counts: _Counts = Counter()
        self.ageing = dict.fromkeys(models, NEVER)
        chosen = list(claim_choice.claims_by_fact(conn, at, models=models))
        self.facts = []
        for _, group in groupby(chosen, key=lambda fact: fact.claims[0]["model"]):
            facts = list(group)
            has_ended = ended_offers(filter(is_published, facts), at[:10])
            self.facts += [self._fact_row(fact, over=has_ended(fact.claims[0]["offer"])) for fact in facts]
        stated = model_search.said_facts(conn, chosen, at)
        types = read_product_types(conn, models, at=at)
        lines = {line.id: line for line in model_search.summarize_models(conn, stated, types, models, at=at)}
        dated = _next_dates(conn, models, at)
        self.models = [self._model_row(model, lines.get(model), dated.get(model, NEVER)) for model in models]
        self.by_page = stated_rows.rows_by_page(conn, models)
        self.by_source = stated_rows.rows_by_source(conn, models)

    def _fact_row(self, fact: OrderedClaims, *, over: bool) -> tuple[Any, ...]:
        best = fact.claims[0]
        model, offer, name, qualifier, value = tuple(best)[:5]
        looked_on = self.looks.get((model, offer, name, qualifier, value))
        apart = best["own_verified"] is not None or looked_on is not None
        heard = fact.heard
        stated = heard and value is not None
        shown = stated and not (fact.conflicting or over)
        if not apart and heard:
            self.pages[model].add(best["page_id"])
        if not apart and shown:
            self.counts[best["page_id"], count_kind(best["authority"], name)] += 1
        if stated and not offer and name in CORE_ATTRIBUTES:
            self.stated[model].add(name)
        listed = None if fact.conflicting or name not in model_search.LISTED else value
        return (
            model, offer, name, qualifier, best["page_id"], best["listing_id"], best["authority"], best["own_verified"],
            looked_on, listed, shown, stated, over, heard, bool(overview.disagreeing_claims(fact)), *self._ages(fact),
        )  # fmt: skip

    def _ages(self, fact: OrderedClaims) -> tuple[str | None, str | None, bool]:
        """Return the first and last day on which rivals were verified, None if age is nothing to them, and whether
        they are of one age now; note when a claim grows older."""
        rivals = claim_choice.rival_claims(fact)
        model, name = fact.claims[0]["model"], fact.claims[0]["attribute"]
        for claim in rivals if fact.unanimous else fact.claims if len(fact.claims) > 1 else ():
            older = day_of_ageing(name, claim["authority"], claim["last_verified"][:10], claim["age"])
            self.ageing[model] = min(self.ageing[model], older or NEVER)
        if len(rivals) < 2:
            return None, None, True
        days = sorted(claim["last_verified"][:10] for claim in rivals)
        limits = {(claim["age"], error_days(name, claim["authority"])) for claim in rivals}
        return days[0], days[-1], len(limits) == 1

    def _model_row(self, model: str, line: ModelSummary | None, dated: str) -> tuple[Any, ...]:
        summary = (
            (line.name, line.vendor, line.product_type, line.lifecycle, line.context_window, line.cheapest_input,
             line.cheapest_output, line.offers)
            if line else (None,) * 8
        )  # fmt: skip
        return (
            model, min(dated, self.ageing[model]), dated, self.at, self.attempt, len(self.stated[model]), line is not None,
            *summary, json.dumps(sorted(self.pages[model])),
        )  # fmt: skip


def _next_dates(conn: sqlite3.Connection, models: Sequence[str], at: str) -> dict[str, str]:
    """Return by model the next moment at which a told span begins or ends, or the day of an announced end comes."""
    day = last_day_sql("c.value")
    rows = conn.execute(
        f"""SELECT l.model, min(min(iif(c.valid_from > :at, c.valid_from, '{NEVER}'),
          iif(c.valid_to > :at, c.valid_to, '{NEVER}'),
          iif(c.attribute IN ({quote_words(END_DATES)}) AND {day} > substr(:at, 1, 10), {day}, '{NEVER}')))
        FROM json_each(:models) n CROSS JOIN listings l ON l.model = n.value JOIN claims c ON c.listing_id = l.id
        WHERE c.until IS NULL GROUP BY l.model""",
        {"at": at, "models": json.dumps(models)},
    )
    return dict(rows.fetchall())


def _drop_rows(conn: sqlite3.Connection, models: str) -> None:
    """Drop what is kept of the facts of models, given as JSON, and no longer count them."""
    rows = conn.execute(
        "SELECT page_id, authority, attribute FROM json_each(?) n CROSS JOIN kept_facts f ON f.model = n.value"
        f" WHERE shown AND NOT {APART}",
        [models],
    ).fetchall()
    _add_counts(conn, Counter((page, count_kind(authority, name)) for page, authority, name in rows), -1)
    for table in ("kept_facts", "kept_page_models", "kept_source_models"):
        conn.execute(f"DELETE FROM {table} WHERE model IN (SELECT value FROM json_each(?))", [models])


def _add_counts(conn: sqlite3.Connection, counts: _Counts, sign: int = 1) -> None:
    """Add to what is counted of pages, or take away from it."""
    pages = {page for page, _ in counts}
    found: dict[int, Counter[str]] = {page: Counter() for page in pages}
    for page, known in conn.execute(
        "SELECT page_id, counts FROM kept_pages WHERE page_id IN (SELECT value FROM json_each(?))",
        [json.dumps(sorted(pages))],
    ):
        found[page].update(json.loads(known))
    for (page, kind), count in counts.items():
        found[page][kind] += sign * count
    rows = [
        (page, {kind: count for kind, count in sorted(kinds.items()) if count})
        for page, kinds in found.items()
    ]
    conn.executemany("DELETE FROM kept_pages WHERE page_id = ?", [(page,) for page in found])
    conn.executemany(
        "INSERT INTO kept_pages VALUES (?, ?)", [(page, json.dumps(kinds)) for page, kinds in rows if kinds]
    )
