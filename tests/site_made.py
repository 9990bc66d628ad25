"""Sites made of cards by hand, and an export of them into a folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cardwatch.compare.settings import CompareSettings
from cardwatch.db import stale
from cardwatch.db.cards import Change, ModelCard
from cardwatch.db.freshness import Limits
from cardwatch.db.reports import Conflict, Held, ModelSummary, SourceStatus
from cardwatch.site.build import fill
from cardwatch.site.content import Content
from cardwatch.site.freshness import Judge
from cardwatch.site.places import Pair
from cardwatch.site.policy import open_summary
from cardwatch.site.site import Site
from cardwatch.site.tree import Counts, tree

DAY = date(2026, 5, 25)
NOW = datetime(2026, 5, 25, 12, tzinfo=UTC)
SINCE = "2026-05-22T06:00:00Z"


def publisher(
    id_: str, *, title: str = "", terms: str = "Public.", redistribute: bool = True
) -> SourceStatus:
    """Return a source that is doing well."""
    return SourceStatus(
        id_, "JSON API", "aggregator", f"https://{id_}.example/", SINCE, 9, 0, 0, 0, None, "ok",
        title=title or id_.title(), terms=terms, redistribute=redistribute,
    )  # fmt: skip


def summary(card: ModelCard) -> ModelSummary:
    """Return the line about a model that its card implies."""
    listed = sum(offer.listed for offer in card.offers)
    blank = ModelSummary(card.id, "", "", None, None, None, None, None, listed, "2026-05-22")
    return open_summary(blank, card, CompareSettings())


def content(
    cards: Iterable[ModelCard],
    pairs: Iterable[Pair] = (),
    *,
    changes: Sequence[Change] = (),
    conflicts: Sequence[Conflict] = (),
    holds: Sequence[Held] = (),
    sources: Sequence[SourceStatus] = (),
) -> Content:
    """Return what an export says of these cards."""
    by_id = {card.id: card for card in cards}
    report = stale.report(
        (), {}, now=NOW, limits=Limits(), interval=timedelta(days=1), last_run=None, never_sourced=0, held=0,
        quarantined=0, skipped={},
    )  # fmt: skip
    return Content(
        by_id,
        tuple(summary(card) for card in by_id.values()),
        dict.fromkeys(pairs, SINCE),
        tuple(conflicts),
        tuple(changes),
        tuple(holds),
        tuple(sources) or (publisher("curated"),),
        report,
    )


def site(made: Content, *, day: date = DAY, base_url: str = "") -> Site:
    """Return the site of a day."""
    return Site(made, CompareSettings(), Judge(day, Limits()), base_url)


def export(made: Site, dest: Path) -> Counts:
    """Write a site to a folder."""
    with tree(dest) as growing:
        fill(made, growing)
        growing.publish()
    return growing.counts
