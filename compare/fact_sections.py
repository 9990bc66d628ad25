"""The sections about the facts themselves: gaps, disagreements, changes, and where each was read."""

from __future__ import annotations

from operator import itemgetter

from cardwatch.compare import tables
from cardwatch.compare.blocks import Joined, Page, Rendered, Rows
from cardwatch.compare.comparison import Comparison
from cardwatch.compare.pair import Pair
from cardwatch.compare.pens import NONE, Pen
from cardwatch.compare.review import Stamp
from cardwatch.compare.side import Side

MOST_CHANGES = 10


def unknown(pen: Pen, comparison: Comparison) -> None:
    pair = comparison.pair
    pen.section("unknown", "What we don't know")
    pen.label("Unknown facts:", f"{pair.unknown_count} of {pair.fact_count}.")
    pen.table("unknown", HEAD_UNKNOWN, *[unknown_by_reason(pair, side) for side in comparison.sides])


HEAD_UNKNOWN = ("Model", "Why", "Facts")


def unknown_by_reason(pair: Pair, side: Side) -> Rendered:
    """Return the labels of what is unknown of one model, by the reason why."""
    gaps = pair.gaps[side.seat]
    if not gaps:
        return tables.unknown(side)
    labels = dict(tables.unknown_labels(side))
    for fact in gaps:
        labels[fact.why] = f"{labels[fact.why]}; {fact.label}" if fact.why in labels else fact.label
    return Rows([(side.name, why, found) for why, found in labels.items()])


def conflicts(pen: Pen, comparison: Comparison) -> None:
    pen.section("conflicts", "Where sources disagree")
    pen.table("conflicts", HEAD_CONFLICTS, *[tables.conflicts(side) for side in comparison.sides])


HEAD_CONFLICTS = ("Model", "Fact", "Shown", "Every value on record", "Why this one")


def changes(pen: Pen, comparison: Comparison) -> None:
    found = [*tables.changes(comparison.a), *tables.changes(comparison.b)]
    found.sort(key=itemgetter(0), reverse=True)
    pen.section("changes", "What changed")
    pen.table("changes", HEAD_CHANGES, *[row for _, row in found[:MOST_CHANGES]])
    if len(found) > MOST_CHANGES:
        pen.label(f"+{len(found) - MOST_CHANGES} more")


HEAD_CHANGES = ("Day", "Model", "Fact", "From", "To", "Source")


def sources(pen: Pen, comparison: Comparison) -> None:
    pen.section("sources", "Sources and review dates")
    pen.table("sources", HEAD_SOURCES, *[tables.evidence_rows(side) for side in comparison.sides])
    for side in comparison.sides:
        pen.drawer(tables.evidence_drawer(side))


HEAD_SOURCES = ("Source", "Document", "Fetched", "Reviewed", "Model", "Facts")


def related(pen: Pen, stamp: Stamp) -> None:
    """Write links to other pages of the same site."""
    pen.section("related", "Related comparisons")
    pen.label(
        Joined([Page(page.title, page.href) for page in stamp.related], " · ") if stamp.related else NONE
    )
