"""All that one export says, read from the catalog in one look, without what may not be passed on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from cardwatch.app import App
from cardwatch.db.cards import Change, ModelCard
from cardwatch.db.catalog import Catalog
from cardwatch.db.plan import Achievable
from cardwatch.db.reports import Conflict, Held, ModelSummary, SourceStatus
from cardwatch.db.stale import StaleReport
from cardwatch.db.staleness import stale_report
from cardwatch.feasible import limits_kept, sentence
from cardwatch.site.places import Pair
from cardwatch.site.policy import open_card, open_change, open_conflict, open_hold, open_summary
from cardwatch.stage import settings_of


@dataclass(frozen=True, slots=True)
class Content:
    """Cards by id; kept pairs with the time their present state first appeared; lists for people.

    `warning` says that runs as configured cannot look at every fact within its limit, "" if they can.
    """

    cards: Mapping[str, ModelCard]
    models: tuple[ModelSummary, ...]
    pairs: Mapping[Pair, str]
    conflicts: tuple[Conflict, ...]
    changes: tuple[Change, ...]
    holds: tuple[Held, ...]
    sources: tuple[SourceStatus, ...]
    stale: StaleReport
    limits_kept: Achievable | None = None
    warning: str = ""

    @property
    def titles(self) -> Mapping[str, str]:
        """Names for readers by source id."""
        return {source.id: source.title for source in self.sources}


def read(app: App, catalog: Catalog) -> Content:
    """Return what the catalog says now; a run that writes meanwhile does not show."""
    with _one_look(catalog):
        closed = closed_sources(catalog)
        read_cards = {card.id: card for card in catalog.cards()}
        cards = {id_: open_card(card, closed) for id_, card in read_cards.items()}
        usual, achievable = settings_of(app), limits_kept(app, catalog)
        found = (open_conflict(conflict, closed) for conflict in catalog.conflicts(app.config.compare))
        return Content(
            cards,
            tuple(
                line if cards[line.id] is read_cards[line.id] else open_summary(line, cards[line.id], usual)
                for line in catalog.models()
                if line.id in cards
            ),
            {pair: since for pair, since in _pairs(catalog) if {*pair} <= cards.keys()},
            tuple(conflict for conflict in found if conflict is not None),
            tuple(change for change in reversed(catalog.changes()) if open_change(change, closed)),
            tuple(open_hold(held, closed) for held in catalog.holds()),
            tuple(catalog.sources()),
            stale_report(catalog, now=app.now(), limits=app.limits, interval=app.interval),
            achievable,
            "" if achievable.ok else sentence(app, achievable),
        )


def closed_sources(catalog: Catalog) -> set[str]:
    """Return the ids of the sources whose terms forbid passing their values on."""
    rows = catalog.conn.execute("SELECT id FROM sources WHERE NOT redistribute")
    return {id_ for (id_,) in rows}


@contextmanager
def _one_look(catalog: Catalog) -> Iterator[None]:
    catalog.conn.execute("BEGIN")
    try:
        yield
    finally:
        catalog.conn.execute("ROLLBACK")


def _pairs(catalog: Catalog) -> Iterator[tuple[Pair, str]]:
    for a, b, since in catalog.conn.execute("SELECT a, b, generated_at FROM comparisons ORDER BY a, b"):
        yield (a, b), since
