"""`cardwatch brief`: the morning on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from html import escape
from typing import NamedTuple

import click

from cardwatch.app import App, pass_app
from cardwatch.compare.change_groups import group_changes
from cardwatch.compare.display_facts import value_text
from cardwatch.compare.history import group_when
from cardwatch.compare.offers import qualifier_text
from cardwatch.compare.wording.grammar import count_noun
from cardwatch.compare.wording.number_format import format_move
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.query.cards import Change
from cardwatch.db.query.reports import Hold
from cardwatch.db.staleness.stale_facts import HELD, NO_LONGER_SAID, NOT_UNDERSTOOD, REVIEW_DUE
from cardwatch.freshness_budget import build_stale_report
from cardwatch.terminal import output
from cardwatch.terminal.mail_lines import mail_line
from cardwatch.terminal.options import BY_ME
from cardwatch.terminal.params import DATE_PARAM
from cardwatch.watchlist import Watcher, watcher

SHOWN = 8
"""Lines of one part; a count says how many more there are."""
ALL_OF = {
    "moved": "cardwatch changes",
    "held": "cardwatch holds",
    "ends_soon": "cardwatch brief --format json",
    "stale": "cardwatch stale",
    "broken": "cardwatch sources",
}
"""The command that lists the whole of a part."""


ACTS_ON_STALE = {
    HELD: "cardwatch holds",
    NOT_UNDERSTOOD: "cardwatch drift {}",
    NO_LONGER_SAID: "cardwatch stale --source {}",
    REVIEW_DUE: "cardwatch stale --source {}",
}
"""What acts on stale facts that no other visit makes fresh, by how their reason begins."""
HEADINGS = {"held": "HELD ({}): release publishes, `holds reject` keeps what stands"}
"""How a part is headed, where that says more than its name."""


class BriefLine(NamedTuple):
    """One thing to know, and the command that acts on it."""

    text: str
    command: str


@click.command()
@click.option("--since", type=DATE_PARAM, metavar="DATE", help="Changes from this day on; the last two days.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True
)
@pass_app
def brief(app: App, since: str | None, form: str) -> None:
    """Say in one screen what moved, is held, ends soon, is stale or broken, each with the command that acts on it.

    It keeps to the [watch] section of the settings, fits a mail of 80 columns and exits 0 whatever it finds.

    \b
    cardwatch brief
    cardwatch brief | mail -s "Models this morning" me@example.org
    """
    day = since or f"{(app.now() - timedelta(days=1)):%Y-%m-%d}"
    with app.reading() as catalog:
        seen = watcher(app, catalog)
        parts = {
            "moved": _moved(app, catalog, seen, day),
            "held": _held(catalog, seen),
            "ends_soon": _ending(app, catalog, seen),
            "stale": _stale(app, catalog, seen),
            "broken": _broken(app, catalog),
        }
    if form == "json":
        document = {name: [line._asdict() for line in lines] for name, lines in parts.items()}
        output.echo(
            output.json_text({"generated_at": f"{app.now():%Y-%m-%dT%H:%M:%SZ}", "since": day, **document})
        )
    elif form == "html":
        output.echo(f"<pre>{escape(brief_text(parts, day))}</pre>")
    else:
        output.echo(brief_text(parts, day))


def brief_text(parts: dict[str, list[BriefLine]], day: str) -> str:
    """Return the parts as text of at most 80 columns."""
    blocks = [f"Cardwatch since {day}"]
    for name, lines in parts.items():
        rest = [f"- and {len(lines) - SHOWN} more: {ALL_OF[name]}"] if len(lines) > SHOWN else []
        blocks.append(
            "\n".join([_heading(name, len(lines)), *(mail_line(*line) for line in lines[:SHOWN]), *rest])
        )
    return "\n\n".join(blocks)


def _heading(name: str, count: int) -> str:
    plain = f"{_words(name).upper()} ({{}})"
    return (HEADINGS.get(name, plain) if count else plain).format(count)


def _moved(app: App, catalog: CatalogReports, seen: Watcher, day: str) -> list[BriefLine]:
    least = app.config.watch.price_moved_percent
    found = [
        change
        for change in catalog.changes(since=day)
        if seen(change.model, change.offer, change.attribute)
        and (change.percent is None or abs(change.percent) >= least)
    ]
    found.sort(key=lambda change: (change.kind != "price", -change.ratio))
    return [
        BriefLine(_moved_text(group), f"cardwatch show {group[0].model}") for group in group_changes(found)
    ]


def _moved_text(group: Sequence[Change]) -> str:
    first = group[0]
    where = f" at {first.provider}" if first.provider else ""
    return f"{first.model}{where}: {', '.join(map(_change_text, group))}, {group_when(group)}"


def _change_text(change: Change) -> str:
    variant = _variant(change.offer)
    if change.attribute == "availability":
        return f"{_words(change.kind)}{variant}"
    name, move = change.attribute, format_move(change.percent)
    marks = [
        *([move] if move else ()),
        *(mark for mark in ("reverted", "unconfirmed") if getattr(change, mark)),
    ]
    condition = qualifier_text(change.qualifier)
    label = f"{_words(name)}{variant} {condition}".strip()
    marked = f" ({', '.join(marks)})" if marks else ""
    return f"{label} {value_text(name, change.old)} -> {value_text(name, change.new)}{marked}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _variant(offer: str | None) -> str:
    """Return what sets an offer apart at its provider: " (tier free)"."""
    variant = (offer or "").partition(";")[2].replace(";", ", ").replace("=", " ")
    return f" ({variant})" if variant else ""


def _held(catalog: CatalogReports, seen: Watcher) -> list[BriefLine]:
    """Return what waits, the values of one offer on one line."""
    groups: dict[tuple[str | None, ...], list[Hold]] = {}
    for hold in catalog.holds():
        if hold.model is None or seen(hold.model, hold.offer, hold.attribute):
            groups.setdefault((hold.source, hold.model, hold.offer, hold.since, hold.ends_on), []).append(
                hold
            )
    return [
        BriefLine(
            _held_text(group), f"cardwatch holds release {' '.join(str(hold.id) for hold in group)} {BY_ME}"
        )
        for group in groups.values()
    ]


def _held_text(group: Sequence[Hold]) -> str:
    first = group[0]
    undecided = f"is published by {first.ends_on}" if first.ends_on else first.if_undecided
    reasons = "; ".join(dict.fromkeys(hold.reason for hold in group))
    if first.model is None:
        return f"{first.source}: {reasons}; if nobody decides, it {undecided}"
    where = f" at {first.provider}{_variant(first.offer)}" if first.provider else ""
    values = ", ".join(
        f"{_words(hold.attribute)} {value_text(hold.attribute, hold.old)}"
        f" (now said {value_text(hold.attribute, hold.new)})"
        for hold in group
    )
    return (
        f"{first.model}{where} keeps {values}: {first.source}, {reasons}; if nobody decides, it {undecided}"
    )


def _ending(app: App, catalog: CatalogReports, seen: Watcher) -> list[BriefLine]:
    first = catalog.now[:10]
    last = f"{app.now() + timedelta(days=app.config.watch.shutdown_within_days):%Y-%m-%d}"
    stated = {
        claim.model
        for claim in catalog.stated_claims()
        if claim.attribute == "shutdown_date" and seen(claim.model, None, "")
    }
    ends = [
        (str(fact.value), card.id)
        for card in (catalog.cards(stated) if stated else ())
        if (fact := card.facts.get("shutdown_date")) and first <= str(fact.value) <= last
    ]
    return [BriefLine(f"{model} ends on {day}", f"cardwatch show {model}") for day, model in sorted(ends)]


def _stale(app: App, catalog: CatalogReports, seen: Watcher) -> list[BriefLine]:
    rows = [
        row
        for row in build_stale_report(app, catalog).rows
        if row.level == "error" and seen(row.model, row.offer, row.attribute)
    ]
    groups: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        groups.setdefault((row.source, row.reason), []).append(row.last_verified[:10])
    return [
        BriefLine(
            f"{source}: {count_noun(len(days), 'fact')} not looked at since {min(days)}, {reason}",
            _stale_command(source, reason),
        )
        for (source, reason), days in groups.items()
    ]


def _stale_command(source: str, reason: str) -> str:
    """Return the command that acts on stale facts: a visit, where that is what they lack."""
    found = (command for begins, command in ACTS_ON_STALE.items() if reason.startswith(begins))
    return next(found, "cardwatch refresh {}").format(source)


def _broken(app: App, catalog: CatalogReports) -> list[BriefLine]:
    failing = [
        BriefLine(f"{source.id}: {source.reason or source.state}", f"cardwatch refresh {source.id} --all")
        for source in catalog.sources()
        if source.state == "failing"
    ]
    unread = [
        BriefLine(
            f"{new.source}: {new.parts} parts not understood, {new.shape}", f"cardwatch drift {new.source}"
        )
        for new in catalog.new_shapes()
    ]
    worse = [
        BriefLine(f"{each.source}: {each.finding}", f"cardwatch drift {each.source}")
        for each in catalog.reading_findings(app.limits)
    ]
    return failing + unread + worse
