"""Pages that list: models, changes, conflicts, holds, stale facts, sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from msgspec import to_builtins
from msgspec.structs import asdict

from cardwatch.compare.change_groups import group_changes
from cardwatch.compare.display_facts import LABELS, LONGEST_VALUE, offer_label, value_text
from cardwatch.compare.history import change_ends, change_label, group_when
from cardwatch.compare.render.record_json import change_json, conflict_json
from cardwatch.compare.wording import number_format
from cardwatch.compare.wording.grammar import clean_text
from cardwatch.compare.wording.labels import CAPABILITY_LABELS
from cardwatch.db.query.cards import Change
from cardwatch.db.query.reports import Hold, ModelSummary
from cardwatch.json_output import HOLD_COLUMNS, coverage_json, stale_report_json
from cardwatch.site.data_files import compact_json
from cardwatch.site.display_rows import Link, offer_name
from cardwatch.site.export_context import ModelHead, Site
from cardwatch.site.feed import ENTRIES, atom_feed
from cardwatch.site.paged_list import ListKind, script_call, write_paged_list
from cardwatch.site.places import DATA, PAGE, relative_link
from cardwatch.site.stale_page import stale_template_values
from cardwatch.site.structured_data import describe_catalog
from cardwatch.site.tree import SiteTree

MOST_CHANGES = 500
"""Rows of the list on its page; the data beside it holds all."""
MODELS = ListKind("", "index.html", "models", "model")
CONFLICTS = ListKind("conflicts/", "conflicts.html", "conflicts", "conflict")
LONGEST_ALIASES = 400


@dataclass(frozen=True, slots=True)
class ModelLine:
    """One model on the index; "" is unknown. `words` is what a search looks through."""

    href: str
    summary: ModelSummary
    head: ModelHead
    context: str
    prices: tuple[str, ...]
    capabilities: str
    words: str


def model_lines(site: Site) -> Iterator[ModelLine]:
    """Yield the models of the index, the newest first, those without a known release last."""
    named = sorted(site.content.models, key=lambda m: (-m.offers, m.name.casefold(), m.id))
    for summary in sorted(named, key=lambda m: site.heads[m.id].released, reverse=True):
        card, head = site.content.cards[summary.id], site.heads[summary.id]
        yield ModelLine(
            relative_link("", site.places.models[card.id] + PAGE),
            summary,
            head,
            number_format.format_token_limit(summary.context_window) if summary.context_window else "",
            tuple(
                "" if usd is None else number_format.format_unit_price(usd)
                for usd in (summary.cheapest_input, summary.cheapest_output)
            ),
            " ".join(name.removeprefix("capability.") for name in head.capabilities),
            clean_text(" ".join(dict.fromkeys((card.id, *card.aliases))), LONGEST_ALIASES).lower(),
        )


def write_index(site: Site, tree: SiteTree) -> None:
    """Write the list of models."""
    found = list(model_lines(site))
    filters = {
        "vendors": sorted({clean_text(line.summary.vendor) for line in found}, key=str.casefold),
        "lifecycles": sorted({line.head.lifecycle for line in found if line.head.lifecycle}),
        "capabilities": {
            name.removeprefix("capability."): label for name, label in CAPABILITY_LABELS.items()
        },
    }
    report = site.content.stale.total
    totals = {
        "facts": report.facts,
        "fresh": report.fresh,
        "pairs": len(site.content.pairs),
        "sources": len(site.content.sources),
    }
    about = describe_catalog(site.content, site.base_url)
    write_paged_list(site, tree, MODELS, found, filters=filters, totals=totals, structured=about)
    names = [[id_, site.heads[id_].name, folder] for id_, folder in site.places.models.items()]
    tree.put("models.js", script_call("cardwatchModels", names))
    tree.put("models.json", compact_json([*map(asdict, site.content.models)]))


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change as its page shows it; `move` is how far a price moved."""

    what: str
    old: str
    new: str
    way: str
    move: str


@dataclass(frozen=True, slots=True)
class ChangedModel:
    """What one look found changed about a model at one provider."""

    model: str
    href: str
    lines: tuple[ChangeLine, ...]
    source: Link
    when: str


def write_changes(site: Site, tree: SiteTree) -> None:
    """Write what changed, by day, model and provider, and the feed."""
    folder = "changes/"
    changes = [change for change in site.content.changes if change.model in site.content.cards]
    days: dict[str, list[ChangedModel]] = {}
    for group in group_changes(changes[:MOST_CHANGES]):
        days.setdefault(group[0].at[:10], []).append(_changed_model(site, folder, group))
    page = site.render("changes.html", folder, "changes", days=days, more=len(changes[MOST_CHANGES:]))
    tree.put(folder + PAGE, page)
    tree.put(folder + DATA, compact_json([change_json(change) for change in changes]))
    groups = group_changes(changes)
    entries = [
        (group, site.page_side(group[0].model, "a"), site.places.models[group[0].model] + PAGE)
        for group in groups[:ENTRIES]
    ]
    tree.put("feed.xml", atom_feed(entries, site.base_url, len(groups[ENTRIES:])))


def _changed_model(site: Site, folder: str, changes: Sequence[Change]) -> ChangedModel:
    first = changes[0]
    side = site.page_side(first.model, "a")
    lines = tuple(
        ChangeLine(
            change_label(side, change),
            *change_ends(change),
            price_direction(change),
            number_format.format_move(change.percent),
        )
        for change in changes
    )
    href = relative_link(folder, site.places.models[first.model] + PAGE)
    source = site.rows.source(first.source, first.url)
    return ChangedModel(side.name, href, lines, source, group_when(changes))


def price_direction(change: Change) -> str:
    """Return "up" or "down" for a price that moved, else ""."""
    if not change.prices:
        return ""
    old, new = change.prices
    return "up" if new > old else "down"


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One value that waits, or a whole page; `href` is "" without a model's page."""

    model: str
    href: str
    what: str
    old: str
    new: str
    reason: str
    since: str
    source: Link


def write_conflicts(site: Site, tree: SiteTree) -> None:
    """Write where sources disagree, the most money first."""
    folder = CONFLICTS.folder
    conflicts = [conflict for conflict in site.content.conflicts if conflict.model in site.content.cards]
    found = [
        (
            site.heads[c.model].name,
            relative_link(folder, site.places.models[c.model] + PAGE),
            *site.rows.conflict(c),
            number_format.format_monthly_cost(Decimal(c.monthly_usd)) if c.monthly_usd else "",
        )
        for c in conflicts
    ]
    write_paged_list(site, tree, CONFLICTS, found)
    tree.put(folder + DATA, compact_json([conflict_json(conflict) for conflict in conflicts]))


def write_stale(site: Site, tree: SiteTree) -> None:
    """Write what is past its limit."""
    content = site.content
    page = site.render(
        "stale.html", "stale/", "stale", **stale_template_values(content.stale, content.warning)
    )
    tree.put("stale/" + PAGE, page)
    tree.put("stale/" + DATA, compact_json(stale_report_json(content.stale, content.limits_kept)))


def write_holds(site: Site, tree: SiteTree) -> None:
    """Write the list of held changes."""
    folder = "holds/"
    found = [_hold_line(site, folder, held) for held in site.content.holds]
    tree.put(folder + PAGE, site.render("holds.html", folder, "holds", rows=found))
    rows = [to_builtins(held) for held in site.content.holds]
    tree.put(folder + DATA, compact_json([{name: row[name] for name in HOLD_COLUMNS} for row in rows]))


def _hold_line(site: Site, folder: str, held: Hold) -> HoldLine:
    name = held.attribute
    known = held.model is not None and held.model in site.content.cards
    label = LABELS.get(name) or offer_label(name) if name else "everything on it"
    ends = [
        value_text(name, value) if name or value is None else str(value) for value in (held.old, held.new)
    ]
    return HoldLine(
        site.heads[held.model].name if known and held.model else clean_text(held.model or "a whole page"),
        relative_link(folder, site.places.models[held.model] + PAGE) if known and held.model else "",
        f"{label}, {offer_name(held.offer)}" if held.offer else label,
        ends[0],
        ends[1],
        clean_text(held.reason, LONGEST_VALUE),
        held.since[:10],
        site.rows.source(held.source, held.url),
    )


def write_sources(site: Site, tree: SiteTree) -> None:
    """Write who says what we know, and what their terms let us pass on."""
    folder = "sources/"
    tree.put(folder + PAGE, site.render("sources.html", folder, "sources", sources=site.content.sources))
    tree.put(folder + DATA, compact_json([to_builtins(source) for source in site.content.sources]))


def write_coverage(site: Site, tree: SiteTree) -> None:
    """Write which makers and providers speak for themselves."""
    folder, coverage = "coverage/", site.content.coverage
    page = site.render("coverage.html", folder, "sources", parties=coverage, headlines=site.content.headlines)
    tree.put(folder + PAGE, page)
    tree.put(folder + DATA, compact_json([coverage_json(row) for row in coverage]))
