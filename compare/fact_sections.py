"""The sections about the facts themselves: gaps, disagreements, changes, and where each was read."""

from __future__ import annotations

from compare import tables
from compare.blocks import NONE, Joined, Label, Linked, Page, Rows, Section, Text, table
from compare.comparison import Comparison
from compare.history import change_label
from compare.history import changes as changes_of
from compare.pair import Pair
from compare.review import Stamp
from compare.shown import value_text
from compare.side import Side
from compare.words import clean
from db.cards import Change

MOST_CHANGES = 10


def unknown(comparison: Comparison) -> Section:
    pair = comparison.pair
    rows = [(side.name, *row) for side in comparison.sides for row in unknown_by_reason(pair, side)]
    count = Label(("Unknown facts:", f"{pair.unknown_count} of {pair.fact_count}."))
    return Section("unknown", "What we don't know", [count, *table("unknown", HEAD_UNKNOWN, Rows(rows))])


HEAD_UNKNOWN = ("Model", "Why", "Facts")


def unknown_by_reason(pair: Pair, side: Side) -> list[tuple[str, str]]:
    """Return the labels of what is unknown of one model, by the reason why."""
    labels = dict(tables.unknown_labels(side))
    for fact in pair.gaps[side.seat]:
        labels[fact.why] = f"{labels[fact.why]}; {fact.label}" if fact.why in labels else fact.label
    return [*labels.items()]


def conflicts(comparison: Comparison) -> Section:
    found = [tables.conflicts(side) for side in comparison.sides]
    return Section("conflicts", "Where sources disagree", table("conflicts", HEAD_CONFLICTS, *found))


HEAD_CONFLICTS = ("Model", "Fact", "Shown", "Every value on record", "Why this one")


def changes(comparison: Comparison) -> Section:
    found = [(side, change) for side in comparison.sides for change in changes_of(side)]
    found.sort(key=lambda item: item[1].at, reverse=True)
    rows = [_change(side, change) for side, change in found[:MOST_CHANGES]]
    rest = len(found) - MOST_CHANGES
    more = [Label((f"+{rest} more",))] if rest > 0 else []
    return Section("changes", "What changed", [*table("changes", HEAD_CHANGES, Rows(rows)), *more])


HEAD_CHANGES = ("Day", "Model", "Fact", "From", "To", "Source")


def _change(side: Side, change: Change) -> tuple[Text, ...]:
    name = change.attribute
    ends = (value_text(name, change.old), value_text(name, change.new))
    return (
        change.at[:10],
        side.name,
        change_label(side, change),
        *ends,
        Linked(clean(change.source), change.url),
    )


def sources(comparison: Comparison) -> Section:
    rows = [tables.evidence_rows(side) for side in comparison.sides]
    drawers = [tables.evidence_drawer(side) for side in comparison.sides]
    found = table("sources", HEAD_SOURCES, *rows)
    return Section("sources", "Sources and review dates", [*found, *drawers])


HEAD_SOURCES = ("Source", "Document", "Fetched", "Reviewed", "Model", "Facts")


def related(stamp: Stamp) -> Section:
    """Return links to other pages of the same site."""
    links = [Page(page.title, page.href) for page in stamp.related]
    return Section("related", "Related comparisons", [Label((Joined(links, " · "),))] if links else [NONE])
