"""The sections about the facts themselves: gaps, disagreements, changes, and where each was read."""

from __future__ import annotations

from compare import tables
from compare.blocks import Joined, Label, Linked, Page, Rendered, Section, Table, Text
from compare.comparison import Comparison
from compare.history import Conflict, change_label
from compare.history import changes as changes_of
from compare.history import conflicts as conflicts_of
from compare.review import Stamp
from compare.shown import value_text
from compare.side import Side
from compare.words import clean
from db.cards import Change, Plain

NONE = Label(("None.",))
MOST_CHANGES = 10


def unknown(comparison: Comparison) -> Section:
    pair = comparison.pair
    rows: list[tuple[Text, ...]] = []
    for side in comparison.sides:
        by_reason: dict[str, list[str]] = {}
        for fact in (*side.unknown, *pair.gaps(side)):
            by_reason.setdefault(fact.why, []).append(fact.label)
        rows += [(side.name, reason, "; ".join(labels)) for reason, labels in by_reason.items()]
    count = Label(("Unknown facts:", f"{len(pair.unknown)} of {pair.fact_count}."))
    table = Table("unknown", ("Model", "Why", "Facts"), rows)
    return Section("unknown", "What we don't know", [count, *([table] if rows else [])])


def conflicts(comparison: Comparison) -> Section:
    rows = [_conflict(found) for found in conflicts_of(comparison.pair)]
    table = Table("conflicts", ("Model", "Fact", "Shown", "Every value on record", "Why this one"), rows)
    return Section("conflicts", "Where sources disagree", [table] if rows else [NONE])


def _conflict(found: Conflict) -> tuple[Text, ...]:
    name = found.fact.fact.attribute
    values = [_value(name, *told) for told in found.values]
    why = clean(found.fact.fact.why) or found.fact.why or "no rule decides"
    return found.side.name, found.fact.label, found.fact, Joined(values, "; "), why


def _value(attribute: str, source: str, value: Plain, url: str) -> Text:
    return Joined((value_text(attribute, value), Linked(clean(source), url)), ": ")


def changes(comparison: Comparison) -> Section:
    found = [(side, change) for side in comparison.sides for change in changes_of(side)]
    found.sort(key=lambda item: item[1].at, reverse=True)
    rows = [_change(side, change) for side, change in found[:MOST_CHANGES]]
    table = Table("changes", ("Day", "Model", "Fact", "From", "To", "Source"), rows)
    rest = len(found) - MOST_CHANGES
    more = [Label((f"+{rest} more",))] if rest > 0 else []
    return Section("changes", "What changed", [table, *more] if rows else [NONE])


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
    rows = [row for side in comparison.sides for row in tables.evidence_rows(side)]
    head = ("Source", "Document", "Fetched", "Reviewed", "Model", "Facts")
    table: Rendered = Table("sources", head, rows) if rows else NONE
    drawers = [tables.evidence_drawer(side) for side in comparison.sides]
    return Section("sources", "Sources and review dates", [table, *drawers])


def related(stamp: Stamp) -> Section:
    """Return links to other pages of the same site."""
    links = [Page(page.title, page.href) for page in stamp.related]
    return Section("related", "Related comparisons", [Label((Joined(links, " · "),))] if links else [NONE])
