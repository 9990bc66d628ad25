"""The audit of review dates and freshness levels: cards, SQL views, pages and the stale report tell the same.

A8: the same fact or offer has the same review date on every surface. A9: the stale report, the pages and the
views that Datasette serves agree on the level of every fact and on how many there are of each. A stated value in
whose place a card shows what follows (a state that the calendar has overtaken, the type "other") is counted by the
report and not by pages; what only a row said that is gone from a complete list, by pages and not by the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct

from cardwatch.auditing.choices import Key, named_violations, place_of, shown_facts
from cardwatch.auditing.findings import Difference, Violation
from cardwatch.db.query.cards import DERIVED, Fact, ModelCard
from cardwatch.db.query.reviewed_facts import ReviewedFact
from cardwatch.db.staleness.stale_facts import StaleReport
from cardwatch.db.store.freshness_limits import FreshnessLimits

LEVELS = ("fresh", "warn", "error")


class FreshnessSurfaces(Struct, frozen=True):
    """What each surface says: cards (show, comparisons, exports), views (Datasette), the report, the pages' counts."""

    cards: Collection[ModelCard]
    views: Collection[ReviewedFact]
    report: StaleReport
    pages: Mapping[str, int]
    """Facts by level as the pages of models count them, all models together."""


def audit_freshness(surfaces: FreshnessSurfaces, limits: FreshnessLimits, today: date) -> Iterator[Violation]:
    """Yield where surfaces tell different review dates (A8), levels or counts (A9)."""
    shown = dict(_published(surfaces.cards))
    listed = {fact[:4]: fact for fact in surfaces.views if fact.listed}
    left = {key: fact for fact in surfaces.views if not fact.listed and (key := fact[:4]) in shown}
    gone = {(card.id, offer.key) for card in surfaces.cards for offer in card.offers if not offer.listed}
    listed = {key: fact for key, fact in listed.items() if key[:2] not in gone}
    overtaken = {
        key for card in surfaces.cards for key, fact in shown_facts(card) if fact.rule == DERIVED
    } & listed.keys()
    for key in sorted((shown.keys() | listed.keys()) - overtaken):
        card, view = shown.get(key), listed.get(key) or left.get(key)
        dates = card and card.reviewed_on, view and view.reviewed_on
        if dates[0] != dates[1]:
            found = Difference(f"{place_of(key)}, reviewed_on of card and view facts", *dates)
            yield from named_violations(key[0], "A8", [found])
    levels = {key: _level(fact, limits, today) for key, fact in listed.items()}
    yield from _report_levels(levels, surfaces.report)
    yield from _counted("stale report", Counter(levels.values()), _report_counts(surfaces.report))
    on_pages = Counter(level for key, level in levels.items() if key not in overtaken)
    on_pages.update(_level(fact, limits, today) for fact in left.values())
    yield from _counted("pages", on_pages, surfaces.pages)


def _counted(surface: str, wanted: Mapping[str, int], shown: Mapping[str, int]) -> Iterator[Violation]:
    for level in LEVELS:
        if wanted.get(level, 0) != shown.get(level, 0):
            found = Difference(
                f"{surface}, facts that are {level}", wanted.get(level, 0), shown.get(level, 0)
            )
            yield from named_violations("all", "A9", [found])


def _published(cards: Iterable[ModelCard]) -> Iterator[tuple[Key, Fact]]:
    """Yield what cards publish of what sources say: facts with a value, of offers that can be had."""
    for card in cards:
        gone = {offer.key for offer in card.offers if not offer.listed}
        for key, fact in shown_facts(card):
            if fact.state == "known" and fact.rule != DERIVED and key[1] not in gone:
                yield key, fact


def _level(fact: ReviewedFact, limits: FreshnessLimits, today: date) -> str:
    limit = limits.of(fact.attribute, source=fact.source, authority=fact.authority)
    days = (today - date.fromisoformat(fact.reviewed_on)).days
    return LEVELS[(days > limit.warn) + (days > limit.error)]


def _report_levels(levels: Mapping[Key, str], report: StaleReport) -> Iterator[Violation]:
    """Yield the facts of which the report says another level than their review dates do."""
    wanted = Counter((*key[:3], level) for key, level in levels.items() if level != "fresh")
    reported = Counter((row.model, row.offer or "", row.attribute, str(row.level)) for row in report.rows)
    for key in sorted(wanted.keys() | reported.keys()):
        if wanted[key] != reported[key]:
            found = Difference(f"{place_of(key)}, stale rows", wanted[key], reported[key])
            yield from named_violations(key[0], "A9", [found])


def _report_counts(report: StaleReport) -> Mapping[str, int]:
    return {"fresh": report.total.fresh, "warn": report.total.warn, "error": report.total.error}
