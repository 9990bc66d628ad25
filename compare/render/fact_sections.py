"""The sections about the facts themselves: gaps, disagreements, changes, and where each was read."""

from __future__ import annotations

from operator import itemgetter

from cardwatch.compare.comparison import Comparison
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.render import model_tables
from cardwatch.compare.render.blocks import InternalLink, Joined, TableBody, TableRows
from cardwatch.compare.render.page_writers import NONE, PageWriter
from cardwatch.compare.render.review import RenderContext
from cardwatch.compare.side import Side

MOST_CHANGES = 10


def write_unknown(writer: PageWriter, comparison: Comparison) -> None:
    pair = comparison.pair
    writer.section("unknown", "What we don't know")
    writer.label("Unknown facts:", f"{pair.unknown_count} of {pair.fact_count}.")
    writer.table("unknown", HEAD_UNKNOWN, *[unknown_by_reason(pair, side) for side in comparison.sides])


HEAD_UNKNOWN = ("Model", "Why", "Facts")


def unknown_by_reason(pair: ModelPair, side: Side) -> TableBody:
    """Return the labels of what is unknown of one model, by the reason why."""
    gaps = pair.gaps[side.side_id]
    if not gaps:
        return model_tables.unknown_rows(side)
    labels = dict(model_tables.unknown_labels(side))
    for fact in gaps:
        labels[fact.why] = f"{labels[fact.why]}; {fact.label}" if fact.why in labels else fact.label
    return TableRows([(side.name, why, found) for why, found in labels.items()])


def write_conflicts(writer: PageWriter, comparison: Comparison) -> None:
    writer.section("conflicts", "Where sources disagree")
    writer.table(
        "conflicts", HEAD_CONFLICTS, *[model_tables.conflict_rows(side) for side in comparison.sides]
    )


HEAD_CONFLICTS = ("Model", "Fact", "Shown", "Other sources", "Why this one")


def write_changes(writer: PageWriter, comparison: Comparison) -> None:
    found = [*model_tables.change_rows(comparison.a), *model_tables.change_rows(comparison.b)]
    found.sort(key=itemgetter(0), reverse=True)
    writer.section("changes", "What changed")
    writer.table("changes", HEAD_CHANGES, *[row for _, row in found[:MOST_CHANGES]])
    if len(found) > MOST_CHANGES:
        writer.label(f"+{len(found) - MOST_CHANGES} more")


HEAD_CHANGES = ("When", "Model", "Fact", "From", "To", "Source")


def write_sources(writer: PageWriter, comparison: Comparison) -> None:
    writer.section("sources", "Sources and review dates")
    writer.table("sources", HEAD_SOURCES, *[model_tables.source_rows(side) for side in comparison.sides])


HEAD_SOURCES = ("Model", "Sources, facts from them, oldest review")


def write_related(writer: PageWriter, stamp: RenderContext) -> None:
    """Write links to other pages of the same site."""
    writer.section("related", "Related comparisons")
    writer.label(
        Joined([InternalLink(page.title, page.href) for page in stamp.related], " · ")
        if stamp.related
        else NONE
    )
