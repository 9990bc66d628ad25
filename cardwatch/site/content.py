"""All that one export says, read from the catalog in one look, without what may not be passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cardwatch.app import App
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.query.cards import Change, ModelCard
from cardwatch.db.query.coverage import HeadlineCoverage, PartyCoverage
from cardwatch.db.query.reports import Conflict, Hold, ModelSummary, SourceStatus
from cardwatch.db.schedule.freshness_budget import FreshnessBudget
from cardwatch.db.staleness.stale_facts import StaleReport
from cardwatch.freshness_budget import build_stale_report, limits_kept, limits_sentence
from cardwatch.run.comparison_stage import compare_settings
from cardwatch.site.places import Pair
from cardwatch.site.redistribution import (
    is_open_change,
    redact_card,
    redact_conflict,
    redact_hold,
    redact_summary,
)


@dataclass(frozen=True, slots=True)
class SiteContent:
    """Cards by id; kept pairs with the time their present state first appeared; lists for people.

    `warning` says that runs as configured cannot look at every fact within its limit, "" if they can.
    """

    cards: Mapping[str, ModelCard]
    models: tuple[ModelSummary, ...]
    pairs: Mapping[Pair, str]
    conflicts: tuple[Conflict, ...]
    changes: tuple[Change, ...]
    holds: tuple[Hold, ...]
    sources: tuple[SourceStatus, ...]
    stale: StaleReport
    coverage: tuple[PartyCoverage, ...] = ()
    headlines: HeadlineCoverage | None = None
    limits_kept: FreshnessBudget | None = None
    warning: str = ""

    @property
    def titles(self) -> Mapping[str, str]:
        """Names for readers by source id."""
        return {source.id: source.title for source in self.sources}


def read_content(app: App, catalog: CatalogReports) -> SiteContent:
    """Return what the catalog says now of the models the site is for; a run that writes meanwhile does not show.

    Raises UnknownModelError or AmbiguousModelError for a name of the settings that means no model, or several.
    """
    with catalog.read_transaction():
        closed = closed_sources(catalog)
        chosen = {catalog.find(name) for name in app.config.site.models}
        read_cards = {card.id: card for card in catalog.cards(chosen or None)}
        cards = {id_: redact_card(card, closed) for id_, card in read_cards.items()}
        usual, achievable = compare_settings(app), limits_kept(app, catalog)
        found = (redact_conflict(conflict, closed) for conflict in catalog.conflicts(app.config.compare))
        return SiteContent(
            cards,
            tuple(
                line if cards[line.id] is read_cards[line.id] else redact_summary(line, cards[line.id], usual)
                for line in catalog.models()
                if line.id in cards
            ),
            {pair: since for pair, since in catalog.comparison_dates() if {*pair} <= cards.keys()},
            tuple(conflict for conflict in found if conflict is not None),
            tuple(change for change in reversed(catalog.changes()) if is_open_change(change, closed)),
            tuple(redact_hold(held, closed) for held in catalog.holds()),
            tuple(catalog.sources()),
            build_stale_report(app, catalog, kept=achievable),
            tuple(catalog.coverage()),
            catalog.headline_coverage(),
            achievable,
            "" if achievable.ok else limits_sentence(app, achievable),
        )


def closed_sources(catalog: CatalogReports) -> set[str]:
    """Return the ids of the sources whose terms forbid passing their values on."""
    return {source.id for source in catalog.sources() if not source.redistribute}
