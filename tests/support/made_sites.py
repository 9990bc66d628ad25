"""Sites made of cards by hand, and an export of them into a folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cardwatch.compare.render.review import ReviewDay
from cardwatch.compare.settings import CompareSettings
from cardwatch.db.query.cards import Change, ModelCard
from cardwatch.db.query.reports import Conflict, Hold, ModelSummary, SourceStatus
from cardwatch.db.staleness import stale_facts
from cardwatch.db.store.freshness_limits import FreshnessLimits
from cardwatch.site.build import make_pages, write_site
from cardwatch.site.content import SiteContent
from cardwatch.site.export_context import Site
from cardwatch.site.freshness import FreshnessGrader
from cardwatch.site.places import Pair
from cardwatch.site.redistribution import redact_summary
from cardwatch.site.tree import FileCounts, open_tree

DAY = date(2026, 5, 25)
NOW = datetime(2026, 5, 25, 12, tzinfo=UTC)
SINCE = "2026-05-22T06:00:00Z"


def source_status(
    id_: str, *, title: str = "", terms: str = "Public.", redistribute: bool = True
) -> SourceStatus:
    """Return a source that is doing well."""
    return SourceStatus(
        id_, "JSON API", "aggregator", f"https://{id_}.example/", SINCE, 9, 0, 0, 0, None, "ok",
        title=title or id_.title(), terms=terms, redistribute=redistribute,
    )  # fmt: skip


def model_summary(card: ModelCard) -> ModelSummary:
    """Return the line about a model that its card implies."""
    listed = sum(offer.listed for offer in card.offers)
    blank = ModelSummary(card.id, "", "", None, None, None, None, None, listed, "2026-05-22")
    return redact_summary(blank, card, CompareSettings())


def made_content(
    cards: Iterable[ModelCard],
    pairs: Iterable[Pair] = (),
    *,
    changes: Sequence[Change] = (),
    conflicts: Sequence[Conflict] = (),
    holds: Sequence[Hold] = (),
    sources: Sequence[SourceStatus] = (),
) -> SiteContent:
    """Return what an export says of these cards."""
    by_id = {card.id: card for card in cards}
    report = stale_facts.build_report(
        (), lambda _: {}, now=NOW, limits=FreshnessLimits(), interval=timedelta(days=1), last_run=None, never_sourced=0,
        held=0, quarantined=0,
    )  # fmt: skip
    return SiteContent(
        by_id,
        tuple(model_summary(card) for card in by_id.values()),
        dict.fromkeys(pairs, SINCE),
        tuple(conflicts),
        tuple(changes),
        tuple(holds),
        tuple(sources) or (source_status("curated"),),
        report,
    )


def made_site(made: SiteContent, *, day: date = DAY, base_url: str = "") -> Site:
    """Return the site of a day."""
    return Site(made, CompareSettings(), FreshnessGrader(ReviewDay(day)), base_url)


def write_made_site(made: Site, dest: Path) -> FileCounts:
    """Write a site to a folder."""
    with open_tree(dest) as growing:
        write_site(made, growing, make_pages)
        growing.publish()
    return growing.counts
